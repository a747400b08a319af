// One emulated SAS drive full of secrets that is told to erase itself, and what became of it; and a
// machine with such a drive, for the whole way from its plan to a record.
#pragma once

#include "scsi_verdicts.hpp"

#include "quietus/drive/host.hpp"
#include "quietus/drive/scsi/facts.hpp"
#include "quietus/drive/scsi/identity.hpp"
#include "quietus/job/firmware_run.hpp"
#include "quietus/policy/judge_firmware.hpp"
#include "support/emulated_firmware.hpp"
#include "support/emulated_scsi.hpp"
#include "support/unkept_run.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quietus::test {

/// Commands to each of its units, of which one may be lost, and its blocks as the kernel opens
/// them.
class EmulatedScsiBay final : public FirmwareBay {
  public:
    explicit EmulatedScsiBay(emulator::ScsiDrive& drive) : drive_(drive), lossy(drive.commands()) {
        for (unsigned unit = 1; unit < drive.traits().units; ++unit)
            further.emplace_back(drive.commands(unit));
    }
    ScsiPort* scsi() override { return instead != nullptr ? instead : &lossy; }
    std::vector<ScsiPort*> scsi_units() override {
        std::vector<ScsiPort*> ports{scsi()};
        if (!first_alone)
            for (LossyScsiPort& each : further)
                ports.push_back(&each);
        return ports;
    }
    Result<std::unique_ptr<BlockPort>> open_blocks() override {
        auto port = first_alone ? drive_.open_block() : drive_.open_joined();
        if (port == nullptr) return Error{Fault::io, "no host opens blocks of such a size"};
        return port;
    }
    bool reset() override {
        drive_.hard_reset();
        return true;
    }

  private:
    emulator::ScsiDrive& drive_;

  public:
    LossyScsiPort lossy;               ///< to the first unit
    std::deque<LossyScsiPort> further; ///< to the others
    bool first_alone = false;          ///< nobody reaches the others
    ScsiPort* instead = nullptr;       ///< takes the commands to the first
};

/// One drive full of secrets, and what becomes of it.
class ScsiScene {
  public:
    explicit ScsiScene(const emulator::ScsiTraits& traits = {})
        : drive(traits, clock), bay(drive), watch(clock) {
        drive.hold(as_bytes(secret));
    }

    FirmwareJudgement erase(Technique method, const FirmwareOptions& options = {},
                            const Verification& verification = {}) {
        FirmwareBench bench{bay, clock, watch};
        evidence =
            erase_by_firmware({method, options, canary_key, {}, std::nullopt, verification}, bench);
        return judge_firmware(evidence);
    }

    /// From what an interrupted run has left behind.
    FirmwareJudgement go_on_from(const FirmwareEvidence& before) {
        FirmwareBench bench{bay, clock, watch};
        evidence =
            erase_by_firmware({before.method, before.options, canary_key, {}, before}, bench);
        return judge_firmware(evidence);
    }

    std::uint64_t residue() { return drive.residue(as_bytes(secret)); }

    /// In how many blocks with an address the secret is held.
    std::uint64_t readable_residue() {
        std::uint64_t found = 0;
        for (unsigned unit = 0; unit < drive.traits().units; ++unit)
            found += readable_residue(drive.media(unit));
        return found;
    }
    static std::uint64_t readable_residue(emulator::Media& media) {
        const BlockGeometry geometry = media.geometry();
        const ByteView text = as_bytes(secret);
        std::uint64_t found = 0;
        for (std::uint64_t at = 0; at < geometry.size_bytes; at += geometry.block_bytes) {
            const Bytes block = media.at(at, geometry.block_bytes);
            if (std::search(block.begin(), block.end(), text.begin(), text.end()) != block.end())
                ++found;
        }
        return found;
    }

    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive;
    EmulatedScsiBay bay;
    WaitingRunWatch watch;
    FirmwareEvidence evidence;
    Bytes canary_key = Bytes(32, 0x5C);
};

inline FirmwareOptions options_for(Technique method) {
    if (method == Technique::scsi_sanitize_overwrite) return {.pattern = 0xA1B2C3D4, .passes = 2};
    return {};
}

/// A machine with one emulated SAS drive, full of secrets.
class ScsiHost final : public Host {
  public:
    explicit ScsiHost(const emulator::ScsiTraits& traits) : drive(traits, clock), bay(drive) {
        drive.hold(as_bytes(secret));
    }
    Drive told() {
        Drive facts;
        facts.node = "/dev/emulated";
        facts.kind = DriveKind::scsi;
        facts.medium = drive.traits().rotates ? Medium::magnetic : Medium::flash;
        facts.identity_source = IdentitySource::drive;
        facts.logical_block_bytes = drive.traits().block_bytes;
        if (const auto who = scsi::identify(drive.commands())) {
            facts.model = who->who.model;
            facts.serial = who->who.serial;
        }
        if (const auto asked = scsi::ask_facts(drive.commands())) {
            scsi::tell(*asked, facts);
            facts.size_bytes = asked->unit.blocks * facts.logical_block_bytes;
        }
        if (drive.traits().units > 1 && !bay.first_alone) tell_of_further_units(facts);
        return facts;
    }
    Result<std::vector<Drive>> detect(const DetectRequest&) override {
        return std::vector<Drive>{told()};
    }
    Result<Drive> image(const std::string&, const DetectRequest&) override {
        return Error{Fault::usage, "no image"};
    }
    Result<DriveLink> open(const Drive&) override {
        auto blocks = bay.open_blocks();
        if (!blocks) return blocks.error();
        return DriveLink{std::move(*blocks), std::make_unique<LentScsiBay>(bay)};
    }
    Result<DriveLink> open_to_read(const Drive& one) override { return open(one); }

    std::optional<ErasureRecord> erase(const PlanRequest& wish) {
        NotingAudience audience;
        return UnkeptRun{*this, clock, audience}.erase(told(), wish);
    }
    std::uint64_t residue() { return drive.residue(as_bytes(secret)); }

    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive;
    EmulatedScsiBay bay;

  private:
    void tell_of_further_units(Drive& facts) {
        facts.members = {{facts.node, facts.size_bytes, 0, 0}};
        for (unsigned unit = 1; unit < drive.traits().units; ++unit)
            if (const auto asked = scsi::ask_facts(drive.commands(unit))) {
                scsi::tell_of_further_unit(*asked, facts);
                const std::uint64_t size = asked->unit.blocks * facts.logical_block_bytes;
                facts.members.push_back({facts.node + std::to_string(unit), size, 0, 0});
                facts.size_bytes += size;
            }
    }

    /// The bay of a drive that outlives it, lent to one run.
    class LentScsiBay final : public FirmwareBay {
      public:
        explicit LentScsiBay(EmulatedScsiBay& bay) : bay_(bay) {}
        ScsiPort* scsi() override { return bay_.scsi(); }
        std::vector<ScsiPort*> scsi_units() override { return bay_.scsi_units(); }
        Result<std::unique_ptr<BlockPort>> open_blocks() override { return bay_.open_blocks(); }
        bool reset() override { return bay_.reset(); }

      private:
        EmulatedScsiBay& bay_;
    };
};

inline PlanRequest scsi_wish(Technique technique) {
    PlanRequest wish;
    wish.technique = technique;
    wish.firmware = options_for(technique);
    return wish;
}

inline std::string findings_text(const Judgement& judged) {
    std::string text;
    for (const Finding& each : judged.findings)
        text += each.code + ": " + each.text + "\n";
    return text;
}

} // namespace quietus::test
