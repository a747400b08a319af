#include "firmware_drive.hpp"

#include "quietus/drive/ata/facts.hpp"
#include "quietus/drive/nvme/facts.hpp"
#include "quietus/drive/scsi/facts.hpp"
#include "quietus/emulator/ata_drive.hpp"
#include "quietus/emulator/nvme_drive.hpp"
#include "quietus/emulator/sat_face.hpp"
#include "quietus/emulator/scsi_drive.hpp"
#include "quietus/transport/ata_over_scsi.hpp"
#include "quietus/transport/traced_nvme.hpp"
#include "quietus/transport/traced_scsi.hpp"

#include <string>
#include <utility>
#include <vector>

namespace quietus::emulator {
namespace {

class WrittenBay : public FirmwareBay, protected WireLog {
  public:
    std::string take_transcript() override { return std::exchange(transcript_, {}); }

  private:
    void add(const std::string& lines) override { transcript_ += lines; }
    std::string transcript_;
};

/// Through a translator, as to most drives of a real machine.
class AtaCommands final : public WrittenBay {
  public:
    AtaCommands(AtaDrive& drive, SimulatedClock& clock)
        : drive_(drive), sat_(drive), traced_(sat_, clock, *this), ata_(traced_) {}
    AtaPort* ata() override { return &ata_; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return drive_.open_scsi_block(); }
    bool reset() override {
        drive_.hard_reset();
        return true;
    }

  private:
    AtaDrive& drive_;
    SatFace sat_;
    TracedScsi traced_;
    AtaOverScsi ata_;
};

class ScsiCommands final : public WrittenBay {
  public:
    ScsiCommands(ScsiDrive& drive, SimulatedClock& clock) : drive_(drive) {
        WireLog& log = *this;
        for (unsigned unit = 0; unit < drive.traits().units; ++unit)
            units_.push_back(std::make_unique<TracedScsi>(drive.commands(unit), clock, log));
    }
    ScsiPort* scsi() override { return units_.front().get(); }
    std::vector<ScsiPort*> scsi_units() override { return ports_of(units_); }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return drive_.open_joined(); }
    bool reset() override {
        drive_.hard_reset();
        return true;
    }

  private:
    ScsiDrive& drive_;
    std::vector<std::unique_ptr<TracedScsi>> units_; ///< logical ones
};

constexpr std::uint32_t first_namespace = 1;

class NvmeCommands final : public WrittenBay {
  public:
    NvmeCommands(NvmeDrive& drive, SimulatedClock& clock)
        : drive_(drive), traced_(drive, clock, *this) {}
    NvmePort* nvme() override { return &traced_; }
    NvmeIoPort* nvme_io() override { return &drive_; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return drive_.open_joined(); }
    bool reset() override {
        drive_.controller_reset();
        return true;
    }

  private:
    NvmeDrive& drive_;
    TracedNvme traced_;
};

class StoredAta final : public FirmwareDrive {
  public:
    StoredAta(const ScenarioDrive& drive, SimulatedClock& clock)
        : zoned_(drive.ata->zoned), clock_(clock), drive_(make_ata_drive(drive, clock)) {}
    std::vector<Media*> media() override { return {&drive_->media()}; }
    std::string memory() override { return written(drive_->memory()); }
    std::string state() override {
        AtaMemory memory = drive_->memory();
        if (memory.running) memory.running->worked_ns = memory.running->passes_done = 0;
        return written(memory);
    }
    Status recall(std::string_view text) override {
        const auto memory = read_ata_memory(text, drive_->traits());
        if (!memory) return memory.error();
        drive_->recall(*memory);
        return {};
    }
    Status tell(Drive& told) override {
        const auto facts = ata::ask_facts(*drive_);
        if (!facts) return facts.error();
        ata::tell(*facts, told);
        if (zoned_) told.zoned = Zoned::host_aware;
        told.size_bytes = drive_->scsi_blocks() * told.logical_block_bytes;
        return {};
    }
    std::unique_ptr<BlockPort> open_block() override { return drive_->open_scsi_block(); }
    std::unique_ptr<FirmwareBay> open_commands() override {
        return std::make_unique<AtaCommands>(*drive_, clock_);
    }

