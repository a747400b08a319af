#include "nvme_firmware_bay.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/transport/linux/nvme_io_port.hpp"
#include "quietus/transport/traced_nvme.hpp"

#include <string>
#include <utility>

namespace quietus {
namespace {

class NvmeFirmwareBay final : public FirmwareBay, private WireLog {
  public:
    NvmeFirmwareBay(std::shared_ptr<SharedBlocks> blocks, const FirmwareOpening& opening)
        : blocks_(std::move(blocks)),
          admin_(make_nvme_admin_port(blocks_->port->descriptor(), opening.ioctl)),
          io_(make_nvme_io_port(blocks_->port->descriptor(), opening.ioctl)),
          traced_(*admin_, opening.clock, *this) {}

    NvmePort* nvme() override { return &traced_; }
    NvmeIoPort* nvme_io() override { return io_.get(); }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return lend(blocks_); }
    bool reset() override { return false; }
    std::string take_transcript() override { return std::exchange(transcript_, {}); }

  private:
    void add(const std::string& lines) override { transcript_ += lines; }

    std::shared_ptr<SharedBlocks> blocks_;
    std::unique_ptr<NvmePort> admin_;
    std::unique_ptr<NvmeIoPort> io_;
    TracedNvme traced_;
    std::string transcript_;
};

Status check_namespace(const Drive& drive, NvmePort& port) {
    const auto opened = port.namespace_id();
    if (!opened) return opened.error();
    if (!drive.nvme_scope) return {};
    const auto& all = drive.nvme_scope->namespaces;
    if (all.size() > 1)
        return Error{Fault::unsupported,
                     escaped(drive.node) + ": the drive has " + std::to_string(all.size()) +
                         " namespaces, and only this one would be read back",
                     "delete the others (nvme delete-ns)"};
    if (all.size() == 1 && all.front().nsid != *opened)
        return Error{Fault::refused, "identity-changed: " + escaped(drive.node) +
                                         " stands for another namespace than was looked at"};
    return {};
}

} // namespace

Result<std::unique_ptr<FirmwareBay>> make_nvme_firmware_bay(const Drive& drive,
                                                            std::shared_ptr<SharedBlocks> blocks,
                                                            const FirmwareOpening& opening) {
    auto bay = std::make_unique<NvmeFirmwareBay>(std::move(blocks), opening);
    if (auto status = check_namespace(drive, *bay->nvme()); !status)
        return std::move(status).error();
    return std::unique_ptr<FirmwareBay>(std::move(bay));
}

} // namespace quietus
