// One emulated SATA drive full of secrets that is told to erase itself, and what became of it.
#pragma once

#include "ata_verdicts.hpp"
#include "quietus/job/firmware_run.hpp"
#include "quietus/policy/judge_firmware.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "support/emulated_firmware.hpp"

#include <algorithm>
#include <string>

namespace quietus::test {

using emulator::AtaDrive;
using emulator::AtaTraits;

/// One drive full of secrets, and what becomes of it.
class Scene {
  public:
    explicit Scene(const AtaTraits& traits = {}, const emulator::SatTraits& sat = {})
        : drive(traits, clock), bay(drive, sat), watch(clock) {
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

    /// In how many blocks that the drive addresses now the secret is read.
    std::uint64_t readable_residue() {
        const auto port = drive.open_block();
        std::uint64_t found = 0;
        const BlockGeometry geometry = port->geometry();
        for (std::uint64_t at = 0; at < geometry.size_bytes; at += geometry.block_bytes) {
            port->start(Direction::read, 0, {at, geometry.block_bytes});
            const auto done = port->wait(std::chrono::hours(1));
            if (!done || !*done || (*done)->error != 0) continue;
            const auto block = port->slot(0).first(geometry.block_bytes);
            const ByteView text = as_bytes(secret);
            if (std::search(block.begin(), block.end(), text.begin(), text.end()) != block.end())
                ++found;
        }
        return found;
    }

    bool security_enabled() {
        const auto words = ata::read_identify(drive);
        return words && words->security().enabled;
    }

    emulator::SimulatedClock clock;
    AtaDrive drive;
    EmulatedBay bay;
    WaitingRunWatch watch;
    FirmwareEvidence evidence;
    Bytes canary_key = Bytes(32, 0x5C);
};

inline FirmwareOptions overwriting() {
    return {.pattern = 0xA5A5A5A5, .passes = 1};
}

inline std::string findings_of(const FirmwareJudgement& judged) {
    std::string text;
    for (const Finding& each : judged.judgement.findings)
        text += each.code + ": " + each.text + "\n";
    return text;
}

} // namespace quietus::test