  private:
    bool zoned_;
    SimulatedClock& clock_;
    std::unique_ptr<AtaDrive> drive_;
};

// Nobody asks a SAS or NVMe drive for a native capacity: what it hides is found by its facts.
class StoredScsi final : public FirmwareDrive {
  public:
    StoredScsi(const ScenarioDrive& drive, SimulatedClock& clock)
        : clock_(clock), drive_(make_scsi_drive(drive, clock)) {}
    std::vector<Media*> media() override {
        std::vector<Media*> all;
        all.reserve(drive_->traits().units);
        for (unsigned unit = 0; unit < drive_->traits().units; ++unit)
            all.push_back(&drive_->media(unit));
        return all;
    }
    std::string memory() override { return written(drive_->memory()); }
    std::string state() override {
        ScsiMemory memory = drive_->memory();
        for (ScsiUnitMemory& each : memory.units)
            if (each.running) each.running->worked_ns = each.running->passes_done = 0;
        return written(memory);
    }
    Status recall(std::string_view text) override {
        const auto memory = read_scsi_memory(text, drive_->traits());
        if (!memory) return memory.error();
        drive_->recall(*memory);
        return {};
    }
    Status tell(Drive& told) override {
        const auto facts = scsi::ask_facts(drive_->commands());
        if (!facts) return facts.error();
        scsi::tell(*facts, told);
        told.native_size_bytes.reset();
        told.size_bytes = drive_->media().geometry().size_bytes;
        return drive_->traits().units == 1 ? Status{} : tell_of_further_units(told);
    }
    std::unique_ptr<BlockPort> open_block() override { return drive_->open_joined(); }
    std::unique_ptr<FirmwareBay> open_commands() override {
        return std::make_unique<ScsiCommands>(*drive_, clock_);
    }

  private:
    // They have nodes of their own, numbered as the units are.
    Status tell_of_further_units(Drive& told) {
        told.members = {{told.node, told.size_bytes, 0, 0}};
        for (unsigned unit = 1; unit < drive_->traits().units; ++unit) {
            const auto facts = scsi::ask_facts(drive_->commands(unit));
            if (!facts) return facts.error();
            scsi::tell_of_further_unit(*facts, told);
            const std::uint64_t size = drive_->media(unit).geometry().size_bytes;
            told.members.push_back({told.node + ":" + std::to_string(unit), size, 0, 0});
            told.size_bytes += size;
        }
        return {};
    }

    SimulatedClock& clock_;
    std::unique_ptr<ScsiDrive> drive_;
};

class StoredNvme final : public FirmwareDrive {
  public:
    StoredNvme(const ScenarioDrive& drive, SimulatedClock& clock)
        : clock_(clock), drive_(make_nvme_drive(drive, clock)) {}
    std::vector<Media*> media() override { return drive_->all_media(); }
    std::string memory() override { return written(drive_->memory()); }
    std::string state() override {
        NvmeMemory memory = drive_->memory();
        if (memory.deallocates_ns) memory.deallocates_ns = 0;
        for (NvmePartMemory& each : memory.running)
            each.operation.worked_ns = each.operation.passes_done = 0;
        return written(memory);
    }
    Status recall(std::string_view text) override {
        const auto memory = read_nvme_memory(text, drive_->traits());
        if (!memory) return memory.error();
        drive_->recall(*memory);
        return {};
    }
    Status tell(Drive& told) override {
        const auto facts = nvme::ask_facts(*drive_);
        if (!facts) return facts.error();
        nvme::tell(*facts, told);
        told.native_size_bytes.reset();
        told.size_bytes = 0;
        for (const NvmeNamespaceTraits& each : drive_->traits().namespaces)
            told.size_bytes += drive_->media(each.nsid).geometry().size_bytes;
        if (told.nvme_erasure->in_failed_state && can_be_read()) note_read(*told.nvme_erasure);
        return {};
    }
    std::unique_ptr<BlockPort> open_block() override { return drive_->open_joined(); }
    std::unique_ptr<FirmwareBay> open_commands() override {
        return std::make_unique<NvmeCommands>(*drive_, clock_);
    }

  private:
    // As the machine looks at what a drive holds: its first block.
    bool can_be_read() {
        constexpr std::uint8_t read = 0x02;
        const std::size_t octets = drive_->media(first_namespace).geometry().block_bytes;
        const auto reply =
            drive_->execute_io({read, first_namespace, {}, octets, std::chrono::seconds(15)});
        return reply && reply->code() == 0;
    }

    SimulatedClock& clock_;
    std::unique_ptr<NvmeDrive> drive_;
};

} // namespace

std::unique_ptr<FirmwareDrive> make_firmware_drive(const ScenarioDrive& drive,
                                                   SimulatedClock& clock) {
    if (drive.ata) return std::make_unique<StoredAta>(drive, clock);
    if (drive.scsi) return std::make_unique<StoredScsi>(drive, clock);
    if (drive.nvme) return std::make_unique<StoredNvme>(drive, clock);
    return nullptr;
}

} // namespace quietus::emulator
