// The ATA command set: SANITIZE DEVICE and SECURITY ERASE UNIT.
#pragma once

#include "command_set.hpp"

#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata/sanitize_status.hpp"

#include <string>

namespace quietus {

class AtaCommandSet final : public CommandSet {
  public:
    AtaCommandSet(const FirmwareOrder& order, FirmwareBench& bench)
        : order_(order), port_(*bench.bay.ata()), clock_(bench.clock) {}
    Result<FirmwareIdentity> identify() override;
    std::optional<Stop> prepare(FirmwareEvidence& evidence) override;
    FirmwareOutcome operate(OperationWatch& watch, FirmwareEvidence& evidence) override;
    void look_again(FirmwareEvidence& evidence) override;
    void examine_health(FirmwareEvidence& evidence) override;

  private:
    [[nodiscard]] std::optional<std::string> obstacle() const;
    [[nodiscard]] std::optional<std::string> sanitize_obstacle(bool supported) const;
    [[nodiscard]] std::optional<std::string> ending_obstacle() const;
    [[nodiscard]] std::optional<std::string> state_in_the_way() const;
    [[nodiscard]] FirmwareOutcome sanitize(const FirmwareDesk& desk, FirmwareEvidence& evidence);

    const FirmwareOrder& order_;
    AtaPort& port_;
    Clock& clock_;
    std::optional<ata::IdentifyWords> words_; ///< of the drive that was identified last
};

} // namespace quietus
