#include "quietus/core/file.hpp"

#include "quietus/core/descriptor.hpp"

#include "quietus/core/ensure.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace quietus {
namespace {

Result<std::string> read_up_to(int descriptor, std::size_t limit, const std::string& path) {
    std::string content;
    std::array<char, 65536> chunk; // left as it is: most files are shorter by far
    for (;;) {
        const ssize_t got =
            ::pread(descriptor, chunk.data(), chunk.size(), static_cast<off_t>(content.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error(Fault::io, path);
        if (got == 0) return content;
        content.append(chunk.data(), static_cast<std::size_t>(got));
        if (content.size() > limit)
            return Error{Fault::invalid, path + ": over " + std::to_string(limit) + " bytes"};
    }
}

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Status sync_directory(const std::string& directory) {
    const Descriptor held(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!held.open() || ::fsync(held.get()) != 0) return system_error(Fault::evidence, directory);
    return {};
}

// Writes the temporary file; on success it is complete and on stable storage.
Status write_temporary(std::string& temporary, std::string_view content, mode_t mode) {
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file.open()) return system_error(Fault::evidence, temporary);
    auto status = write_all(file.get(), content, temporary);
    if (status && (::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0))
        status = system_error(Fault::evidence, temporary);
    if (!status) ::unlink(temporary.c_str());
    return status;
}

} // namespace

Status write_all(int descriptor, std::string_view content, const std::string& path) {
    while (!content.empty()) {
        const ssize_t put = ::write(descriptor, content.data(), content.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return system_error(Fault::evidence, path);
        content.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

Result<std::string> read_regular_file(const std::string& path, std::size_t limit) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return system_error(Fault::io, path);
    // Looked at before it is opened: opening a drive or a pipe can itself have effects.
    if (!S_ISREG(facts.st_mode)) return Error{Fault::invalid, path + ": not a regular file"};
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.open() || ::fstat(file.get(), &facts) != 0) return system_error(Fault::io, path);
    if (!S_ISREG(facts.st_mode)) return Error{Fault::invalid, path + ": not a regular file"};
    return read_up_to(file.get(), limit, path);
}

Status save_new_file(const std::string& path, std::string_view content, mode_t mode) {
    const std::string directory = directory_of(path);
    std::string temporary = directory + "/.quietus-XXXXXX";
    if (auto status = write_temporary(temporary, content, mode); !status) return status;
    if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) != 0) {
        auto error = system_error(Fault::evidence, path);
        ::unlink(temporary.c_str());
        return error;
    }
    if (auto status = sync_directory(directory); !status) return status;
    auto again = read_regular_file(path, content.size());
    if (!again || *again != content)
        return Error{Fault::evidence, path + ": reads back different from what was written"};
    return {};
}

Status make_directories(const std::string& path, mode_t mode) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0) {
        if (S_ISDIR(facts.st_mode)) return {};
        return system_error(Fault::evidence, path, ENOTDIR);
    }
    if (const std::string parent = directory_of(path); parent != path && parent != ".") {
        if (auto status = make_directories(parent, 0755); !status) return status;
    }
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST)
        return system_error(Fault::evidence, path);
    return sync_directory(directory_of(path));
}

AppendFile::AppendFile(int descriptor, std::string path, std::uint64_t size)
    : descriptor_(descriptor), path_(std::move(path)), size_(size) {}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)),
      size_(other.size_) {}

AppendFile::~AppendFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<AppendFile> AppendFile::open(const std::string& path, Contention contention) {
    const bool existed = ::access(path.c_str(), F_OK) == 0;
    const int descriptor = ::open(
        path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (descriptor < 0) return system_error(Fault::evidence, path);
    AppendFile file(descriptor, path, 0);
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0) return system_error(Fault::evidence, path);
    if (!S_ISREG(facts.st_mode)) return Error{Fault::evidence, path + ": not a regular file"};
    const int lock = contention == Contention::wait ? LOCK_EX : LOCK_EX | LOCK_NB;
    if (::flock(descriptor, lock) != 0)
        return Error{Fault::refused, path + ": in use by another process"};
    if (::fstat(descriptor, &facts) != 0) return system_error(Fault::evidence, path);
    file.size_ = static_cast<std::uint64_t>(facts.st_size);
    if (!existed) {
        if (auto status = sync_directory(directory_of(path)); !status)
            return std::move(status).error();
    }
    return file;
}

Status AppendFile::append(std::string_view line, bool durable) {
    const std::string whole = std::string(line) + '\n';
    auto status = write_all(descriptor_, whole, path_);
    if (status && durable && ::fdatasync(descriptor_) != 0)
        status = system_error(Fault::evidence, path_);
    if (status) {
        size_ += whole.size();
        return status;
    }
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0)
        return std::move(status).error().with_hint("the last line of the file may be torn");
    return status;
}

Status AppendFile::cut_back_to(std::uint64_t size) {
    QUIETUS_ENSURE(size <= size_);
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0 || ::fdatasync(descriptor_) != 0)
        return system_error(Fault::evidence, path_);
    size_ = size;
    return {};
}

Result<std::string> AppendFile::content(std::size_t limit) const {
    return read_up_to(descriptor_, limit, path_);
}

} // namespace quietus
