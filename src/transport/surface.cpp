#include "quietus/transport/surface.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace quietus {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::uint64_t longest_jump = std::uint64_t{1} << 30U;
constexpr std::uint64_t cut_into = 16;
constexpr seconds rate_window{60};

Stop stop_for(DriveState state) {
    switch (state) {
    case DriveState::present:
        return {};
    case DriveState::vanished:
        return {StopReason::drive_vanished, "the drive no longer answers"};
    case DriveState::changed:
        return {StopReason::drive_changed,
                "the drive is no longer as it was opened: another one, another size, or read-only"};
    }
    return {StopReason::io, "unknown state of the drive"};
}

/// Tells of silence, and when it has lasted too long.
class Silence {
  public:
    Silence(Surface& surface, seconds& reported) : surface_(surface), reported_(reported) {}

    Stop stop_after(nanoseconds lasted) {
        const auto& endurance = surface_.endurance;
        const auto whole = std::chrono::floor<seconds>(lasted);
        if (whole >= reported_ + endurance.report_stall) {
            reported_ = whole;
            surface_.watch.stalled(whole);
        }
        // Who asks to stop does not wait as long as a drive may need to recover.
        const bool asked = lasted >= endurance.report_stall && surface_.watch.stop_requested();
        if (lasted < endurance.give_up && !asked) return {};
        return {StopReason::stalled,
                "the drive has not answered for " + std::to_string(whole.count()) + " s"};
    }

  private:
    Surface& surface_;
    seconds& reported_;
};

} // namespace

Stop SurfaceTask::run(Direction direction, Route& route) {
    QUIETUS_ENSURE(route_ == nullptr);
    direction_ = direction;
    route_ = &route;
    last_sign_ = window_begun_ = next_start_ = surface_.clock.monotonic();
    travel_far(Stage::ahead);
    if (going() && !skipped_.empty()) {
        todo_ = std::move(skipped_).take();
        travel_far(Stage::back);
    }
    if (going()) look_for_life();
    if (going()) cut();
    if (going() && !good_ && !suspect_.empty())
        stop_ = {StopReason::io, "the drive has failed every command"};
    // What grows, or is exchanged without an error, shows only when it is looked at.
    if (going() || stop_.reason == StopReason::interrupted) look_at_drive(0);
    if (stop_.reason == StopReason::drive_vanished || stop_.reason == StopReason::drive_changed ||
        stop_.reason == StopReason::io)
        failed_.subtract(suspect_);
    return stop_;
}

void SurfaceTask::travel(Stage stage) {
    stage_ = stage;
    do {
        resting_ = false;
        if (auto status = sweep(surface_.port, direction_, *this); !status)
            stop_ = {StopReason::io, status.error().message};
        if (resting_ && going()) come_to_rest();
    } while (resting_ && going());
}

// A drive may need long to flush; that is no silence of its.
void SurfaceTask::come_to_rest() {
    stop_ = rest();
    last_sign_ = surface_.clock.monotonic();
}

// Errors may take minutes each, and a surface have thousands of gibibytes to jump over.
void SurfaceTask::travel_far(Stage stage) {
    for (;;) {
        travel(stage);
        if (!going() || !hopeless()) return;
        look_for_life();
        if (going() && !good_) stop_ = {StopReason::io, "the drive has failed every command"};
        if (!going()) return;
        failing_since_.reset();
    }
}

bool SurfaceTask::hopeless() const {
    return failing_since_ && last_sign_ - *failing_since_ >= surface_.endurance.trouble;
}

// From coarse to fine: what can be had is had with the fewest failures.
void SurfaceTask::cut() {
    const std::uint64_t block = surface_.port.geometry().block_bytes;
    std::uint64_t piece = surface_.port.slot(0).size();
    while (piece > block) {
        piece = std::max(piece / cut_into, block);
        work_on_pieces(piece);
    }
    for (unsigned attempt = 1; attempt < surface_.endurance.attempts; ++attempt)
        work_on_pieces(block);
}

void SurfaceTask::work_on_pieces(std::uint64_t piece_bytes) {
    if (!going() || !may_cut() || (failed_.empty() && untried_.empty())) return;
    ExtentSet pieces = failed_;
    pieces.add(untried_);
    todo_ = std::move(pieces).take();
    todo_at_ = 0;
    piece_bytes_ = piece_bytes;
    travel(Stage::pieces);
    failed_.add(struck_);
    failed_.subtract(mended_);
    untried_.subtract(struck_);
    untried_.subtract(mended_);
    struck_ = mended_ = {};
    cuts_ = failed_.extents().size();
    if (going()) look_for_life();
}

