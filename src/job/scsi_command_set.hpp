// The SCSI command set: SANITIZE and FORMAT UNIT.
#pragma once

#include "command_set.hpp"

#include "quietus/drive/scsi/facts.hpp"
#include "quietus/technique/scsi/format.hpp"

#include <string>

namespace quietus {

class ScsiCommandSet final : public CommandSet {
  public:
    ScsiCommandSet(const FirmwareOrder& order, FirmwareBench& bench)
        : order_(order), port_(*bench.bay.scsi()), clock_(bench.clock) {}
    Result<FirmwareIdentity> identify() override;
    std::optional<Stop> prepare(FirmwareEvidence& evidence) override;
    FirmwareOutcome operate(OperationWatch& watch, FirmwareEvidence& evidence) override;
    void look_again(FirmwareEvidence& evidence) override;
    void examine_health(FirmwareEvidence& evidence) override;
    [[nodiscard]] bool reads_fail_until_written() override;

  private:
    [[nodiscard]] std::optional<std::string> obstacle(const scsi::Facts& facts);
    [[nodiscard]] std::string flaw_of_the_cache();
    [[nodiscard]] bool is_to_begin_anew(const ScsiOperationRecord& record);
    void begin(const scsi::Desk& desk, FirmwareEvidence& evidence);
    void begin_format(const scsi::Desk& desk, ScsiOperationRecord& record);
    void follow(const scsi::Desk& desk, FirmwareEvidence& evidence);

    const FirmwareOrder& order_;
    ScsiPort& port_;
    Clock& clock_;
};

/// FORMAT UNIT in that format, protection information and all.
[[nodiscard]] scsi::FormatOrder order_to_keep(const scsi::UnitFormat& format);

} // namespace quietus
