#include "quietus/transport/linux/open_block.hpp"

#include "open_file_port.hpp"
#include "thread_block_port.hpp"
#include "uring_block_port.hpp"

#include "quietus/core/descriptor.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

// Linux 5.15; older headers lack it.
#ifndef BLKGETDISKSEQ
#define BLKGETDISKSEQ _IOR(0x12, 128, __u64)
#endif

namespace quietus {
namespace {

/// Direct transfers on files are aligned to this on every Linux file system.
constexpr std::uint64_t image_alignment = 4096;
constexpr int open_flags = O_DIRECT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

enum class Purpose : std::uint8_t { erase, read };

int access_mode(Purpose purpose) {
    return purpose == Purpose::erase ? O_RDWR : O_RDONLY;
}

Error refused(std::string_view interlock, std::string what) {
    return {Fault::refused, std::string(interlock) + ": " + std::move(what)};
}

Error open_error(int number, Purpose purpose) {
    switch (number) {
    case EBUSY:
        return refused("open-elsewhere", "somebody else holds the drive exclusively");
    case EROFS:
    case EACCES:
    case EPERM:
        if (purpose == Purpose::read) return system_error(Fault::io, "cannot be opened", number);
        return refused("read-only", "the drive cannot be opened for writing");
    case ELOOP:
        return refused("identity-changed", "the node has become a symbolic link");
    default:
        return system_error(Fault::io, "cannot be opened", number);
    }
}

// Who only asks whether a node is claimed claims it for that moment, as another quietus does that
// lists the drives: it is gone again before anybody could notice.
int open_when_free(const std::string& path, int flags) {
    constexpr std::chrono::milliseconds pause{25};
    constexpr int patience = 10;
    for (int tries = 0;; ++tries) {
        const int opened = ::open(path.c_str(), flags);
        if (opened >= 0 || errno != EBUSY || tries == patience) return opened;
        std::this_thread::sleep_for(pause);
        errno = EBUSY;
    }
}

Status lock_whole(int descriptor, Purpose purpose) {
    const int lock = purpose == Purpose::erase ? LOCK_EX : LOCK_SH;
    if (::flock(descriptor, lock | LOCK_NB) == 0) return {};
    return refused("open-elsewhere", "another process has locked it");
}

Status check_node(const Drive& drive, const struct stat& node, const BlockNodeFacts& facts) {
    if (!S_ISBLK(node.st_mode)) return refused("identity-changed", "no longer a block device");
    if (node.st_rdev != drive.device_number || facts.diskseq != drive.diskseq)
        return refused("identity-changed", "another drive stands under this node now");
    if (facts.size_bytes != drive.size_bytes)
        return refused("identity-changed", "its size has changed");
    return {};
}

Status check_image(const Drive& drive, const struct stat& file) {
    if (!S_ISREG(file.st_mode)) return refused("identity-changed", "no longer a regular file");
    if (image_number(file.st_dev, file.st_ino) != drive.device_number)
        return refused("identity-changed", "another file stands under this name now");
    if (static_cast<std::uint64_t>(file.st_size) != drive.size_bytes)
        return refused("identity-changed", "its size has changed");
    return {};
}

Result<OpenedBlock> open_node(const Drive& drive, const std::string& path, Purpose purpose) {
    const bool reading = purpose == Purpose::read;
    const int flags = open_flags | access_mode(purpose) | (reading ? 0 : O_EXCL);
    OpenedBlock opened{Descriptor(open_when_free(path, flags)), Descriptor(), {}, false, reading};
    struct stat node {};
    if (!opened.direct.open()) return open_error(errno, purpose);
    if (::fstat(opened.direct.get(), &node) != 0) return system_error(Fault::io, "fstat");
    auto facts = block_node_facts(opened.direct.get());
    if (!facts) return std::move(facts).error();
    if (auto status = check_node(drive, node, *facts); !status) return Error(status.error());
    if (facts->read_only && !reading)
        return refused("read-only", "the kernel has it set read-only");
    if (auto status = lock_whole(opened.direct.get(), purpose); !status)
        return Error(status.error());
    opened.geometry = {facts->size_bytes, facts->logical_block_bytes, facts->size_bytes};
    return opened;
}

// What the host's cache kept of the tail is not what the medium holds.
Result<Descriptor> open_tail(int direct, Purpose purpose) {
    // The same file through the descriptor that was checked, never again by its name.
    const std::string self = "/proc/self/fd/" + std::to_string(direct);
    Descriptor buffered(::open(self.c_str(), access_mode(purpose) | O_CLOEXEC));
    if (!buffered.open()) return system_error(Fault::io, "tail of the image");
    if (purpose == Purpose::erase) return buffered;
    if (const int error = ::posix_fadvise(buffered.get(), 0, 0, POSIX_FADV_DONTNEED); error != 0)
        return system_error(Fault::io, "tail of the image", error);
    return buffered;
}

Result<OpenedBlock> open_image(const Drive& drive, const std::string& path, Purpose purpose) {
    const bool reading = purpose == Purpose::read;
    const int flags = open_flags | access_mode(purpose);
    OpenedBlock opened{Descriptor(::open(path.c_str(), flags)), Descriptor(), {}, true, reading};
    struct stat file {};
    if (!opened.direct.open() && errno == EINVAL)
        return Error{Fault::unsupported, "its file system cannot transfer past the page cache"}
            .with_hint("attach it as a loop device (losetup --find --show FILE) and name that");
    if (!opened.direct.open()) return open_error(errno, purpose);
    if (::fstat(opened.direct.get(), &file) != 0) return system_error(Fault::io, "fstat");
    if (auto status = check_image(drive, file); !status) return Error(status.error());
    if (file.st_nlink != 1 && !reading)
        return refused("unknown-holder", "the file has other hard links");
    if (auto status = lock_whole(opened.direct.get(), purpose); !status)
        return Error(status.error());
    const auto size = static_cast<std::uint64_t>(file.st_size);
    opened.geometry = {size, image_alignment, size - size % image_alignment};
    if (opened.geometry.tail_offset == size) return opened;
    auto tail = open_tail(opened.direct.get(), purpose);
    if (!tail) return std::move(tail).error();
    return OpenedBlock{std::move(opened.direct), std::move(*tail), opened.geometry, true, reading};
}

// Without io_uring (kernel.io_uring_disabled, a container's filter, an old kernel) threads do the
// same, for a little more time of the processor.
Result<std::unique_ptr<FileBlockPort>> make_port(OpenedBlock opened) {
    if (auto ring = UringBlockPort::make(opened))
        return std::unique_ptr<FileBlockPort>(std::move(*ring));
    auto threads = ThreadBlockPort::make(opened);
    if (!threads) return std::move(threads).error();
    return std::unique_ptr<FileBlockPort>(std::move(*threads));
}

Result<std::unique_ptr<FileBlockPort>> open_port(const Drive& drive, const std::string& path,
                                                 Purpose purpose, const Transfers& transfers) {
    auto opened = drive.kind == DriveKind::image ? open_image(drive, path, purpose)
                                                 : open_node(drive, path, purpose);
    if (!opened) return std::move(opened).error().during(drive.node);
    opened->transfers = transfers;
    auto port = make_port(std::move(*opened));
    if (!port) return std::move(port).error().during(drive.node);
    return port;
}

} // namespace

Result<BlockNodeFacts> block_node_facts(int descriptor) {
    BlockNodeFacts facts;
    int logical = 0;
    unsigned physical = 0;
    int read_only = 0;
    if (::ioctl(descriptor, BLKGETSIZE64, &facts.size_bytes) != 0)
        return system_error(Fault::io, "size");
    if (::ioctl(descriptor, BLKSSZGET, &logical) != 0)
        return system_error(Fault::io, "logical block size");
    if (::ioctl(descriptor, BLKPBSZGET, &physical) == 0) facts.physical_block_bytes = physical;
    if (::ioctl(descriptor, BLKROGET, &read_only) != 0)
        return system_error(Fault::io, "read-only state");
    if (::ioctl(descriptor, BLKGETDISKSEQ, &facts.diskseq) != 0) facts.diskseq = 0;
    facts.logical_block_bytes = static_cast<std::uint32_t>(logical);
    facts.read_only = read_only != 0;
    return facts;
}

std::span<const unsigned long> block_node_requests() {
    static constexpr std::array<unsigned long, 5> requests{BLKGETSIZE64, BLKSSZGET, BLKPBSZGET,
                                                           BLKROGET, BLKGETDISKSEQ};
    return requests;
}

Result<bool> is_claimed(const std::string& node) {
    const Descriptor held(open_when_free(node, O_RDONLY | O_EXCL | O_CLOEXEC | O_NONBLOCK));
    if (held.open()) return false;
    if (errno == EBUSY) return true;
    return system_error(Fault::io, node);
}

Result<std::unique_ptr<FileBlockPort>> open_file_port(const Drive& drive, const std::string& path,
                                                      const Transfers& transfers) {
    return open_port(drive, path, Purpose::erase, transfers);
}

Result<std::unique_ptr<BlockPort>> open_block_port(const Drive& drive, const std::string& path,
                                                   const Transfers& transfers) {
    auto port = open_port(drive, path, Purpose::erase, transfers);
    if (!port) return std::move(port).error();
    return std::unique_ptr<BlockPort>(std::move(*port));
}

Result<std::unique_ptr<BlockPort>> open_reading_port(const Drive& drive, const std::string& path) {
    auto port = open_port(drive, path, Purpose::read, {});
    if (!port) return std::move(port).error();
    return std::unique_ptr<BlockPort>(std::move(*port));
}

} // namespace quietus