// Asked of what worked last: a drive that fails there too has no bad blocks, it is bad.
void SurfaceTask::look_for_life() {
    if (suspect_.empty() || !good_) return;
    alive_ = false;
    for (unsigned attempt = 0; attempt < surface_.endurance.attempts && !alive_; ++attempt) {
        again_ = attempt % 2 == 0 ? good_ : first_good_;
        travel(Stage::life);
        if (!going()) return;
    }
    if (alive_)
        suspect_ = {};
    else
        stop_ = {StopReason::io, "the drive fails every command now, also where it had worked"};
}

std::optional<Extent> SurfaceTask::next() {
    std::optional<Extent> extent;
    switch (stage_) {
    case Stage::ahead:
        resting_ = !hopeless() && rest_due();
        if (!hopeless() && !resting_) extent = route_->next();
        break;
    case Stage::back:
        if (!hopeless()) extent = next_behind();
        break;
    case Stage::pieces:
        extent = next_piece();
        break;
    case Stage::life:
        extent = std::exchange(again_, std::nullopt);
        break;
    }
    if (extent) {
        last_sign_ = surface_.clock.monotonic();
        pay_for(extent->length);
    }
    return extent;
}

std::optional<Extent> SurfaceTask::next_behind() {
    while (!todo_.empty() && todo_.back().length == 0) {
        todo_.pop_back();
        gap_end_ = 0;
    }
    if (todo_.empty()) return std::nullopt;
    Extent& gap = todo_.back();
    if (gap_end_ == 0) gap_end_ = gap.end();
    const std::uint64_t chunk = surface_.port.slot(0).size();
    const std::uint64_t tail = surface_.port.geometry().tail_offset;
    std::uint64_t begin = std::max(gap.offset, (gap.end() - 1) / chunk * chunk);
    if (gap.end() > tail) begin = std::max(begin, std::min(tail, gap.end() - 1));
    const Extent extent{begin, gap.end() - begin};
    gap.length -= extent.length;
    return extent;
}

std::optional<Extent> SurfaceTask::next_piece() {
    while (todo_at_ < todo_.size() && todo_[todo_at_].length == 0)
        ++todo_at_;
    if (todo_at_ == todo_.size() || !may_cut()) return std::nullopt;
    Extent& rest = todo_[todo_at_];
    const std::uint64_t tail = surface_.port.geometry().tail_offset;
    // The tail of an image is one block, however long.
    const std::uint64_t reach =
        rest.offset >= tail ? rest.length : std::min(piece_bytes_, tail - rest.offset);
    const Extent extent{rest.offset, std::min(reach, rest.length)};
    rest = {extent.end(), rest.length - extent.length};
    return extent;
}

bool SurfaceTask::keep_going() {
    if (going() && surface_.watch.stop_requested())
        stop_ = {StopReason::interrupted, "stopped on request"};
    return going();
}

