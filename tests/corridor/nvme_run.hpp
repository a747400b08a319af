// One emulated NVMe drive full of secrets that is told to erase itself, and what became of it.
#pragma once

#include "quietus/job/firmware_run.hpp"
#include "quietus/policy/judge_firmware.hpp"
#include "support/emulated_firmware.hpp"
#include "support/emulated_nvme.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

namespace quietus::test {

class EmulatedNvmeBay final : public FirmwareBay {
  public:
    EmulatedNvmeBay(emulator::NvmeDrive& drive, NvmePort& commands, bool past_the_blocks = true)
        : drive_(drive), commands_(commands), past_the_blocks_(past_the_blocks) {}
    NvmePort* nvme() override { return &commands_; }
    NvmeIoPort* nvme_io() override { return past_the_blocks_ ? &drive_ : nullptr; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return drive_.open_joined(); }
    bool reset() override {
        drive_.controller_reset();
        return true;
    }

  private:
    emulator::NvmeDrive& drive_;
    NvmePort& commands_;
    bool past_the_blocks_;
};

/// The block at that offset, into slot 0.
inline bool reads(BlockPort& port, std::uint64_t offset) {
    port.start(Direction::read, 0, {offset, port.geometry().block_bytes});
    const auto done = port.wait(std::chrono::hours(1));
    return done && *done && (*done)->error == 0;
}

/// As detection has it.
inline Drive told_by(emulator::NvmeDrive& drive) {
    Drive facts;
    facts.node = "/dev/emulated";
    facts.kind = DriveKind::nvme;
    facts.medium = Medium::flash;
    facts.backing = Backing::physical;
    facts.model = drive.traits().model;
    facts.serial = drive.traits().serial;
    facts.identity_source = IdentitySource::drive;
    if (const auto asked = nvme::ask_facts(drive)) nvme::tell(*asked, facts);
    const auto blocks = drive.open_joined();
    const BlockGeometry geometry = blocks->geometry();
    if (facts.nvme_erasure && reads(*blocks, 0)) note_read(*facts.nvme_erasure);
    facts.size_bytes = geometry.size_bytes;
    facts.native_size_bytes = geometry.size_bytes;
    facts.logical_block_bytes = geometry.block_bytes;
    return facts;
}

/// In how many blocks with an address the secret is read now.
inline std::uint64_t readable_residue(emulator::NvmeDrive& drive) {
    std::uint64_t found = 0;
    const auto port = drive.open_joined();
    const BlockGeometry geometry = port->geometry();
    for (std::uint64_t at = 0; at < geometry.size_bytes; at += geometry.block_bytes) {
        if (!reads(*port, at)) continue;
        const auto block = port->slot(0).first(geometry.block_bytes);
        if (as_text(block).find(nvme_secret) != std::string_view::npos) ++found;
    }
    return found;
}

/// One drive full of secrets, and one run that has it erase itself.
class NvmeRun {
  public:
    explicit NvmeRun(const emulator::NvmeTraits& traits, bool past_the_blocks = true)
        : drive(traits, clock), port(drive), bay(drive, port, past_the_blocks), watch(clock) {
        drive.hold(as_bytes(nvme_secret));
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
    std::uint64_t residue() { return drive.residue(as_bytes(nvme_secret)); }

    emulator::SimulatedClock clock;
    emulator::NvmeDrive drive;
    LossyNvmePort port;
    EmulatedNvmeBay bay;
    WaitingRunWatch watch;
    FirmwareEvidence evidence;
    Bytes canary_key = Bytes(32, 0x5C);
};

inline std::string findings_of(const Judgement& judged) {
    std::string text;
    for (const Finding& each : judged.findings)
        text += each.code + ": " + each.text + "\n";
    return text;
}

} // namespace quietus::test
