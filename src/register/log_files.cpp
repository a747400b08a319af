#include "log_files.hpp"

#include "quietus/core/descriptor.hpp"
#include "quietus/core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace quietus {
namespace {

// A full bundle: 256 entries of at most 65,535 octets.
constexpr std::size_t file_limit = std::size_t{17} << 20U;

class DirectoryFiles final : public LogFiles {
  public:
    explicit DirectoryFiles(std::string directory) : directory_(std::move(directory)) {}

    Result<std::optional<std::string>> read(const std::string& name) override {
        struct stat facts {};
        const std::string path = path_of(name);
        if (::lstat(path.c_str(), &facts) != 0 && (errno == ENOENT || errno == ENOTDIR))
            return std::optional<std::string>{};
        auto content = read_regular_file(path, file_limit);
        // It may have been removed in between: a partial tile whose full one is there.
        if (!content && ::access(path.c_str(), F_OK) != 0 && errno == ENOENT)
            return std::optional<std::string>{};
        if (!content) return std::move(content).error();
        return std::optional<std::string>(std::move(*content));
    }
    Status write(const std::string& name, std::string_view content) override {
        const std::string path = path_of(name);
        const Descriptor file(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
                   0644));
        if (!file.open()) return system_error(Fault::evidence, path);
        if (auto status = write_all(file.get(), content, path); !status) return status;
        if (::fsync(file.get()) != 0) return system_error(Fault::evidence, path);
        return {};
    }
    Status rename(const std::string& from, const std::string& to) override {
        if (::rename(path_of(from).c_str(), path_of(to).c_str()) != 0)
            return system_error(Fault::evidence, path_of(to));
        return {};
    }
    Result<bool> make_directory(const std::string& name) override {
        if (::mkdir(path_of(name).c_str(), 0755) == 0) return true;
        if (errno == EEXIST) return false;
        return system_error(Fault::evidence, path_of(name));
    }
    Status sync_directory(const std::string& name) override {
        const std::string path = path_of(name);
        const Descriptor held(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!held.open() || ::fsync(held.get()) != 0) return system_error(Fault::evidence, path);
        return {};
    }
    std::vector<std::string> list(const std::string& name) override {
        std::vector<std::string> names;
        std::error_code failure;
        for (std::filesystem::directory_iterator each(path_of(name), failure), end;
             !failure && each != end; each.increment(failure))
            names.push_back(each->path().filename());
        return names;
    }
    Status remove(const std::string& name) override {
        if (std::remove(path_of(name).c_str()) != 0)
            return system_error(Fault::evidence, path_of(name));
        return {};
    }

  private:
    [[nodiscard]] std::string path_of(const std::string& name) const {
        return name.empty() ? directory_ : directory_ + "/" + name;
    }
    std::string directory_;
};

} // namespace

Status write_beside(LogFiles& files, const std::string& name, std::string_view content) {
    const std::string beside = name + ".new";
    if (auto status = files.write(beside, content); !status) return status;
    return files.rename(beside, name);
}

std::unique_ptr<LogFiles> open_log_files(const std::string& directory) {
    return std::make_unique<DirectoryFiles>(directory);
}

} // namespace quietus
