// ServedDrive: an emulated drive as a process of its own serves it (drive_process.hpp), and what
// the machine tells of it.
#pragma once

#include "quietus/emulator/ata_drive.hpp"
#include "quietus/emulator/nvme_drive.hpp"
#include "quietus/emulator/scsi_drive.hpp"
#include "quietus/emulator/simulated_clock.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/transport/linux/command_ports.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace quietus::test {

struct DriveRoom;

class ServedDrive {
  public:
    virtual ~ServedDrive() = default;
    /// Carries out the command that is in the room, and puts the answer there.
    virtual void execute(DriveRoom& room) = 0;
    /// By which the command in the room is known to who is to be killed with it: that of ATA, else
    /// the opcode. 0 when it only asks.
    [[nodiscard]] virtual int order_in(const DriveRoom& room) const = 0;
    [[nodiscard]] virtual bool begins_operation(int order) const = 0;
    [[nodiscard]] virtual bool is_at_it() = 0;
    /// What has addresses, or could have.
    [[nodiscard]] virtual emulator::Media& media() = 0;
    /// As a kernel finds it that looks now.
    [[nodiscard]] virtual std::uint64_t size_bytes() = 0;
    [[nodiscard]] virtual std::uint64_t residue() = 0;
    virtual void reset() = 0;
    virtual void power_cycle() = 0;
    /// Of a drive that has a password: one that is taken off comes back.
    virtual void lock_again(int /*order*/) {}
};

template <typename Emulated>
using Ready = std::function<void(Emulated&, emulator::SimulatedClock&)>;

/// One kind of drive.
struct Served {
    /// Full of the secret of its kind, and then made ready.
    std::function<std::unique_ptr<ServedDrive>(emulator::SimulatedClock&)> make;
    /// What detection finds out by its commands; the size is told apart.
    std::function<void(Drive&, const Ioctl&)> tell;
};
[[nodiscard]] Served served(const emulator::AtaTraits& traits,
                            const Ready<emulator::AtaDrive>& ready = {});
[[nodiscard]] Served served(const emulator::ScsiTraits& traits,
                            const Ready<emulator::ScsiDrive>& ready = {});
/// Of one namespace, with number 1.
[[nodiscard]] Served served(const emulator::NvmeTraits& traits,
                            const Ready<emulator::NvmeDrive>& ready = {});

} // namespace quietus::test
