// lying_drive: a FUSE file system of two files, for tests only: `drive`, a medium that lies as it
// is told (lying_store.hpp), and `control`, where a fault is written and the counts are read.
//
//   lying_drive STORE-FILE MOUNT-POINT "FAULT"     runs in the foreground until unmounted
//
// Every request for `drive` arrives here: it is opened with direct_io, so that no page cache can
// answer for it. One thread, so that "the third write" means something.
#define FUSE_USE_VERSION 35

#include "lying_store.hpp"

#include <fuse.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

using quietus::rig::LyingStore;
using quietus::rig::parse_fault;

namespace {

constexpr std::string_view drive_path = "/drive";
constexpr std::string_view control_path = "/control";

LyingStore& store() {
    return *static_cast<LyingStore*>(fuse_get_context()->private_data);
}

std::string counts_line() {
    const auto& counts = store().counts();
    return "reads=" + std::to_string(counts.reads) + " writes=" + std::to_string(counts.writes) +
           " flushes=" + std::to_string(counts.flushes) +
           " bytes_read=" + std::to_string(counts.bytes_read) +
           " bytes_written=" + std::to_string(counts.bytes_written) +
           " faults=" + std::to_string(counts.faults) + "\n";
}

int get_attributes(const char* path, struct stat* facts, fuse_file_info* /*open*/) {
    *facts = {};
    facts->st_nlink = 1;
    facts->st_mode = S_IFREG | 0600;
    if (path == drive_path) {
        facts->st_size = static_cast<off_t>(store().size());
    } else if (path == std::string_view("/")) {
        facts->st_mode = S_IFDIR | 0700;
        facts->st_nlink = 2;
    } else if (path != control_path) {
        return -ENOENT;
    }
    return 0;
}

int list_root(const char* /*path*/, void* buffer, fuse_fill_dir_t fill, off_t /*offset*/,
              fuse_file_info* /*open*/, fuse_readdir_flags /*flags*/) {
    for (const char* name : {".", "..", "drive", "control"})
        fill(buffer, name, nullptr, 0, fuse_fill_dir_flags{});
    return 0;
}

int open_file(const char* path, fuse_file_info* open) {
    open->direct_io = 1;
    return path == drive_path || path == control_path ? 0 : -ENOENT;
}

int read_file(const char* path, char* into, std::size_t length, off_t offset,
              fuse_file_info* /*open*/) {
    const auto from = static_cast<std::uint64_t>(offset);
    if (path == drive_path) return store().read({into, length}, from);
    const std::string line = counts_line();
    if (from >= line.size()) return 0;
    return static_cast<int>(line.copy(into, length, from));
}

int write_file(const char* path, const char* from, std::size_t length, off_t offset,
               fuse_file_info* /*open*/) {
    if (path == drive_path)
        return store().write({from, length}, static_cast<std::uint64_t>(offset));
    const auto fault = parse_fault({from, length});
    if (!fault) return -EINVAL;
    store().set_fault(*fault);
    return static_cast<int>(length);
}

// Opening `control` with O_TRUNC is how a shell writes to it.
int truncate_file(const char* path, off_t /*size*/, fuse_file_info* /*open*/) {
    return path == control_path ? 0 : -EPERM;
}

int sync_file(const char* path, int /*data_only*/, fuse_file_info* /*open*/) {
    return path == drive_path ? store().flush() : 0;
}

void* initialise(fuse_conn_info* connection, fuse_config* configuration) {
    connection->max_write = 1U << 20U;
    configuration->attr_timeout = 0;
    configuration->entry_timeout = 0;
    return fuse_get_context()->private_data;
}

fuse_operations operations() {
    fuse_operations all{};
    all.getattr = get_attributes;
    all.readdir = list_root;
    all.open = open_file;
    all.read = read_file;
    all.write = write_file;
    all.truncate = truncate_file;
    all.fsync = sync_file;
    all.init = initialise;
    return all;
}

int serve(LyingStore& medium, char* program, char* mount_point) {
    std::array<char, 3> foreground{"-f"};
    std::array<char, 3> one_thread{"-s"};
    std::array<char, 3> option{"-o"};
    std::array<char, 32> values{"auto_unmount,fsname=lying_drive"};
    std::array<char*, 6> arguments{program,       foreground.data(), one_thread.data(),
                                   option.data(), values.data(),     mount_point};
    const fuse_operations all = operations();
    return fuse_main(static_cast<int>(arguments.size()), arguments.data(), &all, &medium);
}

} // namespace

int main(int count, char** words) {
    const auto fault = count == 4 ? parse_fault(words[3]) : std::nullopt;
    if (!fault) {
        std::fputs("usage: lying_drive STORE-FILE MOUNT-POINT FAULT\n", stderr);
        return 2;
    }
    const int descriptor = ::open(words[1], O_RDWR | O_CLOEXEC);
    struct stat facts {};
    if (descriptor < 0 || ::fstat(descriptor, &facts) != 0) {
        std::perror(words[1]);
        return 1;
    }
    LyingStore medium(descriptor, static_cast<std::uint64_t>(facts.st_size));
    medium.set_fault(*fault);
    return serve(medium, words[0], words[2]);
}
