// GoodErasure: a drive, a plan and the evidence of a drive that erased itself without fault, to be
// altered by tests.
#pragma once

#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/policy/judge.hpp"

namespace quietus {

/// An SSD of 1000 blocks, of which the last eight were hidden; of a SANITIZE overwrite a hard disk
/// drive.
struct GoodErasure {
    static constexpr std::uint64_t blocks = 1000;
    static constexpr std::uint64_t found = 992;
    static constexpr std::uint64_t size = blocks * 512;

    Drive drive;
    Plan plan;
    Evidence evidence;

    explicit GoodErasure(Technique technique = Technique::ata_sanitize_block_erase) {
        drive.kind = DriveKind::ata;
        const bool magnetic = technique == Technique::ata_sanitize_overwrite;
        drive.medium = magnetic ? Medium::magnetic : Medium::flash;
        drive.model = "Model";
        drive.serial = "SERIAL";
        drive.size_bytes = found * 512;
        drive.native_size_bytes = size;
        drive.logical_block_bytes = 512;
        plan.technique = technique;
        plan.level = Level::purge;
        plan.firmware.emplace();
        if (magnetic) plan.firmware->pattern = 0xA5A5A5A5;
        plan.verification = {VerificationMode::full, 100};
        plan.steps = {{.kind = StepKind::address_probe},
                      {.kind = StepKind::canaries},
                      {.kind = StepKind::firmware}};
        see(evidence.firmware.emplace());
    }

    [[nodiscard]] Judgement judged() const { return judge(drive, plan, evidence); }

  private:
    void see(FirmwareEvidence& seen) {
        seen.method = plan.technique;
        seen.options = *plan.firmware;
        seen.pass_through = {6, true, true, "ff", ""};
        seen.identity_before =
            FirmwareIdentity{drive.model, drive.serial, blocks, 512, 0x21, std::string(64, '5')};
        seen.identity_after = seen.identity_before;
        seen.hidden.state = HiddenState::lifted;
        seen.hidden.before.accessible = found;
        seen.hidden.before.protected_area = blocks;
        seen.hidden.lifted = HiddenAreas{blocks, blocks, {}, {}, {}};
        seen.hidden.after = seen.hidden.lifted;
        seen.health_before = HealthRecord{0, 0, 100, {}, {}, ""};
        seen.health_after = seen.health_before;
        seen.probe = ProbeRecord{
            .step = 1, .stamps = 40, .flushed = true, .completed = true, .timing = at("00")};
        CanaryRecord& canaries = seen.canaries.emplace();
        canaries.written = {{0, 512}, {(found - 1) * 512, 1024}, {size - 512, 512}};
        canaries.gone = canaries.written;
        canaries.hidden_from = found * 512;
        canaries.checked = true;
        operate(seen);
        read_back(seen);
        seen.was_reset = true;
        seen.transcript_sha256 = std::string(64, '6');
    }

    void operate(FirmwareEvidence& seen) const {
        if (is_sanitize(plan.technique)) {
            SanitizeRecord& record = seen.sanitize.emplace();
            record.phase = SanitizePhase::ended;
            record.before = SanitizeState::idle;
            record.accepted = record.seen_in_progress = true;
            record.after = SanitizeState::completed;
            record.outcome = FirmwareOutcome::succeeded;
            record.timing = at("10");
            return;
        }
        SecurityRecord& record = seen.security.emplace();
        record.phase = SecurityPhase::ended;
        record.enhanced = plan.technique == Technique::ata_security_erase_enhanced;
        record.word_before = record.word_after = 0x21;
        record.password_proven = record.command_succeeded = true;
        record.outcome = FirmwareOutcome::succeeded;
        record.timing = at("10");
    }

    void read_back(FirmwareEvidence& seen) {
        const EndState state = end_state(plan.technique, seen.options);
        FirmwareReadBack& record = seen.read_back.emplace();
        record.expectation = state.expectation;
        if (!state.patterns.empty()) record.bytes = "a5a5a5a5";
        record.matched = {{0, size}};
        record.completed = true;
        record.timing = at("30");
        if (state.expectation != Expectation::host_pass) return;
        plan.steps.push_back({.kind = StepKind::write, .data = StepData::random_stream});
        seen.host_pass = PassRecord{.step = 4,
                                    .data = StepData::random_stream,
                                    .seed = std::string(64, '7'),
                                    .written = {{0, size}},
                                    .bytes_written = size,
                                    .flushed = true,
                                    .completed = true,
                                    .timing = at("20")};
    }

    // Within the run of a FinishedJob.
    static Timing at(const std::string& second) {
        return {"2026-11-22T03:00:" + second + "Z", "2026-11-22T03:00:" + second + "Z", 100};
    }
};

} // namespace quietus
