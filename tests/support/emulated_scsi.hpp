// An emulated SAS drive as an operation of its own meets it, and somebody who waits.
#pragma once

#include "quietus/emulator/scsi_drive.hpp"
#include "quietus/technique/scsi/operation.hpp"

#include <optional>
#include <vector>

namespace quietus::test {

/// Time passes while it waits. Lets go after so many waits, and keeps so many records.
class WaitingDoor final : public scsi::OperationDoor {
  public:
    explicit WaitingDoor(emulator::SimulatedClock& clock) : clock_(clock) {}
    void wait(std::chrono::milliseconds at_most) override {
        ++waits;
        clock_.advance(at_most);
    }
    bool release_requested() override { return release_after && waits >= *release_after; }
    Status reached(const ScsiOperationRecord& record) override {
        kept.push_back(record);
        const bool full = fails_from && kept.size() > *fails_from;
        return full ? Status(Error{Fault::evidence, "no space left"}) : Status{};
    }

    unsigned waits = 0;
    std::optional<unsigned> release_after;
    std::optional<unsigned> fails_from; ///< of what is to be kept, from 0
    std::vector<ScsiOperationRecord> kept;

  private:
    emulator::SimulatedClock& clock_;
};

/// Waits for an operation of one unit that a run before has begun.
inline void follow_operation(const scsi::Desk& desk, const scsi::Operation& operation,
                             ScsiOperationRecord& record) {
    scsi::UnitTask unit{desk, operation, record, true};
    scsi::run_operations({&unit, 1});
}

/// Loses one command, before it gets there or after it was carried out.
class LossyScsiPort final : public ScsiPort {
  public:
    enum class Loss : std::uint8_t { command, answer };
    explicit LossyScsiPort(ScsiPort& port) : port_(port) {}
    Result<ScsiReply> execute(const ScsiCommand& command) override {
        const bool struck = lost_at && count++ == *lost_at;
        if (struck && loss == Loss::command) return Error{Fault::io, "no answer"};
        auto reply = port_.execute(command);
        if (struck) return Error{Fault::io, "no answer"};
        return reply;
    }
    std::optional<unsigned> lost_at;
    Loss loss = Loss::command;
    unsigned count = 0;

  private:
    ScsiPort& port_;
};

} // namespace quietus::test
