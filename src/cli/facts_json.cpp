#include "facts_json.hpp"

#include "quietus/app/offers.hpp"
#include "quietus/app/page_digest.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"

#include <algorithm>

namespace quietus::cli {
namespace {

Json::Array texts(const std::vector<std::string>& values) {
    return {values.begin(), values.end()};
}

template <typename Facts>
Json::Array chosen(const Facts& facts, Json (*choose)(const typename Facts::value_type&)) {
    Json::Array array;
    std::ranges::transform(facts, std::back_inserter(array), choose);
    return array;
}

Json content_json(const Content& content) {
    return Json::object({{"node", content.node},
                         {"type", content.type},
                         {"label", content.label},
                         {"uuid", content.uuid},
                         {"usage", content.usage},
                         {"offset_bytes", content.offset_bytes}});
}

Json technique_json(const OfferedTechnique& offer) {
    return Json::object({{"name", to_text(offer.technique)},
                         {"level", to_text(offer.level)},
                         {"basis", to_text(basis_of(offer.technique, offer.level))},
                         {"available", offer.available},
                         {"reason", offer.reason}});
}

Json page_json(const RawPage& page) {
    return Json::object({{"name", page.name},
                         {"bytes", static_cast<std::int64_t>(page.hex.size() / 2)},
                         {"sha256", page_sha256(page)},
                         {"hex", page.hex}});
}

// What is not known is null.
template <typename Number>
Json number_or_null(const std::optional<Number>& number) {
    return number ? Json(*number) : Json(nullptr);
}

template <typename Facts>
Json facts_or_null(const std::optional<Facts>& facts) {
    return facts ? to_json(*facts) : Json(nullptr);
}

// Where it is plugged in and what stands behind it.
void add_surroundings(const Drive& drive, Json& json) {
    json["medium_evidence"] = drive.medium_evidence;
    json["backing"] = to_text(drive.backing);
    json["backing_evidence"] = drive.backing_evidence;
    json["fabric"] = drive.fabric;
    json["port"] = drive.port;
    json["bridge"] = drive.bridge;
    json["probe"] = to_text(drive.probe);
    json["native_size_bytes"] = number_or_null(drive.native_size_bytes);
    json["rotation_rpm"] = number_or_null(drive.rotation_rpm);
    json["zoned"] = to_text(drive.zoned);
    json["disagreements"] =
        chosen(drive.disagreements, [](const Disagreement& each) { return to_json(each); });
}

Json step_json(const PlanStep& step, std::uint64_t bytes) {
    Json json = Json::object(
        {{"kind", to_text(step.kind)}, {"data", to_text(step.data)}, {"bytes", bytes}});
    if (!step.bytes.empty()) json["pattern"] = step.bytes;
    if (step.of != 0) json["of"] = step.of;
    if (step.kind == StepKind::verify) json["verification"] = to_json(step.verification);
    return json;
}

} // namespace

Json drive_json(const Drive& drive) {
    Json json = Json::object({{"node", drive.node},
                              {"by_id", texts(drive.by_id)},
                              {"kind", to_text(drive.kind)},
                              {"medium", to_text(drive.medium)},
                              {"model", drive.model},
                              {"serial", drive.serial},
                              {"serial_raw_hex", drive.serial_raw_hex},
                              {"identity_source", to_text(drive.identity_source)},
                              {"wwn", drive.wwn},
                              {"firmware", drive.firmware},
                              {"size_bytes", drive.size_bytes},
                              {"logical_block_bytes", drive.logical_block_bytes},
                              {"physical_block_bytes", drive.physical_block_bytes},
                              {"removable", drive.removable},
                              {"probe", to_text(drive.probe)},
                              {"diskseq", drive.diskseq}});
    add_surroundings(drive, json);
    json["parts"] = chosen(drive.parts, [](const Part& part) { return to_json(part); });
    json["members"] = chosen(drive.members, [](const Member& each) { return to_json(each); });
    json["contents"] = chosen(drive.contents, content_json);
    json["luks"] = chosen(drive.luks, [](const LuksHeader& header) { return to_json(header); });
    json["in_use"] = chosen(drive.in_use, [](const InUse& use) { return to_json(use); });
    json["guards"] =
        chosen(drive.guards, [](const Guard& guard) { return Json(to_text(guard.interlock)); });
    json["guard_reasons"] = chosen(drive.guards, [](const Guard& guard) { return to_json(guard); });
    json["hidden_areas"] = facts_or_null(drive.hidden_areas);
    json["ata_erasure"] = facts_or_null(drive.ata_erasure);
    json["scsi_erasure"] = facts_or_null(drive.scsi_erasure);
    json["scsi_unit"] = facts_or_null(drive.scsi_unit);
    json["nvme_erasure"] = facts_or_null(drive.nvme_erasure);
    json["nvme_scope"] = facts_or_null(drive.nvme_scope);
    json["tcg"] = facts_or_null(drive.tcg);
    json["health"] = facts_or_null(drive.health);
    json["techniques"] = chosen(offers(drive), technique_json);
    return json;
}

Json inspected_json(const Drive& drive) {
    Json json = drive_json(drive);
    json["findings"] = texts(drive.findings);
    json["pages"] = chosen(drive.pages, page_json);
    return json;
}

Json plan_json(const Proposal& proposal, const std::optional<StoredPlan>& stored) {
    const Plan& plan = proposal.plan;
    Json json = Json::object({{"drive", drive_json(proposal.drive)},
                              {"decision", "allow"},
                              {"rule", Json::object({{"profile", plan.policy.profile},
                                                     {"id", plan.policy.rule},
                                                     {"source", plan.policy.source}})},
                              {"policy_applied", plan.policy.applied},
                              {"technique", to_text(plan.technique)},
                              {"level", to_text(plan.level)},
                              {"level_basis", to_text(basis_of(plan.technique, plan.level))},
                              {"scheme", plan.scheme},
                              {"scheme_status", plan.scheme_status},
                              {"verification", to_json(plan.verification)},
                              {"not_reached", texts(plan.not_reached)},
                              {"estimated_seconds", plan.estimated_seconds}});
    if (plan.firmware) json["firmware"] = to_json(*plan.firmware);
    if (!plan.volumes.empty())
        json["volumes"] =
            chosen(plan.volumes, [](const LuksVolume& volume) { return to_json(volume); });
    Json::Array steps;
    for (const PlanStep& step : plan.steps)
        steps.push_back(step_json(step, bytes_within(proposal.drive, plan)));
    json["steps"] = std::move(steps);
    if (stored) {
        json["confirmation_code"] = stored->code;
        json["expires_at"] = stored->expires_at;
    }
    return json;
}

Json disposal_json(const Disposal& disposal) {
    Json json = Json::object({{"drive", drive_json(disposal.drive)},
                              {"exit_status", static_cast<int>(disposal.exit_status)},
                              {"verdict", to_text(disposal.verdict)},
                              {"level", to_text(Level::none)},
                              {"level_basis", to_text(LevelBasis::host_read_back)},
                              {"technique", nullptr},
                              {"scheme", disposal.scheme},
                              {"job", disposal.job},
                              {"document", nullptr},
                              {"findings", Json::array()}});
    if (disposal.technique) json["technique"] = to_text(*disposal.technique);
    if (disposal.document) {
        json["level"] = to_text(disposal.document->level);
        json["level_basis"] = to_text(disposal.document->level_basis);
        json["document"] = disposal.document->path;
        Json::Array findings;
        for (const Finding& finding : disposal.document->findings)
            findings.push_back(to_json(finding));
        json["findings"] = std::move(findings);
    }
    if (disposal.error)
        json["error"] = Json::object({{"message", escaped(disposal.error->message)},
                                      {"hint", escaped(disposal.error->hint)}});
    return json;
}

Json error_json(const Error& error, ExitStatus status, const std::string& where) {
    return Json::object({{"error", Json::object({{"exit_status", static_cast<int>(status)},
                                                 {"where", where},
                                                 {"message", error.message},
                                                 {"hint", error.hint}})}});
}

} // namespace quietus::cli
