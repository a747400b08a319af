// LyingStore: a medium of a given size that lies or fails in one stated way. For tests only.
//
// A fault is one line: a kind and settings, "drop-writes offset=1048576 length=4096". The kinds:
//   honest          does what it is told
//   drop-writes     acknowledges writes that it does not store
//   misplace        stores writes `shift` bytes further on (wrapping), acknowledges them as asked
//   alias-half      addresses only the first half of itself: offset x is offset x modulo size / 2
//   eio-on-write    fails writes with EIO and stores nothing of them
//   eio-on-read     fails reads with EIO
//   hang-on-read    answers no read, and nothing else from then on, until the program is killed
//   hang-on-write   the same with writes
//   slow-on-write   does as it is told, `delay` milliseconds later
//   slow-on-read    the same with reads
//   differ-on-read  every other read has one bit of each 512 octets wrong
//   short-reads     reads only the first half of what it is asked for, and says so
//   read-only       fails writes with EROFS
//   resize          after `after` writes the size is `size`: writes beyond it fail with ENOSPC,
//                   and reads find an end there
//   fail-flush      stores everything and fails every flush with EIO
//   vanish          after `after` writes every request fails with ENODEV and the size is 0
// Settings: offset, length (bytes; requests that touch this range are meant, default all), after
// (how many of those are done honestly first), every (each Nth of the rest only), times (how
// often at most), shift (bytes), delay (milliseconds), size (bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quietus::rig {

enum class Lie : std::uint8_t {
    honest,
    drop_writes,
    misplace,
    alias_half,
    eio_on_write,
    eio_on_read,
    hang_on_read,
    hang_on_write,
    slow_on_write,
    slow_on_read,
    differ_on_read,
    short_reads,
    read_only,
    resize,
    fail_flush,
    vanish,
};

struct StoreFault {
    Lie lie = Lie::honest;
    std::uint64_t offset = 0;
    std::uint64_t length = UINT64_MAX;
    std::uint64_t after = 0;
    std::uint64_t every = 1;
    std::uint64_t times = UINT64_MAX;
    std::uint64_t shift = 1U << 20U;
    std::uint64_t delay = 0;
    std::uint64_t size = 0;
};

/// Nothing when a word, a setting or a number is not known.
[[nodiscard]] std::optional<StoreFault> parse_fault(std::string_view line);

/// What arrived since the start, and how many of these the fault met.
struct StoreCounts {
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    std::uint64_t flushes = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    std::uint64_t faults = 0;
};

class LyingStore {
  public:
    /// Stores in `descriptor`, which stays the caller's and is at least `size` bytes long.
    LyingStore(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}

    /// Counting for `after` and `every` begins anew; a vanished drive is back, in its own size.
    void set_fault(StoreFault fault);

    /// Bytes moved, less at the end of the medium, or a negative errno.
    int read(std::span<char> into, std::uint64_t offset);
    int write(std::span<const char> from, std::uint64_t offset);
    /// 0 or a negative errno.
    int flush();

    [[nodiscard]] std::uint64_t size() const { return gone_ ? 0 : told_size_; }
    [[nodiscard]] const StoreCounts& counts() const { return counts_; }

  private:
    bool meets(std::uint64_t offset, std::size_t length);
    bool strikes(Lie lie, std::uint64_t offset, std::size_t length) {
        return fault_.lie == lie && meets(offset, length);
    }
    int store(std::span<const char> from, std::uint64_t offset);
    [[nodiscard]] std::uint64_t place(std::uint64_t offset) const;
    [[nodiscard]] std::size_t run_at(std::uint64_t offset, std::size_t length) const;

    int descriptor_;
    std::uint64_t size_;
    std::uint64_t told_size_ = size_;
    StoreFault fault_;
    StoreCounts counts_;
    std::uint64_t met_ = 0;
    std::uint64_t struck_ = 0;
    bool gone_ = false;
    bool differs_ = false; ///< the last read that differ-on-read met
};

} // namespace quietus::rig
