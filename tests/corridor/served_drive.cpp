#include "served_drive.hpp"

#include "drive_process.hpp"

#include "quietus/drive/ata/facts.hpp"
#include "quietus/drive/nvme/facts.hpp"
#include "quietus/drive/scsi/facts.hpp"
#include "quietus/drive/scsi/identity.hpp"
#include "quietus/emulator/sat_face.hpp"
#include "quietus/technique/ata/temporary_password.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/ata_over_scsi.hpp"
#include "support/emulated_firmware.hpp"

#include <algorithm>
#include <utility>

namespace quietus::test {
namespace {

using emulator::AtaDrive;
using emulator::NvmeDrive;
using emulator::ScsiDrive;
using emulator::SimulatedClock;

ScsiCommand scsi_command_in(const DriveRoom& room) {
    const auto* const cdb = room.cdb.data();
    ScsiCommand command{Bytes(cdb, cdb + room.cdb_octets), room.in_octets, room.timeout};
    command.out.assign(room.data.begin(),
                       room.data.begin() + static_cast<std::ptrdiff_t>(room.out_octets));
    return command;
}

void put_answer(const Result<ScsiReply>& reply, DriveRoom& room) {
    room.lost = !reply;
    if (!reply) return;
    room.status = reply->status;
    room.sense_octets = reply->sense.size();
    room.in_octets = reply->data.size();
    std::ranges::copy(reply->sense, room.sense.begin());
    std::ranges::copy(reply->data, room.data.begin());
}

class ServedAta final : public ServedDrive {
  public:
    ServedAta(const emulator::AtaTraits& traits, SimulatedClock& clock)
        : drive(traits, clock), sat_(drive) {
        drive.hold(as_bytes(secret));
    }
    void execute(DriveRoom& room) override {
        put_answer(sat_.execute(scsi_command_in(room)), room);
    }
    // A SANITIZE DEVICE that asks how the drive is begins nothing.
    int order_in(const DriveRoom& room) const override {
        if (room.cdb[0] != 0x85) return 0;
        const bool only_asks = room.cdb[14] == sanitize_device && room.cdb[4] == 0;
        return only_asks ? 0 : room.cdb[14];
    }
    bool begins_operation(int order) const override {
        return order == sanitize_device || order == erase_unit;
    }
    bool is_at_it() override { return drive.memory().running.has_value(); }
    emulator::Media& media() override { return drive.media(); }
    std::uint64_t size_bytes() override {
        return drive.scsi_blocks() * drive.traits().logical_bytes;
    }
    std::uint64_t residue() override { return drive.residue(as_bytes(secret)); }
    void reset() override { drive.hard_reset(); }
    void power_cycle() override { drive.power_cycle(); }
    void lock_again(int order) override {
        if (order != disable_password) return;
        const auto& made = drive.traits();
        static_cast<void>(drive.execute(
            ata::security_set_password(ata::temporary_password(made.model, made.serial))));
    }

    AtaDrive drive;

  private:
    static constexpr std::uint8_t sanitize_device = 0xB4;
    static constexpr std::uint8_t erase_unit = 0xF4;
    static constexpr std::uint8_t disable_password = 0xF6;
    emulator::SatFace sat_;
};

class ServedScsi final : public ServedDrive {
  public:
    ServedScsi(const emulator::ScsiTraits& traits, SimulatedClock& clock) : drive(traits, clock) {
        drive.hold(as_bytes(secret));
    }
    void execute(DriveRoom& room) override {
        put_answer(drive.commands().execute(scsi_command_in(room)), room);
    }
    int order_in(const DriveRoom& room) const override { return room.cdb[0]; }
    bool begins_operation(int order) const override { return order == 0x48 || order == 0x04; }
    bool is_at_it() override { return drive.memory().units.front().running.has_value(); }
    emulator::Media& media() override { return drive.media(); }
    std::uint64_t size_bytes() override { return drive.media().geometry().size_bytes; }
    std::uint64_t residue() override { return drive.residue(as_bytes(secret)); }
    void reset() override { drive.hard_reset(); }
    void power_cycle() override { drive.power_cycle(); }

