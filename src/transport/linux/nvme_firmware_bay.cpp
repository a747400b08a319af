#include "nvme_firmware_bay.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/transport/linux/nvme_io_port.hpp"
#include "quietus/transport/traced_nvme.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace quietus {
namespace {

/// The kernel takes commands to a namespace on its own node alone.
class NodeOfEach final : public NvmeIoPort {
  public:
    void add(std::uint32_t nsid, std::unique_ptr<NvmeIoPort> port) {
        ports_[nsid] = std::move(port);
    }
    Result<NvmeReply> execute_io(const NvmeCommand& command) override {
        const auto port = ports_.find(command.nsid);
        if (port != ports_.end()) return port->second->execute_io(command);
        return Error{Fault::unsupported,
                     "no node of namespace " + std::to_string(command.nsid) + " is open"};
    }

  private:
    std::map<std::uint32_t, std::unique_ptr<NvmeIoPort>> ports_;
};

class NvmeFirmwareBay final : public FirmwareBay, private WireLog {
  public:
    NvmeFirmwareBay(SharedNodes nodes, const FirmwareOpening& opening)
        : nodes_(std::move(nodes)),
          admin_(make_nvme_admin_port(nodes_.front()->port->descriptor(), opening.ioctl)),
          traced_(*admin_, opening.clock, *this) {}

    /// Whether each node stands for the namespace that it was looked at as. Fault::refused when
    /// not, Fault::unsupported where the drive has others besides, which would not be read back.
    Status take_nodes(const Drive& drive, const FirmwareOpening& opening);

    NvmePort* nvme() override { return &traced_; }
    NvmeIoPort* nvme_io() override { return &io_; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return lend(nodes_); }
    bool reset() override { return false; }
    std::string take_transcript() override { return std::exchange(transcript_, {}); }

  private:
    void add(const std::string& lines) override { transcript_ += lines; }

    SharedNodes nodes_;
    std::unique_ptr<NvmePort> admin_; ///< on the first, for the controller
    NodeOfEach io_;
    TracedNvme traced_;
    std::string transcript_;
};

Status NvmeFirmwareBay::take_nodes(const Drive& drive, const FirmwareOpening& opening) {
    const auto* const scope = drive.nvme_scope ? &drive.nvme_scope->namespaces : nullptr;
    if (scope != nullptr && scope->size() > nodes_.size())
        return Error{Fault::unsupported,
                     escaped(drive.node) + ": the drive has " + std::to_string(scope->size()) +
                         " namespaces, and only " + std::to_string(nodes_.size()) +
                         " would be read back",
                     "delete the others (nvme delete-ns)"};
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const int descriptor = nodes_[i]->port->descriptor();
        const auto nsid = make_nvme_admin_port(descriptor, opening.ioctl)->namespace_id();
        if (!nsid) return nsid.error();
        if (scope != nullptr && (i >= scope->size() || (*scope)[i].nsid != *nsid))
            return Error{Fault::refused, "identity-changed: " + escaped(drive.node) +
                                             " stands for another namespace than was looked at"};
        io_.add(*nsid, make_nvme_io_port(descriptor, opening.ioctl));
    }
    return {};
}

} // namespace

Result<std::unique_ptr<FirmwareBay>> make_nvme_firmware_bay(const Drive& drive, SharedNodes nodes,
                                                            const FirmwareOpening& opening) {
    auto bay = std::make_unique<NvmeFirmwareBay>(std::move(nodes), opening);
    if (auto status = bay->take_nodes(drive, opening); !status) return std::move(status).error();
    return std::unique_ptr<FirmwareBay>(std::move(bay));
}

} // namespace quietus
