// What SANITIZE and FORMAT UNIT have in common: a command that returns at once, and a unit that is
// asked by REQUEST SENSE, and by nothing else, until it has finished. Of a drive with several
// logical units each is told and each is asked: they work side by side, and where a drive takes a
// command to one for all of them the others are found at work already.
//
// SCSI has no mark of success. A unit that has nothing to tell is done only if it was seen at work;
// what is too short to be seen is ordered once more, as a command that does not end before it.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/scsi_evidence.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

namespace quietus::scsi {

/// The door through which it is waited for, as FirmwareWatch is for ATA.
class OperationDoor {
  public:
    virtual ~OperationDoor() = default;
    /// Sleeps that long, or until somebody asks to let go.
    virtual void wait(std::chrono::milliseconds at_most) = 0;
    /// By the drive's own word, of 65536.
    virtual void progressed(std::uint32_t /*done*/) {}
    /// Once true it stays true.
    [[nodiscard]] virtual bool release_requested() = 0;
    /// Puts it on stable storage. When that fails nothing more is begun.
    [[nodiscard]] virtual Status reached(const ScsiOperationRecord& record) = 0;
};

/// What an operation is carried out with; none of it is owned.
struct Desk {
    ScsiPort& port;
    Clock& clock;
    OperationDoor& watch;
};

/// How long a drive is waited for. No standard makes a drive announce it: these follow from its
/// size at 30 MB/s, and from its own progress.
struct Patience {
    std::chrono::seconds whole{};   ///< in all
    std::chrono::seconds no_step{}; ///< without progress, or without an answer
};
[[nodiscard]] Patience patience_for(std::uint64_t size_bytes, std::uint64_t passes);

struct Operation {
    ScsiCommand begin; ///< returns at once
    /// The same as a command that ends with it; of one so short that nobody may see it.
    std::optional<ScsiCommand> whole;
    ScsiCondition working = ScsiCondition::sanitizing; ///< by these it is known
    ScsiCondition failed = ScsiCondition::sanitize_failed;
    bool survives_reset = true; ///< and power cycles; else a unit that is idle after one proves
                                ///< nothing
    Patience patience = {};
};

/// One logical unit, what it is to do, and what was seen of it.
struct UnitTask {
    Desk desk;
    Operation operation;
    ScsiOperationRecord& record;
    bool begun = false; ///< by a run before this one, and so waited for alone: `record` is as then
};

/// Begins them and waits for their ends, whatever these are; the records say what was seen. Nothing
/// is begun unless every unit that is to begin would: one that has something under way already is
/// left alone. Once one refuses, those behind it are not told any more.
void run_operations(std::span<UnitTask> units);

/// Begins one of one unit and waits for it.
void run_operation(const Desk& desk, const Operation& operation, ScsiOperationRecord& record);

} // namespace quietus::scsi
