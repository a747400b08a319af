// Ring: an io_uring that can do three things to the files it was given, and nothing else.
//
// A ring could open files behind a system-call filter, so it starts disabled, is restricted to
// READ_FIXED, WRITE_FIXED and FSYNC on registered files and buffers (and giving the files back),
// and only then enabled (io_uring_register(2), IORING_REGISTER_RESTRICTIONS).
#pragma once

#include "quietus/core/result.hpp"

#include <liburing.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace quietus {

/// Registered files by index: transfers past the page cache, and the buffered tail of an image.
enum class RingFile : std::uint8_t { direct, buffered };

struct RingResult {
    std::uint64_t tag = 0;
    int result = 0; ///< octets moved, or a negative errno
};

class Ring {
  public:
    Ring() = default;
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;
    ~Ring();

    /// Once, before anything else. `files`: one or two descriptors in the order of RingFile, which
    /// stay the caller's. `buffers`: memory that outlives the ring. Fault::io.
    [[nodiscard]] Status open(std::span<const int> files, std::span<const iovec> buffers);

    struct Transfer {
        bool write = false;
        RingFile file = RingFile::direct;
        unsigned buffer = 0; ///< index among the registered buffers
        std::uint8_t* data = nullptr;
        unsigned length = 0;
        std::uint64_t offset = 0;
        std::uint64_t tag = 0;
    };
    void start(const Transfer& transfer);
    /// fsync, or fdatasync: a block device flushes its volatile cache either way.
    void start_sync(RingFile file, std::uint64_t tag);
    /// The next result. When there is none yet, sleeps until `count` (at least 1) have come or
    /// `at_most` has passed; nothing when none has come by then. Fault::io when the ring itself
    /// broke.
    [[nodiscard]] Result<std::optional<RingResult>> wait(unsigned count,
                                                         std::chrono::milliseconds at_most);
    /// What is in flight stays the kernel's: destroying the ring will not wait for it.
    void leave_behind() { left_behind_ = true; }

  private:
    friend struct RingBreaker; // the test that tries what is forbidden
    [[nodiscard]] io_uring_sqe* entry();
    [[nodiscard]] Status restrict_and_enable();

    io_uring ring_{};
    bool open_ = false;
    bool left_behind_ = false;
};

} // namespace quietus
