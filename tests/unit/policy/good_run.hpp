// GoodRun: a drive, a plan and the evidence of a run without fault, to be altered by tests.
#pragma once

#include "quietus/policy/judge.hpp"

#include <algorithm>

namespace quietus {

/// Steps: 1 probe, 2 write 00, 3 verify, 4 random char, 5 its complement, 6 random stream; then the
/// final read-back, full, as step 7. The drive: 1000 blocks and 100 bytes of an image.
struct GoodRun {
    static constexpr std::uint64_t size = 1000 * 512 + 100;

    Drive drive;
    Plan plan;
    Evidence evidence;

    GoodRun() {
        drive.kind = DriveKind::image;
        drive.size_bytes = size;
        drive.logical_block_bytes = 512;
        plan.level = Level::none;
        plan.verification = {VerificationMode::full, 100};
        plan.steps = {{.kind = StepKind::address_probe},
                      {.kind = StepKind::write, .data = StepData::fixed, .bytes = "00"},
                      {.kind = StepKind::verify, .of = 2, .verification = plan.verification},
                      {.kind = StepKind::write, .data = StepData::random_char},
                      {.kind = StepKind::write, .data = StepData::complement, .of = 4},
                      {.kind = StepKind::write, .data = StepData::random_stream}};
        evidence.probe = ProbeRecord{.step = 1, .stamps = 40, .flushed = true, .completed = true};
        evidence.passes = {pass(2, StepData::fixed, "00"), pass(4, StepData::random_char, "5a"),
                           pass(5, StepData::complement, "a5"),
                           pass(6, StepData::random_stream, "")};
        evidence.read_backs = {read_back(3, 2), read_back(7, 6)};
    }

    static PassRecord pass(std::uint32_t step, StepData data, std::string bytes) {
        return {.step = step,
                .data = data,
                .bytes = std::move(bytes),
                .written = {{0, 4096}, {4096, size - 4096}},
                .bytes_written = size,
                .flushed = true,
                .completed = true};
    }

    static ReadBackRecord read_back(std::uint32_t step, std::uint32_t of_step) {
        return {.step = step,
                .of_step = of_step,
                .verification = {VerificationMode::full, 100},
                .matched = {{0, size}},
                .bytes_read = size,
                .bytes_matched = size,
                .completed = true};
    }

    /// The final read-back as a sample of 30 per cent: 3 of 8 sample blocks, and what besides them
    /// is always read.
    void sample_thirty_percent() {
        plan.verification = {VerificationMode::sample, 30};
        ReadBackRecord& record = evidence.read_backs.back();
        record.verification = plan.verification;
        record.sample_seed = "00112233";
        record.strata = 3;
        record.sample_block_bytes = 65536;
        record.matched.clear();
        record.bytes_read = record.bytes_matched = 4 * 65536;
    }

    void no_verification() {
        plan.verification = {VerificationMode::none, 0};
        evidence.read_backs.pop_back();
    }

    void physical() {
        drive.kind = DriveKind::ata;
        drive.native_size_bytes = size;
        plan.level = Level::clear;
    }

    [[nodiscard]] Judgement judged() const { return judge(drive, plan, evidence); }
};

inline bool has_finding(const Judgement& judgement, std::string_view code) {
    return std::ranges::any_of(judgement.findings,
                               [&](const Finding& each) { return each.code == code; });
}

} // namespace quietus
