// TracedScsi: writes down what is sent to a drive and what it answers, for the journal.
//
//   scsi 85 07 20 ... -> 02 sense 72 01 ...
//   # 12 ms
//
// One line a command, as the replay ports of the tests read it, so that what a user's drive did
// becomes a test: CDB, status, sense data, and what the drive tells of itself: the data of INQUIRY,
// READ CAPACITY, REQUEST SENSE, LOG SENSE, MODE SENSE, REPORT LUNS, REPORT SUPPORTED OPERATION
// CODES, PERSISTENT RESERVE IN, READ DEFECT DATA, IDENTIFY DEVICE, DEVICE CONFIGURATION IDENTIFY,
// SMART READ DATA, READ LOG and what asks for registers again. Never anything else that was read,
// and never what was sent: that is `out *`. A command without an answer is `lost`, with the reason
// behind its time.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <string>

namespace quietus {

class WireLog {
  public:
    virtual ~WireLog() = default;
    /// Two lines, each ended.
    virtual void add(const std::string& lines) = 0;
};

class TracedScsi final : public ScsiPort {
  public:
    /// All of them outlive it.
    TracedScsi(ScsiPort& port, Clock& clock, WireLog& log)
        : port_(port), clock_(clock), log_(log) {}
    [[nodiscard]] Result<ScsiReply> execute(const ScsiCommand& command) override;

  private:
    ScsiPort& port_;
    Clock& clock_;
    WireLog& log_;
};

} // namespace quietus
