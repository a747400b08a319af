// NVME_IOCTL_ADMIN_CMD: struct nvme_passthru_cmd (linux/nvme_ioctl.h).
#include "quietus/transport/linux/command_ports.hpp"

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
        nvme_passthru_cmd packed = pack(command);
        packed.addr = reinterpret_cast<std::uintptr_t>(data.empty() ? nullptr : data.data());
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
    static nvme_passthru_cmd pack(const NvmeCommand& command) {
        nvme_passthru_cmd packed{};
        packed.opcode = command.opcode;
        packed.nsid = command.nsid;
        packed.data_len = static_cast<std::uint32_t>(command.in_bytes);
        packed.cdw10 = command.cdw10_15[0];
        packed.cdw11 = command.cdw10_15[1];
        packed.cdw12 = command.cdw10_15[2];
        packed.cdw13 = command.cdw10_15[3];
        packed.cdw14 = command.cdw10_15[4];
        packed.cdw15 = command.cdw10_15[5];
        packed.timeout_ms = static_cast<std::uint32_t>(command.timeout.count());
        return packed;
    }

    int descriptor_;
    Ioctl ioctl_;
};

} // namespace

std::unique_ptr<NvmePort> make_nvme_admin_port(int descriptor, Ioctl ioctl) {
    return std::make_unique<NvmeAdminPort>(descriptor, std::move(ioctl));
}

} // namespace quietus
