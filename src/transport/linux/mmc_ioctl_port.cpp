// MMC_IOC_CMD: struct mmc_ioc_cmd (linux/mmc/ioctl.h).
#include "quietus/core/ensure.hpp"
#include "quietus/transport/linux/command_ports.hpp"

#include <linux/major.h>
#include <linux/mmc/ioctl.h>
#include <sys/ioctl.h>

#include <utility>

namespace quietus {
namespace {

/// Response and command flags as the kernel's linux/mmc/core.h has them, which is not exported:
/// R1 is present, has a CRC and repeats the index; ADTC is a command with data; S1 is R1 of SPI.
constexpr unsigned response_r1 = 1U << 0U | 1U << 2U | 1U << 4U;
constexpr unsigned command_adtc = 1U << 5U;
constexpr unsigned response_spi_r1 = 1U << 7U;

class MmcIoctlPort final : public MmcPort {
  public:
    MmcIoctlPort(int descriptor, Ioctl ioctl) : descriptor_(descriptor), ioctl_(std::move(ioctl)) {}

    Result<MmcReply> execute(const MmcCommand& command) override {
        QUIETUS_ENSURE(command.in_bytes > 0);
        Bytes data(command.in_bytes);
        mmc_ioc_cmd packed{};
        packed.opcode = command.index;
        packed.arg = command.argument;
        packed.flags = response_spi_r1 | response_r1 | command_adtc;
        packed.blksz = static_cast<unsigned>(command.in_bytes);
        packed.blocks = 1;
        packed.cmd_timeout_ms = static_cast<unsigned>(command.timeout.count());
        packed.data_ptr = reinterpret_cast<std::uintptr_t>(data.data());
        if (ioctl_(descriptor_, MMC_IOC_CMD, &packed) < 0)
            return system_error(Fault::io, "MMC_IOC_CMD");
        return MmcReply{packed.response[0], std::move(data)};
    }

  private:
    int descriptor_;
    Ioctl ioctl_;
};

} // namespace

std::unique_ptr<MmcPort> make_mmc_ioctl_port(int descriptor, Ioctl ioctl) {
    return std::make_unique<MmcIoctlPort>(descriptor, std::move(ioctl));
}

} // namespace quietus
