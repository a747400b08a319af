// BlockPort: read and write runs of bytes of one open drive through the kernel's block layer, many
// at a time, past the page cache.
//
// Implemented by transport/linux/uring_block_port (io_uring on an open descriptor), by
// transport/linux/thread_block_port where there is no io_uring, and by emulator/media. One thread
// starts transfers and takes completions. Data lives in slots, buffers that belong to the port.
//
// Nothing here waits without an end: a drive that never answers leaves its transfers in flight for
// as long as the kernel holds them, and the port can be destroyed all the same.
#pragma once

#include "quietus/core/ensure.hpp"
#include "quietus/core/extent.hpp"
#include "quietus/core/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace quietus {

struct BlockGeometry {
    std::uint64_t size_bytes = 0;
    std::uint32_t block_bytes = 512; ///< every transfer begins and ends on one, but for the tail
    std::uint64_t tail_offset = 0;   ///< equal to size_bytes, or where an image's odd tail begins
};

enum class Direction : std::uint8_t { read, write };

/// How one transfer ended.
struct Completion {
    unsigned slot = 0;
    Direction direction = Direction::read;
    Extent extent; ///< as started; all of it moved when error is 0, none counted otherwise
    int error = 0; ///< errno of the failure, positive; 0 when the whole transfer succeeded
};

/// What the descriptor refers to now, for a check after errors and before the first write.
struct PortState {
    std::uint64_t size_bytes = 0;
    std::uint64_t diskseq = 0;
    bool read_only = false;
};

class BlockPort {
  public:
    virtual ~BlockPort() = default;
    [[nodiscard]] virtual BlockGeometry geometry() const = 0;

    /// Buffers: at least 9, all of the same size (up to 1 MiB on real drives), page-aligned.
    [[nodiscard]] virtual unsigned slots() const = 0;
    [[nodiscard]] virtual std::span<std::uint8_t> slot(unsigned index) = 0;

    /// Starts moving `extent` (at most a slot long) between the drive and the slot, which belongs
    /// to the kernel until its completion is taken. A transfer that cannot be started completes
    /// with an error; nothing is lost.
    virtual void start(Direction direction, unsigned slot, Extent extent) = 0;

    /// A tile for what many writes have alike: written from there it stays in the processor's
    /// caches, which the slots of many drives together do not fit into. Its size is three times a
    /// power of two. Empty where the port has none.
    [[nodiscard]] virtual std::span<std::uint8_t> common() { return {}; }
    /// As start(Direction::write, slot, extent) of common() repeated over the extent from its
    /// beginning; common() must not change until nothing that was started so is in flight. Only
    /// where there is such a tile.
    virtual void start_common(unsigned /*slot*/, Extent /*extent*/) { QUIETUS_ENSURE(false); }
    /// The next completion, in any order; nothing when none came within `at_most`. With nothing in
    /// flight it sleeps that long. Transfers cut short or interrupted are continued inside until
    /// they are whole or fail. Fault::io when the port itself broke: nothing is known then about
    /// the transfers in flight.
    [[nodiscard]] virtual Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) = 0;

    /// 0 once the drive reports its volatile cache is on the medium, or an errno. Nothing when it
    /// has not answered within `at_most`: to be called again until it has. Nothing may be in
    /// flight. A flush that failed is not tried again: the kernel would report success.
    [[nodiscard]] virtual std::optional<int> flush(std::chrono::milliseconds at_most) = 0;

    /// Fault::io when the descriptor no longer answers (drive gone).
    [[nodiscard]] virtual Result<PortState> state() = 0;
    /// Whether any byte went through the host's page cache.
    [[nodiscard]] virtual bool used_page_cache() const = 0;
};

} // namespace quietus
