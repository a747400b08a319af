// SANITIZE DEVICE as a state machine: asked before, begun, seen running, seen ended.
//
// The command returns at once and the drive goes on by itself, through resets and power cycles. Its
// mark of success outlives both, so one that stands there may be of another year: how the drive was
// before is asked first, and whether anything has changed is for the judge.
#pragma once

#include "quietus/record/firmware_evidence.hpp"
#include "quietus/technique/firmware_watch.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/ata/sanitize_status.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace quietus::ata {

struct SanitizeOrder {
    SanitizeKind kind = SanitizeKind::overwrite;
    SanitizeOptions options = {};
    std::uint64_t size_bytes = 0; ///< all of the drive, for how long it may take
};

/// How long a drive is waited for. No standard makes a drive announce it: these follow from its
/// size at 30 MB/s, and from its own progress.
struct SanitizePatience {
    std::chrono::seconds whole{};   ///< in all
    std::chrono::seconds no_step{}; ///< without progress, or without an answer
};
[[nodiscard]] SanitizePatience patience_of(const SanitizeOrder& order);

/// Why a drive in this state begins none; nothing when it does.
[[nodiscard]] std::optional<std::string> sanitize_obstacle(const SanitizeStatus& status);

/// Begins it and waits for its end, whatever that is; the record says what was seen. An operation
/// that is under way already is left alone.
void run_sanitize(const FirmwareDesk& desk, const SanitizeOrder& order, SanitizeRecord& record);

/// Waits for one that was begun, by this run or by one before it: `record` is as it was then.
void follow_sanitize(const FirmwareDesk& desk, const SanitizeOrder& order, SanitizeRecord& record);

/// Ends the state in which a failed operation has left a drive, in which it takes next to nothing
/// else: by CLEAR SANITIZE OPERATION FAILED, or, where that is not allowed, by `order`, carried out
/// until it succeeds. Done at once on a drive in another state. What then is on the drive is not
/// known: it is to be erased once more. Fault::drive when the state is the same afterwards.
[[nodiscard]] Status leave_failed_state(const FirmwareDesk& desk, const SanitizeOrder& order,
                                        SanitizeRecord& record);

} // namespace quietus::ata
