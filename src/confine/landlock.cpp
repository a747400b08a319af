#include "landlock.hpp"

#include "quietus/core/descriptor.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

namespace quietus {
namespace {

// landlock(7): what each version of the interface added. Debian 12's header stops at the third, so
// the numbers of later ones are given here.
constexpr std::array<std::uint64_t, 3> added_by_version{
    (std::uint64_t{LANDLOCK_ACCESS_FS_MAKE_SYM} << 1U) - 1, LANDLOCK_ACCESS_FS_REFER,
    std::uint64_t{1} << 14U}; // truncate
constexpr std::uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t read_all = read_file | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t write_all_of_it = read_all | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                          LANDLOCK_ACCESS_FS_MAKE_REG |
                                          LANDLOCK_ACCESS_FS_REMOVE_FILE | std::uint64_t{1} << 14U;

long version() {
    return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

std::uint64_t handled_by(long version) {
    std::uint64_t handled = 0;
    for (std::size_t i = 0; i < added_by_version.size() && static_cast<long>(i) < version; ++i)
        handled |= added_by_version[i];
    return handled;
}

class Ruleset {
  public:
    explicit Ruleset(std::uint64_t handled) : handled_(handled), set_(make(handled)) {}

    [[nodiscard]] bool made() const { return set_.open(); }

    Status allow(const std::string& path, std::uint64_t access) const {
        const Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
        struct stat facts {};
        // What is not there cannot be read; whoever asks for it is told so.
        if (!place.open() || ::fstat(place.get(), &facts) != 0) return {};
        if (!S_ISDIR(facts.st_mode) && !S_ISREG(facts.st_mode)) return {};
        if (S_ISREG(facts.st_mode)) access &= read_file | LANDLOCK_ACCESS_FS_WRITE_FILE;
        const landlock_path_beneath_attr rule{access & handled_, place.get()};
        if (::syscall(SYS_landlock_add_rule, set_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0)
            return {};
        return system_error(Fault::io, "landlock: " + path);
    }
    [[nodiscard]] Status restrict() const {
        if (::syscall(SYS_landlock_restrict_self, set_.get(), 0) == 0) return {};
        return system_error(Fault::io, "landlock");
    }

  private:
    static int make(std::uint64_t handled) {
        landlock_ruleset_attr rules{};
        rules.handled_access_fs = handled;
        return static_cast<int>(
            ::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules.handled_access_fs, 0));
    }

    std::uint64_t handled_;
    Descriptor set_;
};

} // namespace

bool has_landlock() {
    return version() > 0;
}

Status restrict_files(const ReadingScope& scope) {
    if (!has_landlock()) return {};
    const Ruleset rules(handled_by(version()));
    if (!rules.made()) return system_error(Fault::io, "landlock");
    for (const std::string& path : scope.readable)
        if (auto status = rules.allow(path, read_all); !status) return status;
    for (const std::string& path : scope.writable)
        if (auto status = rules.allow(path, write_all_of_it); !status) return status;
    return rules.restrict();
}

} // namespace quietus
