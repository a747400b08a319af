// The blocks are read with O_DIRECT: the kernel drops what its cache has of a range before it reads
// it past the cache, so that nothing of before the erasure is seen in place of the medium.
#include "quietus/transport/linux/open_firmware.hpp"

#include "lent_blocks.hpp"
#include "nvme_firmware_bay.hpp"
#include "open_file_port.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/transport/ata_over_scsi.hpp"
#include "quietus/transport/traced_scsi.hpp"

#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>

#include <array>
#include <cstddef>
#include <utility>

namespace quietus {
namespace {

class SgFirmwareBay final : public FirmwareBay, private WireLog {
  public:
    SgFirmwareBay(SharedNodes nodes, const FirmwareOpening& opening)
        : nodes_(std::move(nodes)), units_(ways_to(nodes_, opening, *this)),
          ata_(units_.front()->traced) {}

    AtaPort* ata() override { return &ata_; }
    ScsiPort* scsi() override { return &units_.front()->traced; }
    std::vector<ScsiPort*> scsi_units() override {
        std::vector<ScsiPort*> ports;
        ports.reserve(units_.size());
        for (const auto& each : units_)
            ports.push_back(&each->traced);
        return ports;
    }

    Result<std::unique_ptr<BlockPort>> open_blocks() override { return lend(nodes_); }

    bool reset() override { return false; }
    std::string take_transcript() override { return std::exchange(transcript_, {}); }

  private:
    /// A node is the way to its own logical unit and to no other.
    struct UnitWay {
        UnitWay(int descriptor, const FirmwareOpening& opening, WireLog& log)
            : port(make_sg_io_port(descriptor, opening.ioctl)), traced(*port, opening.clock, log) {}
        std::unique_ptr<ScsiPort> port;
        TracedScsi traced;
    };
    using Units = std::vector<std::unique_ptr<UnitWay>>;

    static Units ways_to(const SharedNodes& nodes, const FirmwareOpening& opening, WireLog& log) {
        Units units;
        units.reserve(nodes.size());
        for (const auto& node : nodes)
            units.push_back(std::make_unique<UnitWay>(node->port->descriptor(), opening, log));
        return units;
    }
    void add(const std::string& lines) override { transcript_ += lines; }

    SharedNodes nodes_;
    Units units_; ///< one for each of them
    AtaOverScsi ata_;
    std::string transcript_;
};

Result<SharedNodes> share_nodes(const Drive& drive, const FirmwareOpening& opening) {
    const std::vector<Drive> nodes = opened_nodes(drive);
    QUIETUS_ENSURE(nodes.size() == opening.paths.size());
    const Transfers each = transfers_of_each(opening.transfers, nodes.size());
    SharedNodes shared;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        auto port = open_file_port(nodes[i], opening.paths[i], each);
        if (!port) return std::move(port).error();
        shared.push_back(std::make_shared<SharedBlocks>());
        shared.back()->port = std::move(*port);
    }
    return shared;
}

} // namespace

Result<DriveLink> open_firmware_link(const Drive& drive, const FirmwareOpening& opening) {
    auto nodes = share_nodes(drive, opening);
    if (!nodes) return std::move(nodes).error();
    auto blocks = lend(*nodes);
    if (!blocks) return std::move(blocks).error();
    if (language_of(drive) == CommandLanguage::nvme) {
        auto bay = make_nvme_firmware_bay(drive, std::move(*nodes), opening);
        if (!bay) return std::move(bay).error();
        return DriveLink{std::move(*blocks), std::move(*bay)};
    }
    return DriveLink{std::move(*blocks),
                     std::make_unique<SgFirmwareBay>(std::move(*nodes), opening)};
}

std::span<const unsigned long> firmware_requests(const Drive& drive) {
    static constexpr std::array<unsigned long, 1> by_scsi{SG_IO};
    static constexpr std::array<unsigned long, 3> by_nvme{NVME_IOCTL_ID, NVME_IOCTL_ADMIN_CMD,
                                                          NVME_IOCTL_IO_CMD};
    if (language_of(drive) == CommandLanguage::nvme) return by_nvme;
    return by_scsi;
}

} // namespace quietus
