// A machine with one emulated SATA drive full of secrets, and the whole way from its plan to a
// record.
#pragma once

#include "quietus/drive/ata/facts.hpp"
#include "quietus/emulator/ata_drive.hpp"
#include "support/emulated_firmware.hpp"
#include "support/unkept_run.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus::test {

/// The bay of a drive that outlives it, lent to one run.
class LentBay final : public FirmwareBay {
  public:
    LentBay(EmulatedBay& bay, AtaPort& commands) : bay_(bay), commands_(commands) {}
    AtaPort* ata() override { return &commands_; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return bay_.open_blocks(); }
    bool reset() override { return bay_.reset(); }

  private:
    EmulatedBay& bay_;
    AtaPort& commands_;
};

/// A machine with one emulated SATA drive, full of secrets.
class AtaHost final : public Host {
  public:
    explicit AtaHost(const emulator::AtaTraits& traits,
                     emulator::SimulatedClock begun = emulator::SimulatedClock())
        : clock(begun), drive(traits, clock), bay(drive) {
        drive.hold(as_bytes(secret));
    }
    Drive told() {
        Drive facts;
        facts.node = "/dev/emulated";
        facts.kind = DriveKind::ata;
        facts.medium = drive.traits().rotates ? Medium::magnetic : Medium::flash;
        facts.model = drive.traits().model;
        facts.serial = drive.traits().serial;
        facts.identity_source = IdentitySource::drive;
        facts.logical_block_bytes = drive.traits().logical_bytes;
        facts.zoned = drive.traits().zoned ? Zoned::host_aware : Zoned::none;
        const auto asked = ata::ask_facts(drive);
        if (asked) {
            ata::tell(*asked, facts);
            facts.size_bytes = drive.scsi_blocks() * facts.logical_block_bytes;
        }
        return facts;
    }
    Result<std::vector<Drive>> detect(const DetectRequest&) override {
        return std::vector<Drive>{told()};
    }
    Result<Drive> image(const std::string&, const DetectRequest&) override {
        return Error{Fault::usage, "no image"};
    }
    Result<DriveLink> open(const Drive&) override {
        AtaPort& commands = instead != nullptr ? *instead : *bay.ata();
        return DriveLink{bay.open_blocks().value(), std::make_unique<LentBay>(bay, commands)};
    }
    Result<DriveLink> open_to_read(const Drive& one) override { return open(one); }

    std::optional<ErasureRecord> erase(const PlanRequest& wish) {
        NotingAudience audience;
        return UnkeptRun{*this, clock, audience}.erase(told(), wish);
    }
    std::optional<ErasureRecord> overwrite(const std::string& scheme = "generic.random") {
        return erase({.scheme = scheme});
    }
    std::uint64_t residue() { return drive.residue(as_bytes(secret)); }

    emulator::SimulatedClock clock;
    emulator::AtaDrive drive;
    EmulatedBay bay;
    AtaPort* instead = nullptr; ///< takes the commands
};

/// Of all findings, each once.
inline std::vector<std::string> codes_of(const ErasureRecord& record) {
    std::vector<std::string> codes;
    for (const Finding& each : record.judgement.findings)
        if (codes.empty() || codes.back() != each.code) codes.push_back(each.code);
    return codes;
}

} // namespace quietus::test