// What is late is made up for, but not more than a moment's worth.
void SurfaceTask::pay_for(std::uint64_t bytes) {
    const std::uint64_t limit = surface_.endurance.limit_rate;
    if (limit == 0) return;
    const nanoseconds earliest = last_sign_ - std::chrono::milliseconds(100);
    next_start_ = std::max(next_start_, earliest) + seconds(bytes / limit) +
                  nanoseconds(bytes % limit * 1'000'000'000 / limit);
}

// Neither silence, nor slowness, nor failing for so long: nothing was asked of the drive. What is
// still in flight has to come back as ever.
void SurfaceTask::sit_out_pause() {
    const auto now = surface_.clock.monotonic();
    if (paused_at_ && failing_since_) *failing_since_ += now - *paused_at_;
    paused_at_ = now;
    if (in_flight_ == 0) last_sign_ = now;
    window_begun_ = now;
    bytes_in_window_ = 0;
    surface_.watch.moved(bytes_visited_);
}

nanoseconds SurfaceTask::due_in() {
    if (surface_.watch.pause_requested()) {
        sit_out_pause();
        return std::chrono::milliseconds(200);
    }
    paused_at_.reset();
    if (surface_.endurance.limit_rate == 0) return {};
    return next_start_ - surface_.clock.monotonic();
}

bool SurfaceTask::wait_on() {
    const auto silent_for = surface_.clock.monotonic() - last_sign_;
    Stop stop = Silence(surface_, reported_).stop_after(silent_for);
    if (stop.reason == StopReason::none) return true;
    stop_ = std::move(stop);
    return false;
}

void SurfaceTask::finished(const Completion& completion, std::span<const std::uint8_t> data) {
    const auto now = surface_.clock.monotonic();
    --in_flight_;
    if (completion.error != 0) trouble_ += now - last_sign_;
    last_sign_ = now;
    reported_ = {};
    if (stage_ == Stage::ahead || stage_ == Stage::back) {
        bytes_visited_ += completion.extent.length;
        surface_.watch.moved(bytes_visited_);
        watch_rate(completion.error == 0 ? completion.extent.length : 0);
    }
    if (completion.error == 0)
        take(completion, data);
    else
        note_failure(completion);
}

void SurfaceTask::take(const Completion& completion, std::span<const std::uint8_t> data) {
    alive_ = true;
    failing_since_.reset();
    if (stage_ == Stage::life) return;
    if (!suspect_.empty() && started_[completion.slot] > starts_at_failure_) suspect_ = {};
    if (stage_ == Stage::pieces) take_piece(completion.extent);
    if (completion.extent.offset >= landed_at_) jump_bytes_ = 0;
    good_ = completion.extent;
    if (!first_good_) first_good_ = good_;
    succeeded(completion.extent, data);
}

void SurfaceTask::take_piece(const Extent& extent) {
    if (extent.offset != cut_at_) ++cuts_;
    cut_at_ = extent.end();
    mended_.add(extent);
}

void SurfaceTask::note_failure(const Completion& completion) {
    const Extent& extent = completion.extent;
    suspect_.add(extent);
    if (!failing_since_) failing_since_ = last_sign_;
    starts_at_failure_ = starts_;
    look_at_drive(completion.error);
    if (stage_ == Stage::pieces) struck_.add(extent);
    if (stage_ == Stage::ahead || stage_ == Stage::back) failed_.add(extent);
    if (stage_ == Stage::ahead && extent.offset >= landed_at_) jump_from(extent);
    if (stage_ == Stage::back && !todo_.empty() && extent.end() <= gap_end_ &&
        extent.offset >= todo_.back().offset) {
        pass_over(todo_.back());
        todo_.back().length = 0;
    }
}

void SurfaceTask::jump_from(const Extent& extent) {
    jump_bytes_ = std::clamp<std::uint64_t>(jump_bytes_ * 2, extent.length, longest_jump);
    const auto skipped = route_->jump(jump_bytes_);
    if (!skipped) return;
    skipped_.add(*skipped);
    landed_at_ = skipped->end();
}

void SurfaceTask::pass_over(Extent extent) {
    if (extent.length == 0) return;
    untried_.add(extent);
    bytes_visited_ += extent.length;
}

void SurfaceTask::watch_rate(std::uint64_t bytes) {
    const std::uint64_t floor = surface_.endurance.floor_rate;
    if (floor == 0) return;
    bytes_in_window_ += bytes;
    const auto lasted = std::chrono::floor<seconds>(last_sign_ - window_begun_);
    if (lasted < rate_window) return;
    const std::uint64_t rate = bytes_in_window_ / static_cast<std::uint64_t>(lasted.count());
    if (rate < floor && going())
        stop_ = {StopReason::too_slow, "the drive moved " + std::to_string(rate) +
                                           " bytes per second, less than the " +
                                           std::to_string(floor) + " asked for"};
    window_begun_ = last_sign_;
    bytes_in_window_ = 0;
}

// A drive that is gone outweighs every other reason to stop.
void SurfaceTask::look_at_drive(int error) {
    const auto state = drive_state(surface_.port, surface_.at_open, error);
    if (state != DriveState::present) stop_ = stop_for(state);
}

ExtentSet all_but_kept(const Surface& surface) {
    ExtentSet rest({{0, surface.port.geometry().size_bytes}});
    rest.subtract(surface.kept);
    return rest;
}

Flushed flush(Surface& surface) {
    const auto begun = surface.clock.monotonic();
    seconds reported{};
    Silence silence(surface, reported);
    for (;;) {
        if (const auto ended = surface.port.flush(seconds(1))) {
            const auto state = *ended == 0 ? DriveState::present
                                           : drive_state(surface.port, surface.at_open, *ended);
            return {*ended, stop_for(state)};
        }
        Stop stop = silence.stop_after(surface.clock.monotonic() - begun);
        if (stop.reason != StopReason::none) return {ETIMEDOUT, std::move(stop)};
    }
}

} // namespace quietus