    ScsiDrive drive;
};

class ServedNvme final : public ServedDrive {
  public:
    ServedNvme(const emulator::NvmeTraits& traits, SimulatedClock& clock) : drive(traits, clock) {
        drive.hold(as_bytes(secret));
    }
    void execute(DriveRoom& room) override {
        const NvmeCommand command{room.opcode, room.nsid, room.words, room.in_octets, room.timeout};
        const auto reply = room.past_admin ? drive.execute_io(command) : drive.execute(command);
        room.lost = !reply;
        if (!reply) return;
        room.status = reply->status;
        room.result = reply->result;
        room.in_octets = reply->data.size();
        std::ranges::copy(reply->data, room.data.begin());
    }
    int order_in(const DriveRoom& room) const override { return room.past_admin ? 0 : room.opcode; }
    bool begins_operation(int order) const override { return order == 0x84 || order == 0x80; }
    bool is_at_it() override {
        const auto memory = drive.memory();
        return !memory.running.empty() || memory.deallocates_ns;
    }
    emulator::Media& media() override { return drive.media(1); }
    std::uint64_t size_bytes() override { return drive.media(1).geometry().size_bytes; }
    std::uint64_t residue() override { return drive.residue(as_bytes(secret)); }
    void reset() override { drive.controller_reset(); }
    void power_cycle() override { drive.power_cycle(); }

    NvmeDrive drive;
};

template <typename Kind, typename Traits, typename Emulated>
auto maker(const Traits& traits, const Ready<Emulated>& ready) {
    return [traits, ready](SimulatedClock& clock) -> std::unique_ptr<ServedDrive> {
        auto made = std::make_unique<Kind>(traits, clock);
        if (ready) ready(made->drive, clock);
        return made;
    };
}

} // namespace

Served served(const emulator::AtaTraits& traits, const Ready<AtaDrive>& ready) {
    const auto tell = [traits](Drive& facts, const Ioctl& ioctl) {
        facts.kind = DriveKind::ata;
        facts.medium = traits.rotates ? Medium::magnetic : Medium::flash;
        facts.model = traits.model;
        facts.serial = traits.serial;
        facts.logical_block_bytes = traits.logical_bytes;
        const auto port = make_sg_io_port(-1, ioctl);
        AtaOverScsi commands(*port);
        if (const auto asked = ata::ask_facts(commands)) ata::tell(*asked, facts);
    };
    return {maker<ServedAta>(traits, ready), tell};
}

Served served(const emulator::ScsiTraits& traits, const Ready<ScsiDrive>& ready) {
    const auto tell = [traits](Drive& facts, const Ioctl& ioctl) {
        facts.kind = DriveKind::scsi;
        facts.medium = traits.rotates ? Medium::magnetic : Medium::flash;
        facts.logical_block_bytes = traits.block_bytes;
        const auto port = make_sg_io_port(-1, ioctl);
        if (const auto who = scsi::identify(*port)) {
            facts.model = who->who.model;
            facts.serial = who->who.serial;
        }
        if (const auto asked = scsi::ask_facts(*port)) scsi::tell(*asked, facts);
    };
    return {maker<ServedScsi>(traits, ready), tell};
}

Served served(const emulator::NvmeTraits& traits, const Ready<NvmeDrive>& ready) {
    const auto tell = [traits](Drive& facts, const Ioctl& ioctl) {
        constexpr std::uint32_t small = 512;
        constexpr std::uint32_t large = 4096;
        facts.kind = DriveKind::nvme;
        facts.medium = Medium::flash;
        facts.model = traits.model;
        facts.serial = traits.serial;
        facts.logical_block_bytes = traits.namespaces.front().format == 1 ? large : small;
        const auto port = make_nvme_admin_port(-1, ioctl);
        if (const auto asked = nvme::ask_facts(*port)) nvme::tell(*asked, facts);
    };
    return {maker<ServedNvme>(traits, ready), tell};
}

} // namespace quietus::test
