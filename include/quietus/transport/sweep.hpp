// sweep: move many extents with every slot of a port busy. Writing, reading back and probing are
// sweeps with different tasks.
#pragma once

#include "quietus/transport/block_port.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace quietus {

/// What to move and what to do with it. Called from sweep() only, on its thread.
class SweepTask {
  public:
    virtual ~SweepTask() = default;
    /// The next extent, at most a slot long and on block boundaries; nothing when there are no
    /// more.
    [[nodiscard]] virtual std::optional<Extent> next() = 0;
    /// Before a write: puts the data for `extent` into the slot's buffer.
    virtual void prepare(unsigned slot, std::span<std::uint8_t> buffer, Extent extent) = 0;
    /// Of a write: the data for `extent` is what begins in the port's common buffer, and will be
    /// until the sweep has ended; nothing is prepared then.
    [[nodiscard]] virtual bool is_common(Extent /*extent*/) { return false; }
    /// A transfer has begun.
    virtual void started(unsigned /*slot*/) {}
    /// After a transfer, successful or not; `data` is the slot's part that belongs to the extent.
    virtual void finished(const Completion& completion, std::span<const std::uint8_t> data) = 0;
    /// Asked before each start. Once false, nothing more is started and what is in flight is
    /// awaited.
    [[nodiscard]] virtual bool keep_going() = 0;
    /// How long the next start has to wait; 0: it is due.
    [[nodiscard]] virtual std::chrono::nanoseconds due_in() { return {}; }
    /// Nothing of what is in flight has come back for a second. Once false, it is left behind:
    /// nothing more may be asked of the port then.
    [[nodiscard]] virtual bool wait_on() { return true; }
};

/// Runs the task to its end. Fault::io when the port itself broke; transfers that fail, and what is
/// left in flight, are the task's business.
[[nodiscard]] Status sweep(BlockPort& port, Direction direction, SweepTask& task);

/// What an error on a transfer says about the drive.
enum class DriveState : std::uint8_t {
    present,  ///< the error belongs to the blocks
    vanished, ///< the drive no longer answers, or has size 0
    changed,  ///< another drive, another size, or no longer writable, under the same descriptor
};

/// Asks the port, which knows how it was: an EIO from a drive that is gone is no bad block.
/// Without an error it finds what changes in silence: a drive that has grown.
[[nodiscard]] DriveState drive_state(BlockPort& port, const PortState& at_open, int error = 0);

} // namespace quietus
