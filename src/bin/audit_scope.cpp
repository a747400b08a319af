#include "audit.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/confine/reading.hpp"
#include "quietus/stream/digest.hpp"

#include <filesystem>
#include <set>

namespace quietus::audit {
namespace {

namespace files = std::filesystem;

// Gathers what a run may read. Of the nodes of devices nothing: a document is none, and is not
// opened there whoever names one.
class Scope {
  public:
    void add(const std::string& path) {
        std::error_code failure;
        const files::path place = files::canonical(path, failure);
        const auto kind = failure ? files::file_type::none : files::status(place, failure).type();
        if (kind == files::file_type::directory || kind == files::file_type::regular)
            if (!is_among_devices(place)) readable_.insert(place);
    }

    // A document by any of its files: the others are beside it, or where their links lead.
    void add_document(const std::string& path) {
        if (files::is_directory(path)) {
            add(path);
            return add_links(path);
        }
        const auto slash = path.rfind('/');
        add(slash == std::string::npos ? "." : path.substr(0, slash + 1));
        const auto stem = document_stem(path);
        for (const char* suffix :
             {".json", ".p7s", ".tlog-proof", ".pdf", ".validation.json", ".validation.p7s"})
            if (stem && files::is_symlink(*stem + suffix)) add(*stem + suffix);
    }

    [[nodiscard]] std::vector<std::string> readable() const {
        return {readable_.begin(), readable_.end()};
    }

  private:
    static bool is_among_devices(const files::path& place) {
        auto part = place.begin();
        return ++part != place.end() && *part == "dev" && (++part == place.end() || *part != "shm");
    }

    void add_links(const std::string& directory) {
        std::error_code failure;
        for (files::directory_iterator each(directory, failure), end; !failure && each != end;
             each.increment(failure))
            if (each->is_symlink(failure)) add(each->path());
    }

    std::set<std::string> readable_;
};

} // namespace

Status confine_run(const Invocation& invocation) {
    Scope scope;
    for (const std::string& operand : invocation.operands)
        scope.add_document(operand);
    for (const char* option : {"--trust", "--crl", "--log", "--previous", "--documents"})
        for (const std::string& path : invocation.all(option))
            scope.add(path);
    ReadingScope allowed{scope.readable()};
    if (invocation.verb == "register")
        allowed.writable.push_back(invocation.value("--evidence").value_or("."));
    // What the library reads when it is first used is none of the auditor's files.
    (void)sha384_hex("");
    return confine_to_reading(allowed);
}

} // namespace quietus::audit
