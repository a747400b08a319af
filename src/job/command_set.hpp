// CommandSet: the language in which one drive is told to erase itself, as a run needs it.
//
// What is done with its blocks is the same for all drives (firmware_run.cpp): canaries, read-back,
// a pass of the host's. This is the rest: who it is, whether it would begin, the operation itself.
// Each of these asks the drive anew and puts what it said into the evidence.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/job/firmware_run.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/technique/firmware_watch.hpp"
#include "quietus/technique/nvme/watch.hpp"
#include "quietus/transport/surface.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace quietus {

/// The door of an operation in whatever language.
class OperationWatch : public FirmwareWatch, public NvmeWatch {
  public:
    void wait(std::chrono::milliseconds at_most) override = 0;
    void progressed(std::uint32_t done) override = 0;
    [[nodiscard]] bool release_requested() override = 0;
    using FirmwareWatch::reached;
    using NvmeWatch::reached;
    /// The same of all logical units of a SCSI drive.
    [[nodiscard]] virtual Status reached(const std::vector<ScsiOperationRecord>& units) = 0;
    /// Reads the medium itself, all of it, where the drive shows it before its operation has ended,
    /// and puts down what was found. False when it was stopped on the way: nothing is to go on.
    [[nodiscard]] virtual bool read_medium(BlockPort& blocks) = 0;
};

class CommandSet {
  public:
    virtual ~CommandSet() = default;
    /// Who answers now, and how large it is.
    [[nodiscard]] virtual Result<FirmwareIdentity> identify() = 0;
    /// Of the drive that was identified last, before anything is written to it: whether the way to
    /// it can be trusted and it would begin, how it fares; and what it hides is put within reach.
    /// Says why it is not to be gone on.
    [[nodiscard]] virtual std::optional<Stop> prepare(FirmwareEvidence& evidence) = 0;
    /// Has it erase itself and waits for its end; of what the evidence has as begun already, waits
    /// alone.
    [[nodiscard]] virtual FirmwareOutcome operate(OperationWatch& watch,
                                                  FirmwareEvidence& evidence) = 0;
    /// What of the drive identified last, afterwards, is out of reach.
    virtual void look_again(FirmwareEvidence& evidence) = 0;
    /// The offsets at which one part of it, of those that are erased each for itself, ends and the
    /// next one begins; of the drive that was prepared or identified last.
    [[nodiscard]] virtual std::vector<std::uint64_t> borders(const FirmwareEvidence& /*evidence*/) {
        return {};
    }
    /// How it fares afterwards.
    virtual void examine_health(FirmwareEvidence& evidence) = 0;
    /// Whether the drive has said that what it has erased cannot be read before it is written.
    [[nodiscard]] virtual bool reads_fail_until_written() { return false; }
};

/// That of the order's method; none where the bay has no way for its commands. Both outlive it.
[[nodiscard]] std::unique_ptr<CommandSet> make_command_set(const FirmwareOrder& order,
                                                           FirmwareBench& bench);

} // namespace quietus
