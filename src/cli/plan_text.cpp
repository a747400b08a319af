#include "plan_text.hpp"

#include "ata_text.hpp"
#include "people_text.hpp"

#include "quietus/app/offers.hpp"
#include "quietus/core/bytes.hpp"

namespace quietus::cli {
namespace {

constexpr std::size_t masked_characters = 4;

std::string masked(const std::string& serial) {
    if (serial.size() <= masked_characters) return serial;
    return serial.substr(0, serial.size() - masked_characters) + "????";
}

std::string coverage(const Verification& verification) {
    switch (verification.mode) {
    case VerificationMode::full:
        return "every byte";
    case VerificationMode::sample:
        return std::to_string(verification.percent) + " % sample";
    case VerificationMode::none:
        return "none: the verdict will be unverified";
    }
    return {};
}

std::string holds(const Drive& drive) {
    std::vector<std::string> what;
    for (const Content& content : drive.contents)
        what.push_back(content.type + (content.label.empty() ? "" : " \"" + content.label + "\""));
    return joined(what, "nothing that libblkid knows");
}

// What of it is not written to.
void add_volumes(const Plan& plan, std::vector<std::vector<std::string>>& rows) {
    for (const LuksVolume& each : plan.volumes)
        rows.push_back({"left", "ciphertext of the volume at byte " +
                                    std::to_string(each.offset_bytes) + ", LUKS" +
                                    std::to_string(each.version) + ", " + each.cipher +
                                    ": its keys, from there to byte " +
                                    std::to_string(each.offset_bytes + each.data_offset) +
                                    ", are overwritten"});
}

// What it is kept on, and what stands behind it where that is not a drive.
std::string kind_in_words(const Drive& drive) {
    std::string words =
        std::string(to_text(drive.kind)) + ", " + std::string(to_text(drive.medium));
    if (!drive.medium_evidence.empty()) words += " (" + drive.medium_evidence + ")";
    if (drive.backing != Backing::physical && drive.backing != Backing::unknown)
        words += ", " + std::string(to_text(drive.backing));
    return drive.fabric.empty() ? words : words + ", over " + drive.fabric;
}

std::string data_in_words(const PlanStep& step) {
    switch (step.data) {
    case StepData::fixed:
        return "the octets " + step.bytes;
    case StepData::random_char:
        return "one random octet";
    case StepData::complement:
        return "the complement of step " + std::to_string(step.of);
    case StepData::random_stream:
        return "a random stream under a fresh key";
    case StepData::lba_stamp:
        return "each block's own number";
    case StepData::none:
        return {};
    }
    return {};
}

std::string level_in_words(const Plan& plan) {
    const std::string text = "level " + std::string(to_text(plan.level)) + " at most";
    if (basis_of(plan.technique, plan.level) != LevelBasis::drive_reported) return text;
    const auto& decision = plan.policy.decision;
    const bool by_claim = decision && decision->vendor_claim == VendorClaim::accepted;
    return text + ", by the drive's own word" +
           (by_claim ? ", and what its vendor claims of it" : "") +
           ": what is read back proves clear";
}

std::string policy_in_words(const Plan& plan) {
    if (plan.policy.applied) return plan.policy.profile + " " + plan.policy.rule;
    return plan.scheme.empty() ? "none applied: technique chosen directly"
                               : "none applied: technique and scheme chosen directly";
}

} // namespace

std::string step_in_words(const PlanStep& step) {
    switch (step.kind) {
    case StepKind::address_probe:
        return "address probe";
    case StepKind::write:
        return "write " + data_in_words(step);
    case StepKind::verify:
        return "read back " + coverage(step.verification);
    case StepKind::lift_hidden_areas:
        return "lift hidden areas, so that all of the drive can be reached";
    case StepKind::canaries:
        return "keyed blocks all over, which must be gone afterwards";
    case StepKind::firmware:
        return "the drive erases itself";
    }
    return {};
}

std::string plan_in_words(const Proposal& proposal, bool mask_serial) {
    const Drive& drive = proposal.drive;
    const Plan& plan = proposal.plan;
    std::vector<std::vector<std::string>> rows{
        {"drive", drive.node + ", " + long_size(drive.size_bytes)},
        {"kind", kind_in_words(drive)},
        {"model", drive.model.empty() ? "unknown" : drive.model},
        {"serial",
         drive.serial.empty() ? "unknown" : (mask_serial ? masked(drive.serial) : drive.serial)},
        {"holds", holds(drive)},
        {"technique", std::string(to_text(plan.technique)) + ", " + level_in_words(plan)}};
    if (!plan.scheme.empty())
        rows.push_back(
            {"scheme", plan.scheme + " (" + plan.scheme_title + "; " + plan.scheme_status + ")"});
    for (auto& row : firmware_rows(plan))
        rows.push_back(std::move(row));
    add_volumes(plan, rows);
    rows.push_back({"policy", policy_in_words(plan)});
    rows.push_back({"not reached", joined(plan.not_reached, "nothing known")});
    rows.push_back({"estimated", duration(plan.estimated_seconds)});
    for (const Part& part : drive.parts)
        rows.push_back({"part", part_line(part)});
    // There is a plan: whatever still guards the drive was set aside.
    for (const Guard& guard : drive.guards)
        rows.push_back({"set aside", std::string(to_text(guard.interlock)) + ": " + guard.reason});
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
        rows.push_back({"step " + std::to_string(i + 1), step_in_words(plan.steps[i])});
    const bool reads_back = plan.verification.mode != VerificationMode::none;
    rows.push_back({reads_back ? "step " + std::to_string(plan.steps.size() + 1) : "read back",
                    (reads_back ? "read back " : "") + coverage(plan.verification) +
                        (plan.volumes.empty() ? "" : " that was written")});
    return table(rows);
}

} // namespace quietus::cli
