// NVMe Sanitize as a state machine: asked before, begun, seen running, read in the Media
// Verification state where there is one, seen ended.
//
// The command returns at once and the controller goes on by itself, through resets and power
// cycles. Its log tells of the last operation for ever, whoever began it: success counts when the
// log echoes the command that was sent, and says that nothing is left (GDE). Whether that is true
// is for the judge.
#pragma once

#include "quietus/record/nvme_evidence.hpp"
#include "quietus/technique/nvme/watch.hpp"
#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/nvme/controller.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace quietus::nvme {

struct SanitizeOrder {
    SanitizeAction action = SanitizeAction::overwrite; ///< one of those that erase
    SanitizeOptions options = {};
    SanitizeFeatures features = {};
    std::uint64_t size_bytes = 0; ///< all of the drive, for how long it may take
};

/// The options by which most can be read of what the operation leaves behind: in the Media
/// Verification state where the controller has it, else without deallocation where that is allowed
/// and does not change the medium once more; restricted, so that a failure stays one.
[[nodiscard]] SanitizeOptions readable_options(SanitizeAction action,
                                               const SanitizeFeatures& features);

/// Why it cannot be begun on such a drive; nothing when it can.
[[nodiscard]] std::optional<std::string> sanitize_obstacle(const SanitizeOrder& order);

/// How long a drive is waited for: never shorter than it says itself, nor than its size takes at
/// 30 MB/s.
struct SanitizePatience {
    std::chrono::seconds whole{};   ///< in all
    std::chrono::seconds no_step{}; ///< without progress, or without an answer
};
[[nodiscard]] SanitizePatience patience_of(const SanitizeOrder& order,
                                           std::optional<std::chrono::seconds> announced);

/// Begins it and waits for its end, whatever that is; the record says what was seen. An operation
/// that is under way already is left alone. Where order.options.verification is set it may come
/// back in NvmeSanitizePhase::verifying, without an outcome: then what is left is to be read, and
/// leave_verification to be called.
void run_sanitize(const NvmeDesk& desk, const SanitizeOrder& order, NvmeSanitizeRecord& record);

/// Waits for one that was begun, by this run or by one before it: `record` is as it was then. Ends
/// as run_sanitize does.
void follow_sanitize(const NvmeDesk& desk, const SanitizeOrder& order, NvmeSanitizeRecord& record);

/// Leaves the Media Verification state and waits until all is deallocated. If the state was lost
/// meanwhile, by a reset, the record says that it was cancelled.
void leave_verification(const NvmeDesk& desk, const SanitizeOrder& order,
                        NvmeSanitizeRecord& record);

/// Ends the state in which a failed operation has left a drive, in which it takes next to nothing
/// else: by Exit Failure Mode, or, where that is not allowed, by `order`, carried out until it
/// succeeds. Done at once on a drive in another state. What then is on the drive is not known: it
/// is to be erased once more. Fault::drive when the state is the same afterwards.
[[nodiscard]] Status leave_failed_state(const NvmeDesk& desk, const SanitizeOrder& order,
                                        NvmeSanitizeRecord& record);

} // namespace quietus::nvme
