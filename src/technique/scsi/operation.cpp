#include "quietus/technique/scsi/operation.hpp"

#include "operation.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/transport/scsi/commands.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

namespace quietus::scsi {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr unsigned most_idle_answers = 3; ///< of a unit that was not seen at work

class Operating : private FirmwareOperation<Desk, ScsiOperationRecord> {
  public:
    explicit Operating(UnitTask& unit)
        : FirmwareOperation(unit.desk, unit.record), operation_(unit.operation),
          is_begun_(unit.begun), answered_(started_), stepped_(started_) {
        record_.outcome = FirmwareOutcome::not_started;
        record_.text.clear();
    }

    using FirmwareOperation<Desk, ScsiOperationRecord>::is_settled;

    /// Of one that is to begin: whether it would.
    bool prepare() {
        if (is_begun_) return true;
        begin_record();
        return may_begin();
    }
    bool keep_that_it_starts() { return is_begun_ || keep(SanitizePhase::starting); }
    void leave_alone_unless_begun() {
        if (!is_begun_ && !is_settled()) refuse("another logical unit of the drive did not begin");
    }

    /// `others`: another unit was told already, and this one may be at work by that.
    bool begin(bool others) {
        is_begun_ = is_begun_ || tell_it_to_begin(others);
        return is_begun_;
    }

    void begin_to_follow() {
        if (!is_settled()) keep(SanitizePhase::running);
    }
    void ask() {
        if (is_settled()) return;
        ask_how_it_is();
        if (is_settled()) end();
    }
    void let_go() {
        settle(FirmwareOutcome::under_way, "left running: the drive goes on without us");
    }

    /// Once: what is known of one that has ended is kept while others are still at work.
    void end() {
        if (std::exchange(has_ended_, true)) return;
        finish(record_.outcome == FirmwareOutcome::under_way ? SanitizePhase::running
                                                             : SanitizePhase::ended);
    }

  private:
    bool may_begin() {
        for (unsigned told = 0; told <= attentions_most; ++told) {
            const auto reply = desk_.port.execute(request_sense());
            ++record_.asked;
            if (!reply) return refuse("REQUEST SENSE: " + reply.error().message);
            const auto state = decode_unit_state(*reply);
            if (!state) return refuse(state.error().message);
            record_.sense_before = to_hex(state->octets);
            record_.before = state->condition;
            if (state->condition != ScsiCondition::attention) return may_begin_in(*state);
            note_attention(*state);
        }
        return refuse("the drive tells of one event after the other");
    }

    // An operation that has failed may be followed by another, which then has to succeed.
    bool may_begin_in(const UnitState& state) {
        switch (state.condition) {
        case ScsiCondition::idle:
        case ScsiCondition::sanitize_failed:
        case ScsiCondition::format_failed:
            return true;
        case ScsiCondition::sanitizing:
        case ScsiCondition::formatting:
            return refuse("the drive has an operation under way already");
        case ScsiCondition::not_ready:
            return refuse("the drive is not ready: " + to_text(state.sense));
        case ScsiCondition::attention:
        case ScsiCondition::unknown:
            break;
        }
        return refuse("the drive does not say how it is: " + to_text(state.sense));
    }

    // When no answer comes nobody knows whether the drive has begun. It is asked. A unit attention
    // is told instead of beginning.
    bool tell_it_to_begin(bool others) {
        for (unsigned told = 0; told <= attentions_most; ++told) {
            const auto reply = desk_.port.execute(operation_.begin);
            if (!reply) return true;
            if (reply->status == good) {
                record_.accepted = true;
                return true;
            }
            record_.sense_begun = to_hex(reply->sense);
            const auto state = decode_unit_state(ByteView(reply->sense));
            if (others && state && state->condition == operation_.working) {
                see_progress(*state);
                return true;
            }
            if (!state || state->condition != ScsiCondition::attention)
                return refuse("the drive did not begin: " + refusal_text(*reply));
            note_attention(*state);
        }
        return refuse("the drive did not begin: it tells of one event after the other");
    }

    void ask_how_it_is() {
        ScsiCommand command = request_sense();
        command.timeout = timeout_after(command.timeout, silent_);
        const auto reply = desk_.port.execute(command);
        ++record_.asked;
        const auto state =
            reply ? decode_unit_state(*reply) : Result<UnitState>(Error(reply.error()));
        if (!state) {
            ++record_.unanswered;
            ++silent_;
            if (since(answered_) > operation_.patience.no_step)
                settle(FirmwareOutcome::indeterminate, "no answer: " + state.error().message);
            return;
        }
        record_.sense_after = to_hex(state->octets);
        take(*state);
        answered_ = desk_.clock.monotonic();
        silent_ = 0;
    }

    void take(const UnitState& state) {
        record_.after = state.condition;
        if (state.condition == operation_.working) {
            see_progress(state);
            see_whether_late();
            return;
        }
        if (state.condition == operation_.failed) {
            settle(FirmwareOutcome::failed,
                   "the drive says that it failed: " + to_text(state.sense));
            return;
        }
        switch (state.condition) {
        case ScsiCondition::idle:
            return find_idle();
        case ScsiCondition::attention:
            note_attention(state);
            return see_whether_late();
        case ScsiCondition::not_ready:
            return see_whether_late();
        case ScsiCondition::sanitizing:
        case ScsiCondition::formatting:
        case ScsiCondition::sanitize_failed:
        case ScsiCondition::format_failed:
            settle(FirmwareOutcome::indeterminate,
                   "the drive tells of another operation: " + to_text(state.sense));
            return;
        case ScsiCondition::unknown:
            break;
        }
        if (++idle_ >= most_idle_answers)
            settle(FirmwareOutcome::indeterminate,
                   "the drive does not say how it is: " + to_text(state.sense));
    }

