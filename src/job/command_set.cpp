#include "command_set.hpp"

#include "ata_command_set.hpp"
#include "nvme_command_set.hpp"
#include "scsi_command_set.hpp"

namespace quietus {

std::unique_ptr<CommandSet> make_command_set(const FirmwareOrder& order, FirmwareBench& bench) {
    switch (language_of(order.method)) {
    case CommandLanguage::ata:
        if (bench.bay.ata() != nullptr) return std::make_unique<AtaCommandSet>(order, bench);
        break;
    case CommandLanguage::scsi:
        if (bench.bay.scsi() != nullptr) return std::make_unique<ScsiCommandSet>(order, bench);
        break;
    case CommandLanguage::nvme:
        if (bench.bay.nvme() != nullptr) return std::make_unique<NvmeCommandSet>(order, bench);
        break;
    case CommandLanguage::none:
        break;
    }
    return nullptr;
}

} // namespace quietus
