// Surface: the addressable space of an open drive while a step works on it.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/step_watch.hpp"
#include "quietus/record/erasure_record.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/endurance.hpp"
#include "quietus/transport/route.hpp"
#include "quietus/transport/sweep.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// As many extents as one list of a step is meant to hold; what it would take more for is recorded
/// more coarsely. 32 MiB of memory a list.
inline constexpr std::size_t most_extents = std::size_t{1} << 21U;

/// What is a reference is not owned and outlives the step.
struct Surface {
    BlockPort& port;
    PortState at_open; ///< what the descriptor referred to when it was opened and checked
    StepWatch& watch;
    Clock& clock;
    Endurance endurance = {};
    /// What the step neither writes nor reads, on block boundaries: ciphertext that is to stay.
    ExtentSet kept = {};
};

/// All of it but what is kept.
[[nodiscard]] ExtentSet all_but_kept(const Surface& surface);

/// Why a step ended before its end; `none` when it did not.
struct Stop {
    StopReason reason = StopReason::none;
    std::string text;
};

/// A task over a surface. Visits the route once, quickly; then comes back to what failed:
///
/// - Ahead: in ascending order. After a failure it jumps, further each time, so that the good part
///   of a dying drive comes first.
/// - Back: what was jumped over, from its end, down to where that fails too.
/// - Pieces: what failed is cut into sixteenths, and these again, down to single blocks; each of
///   those is tried Endurance::attempts times. There is no sleeping in between.
///
/// A drive that has died may answer every command with the error of a bad block. So before the
/// cutting and after it, when all that was asked last has failed, what had worked is tried again;
/// when that fails now as well, the drive is what is bad, and none of its blocks is said to be. The
/// same goes for one on which nothing has worked in the end.
///
/// Pauses on request: nothing new is begun, and the time does not count against the drive.
///
/// Stops on request, when the drive is dead, gone or not itself any more, when it is too slow, and
/// when it does not answer.
class SurfaceTask : private SweepTask {
  public:
    explicit SurfaceTask(Surface& surface) : surface_(surface), started_(surface.port.slots()) {}

    /// Once for each task; afterwards says why it stopped early, if it did.
    [[nodiscard]] Stop run(Direction direction, Route& route);
    /// Afterwards: transfers that were answered with an error, cut down to the block as long as
    /// there was time for trouble and there were no more than most_extents. Errors after which the
    /// drive was dead or gone are none of a block.
    [[nodiscard]] const ExtentSet& failed() const { return failed_; }
    /// Afterwards: whether every extent of the route was tried.
    [[nodiscard]] bool complete() const {
        return stop_.reason == StopReason::none && untried_.empty();
    }

  protected:
    /// Before a write: puts the data for `extent` into the slot's buffer.
    void prepare(unsigned slot, std::span<std::uint8_t> buffer, Extent extent) override = 0;
    /// A transfer that moved everything. Each byte of the route comes at most once.
    virtual void succeeded(Extent extent, std::span<const std::uint8_t> data) = 0;
    /// On the way ahead, asked before each start: whether to come to rest first.
    [[nodiscard]] virtual bool rest_due() { return false; }
    /// Nothing is in flight. What it gives as a reason to stop ends the task.
    [[nodiscard]] virtual Stop rest() { return {}; }
    [[nodiscard]] Surface& surface() { return surface_; }

  private:
    enum class Stage : std::uint8_t { ahead, back, pieces, life };

    [[nodiscard]] std::optional<Extent> next() final;
    void finished(const Completion& completion, std::span<const std::uint8_t> data) final;
    void started(unsigned slot) final {
        started_[slot] = ++starts_;
        ++in_flight_;
    }
    [[nodiscard]] bool keep_going() final;
    [[nodiscard]] std::chrono::nanoseconds due_in() final;
    [[nodiscard]] bool wait_on() final;

    [[nodiscard]] bool going() const { return stop_.reason == StopReason::none; }
    [[nodiscard]] bool patient() const { return trouble_ < surface_.endurance.trouble; }
    void travel(Stage stage);
    void come_to_rest();
    void travel_far(Stage stage);
    [[nodiscard]] bool hopeless() const; ///< nothing has worked for as long as trouble may last
    void cut();
    void work_on_pieces(std::uint64_t piece_bytes);
    [[nodiscard]] bool may_cut() const { return patient() && cuts_ < most_extents; }
    void look_for_life();
    [[nodiscard]] std::optional<Extent> next_behind();
    [[nodiscard]] std::optional<Extent> next_piece();
    void take(const Completion& completion, std::span<const std::uint8_t> data);
    void take_piece(const Extent& extent);
    void note_failure(const Completion& completion);
    void jump_from(const Extent& extent);
    void pass_over(Extent extent);
    void pay_for(std::uint64_t bytes);
    void sit_out_pause();
    void watch_rate(std::uint64_t bytes);
    void look_at_drive(int error);

    Surface& surface_;
    Direction direction_ = Direction::read;
    Route* route_ = nullptr;
    Stage stage_ = Stage::ahead;
    Stop stop_;

    ExtentSet failed_;
    ExtentSet suspect_;          ///< failed, and nothing begun since has succeeded
    ExtentSet untried_;          ///< passed over
    std::optional<Extent> good_; ///< the last that succeeded
    std::optional<Extent> first_good_;
    std::optional<Extent> again_; ///< of these two, to see whether the drive lives
    bool alive_ = true;
    bool resting_ = false;
    std::optional<std::chrono::nanoseconds> failing_since_;
    std::vector<std::uint64_t> started_; ///< by slot: the number of its transfer
    std::uint64_t starts_ = 0;
    unsigned in_flight_ = 0;
    std::optional<std::chrono::nanoseconds> paused_at_; ///< when that was last looked at
    std::uint64_t starts_at_failure_ = 0;
    ExtentSet mended_;         ///< of the pieces at hand
    ExtentSet struck_;         ///< of them, failed
    std::uint64_t cuts_ = 0;   ///< at most so many extents more than there were failures
    std::uint64_t cut_at_ = 0; ///< where the last mended piece ended
    ExtentSet skipped_;        ///< jumped over
    std::vector<Extent> todo_; ///< gaps or failed extents, worked on from the back or the front
    std::size_t todo_at_ = 0;
    std::uint64_t gap_end_ = 0; ///< where the gap at hand ended before it was begun
    std::uint64_t piece_bytes_ = 0;
    std::uint64_t jump_bytes_ = 0;
    std::uint64_t landed_at_ = 0; ///< where the last jump ended

    std::uint64_t bytes_visited_ = 0;
    std::uint64_t bytes_in_window_ = 0;
    std::chrono::nanoseconds next_start_{}; ///< by the limit of the rate
    std::chrono::nanoseconds last_sign_{};  ///< of life: the last completion, or the last start
    std::chrono::nanoseconds window_begun_{};
    std::chrono::nanoseconds trouble_{};
    std::chrono::seconds reported_{};
};

/// Flushes, as long as it may take by the surface's endurance. `error` is 0 or an errno.
struct Flushed {
    int error = 0;
    Stop stop; ///< the drive does not answer, or is gone
};
[[nodiscard]] Flushed flush(Surface& surface);

} // namespace quietus
