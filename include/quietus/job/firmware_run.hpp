// erase_by_firmware: has one drive erase itself, and sees whether it did.
//
// The way there is tried, the drive asked who it is and how it fares, what is hidden lifted,
// canaries put down; then the drive is told; then it is reset where that can be done, asked again,
// and read back. Where nothing is known of what it must return the host writes once more
// and reads that back: so every block that has an address is proven to hold nothing of before, or,
// by a sample, most of them are.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/core/step_watch.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/transport/endurance.hpp"
#include "quietus/transport/firmware_bay.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace quietus {

/// Who is told of a run, and keeps what is known of it.
class FirmwareRunWatch {
  public:
    virtual ~FirmwareRunWatch() = default;
    /// A step of the plan begins, and the one before has ended. Who carries it out tells the answer
    /// how many of these bytes are behind it; of the drive's own operation they are the drive's
    /// word.
    [[nodiscard]] virtual StepWatch& begin(StepKind kind, std::uint64_t bytes) = 0;
    /// Sleeps that long, or until somebody asks to let go.
    virtual void wait(std::chrono::milliseconds at_most) = 0;
    /// Once true it stays true.
    [[nodiscard]] virtual bool release_requested() = 0;
    /// Puts it on stable storage, with all that is known by now. When that fails nothing more is
    /// begun.
    [[nodiscard]] virtual Status reached(const FirmwareEvidence& evidence) = 0;
};

struct FirmwareOrder {
    Technique method = Technique::ata_sanitize_overwrite;
    FirmwareOptions options = {};
    Bytes canary_key = {}; ///< 32 octets; none: drawn
    Bytes pass_key = {};   ///< of the host's pass, if there will be one; the same
    /// What an interrupted run has left, from the beginning of the drive's own operation on: gone
    /// on with, when it is the same drive.
    std::optional<FirmwareEvidence> from = std::nullopt;
    Verification verification = {}; ///< full, or a sample
};

/// None of it is owned.
struct FirmwareBench {
    FirmwareBay& bay;
    Clock& clock;
    FirmwareRunWatch& watch;
    Endurance endurance = {};
};

/// Whether an interrupted run has come so far that it can be gone on with: SANITIZE was begun, and
/// goes on without us; or FORMAT UNIT, which goes on too unless the drive loses its power. A
/// SECURITY ERASE UNIT that was interrupted has ended; of a Format NVM nobody knows how it did.
[[nodiscard]] bool can_go_on_from(const FirmwareEvidence& evidence);

/// Never fails: what goes wrong is in the evidence, and judge() decides.
[[nodiscard]] FirmwareEvidence erase_by_firmware(const FirmwareOrder& order, FirmwareBench& bench);

} // namespace quietus
