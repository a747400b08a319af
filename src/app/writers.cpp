#include "writers.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace quietus {

Status check_writers(const std::string& path, const struct stat& facts) {
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0)
        return Error{Fault::refused, path + ": belongs to another user"};
    if ((facts.st_mode & 022U) != 0)
        return Error{Fault::refused, path + ": others may write to it", "chmod go-w " + path};
    return {};
}

Status check_writers(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return system_error(Fault::refused, path);
    return check_writers(path, facts);
}

} // namespace quietus
