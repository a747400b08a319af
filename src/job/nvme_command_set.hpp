// The NVMe command set: Sanitize and Format NVM, of all namespaces behind a controller.
#pragma once

#include "command_set.hpp"

#include "quietus/technique/nvme/sanitize.hpp"
#include "quietus/transport/nvme/controller.hpp"
#include "quietus/transport/nvme_io_port.hpp"

#include <string>

namespace quietus {

class NvmeCommandSet final : public CommandSet {
  public:
    NvmeCommandSet(const FirmwareOrder& order, FirmwareBench& bench)
        : order_(order), port_(*bench.bay.nvme()), io_(bench.bay.nvme_io()), clock_(bench.clock) {}
    /// Its capacity is that of all attached namespaces; 0 where they cannot be one run of blocks.
    Result<FirmwareIdentity> identify() override;
    std::optional<Stop> prepare(FirmwareEvidence& evidence) override;
    FirmwareOutcome operate(OperationWatch& watch, FirmwareEvidence& evidence) override;
    void look_again(FirmwareEvidence& evidence) override;
    std::vector<std::uint64_t> borders(const FirmwareEvidence& evidence) override {
        return borders_of(evidence);
    }
    void examine_health(FirmwareEvidence& evidence) override;

  private:
    [[nodiscard]] std::optional<std::string> obstacle();
    [[nodiscard]] std::optional<std::string> scope_obstacle() const;
    [[nodiscard]] bool is_out_of_failed_state(const NvmeErasure& told);
    [[nodiscard]] std::optional<std::string> state_in_the_way();
    [[nodiscard]] bool can_show_medium() const;
    /// With the options that it was begun with, where it was.
    [[nodiscard]] nvme::SanitizeOrder sanitize_order(const NvmeSanitizeRecord* begun) const;
    [[nodiscard]] FirmwareOutcome sanitize(OperationWatch& watch, FirmwareEvidence& evidence);
    [[nodiscard]] FirmwareOutcome format(OperationWatch& watch, FirmwareEvidence& evidence);
    void show_medium(const NvmeDesk& desk, OperationWatch& watch, const nvme::SanitizeOrder& order,
                     NvmeSanitizeRecord& record);

    const FirmwareOrder& order_;
    NvmePort& port_;
    NvmeIoPort* io_; ///< null: there is no such way
    Clock& clock_;
    nvme::ControllerFeatures controller_ = {}; ///< of the drive that was identified last
    NvmeScopeRecord scope_ = {};               ///< the same
};

} // namespace quietus
