#include "quietus/policy/judge.hpp"

#include "examine.hpp"
#include "findings.hpp"
#include "judge_own_erasure.hpp"
#include "lifted_areas.hpp"
#include "limits.hpp"
#include "scope.hpp"
#include "stop_codes.hpp"

#include "quietus/core/json.hpp"
#include "quietus/core/json_fields.hpp"

#include <algorithm>

namespace quietus {
namespace {

bool has_capacity(const Drive& drive) {
    return drive.size_bytes != 0 &&
           drive.size_bytes <= static_cast<std::uint64_t>(json_integer_max) &&
           drive.logical_block_bytes != 0;
}

void examine_drive(const Drive& drive, Findings& findings) {
    if (!has_capacity(drive))
        findings.add("inconsistent-evidence", "the drive has no capacity that could be erased");
    if (drive.native_size_bytes && *drive.native_size_bytes != drive.size_bytes)
        findings.add("hidden-area", "the drive has " + std::to_string(*drive.native_size_bytes) +
                                        " bytes, of which " + std::to_string(drive.size_bytes) +
                                        " can be addressed");
}

// Extents, coverage and blocks of findings are of what was erased.
Drive as_reached(const Drive& drive, const Evidence& evidence) {
    Drive reached = drive;
    reached.size_bytes = erased_bytes(drive, evidence.hidden);
    return reached;
}

// What could not be put within reach: nothing was begun then, unless an earlier run had.
Verdict verdict_on(Reach reach, const Evidence& evidence) {
    if (has_ended_early(evidence)) return Verdict::interrupted;
    const bool begun = evidence.probe || !evidence.passes.empty() || !evidence.read_backs.empty();
    if (begun || evidence.stopped != StopReason::none) return Verdict::failed;
    return reach == Reach::not_readable ? Verdict::indeterminate : Verdict::refused;
}

// Each line above the last names a proof that is wanting.
Verdict verdict_of(const Judgement& judgement, const Drive& drive, const Plan& plan,
                   const Evidence& evidence) {
    if (has_ended_early(evidence)) return Verdict::interrupted;
    if (!judgement.findings.empty()) return Verdict::failed;
    if (plan.verification.mode == VerificationMode::none) return Verdict::unverified;
    if (judgement.bytes_proven != scope_of(drive, plan).bytes()) return Verdict::failed;
    if (!is_virtual(drive.kind) && !drive.native_size_bytes) return Verdict::indeterminate;
    return Verdict::erased;
}

std::string grade_of(VerificationMode read_back) {
    switch (read_back) {
    case VerificationMode::full:
        return "E3";
    case VerificationMode::sample:
        return "E2";
    case VerificationMode::none:
        return "";
    }
    return "";
}

void count_coverage(const Drive& drive, const Proof& proof, Judgement& judgement) {
    if (!has_capacity(drive)) return;
    ExtentSet unproven({{0, drive.size_bytes}});
    unproven.subtract(proof.proven);
    judgement.bytes_proven = proof.proven.bytes();
    judgement.unproven = unproven.extents();
}

} // namespace

Judgement judge(const Drive& drive, const Plan& plan, const Evidence& evidence) {
    if (is_by_firmware(plan.technique)) return judge_own_erasure(drive, plan, evidence);
    const Drive reached = as_reached(drive, evidence);
    Judgement judgement;
    Findings findings(reached);
    if (const auto stop = stop_finding(evidence)) findings.add(stop->code, stop->text);
    const Reach reach = examine_hidden_areas(drive, plan, evidence, findings);
    const bool within_reach = reach == Reach::all || reach == Reach::unknown;
    if (within_reach) examine_drive(reached, findings);
    const bool examined = within_reach && has_capacity(reached);
    const Proof proof = examined ? examine(reached, plan, evidence, findings) : Proof{};
    judgement.findings = std::move(findings).take();
    count_coverage(reached, proof, judgement);
    judgement.verdict =
        within_reach ? verdict_of(judgement, reached, plan, evidence) : verdict_on(reach, evidence);
    // Nothing else speaks against it than that nobody knows.
    if (reach == Reach::unknown && judgement.findings.size() == 1)
        judgement.verdict = Verdict::indeterminate;
    if (judgement.verdict == Verdict::erased)
        judgement.level = std::min(plan.level, written_level(drive, plan));
    if (judgement.verdict == Verdict::unverified)
        judgement.findings.push_back({"not-read-back", "the plan asks for no read-back", {}, {}});
    judgement.limits = limits_after(drive, plan, proof.read_back);
    if (is_by_claim(plan, judgement.level)) judgement.limits.emplace_back(claimed_level_limit);
    if (evidence.health_after) add_health_after(drive, *evidence.health_after, judgement.limits);
    if (evidence.page_cache) judgement.limits.emplace_back("page-cache");
    if (!evidence.resumed.empty()) judgement.limits.emplace_back("interrupted-and-resumed");
    std::ranges::sort(judgement.limits);
    judgement.grade = grade_of(proof.read_back);
    return judgement;
}

bool is_same(const Judgement& one, const Judgement& other) {
    const auto but_extents = [](Judgement judgement) {
        judgement.unproven = {};
        return to_json(judgement);
    };
    return one.unproven == other.unproven && but_extents(one) == but_extents(other);
}

} // namespace quietus
