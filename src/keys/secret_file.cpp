#include "secret_file.hpp"

#include "key_files.hpp"

#include "quietus/core/descriptor.hpp"
#include "quietus/core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace quietus {
namespace {

// Looked at on the open file, so that it cannot be exchanged in between.
Status check_private(int descriptor, const std::string& path) {
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0) return system_error(Fault::io, path);
    if (!S_ISREG(facts.st_mode)) return Error{Fault::invalid, path + ": not a regular file"};
    if (facts.st_uid != ::geteuid())
        return Error{Fault::refused, path + ": belongs to another user",
                     "chown " + std::to_string(::geteuid()) + " " + path};
    if ((facts.st_mode & 077U) != 0)
        return Error{Fault::refused, path + ": others may read or write it", "chmod 600 " + path};
    return {};
}

} // namespace

Status create_secret_file(const std::string& path, const Secret& secret) {
    {
        const Descriptor file(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (file.get() < 0) return system_error(Fault::evidence, path);
        if (auto status = write_all(file.get(), secret.view(), path); !status) return status;
        if (::fchmod(file.get(), 0600) != 0 || ::fsync(file.get()) != 0)
            return system_error(Fault::evidence, path);
    }
    auto again = read_secret_file(path);
    if (!again || again->view() != secret.view())
        return Error{Fault::evidence, path + ": reads back different from what was written"};
    return {};
}

Result<Secret> read_secret_file(const std::string& path) {
    const Descriptor file(
        ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (file.get() < 0 && errno == ELOOP)
        return Error{Fault::invalid, path + ": not a regular file"};
    if (file.get() < 0) return system_error(Fault::io, path);
    if (auto status = check_private(file.get(), path); !status) return std::move(status).error();
    // Sized once and cut down: a string that grows leaves copies behind.
    std::string content(key_files::size_max + 1, '\0');
    std::size_t filled = 0;
    while (filled < content.size()) {
        const ssize_t got = ::pread(file.get(), content.data() + filled, content.size() - filled,
                                    static_cast<off_t>(filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error(Fault::io, path);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    content.resize(filled);
    Secret secret(std::move(content));
    if (filled > key_files::size_max) return Error{Fault::invalid, path + ": over 64 KiB"};
    return secret;
}

} // namespace quietus
