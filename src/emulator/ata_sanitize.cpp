#include "ata_sanitize.hpp"

#include <cstddef>

namespace quietus::emulator {
namespace {

using enum SanitizeState;

constexpr SanitizeAnswer to(SanitizeState next) {
    return {false, SanitizeReason::none, next};
}

constexpr SanitizeAnswer abort(SanitizeReason reason, SanitizeState stays) {
    return {true, reason, stays};
}

constexpr SanitizeAnswer refused_frozen = abort(SanitizeReason::frozen, sd1_frozen);
constexpr SanitizeAnswer refused_busy = abort(SanitizeReason::none, sd2_in_progress);
constexpr SanitizeState failed_r = sd3_failed_restricted;
constexpr SanitizeState failed_u = sd3_failed_unrestricted;

} // namespace

// ANTIFREEZE LOCK in SD1: from memory of ACS-3.
const std::array<SanitizeRow, 6>& sanitize_table() {
    static constexpr std::array<SanitizeRow, 6> table{{
        // STATUS, the same with CLEAR, an operation restricted, unrestricted, FREEZE, ANTIFREEZE
        {to(sd0_idle), to(sd0_idle), to(sd2_in_progress), to(sd2_in_progress), to(sd1_frozen),
         to(sd0_idle)},
        {to(sd1_frozen), to(sd1_frozen), refused_frozen, refused_frozen, to(sd1_frozen),
         refused_frozen},
        {to(sd2_in_progress), to(sd2_in_progress), refused_busy, refused_busy, refused_busy,
         to(sd2_in_progress)},
        {abort(SanitizeReason::unsuccessful, failed_r),
         abort(SanitizeReason::unsuccessful, failed_r), to(sd2_in_progress),
         abort(SanitizeReason::none, failed_r), abort(SanitizeReason::none, failed_r),
         to(failed_r)},
        {abort(SanitizeReason::unsuccessful, failed_u), to(sd0_idle), to(sd2_in_progress),
         to(sd2_in_progress), abort(SanitizeReason::none, failed_u), to(failed_u)},
        {to(sd4_succeeded), to(sd4_succeeded), to(sd2_in_progress), to(sd2_in_progress),
         to(sd1_frozen), to(sd4_succeeded)},
    }};
    return table;
}

SanitizeAnswer AtaSanitize::perform(SanitizeCommand command) {
    SanitizeAnswer answer =
        sanitize_table()[static_cast<std::size_t>(state_)][static_cast<std::size_t>(command)];
    if (answer.aborted) return answer;
    if (command == SanitizeCommand::freeze_lock && antifreeze_)
        return abort(SanitizeReason::antifreeze, state_);
    if (command == SanitizeCommand::antifreeze_lock) antifreeze_ = true;
    if (answer.next == sd2_in_progress && state_ != sd2_in_progress) {
        unrestricted_ = command == SanitizeCommand::unrestricted;
        completed_ = false;
    }
    state_ = answer.next;
    return answer;
}

void AtaSanitize::ended(bool well) {
    completed_ = well;
    if (well)
        state_ = sd4_succeeded;
    else
        state_ = unrestricted_ ? failed_u : failed_r;
}

void AtaSanitize::power_on() {
    antifreeze_ = false;
    if (state_ == sd1_frozen || state_ == sd4_succeeded) state_ = sd0_idle;
}

void AtaSanitize::remember(AtaMemory& memory) const {
    memory.sanitize = static_cast<std::uint32_t>(state_);
    memory.unrestricted = unrestricted_;
    memory.completed = completed_;
    memory.antifreeze = antifreeze_;
}

void AtaSanitize::recall(const AtaMemory& memory) {
    state_ = static_cast<SanitizeState>(memory.sanitize);
    unrestricted_ = memory.unrestricted;
    completed_ = memory.completed;
    antifreeze_ = memory.antifreeze;
}

bool AtaSanitize::has_failed() const {
    return state_ == failed_r || state_ == failed_u;
}

std::uint16_t AtaSanitize::count() const {
    unsigned count = 0;
    if (completed_) count |= 1U << 15U;
    if (is_in_progress()) count |= 1U << 14U;
    if (state_ == sd1_frozen) count |= 1U << 13U;
    if (antifreeze_) count |= 1U << 12U;
    return static_cast<std::uint16_t>(count);
}

} // namespace quietus::emulator