    void find_idle() {
        if (record_.seen_in_progress || record_.ended_with_command) return end_well();
        if (++idle_ < most_idle_answers) return;
        if (record_.accepted && operation_.whole && !record_.ordered_again) return order_again();
        settle(FirmwareOutcome::indeterminate,
               record_.accepted ? "it took the command, and was never seen at work"
                                : "nobody knows whether it began: it was never seen at work");
    }

    void end_well() {
        if (reset_at_work_ && !operation_.survives_reset)
            settle(FirmwareOutcome::indeterminate,
                   "it was reset at work, and does not say whether it has finished");
        else
            settle(FirmwareOutcome::succeeded, "");
    }

    // What it does is what it was told to do already: nothing is lost by it.
    void order_again() {
        record_.ordered_again = true;
        idle_ = 0;
        if (!keep(SanitizePhase::running)) return;
        ScsiCommand command = *operation_.whole;
        command.timeout =
            std::min<milliseconds>(operation_.patience.no_step, std::chrono::hours(1));
        for (unsigned told = 0; told <= attentions_most; ++told) {
            const auto reply = desk_.port.execute(command);
            if (!reply) return; // it may be at work: it is asked
            if (reply->status == good) {
                record_.ended_with_command = true;
                return;
            }
            record_.sense_begun = to_hex(reply->sense);
            const auto state = decode_unit_state(ByteView(reply->sense));
            const bool attention = state && state->condition == ScsiCondition::attention;
            if (attention) {
                note_attention(*state);
                continue;
            }
            const bool failed = state && state->condition == operation_.failed;
            settle(failed ? FirmwareOutcome::failed : FirmwareOutcome::indeterminate,
                   "the drive did not do it when it was told again: " + refusal_text(*reply));
            return;
        }
    }

    void note_attention(const UnitState& state) {
        ++record_.attentions;
        if (!state.was_reset()) return;
        ++record_.resets;
        if (record_.seen_in_progress) reset_at_work_ = true;
    }

    void see_progress(const UnitState& state) {
        idle_ = 0;
        const bool first = !record_.seen_in_progress;
        record_.seen_in_progress = true;
        const std::uint16_t now = state.progress.value_or(last_);
        // After a reset or a power cycle a drive may do a part again.
        if (!first && silent_ == 0 && !reset_at_work_ && now < last_) record_.went_backwards = true;
        // One that tells no progress makes none that could be missed.
        if (first || now != last_ || !state.progress) stepped_ = desk_.clock.monotonic();
        reset_at_work_ = false;
        last_ = now;
        record_.progress = std::max<std::uint32_t>(record_.progress, now);
        desk_.watch.progressed(now);
        if (first) static_cast<void>(keep(SanitizePhase::running));
    }

    void see_whether_late() {
        if (since(stepped_) > operation_.patience.no_step)
            settle(FirmwareOutcome::indeterminate, "it is in progress and gets no further");
        else if (since(started_) > operation_.patience.whole)
            settle(FirmwareOutcome::indeterminate, "it takes longer than any drive should");
    }

    const Operation& operation_;
    bool is_begun_; ///< by whatever run
    bool has_ended_ = false;
    nanoseconds answered_; ///< last
    nanoseconds stepped_;  ///< when the progress last changed
    std::uint16_t last_ = 0;
    unsigned silent_ = 0; ///< questions without an answer, since the last one
    unsigned idle_ = 0;
    bool reset_at_work_ = false; ///< since it was last seen at work
};

// All are asked, so that each record says how its unit was.
bool would_all_begin(std::deque<Operating>& units) {
    bool would = true;
    for (Operating& each : units)
        would = each.prepare() && would;
    for (Operating& each : units)
        would = would && each.keep_that_it_starts();
    return would;
}

void begin_all(std::deque<Operating>& units) {
    bool others = false;
    for (Operating& each : units) {
        if (!each.begin(others)) return;
        others = true;
    }
}

bool are_settled(const std::deque<Operating>& units) {
    return std::ranges::all_of(units, [](const Operating& each) { return each.is_settled(); });
}

void follow_all(std::deque<Operating>& units, OperationDoor& door) {
    for (Operating& each : units)
        each.begin_to_follow();
    for (unsigned asked = 0; !are_settled(units); ++asked) {
        const bool release = door.release_requested();
        for (Operating& each : units) {
            if (release)
                each.let_go();
            else
                each.ask();
        }
        if (!are_settled(units)) door.wait(pause_after(asked));
    }
}

} // namespace

// A drive may count in hundredths: then a step is a hundredth of the whole, and gets four times
// that. A size that no drive has is waited for no longer than a clock counts nanoseconds.
Patience patience_for(std::uint64_t size_bytes, std::uint64_t passes) {
    const seconds expected = expected_time(size_bytes, passes);
    return {3 * expected + std::chrono::hours(4), expected / 25 + std::chrono::hours(1)};
}

void run_operations(std::span<UnitTask> units) {
    std::deque<Operating> all;
    for (UnitTask& unit : units)
        all.emplace_back(unit);
    if (would_all_begin(all)) begin_all(all);
    for (Operating& each : all)
        each.leave_alone_unless_begun();
    if (!units.empty()) follow_all(all, units.front().desk.watch);
    for (Operating& each : all)
        each.end();
}

void run_operation(const Desk& desk, const Operation& operation, ScsiOperationRecord& record) {
    UnitTask unit{desk, operation, record};
    run_operations({&unit, 1});
}

} // namespace quietus::scsi
