// The SCSI command set: SANITIZE and FORMAT UNIT, of each logical unit.
#pragma once

#include "command_set.hpp"

#include "quietus/drive/scsi/facts.hpp"
#include "quietus/technique/scsi/format.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

class ScsiCommandSet final : public CommandSet {
  public:
    ScsiCommandSet(const FirmwareOrder& order, FirmwareBench& bench)
        : order_(order), bay_(bench.bay), ports_(bench.bay.scsi_units()), clock_(bench.clock) {}
    /// Model and serial number are those of its first unit, the capacity is that of all.
    Result<FirmwareIdentity> identify() override;
    std::optional<Stop> prepare(FirmwareEvidence& evidence) override;
    FirmwareOutcome operate(OperationWatch& watch, FirmwareEvidence& evidence) override;
    void look_again(FirmwareEvidence& evidence) override;
    void examine_health(FirmwareEvidence& evidence) override;
    std::vector<std::uint64_t> borders(const FirmwareEvidence& evidence) override;
    [[nodiscard]] bool reads_fail_until_written() override;

  private:
    /// A logical unit, as it answered when it was identified last.
    struct Unit {
        std::string serial;
        std::uint64_t blocks = 0;
        std::uint32_t block_bytes = 0;
    };

    [[nodiscard]] Status take(std::size_t unit, const FirmwareIdentity& told);
    [[nodiscard]] std::optional<std::string> obstacle(ScsiPort& port, const scsi::Facts& facts);
    [[nodiscard]] std::optional<std::string> lift(FirmwareEvidence& evidence);
    [[nodiscard]] std::string flaw_of_the_caches();
    [[nodiscard]] bool is_to_begin_anew(ScsiPort& port, const ScsiOperationRecord& record);
    [[nodiscard]] Result<scsi::Operation> operation_of(ScsiPort& port, std::uint64_t blocks,
                                                       std::uint32_t block_bytes, bool begun);
    [[nodiscard]] Status carry_out(OperationWatch& watch, FirmwareEvidence& evidence);
    [[nodiscard]] bool reads_fail_until_written(ScsiPort& port);

    const FirmwareOrder& order_;
    FirmwareBay& bay_;
    std::vector<ScsiPort*> ports_; ///< of each logical unit; the bay's own
    Clock& clock_;
    std::vector<Unit> units_ = {}; ///< of these, once they were identified
};

/// FORMAT UNIT in that format, protection information and all.
[[nodiscard]] scsi::FormatOrder order_to_keep(const scsi::UnitFormat& format);

} // namespace quietus
