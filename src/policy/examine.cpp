#include "examine.hpp"

#include "examine_passes.hpp"
#include "plan_steps.hpp"
#include "scope.hpp"
#include "whole_sample.hpp"

#include <algorithm>

namespace quietus {
namespace {

// A read-back that the plan asks for.
struct Demand {
    std::uint32_t step = 0;
    std::uint32_t of_step = 0;
    Verification verification;
};

std::string name_of(const Demand& demand) {
    return "read-back of step " + std::to_string(demand.of_step);
}

std::vector<Demand> demands_of(const Plan& plan) {
    std::vector<Demand> demands;
    for (const std::uint32_t number : steps_of(plan, StepKind::verify)) {
        const PlanStep& step = *step_of(plan, number);
        demands.push_back({number, step.of, step.verification});
    }
    if (plan.verification.mode != VerificationMode::none)
        demands.push_back({static_cast<std::uint32_t>(plan.steps.size() + 1),
                           steps_of(plan, StepKind::write).back(), plan.verification});
    return demands;
}

// While a run was interrupted the drive was out of our hands, and a sample could miss what was done
// to it: then the final state is read back in full.
void demand_more_when_resumed(const Evidence& evidence, const Plan& plan,
                              std::vector<Demand>& demands) {
    if (!evidence.resumed.empty() && plan.verification.mode != VerificationMode::none)
        demands.back().verification = {VerificationMode::full, 100};
}

// A resumption goes on with a step of the plan, or with its final read-back; only a pass can be
// gone on with midway, and what it had written it had written from the beginning of the drive.
bool is_possible(const Drive& drive, const Plan& plan, const Resumption& resumption) {
    const std::uint64_t last =
        plan.steps.size() + (plan.verification.mode == VerificationMode::none ? 0 : 1);
    if (resumption.step == 0 || resumption.step > last) return false;
    if (resumption.carried_bytes > drive.size_bytes || resumption.compared_bytes > drive.size_bytes)
        return false;
    const PlanStep* step = step_of(plan, resumption.step);
    const bool midway = resumption.carried_bytes != 0;
    if (midway && (step == nullptr || step->kind != StepKind::write)) return false;
    return resumption.first_block <= resumption.carried_bytes / drive.logical_block_bytes;
}

void examine_resumptions(const Drive& drive, const Plan& plan, const Evidence& evidence,
                         Findings& findings) {
    for (const Resumption& each : evidence.resumed)
        if (!is_possible(drive, plan, each))
            findings.add("inconsistent-evidence", "a resumption that no engine yields");
}

bool is_sound_sample(const Drive& drive, const ReadBackRecord& record) {
    // Without its seed nobody could tell later which blocks were drawn.
    return record.sample_seed &&
           is_whole_sample({record.verification.percent, *record.sample_seed, record.strata,
                            record.sample_block_bytes, record.bytes_matched},
                           drive.size_bytes);
}

bool read_enough(const Drive& drive, const Scope& scope, const ReadBackRecord& record) {
    if (!record.completed || record.bytes_read != record.bytes_matched) return false;
    if (record.verification.mode == VerificationMode::full) {
        const ExtentSet matched(record.matched);
        return scope.is_covered_by(matched) && matched.bytes() == record.bytes_matched;
    }
    return is_sound_sample(drive, record);
}

bool is_of(const ReadBackRecord& record, const Demand& demand) {
    return record.step == demand.step && record.of_step == demand.of_step;
}

/// A drive by a plan.
struct Examined {
    const Drive& drive;
    Scope scope;
};

void examine_read_back(const Examined& examined, const ReadBackRecord& record, const Demand& demand,
                       Findings& findings) {
    const Drive& drive = examined.drive;
    const std::string name = name_of(demand);
    findings.add_extents("mismatch", name, record.mismatched);
    findings.add_extents("unreadable", name, record.unreadable);
    if (!is_of(record, demand))
        findings.add("unexpected-record", name + ": this record is of another step");
    else if (!is_well_formed(record.matched, drive.size_bytes))
        findings.add("inconsistent-evidence", name + ": extents that no engine yields");
    else if (!satisfies(record.verification, demand.verification) ||
             !read_enough(drive, examined.scope, record))
        findings.add("incomplete-read-back",
                     name + " found " + std::to_string(record.bytes_matched) + " bytes equal");
}

void examine_read_backs(const Examined& examined, const std::vector<Demand>& demands,
                        const Evidence& evidence, Findings& findings) {
    const auto& records = evidence.read_backs;
    for (std::size_t index = 0; index < std::min(demands.size(), records.size()); ++index)
        examine_read_back(examined, records[index], demands[index], findings);
    if (records.size() > demands.size())
        findings.add("unexpected-record", "more read-backs than the plan asks for");
    if (records.size() < demands.size() && !has_stopped(evidence))
        findings.add("missing-record", "no record of the " + name_of(demands[records.size()]));
}

// The read-back of the final state; nullptr when none was asked for or it is not there.
const ReadBackRecord* final_read_back(const Plan& plan, const std::vector<Demand>& demands,
                                      const Evidence& evidence) {
    if (plan.verification.mode == VerificationMode::none) return nullptr;
    if (evidence.read_backs.size() != demands.size()) return nullptr;
    const ReadBackRecord& record = evidence.read_backs.back();
    return is_of(record, demands.back()) ? &record : nullptr;
}

// What a full read-back confirms, also when it is not clean: the blocks that were equal.
ExtentSet confirmed(const Drive& drive, const ExtentSet& written, const ReadBackRecord& record) {
    if (!is_well_formed(record.matched, drive.size_bytes)) return {};
    ExtentSet unconfirmed = written;
    unconfirmed.subtract(ExtentSet(record.matched));
    ExtentSet proven = written;
    proven.subtract(unconfirmed);
    for (const auto* against : {&record.mismatched, &record.unreadable})
        proven.subtract(inside(*against, drive.size_bytes));
    return proven;
}

bool are_keys_of(const LuksKeysFound& found, const LuksVolume& volume) {
    return found.offset_bytes == volume.offset_bytes && found.headers >= 1 && found.headers <= 2;
}

// What opened the volumes must have been there before, since else they were not what was planned
// for, and must not be found any more.
void examine_keys(const Examined& examined, const Plan& plan, const Evidence& evidence,
                  Findings& findings) {
    const auto& record = evidence.luks;
    if (plan.technique != Technique::luks_erase) {
        if (record)
            findings.add("unexpected-record", "keys of volumes, of which the plan has none");
        return;
    }
    if (!record) {
        if (!has_stopped(evidence))
            findings.add("missing-record", "no record of the keys of its volumes");
        return;
    }
    if (!std::ranges::equal(record->before, plan.volumes, are_keys_of) ||
        !is_well_formed(record->left, examined.drive.size_bytes))
        findings.add("inconsistent-evidence", "keys of other volumes than the plan has");
    findings.add_extents("key-header-left", "volumes", record->left);
    if (!record->looked && !has_stopped(evidence))
        findings.add("missing-record", "nobody has looked for headers afterwards");
}

} // namespace

Proof examine(const Drive& drive, const Plan& plan, const Evidence& evidence, Findings& findings) {
    if (const auto flaw = flaw_of(plan)) {
        findings.add("unsound-plan", *flaw);
        return {};
    }
    const Examined examined{drive, scope_of(drive, plan)};
    if (examined.scope.kept.empty() && !plan.volumes.empty()) {
        findings.add("unsound-plan", "the plan's volumes do not lie on the drive");
        return {};
    }
    Proof proof;
    if (evidence.firmware) findings.add("unexpected-record", "what the drive did by itself");
    examine_probe(plan, evidence, findings);
    proof.written = examine_passes(drive, plan, evidence, findings);
    auto demands = demands_of(plan);
    demand_more_when_resumed(evidence, plan, demands);
    examine_read_backs(examined, demands, evidence, findings);
    examine_keys(examined, plan, evidence, findings);
    examine_resumptions(drive, plan, evidence, findings);
    const auto* final = final_read_back(plan, demands, evidence);
    if (final == nullptr) return proof;
    if (final->verification.mode == VerificationMode::full)
        proof.proven = confirmed(drive, proof.written, *final);
    else if (findings.none())
        proof.proven = proof.written; // a sample stands for the whole only when nothing is wrong
    if (findings.none()) proof.read_back = final->verification.mode;
    return proof;
}

} // namespace quietus
