#include "quietus/transport/linux/command_ports.hpp"

#include "nvme_packed.hpp"

#include <linux/nvme_ioctl.h>
#include <sys/ioctl.h>

#include <utility>

namespace quietus {
namespace {

class NvmeAdminPort final : public NvmePort {
  public:
    NvmeAdminPort(int descriptor, Ioctl ioctl)
        : descriptor_(descriptor), ioctl_(std::move(ioctl)) {}

    Result<NvmeReply> execute(const NvmeCommand& command) override {
        Bytes data(command.in_bytes);
        nvme_passthru_cmd packed = packed_command(command, data);
        const int status = ioctl_(descriptor_, NVME_IOCTL_ADMIN_CMD, &packed);
        if (status < 0) return system_error(Fault::io, "NVME_IOCTL_ADMIN_CMD");
        // A positive value is the status field of the completion, without its phase bit.
        if (status > 0) data.clear();
        return NvmeReply{static_cast<std::uint16_t>(status), packed.result, std::move(data)};
    }

    Result<std::uint32_t> namespace_id() override {
        const int nsid = ioctl_(descriptor_, NVME_IOCTL_ID, nullptr);
        if (nsid < 0) return system_error(Fault::io, "NVME_IOCTL_ID");
        if (nsid == 0) return Error{Fault::io, "NVME_IOCTL_ID: the node stands for no namespace"};
        return static_cast<std::uint32_t>(nsid);
    }

  private:
    int descriptor_;
    Ioctl ioctl_;
};

} // namespace

std::unique_ptr<NvmePort> make_nvme_admin_port(int descriptor, Ioctl ioctl) {
    return std::make_unique<NvmeAdminPort>(descriptor, std::move(ioctl));
}

} // namespace quietus
