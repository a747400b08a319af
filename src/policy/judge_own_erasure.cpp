#include "judge_own_erasure.hpp"

#include "findings.hpp"
#include "firmware_plan.hpp"
#include "plan_steps.hpp"
#include "stop_codes.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/policy/judge_firmware.hpp"

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

VerificationMode read_back_of(const Evidence& evidence) {
    if (!evidence.firmware || !evidence.firmware->read_back) return VerificationMode::none;
    return evidence.firmware->read_back->sample ? VerificationMode::sample : VerificationMode::full;
}

// While a run was interrupted the drive was out of our hands, and a sample could miss what was done
// to it: then the whole of it is read back.
bool read_less_than_asked(const Plan& plan, const Evidence& evidence) {
    if (read_back_of(evidence) != VerificationMode::sample) return false;
    const Verification full;
    const Verification done{VerificationMode::sample,
                            evidence.firmware->read_back->sample->percent};
    return !satisfies(done, evidence.resumed.empty() ? plan.verification : full);
}

void examine_correspondence(const Plan& plan, const Evidence& evidence, Findings& findings) {
    if (const auto flaw = firmware_flaw_of(plan)) findings.add("unsound-plan", *flaw);
    if (evidence.probe || !evidence.passes.empty() || !evidence.read_backs.empty())
        findings.add("unexpected-record", "records of an overwrite");
    if (!evidence.firmware) {
        findings.add("missing-record", "nothing is known of what the drive did");
        return;
    }
    if (evidence.firmware->method != plan.technique)
        findings.add("unexpected-record", "the drive was told something else");
    else if (plan.firmware && to_json(evidence.firmware->options) != to_json(*plan.firmware))
        findings.add("unexpected-record", "the drive was told so with other options");
    if (read_less_than_asked(plan, evidence))
        findings.add("incomplete-read-back", "a smaller sample than was asked for");
}

// The drive that was planned for: as it was found, before anything hidden was lifted.
void examine_identity(const Drive& drive, const FirmwareEvidence& evidence, Findings& findings) {
    const auto& identity = evidence.identity_before;
    if (!identity) return; // then nothing was begun, and that is a finding of its own
    const bool same_name = identity->model == drive.model && identity->serial == drive.serial;
    const std::uint64_t blocks =
        identity->logical_bytes == 0 ? 0 : drive.size_bytes / identity->logical_bytes;
    // A run that was gone on with may have lifted what was hidden.
    const bool same_blocks =
        identity->logical_bytes == drive.logical_block_bytes &&
        (blocks == evidence.hidden.before.accessible || blocks == identity->sectors);
    if (!same_name || !same_blocks)
        findings.add("drive-changed",
                     "the drive that was told is not the one that was planned for");
}

std::vector<Extent> whole(std::uint64_t size_bytes) {
    if (size_bytes == 0) return {};
    return {{0, size_bytes}};
}

// What speaks against an erasure besides what the drive did. Records that do not belong together
// prove nothing; a run that was stopped from outside proves no more than that.
void weigh(const Evidence& evidence, std::vector<Finding> findings, Judgement& judgement) {
    const bool contradicts = !findings.empty();
    judgement.findings.insert(judgement.findings.begin(), findings.begin(), findings.end());
    const auto stop = stop_finding(evidence);
    if (stop) judgement.findings.insert(judgement.findings.begin(), *stop);
    if (stop || contradicts)
        judgement.verdict = has_ended_early(evidence) ? Verdict::interrupted : Verdict::failed;
}

// What comes to less than a rule asks for is not what was promised, however well it was done.
void settle_level(const Drive& drive, const Plan& plan, Level reported, Judgement& judgement) {
    if (judgement.verdict != Verdict::erased) {
        judgement.level = Level::none;
        judgement.grade.clear();
        return;
    }
    const auto& decision = plan.policy.decision;
    const VendorClaim claim =
        decision ? decision->vendor_claim.value_or(VendorClaim::none) : VendorClaim::none;
    judgement.level =
        std::min({plan.level, reported, firmware_level(drive, plan.technique, claim)});
    if (decision && judgement.level < decision->level) {
        judgement.findings.push_back({"level-not-reached",
                                      "the rule asks for " + std::string(to_text(decision->level)) +
                                          ", and this comes to " +
                                          std::string(to_text(judgement.level)),
                                      {},
                                      {}});
        judgement.verdict = Verdict::indeterminate;
        judgement.level = Level::none;
        judgement.grade.clear();
    }
    if (judgement.level != Level::purge) return;
    judgement.level_basis = LevelBasis::drive_reported;
    judgement.grade = "E4";
}

} // namespace

Judgement judge_own_erasure(const Drive& drive, const Plan& plan, const Evidence& evidence) {
    Findings findings(drive);
    examine_correspondence(plan, evidence, findings);
    FirmwareJudgement judged;
    if (evidence.firmware) {
        examine_identity(drive, *evidence.firmware, findings);
        judged = judge_firmware(*evidence.firmware);
    }
    Judgement& judgement = judged.judgement;
    if (judgement.bytes_proven == 0 && judgement.unproven.empty())
        judgement.unproven = whole(drive.size_bytes);
    weigh(evidence, std::move(findings).take(), judgement);
    settle_level(drive, plan, judged.reported, judgement);
    for (std::string& limit :
         firmware_limits(plan.technique, judgement.level, read_back_of(evidence)))
        judgement.limits.push_back(std::move(limit));
    if (!evidence.resumed.empty()) judgement.limits.emplace_back("interrupted-and-resumed");
    std::ranges::sort(judgement.limits);
    // Not of ranges, which clang 14 cannot read.
    judgement.limits.erase(std::unique(judgement.limits.begin(), judgement.limits.end()),
                           judgement.limits.end());
    return std::move(judgement);
}

} // namespace quietus
