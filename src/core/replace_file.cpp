#include "quietus/core/replace_file.hpp"

#include "quietus/core/descriptor.hpp"
#include "quietus/core/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace quietus {
namespace {

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

// The lock is on the old file: whoever waited for it finds another one under the name.
Status check_unchanged(const std::string& path, std::string_view before) {
    auto now = read_regular_file(path, before.size());
    if (now && *now == before) return {};
    return Error{Fault::refused, path + ": was changed by somebody else", "look at it again"};
}

Status take_after(int descriptor, const struct stat& old, const std::string& temporary) {
    // Only root can give a file away; for anybody else it is theirs already or stays so.
    if (::geteuid() == 0 && ::fchown(descriptor, old.st_uid, old.st_gid) != 0)
        return system_error(Fault::evidence, temporary);
    if (::fchmod(descriptor, old.st_mode & 07777U) != 0 || ::fsync(descriptor) != 0)
        return system_error(Fault::evidence, temporary);
    return {};
}

Status write_temporary(std::string& temporary, std::string_view content, const struct stat& old) {
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file.open()) return system_error(Fault::evidence, temporary);
    auto status = write_all(file.get(), content, temporary);
    if (status) status = take_after(file.get(), old, temporary);
    if (!status) ::unlink(temporary.c_str());
    return status;
}

Status put_in_place(const std::string& temporary, const std::string& path) {
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        auto error = system_error(Fault::evidence, path);
        ::unlink(temporary.c_str());
        return error;
    }
    const std::string directory = directory_of(path);
    const Descriptor held(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!held.open() || ::fsync(held.get()) != 0)
        return system_error(Fault::evidence, path + ": replaced, but not known to be durable");
    return {};
}

} // namespace

Status replace_file(const std::string& path, const Replacement& content) {
    const Descriptor old(
        ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!old.open() && errno == ELOOP) return Error{Fault::invalid, path + ": a symlink"};
    struct stat facts {};
    if (!old.open() || ::fstat(old.get(), &facts) != 0) return system_error(Fault::evidence, path);
    if (!S_ISREG(facts.st_mode)) return Error{Fault::invalid, path + ": not a regular file"};
    if (::flock(old.get(), LOCK_EX) != 0) return system_error(Fault::evidence, path);
    if (auto status = check_unchanged(path, content.before); !status) return status;
    std::string temporary = directory_of(path) + "/.quietus-XXXXXX";
    if (auto status = write_temporary(temporary, content.after, facts); !status) return status;
    if (auto status = put_in_place(temporary, path); !status) return status;
    auto again = read_regular_file(path, content.after.size());
    if (again && *again == content.after) return {};
    return Error{Fault::evidence, path + ": reads back different from what was written"};
}

} // namespace quietus
