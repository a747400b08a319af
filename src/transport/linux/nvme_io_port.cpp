#include "quietus/transport/linux/nvme_io_port.hpp"

#include "nvme_packed.hpp"

#include <linux/nvme_ioctl.h>
#include <sys/ioctl.h>

#include <utility>

namespace quietus {
namespace {

class NvmePassPort final : public NvmeIoPort {
  public:
    NvmePassPort(int descriptor, Ioctl ioctl) : descriptor_(descriptor), ioctl_(std::move(ioctl)) {}

    // A positive value is the status field; the kernel moves the data whatever that is.
    Result<NvmeReply> execute_io(const NvmeCommand& command) override {
        Bytes data(command.in_bytes);
        nvme_passthru_cmd packed = packed_command(command, data);
        const int status = ioctl_(descriptor_, NVME_IOCTL_IO_CMD, &packed);
        if (status < 0) return system_error(Fault::io, "NVME_IOCTL_IO_CMD");
        return NvmeReply{static_cast<std::uint16_t>(status), packed.result, std::move(data)};
    }

  private:
    int descriptor_;
    Ioctl ioctl_;
};

} // namespace

std::unique_ptr<NvmeIoPort> make_nvme_io_port(int descriptor, Ioctl ioctl) {
    return std::make_unique<NvmePassPort>(descriptor, std::move(ioctl));
}

} // namespace quietus
