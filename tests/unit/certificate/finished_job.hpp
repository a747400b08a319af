// FinishedJob: everything a document is made of, for a run without fault, to be altered by tests.
#pragma once

#include "../policy/good_run.hpp"

#include "quietus/certificate/certificate.hpp"

#include <string>

namespace quietus {

/// The run of GoodRun with times: every step took ten seconds.
struct FinishedJob {
    static constexpr std::int64_t began = 1795316400; // 2026-11-22T03:00:00Z

    ErasureRecord record;
    Statements statements;
    Placement placement{
        "TEST", 7, std::string(96, '1'), 12, std::string(64, '2'), std::string(64, '3')};
    Tool tool{"quietus 0.1.0", "abcdef", "OpenSSL 3.0", "libblkid 2.38", "6.1.0"};

    explicit FinishedJob(const GoodRun& run = {}, std::int64_t start = began) {
        record.job = "QTS-TEST-00000007";
        record.drive = run.drive;
        record.drive.node = "image:/home/somebody/secret-project/scratch.img";
        record.drive.model = "Model";
        record.plan = run.plan;
        record.plan.scheme = "generic.random";
        record.evidence = run.evidence;
        statements.op = "jd17";
        stamp_times(start);
        judge_again();
    }

    void stamp_times(std::int64_t start) {
        auto& evidence = record.evidence;
        record.timing = {to_rfc3339(start), to_rfc3339(start + 100), 100000};
        if (evidence.probe) evidence.probe->timing = step_time(start, evidence.probe->step);
        for (PassRecord& pass : evidence.passes)
            pass.timing = step_time(start, pass.step);
        for (ReadBackRecord& read_back : evidence.read_backs)
            read_back.timing = step_time(start, read_back.step);
    }
    void judge_again() { record.judgement = judge(record.drive, record.plan, record.evidence); }
    [[nodiscard]] DocumentRequest request() const { return {record, statements, placement, tool}; }

    static Timing step_time(std::int64_t start, std::uint32_t step) {
        const std::int64_t at = start + 10 * (step - 1);
        return {to_rfc3339(at), to_rfc3339(at + 10), 10000};
    }
};

} // namespace quietus
