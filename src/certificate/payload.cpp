#include "payload.hpp"

#include "quietus/policy/volumes.hpp"

#include <utility>

namespace quietus {
namespace {

bool is_clean_sample(const ReadBackRecord& record) {
    return record.verification.mode == VerificationMode::sample && record.completed &&
           record.mismatched.empty() && record.unreadable.empty() &&
           record.bytes_read == record.bytes_matched;
}

bool is_clean_sample(const FirmwareReadBack& record) {
    return record.sample && record.completed && record.mismatched.empty() &&
           record.unreadable.empty();
}

std::string sample_statement(std::uint64_t strata) {
    const std::string n = std::to_string(strata);
    return "one block drawn uniformly from each of " + n +
           " equal strata, none wrong: with 95 % confidence at most 3/" + n +
           " of the blocks differ; this says nothing about a small chosen region";
}

} // namespace

std::string_view title_of(DocumentType type) {
    if (type == DocumentType::rehearsal) return wording::rehearsal_title;
    return type == DocumentType::certificate ? wording::certificate_title : wording::attempt_title;
}

std::vector<std::string> sample_statements(const Evidence& evidence) {
    std::vector<std::string> statements;
    for (const ReadBackRecord& record : evidence.read_backs)
        if (is_clean_sample(record)) statements.push_back(sample_statement(record.strata));
    const auto& firmware = evidence.firmware;
    if (firmware && firmware->read_back && is_clean_sample(*firmware->read_back))
        statements.push_back(sample_statement(firmware->read_back->sample->strata));
    return statements;
}

std::vector<NamedText> free_texts(Payload& payload) {
    DrivePayload& drive = payload.drive;
    Statements& said = payload.statements.said;
    Tool& tool = payload.tool;
    std::vector<NamedText> texts{{"document_marking", &payload.document_marking},
                                 {"drive.firmware", &drive.firmware},
                                 {"drive.host_name", &drive.host_name},
                                 {"drive.model", &drive.model},
                                 {"drive.serial", &drive.serial},
                                 {"drive.wwn", &drive.wwn},
                                 {"method.stop_text", &payload.method.stop_text},
                                 {"statements.asset_tag", &said.asset_tag},
                                 {"statements.authority", &said.authority},
                                 {"statements.contractor", &said.contractor},
                                 {"statements.country", &said.country},
                                 {"statements.hold_clearance", &said.hold_clearance},
                                 {"statements.operator", &said.op},
                                 {"statements.organisation", &said.organisation},
                                 {"statements.site", &said.site},
                                 {"statements.witness", &said.witness},
                                 {"tool.commit", &tool.commit},
                                 {"tool.kernel", &tool.kernel},
                                 {"tool.libblkid", &tool.libblkid},
                                 {"tool.openssl", &tool.openssl},
                                 {"tool.version", &tool.version}};
    for (std::size_t i = 0; i < said.references.size(); ++i)
        texts.push_back({"statements.references." + std::to_string(i), &said.references[i]});
    if (said.order) {
        texts.push_back({"statements.order.id", &said.order->id});
        texts.push_back({"statements.order.approver", &said.order->approver});
    }
    if (drive.health) texts.push_back({"drive.health.text", &drive.health->text});
    if (auto& evidence = payload.method.firmware)
        for (NamedText& each : firmware_texts(*evidence))
            texts.push_back(std::move(each));
    if (auto& record = payload.method.hidden)
        for (NamedText& each : hidden_texts(*record, "method.hidden"))
            texts.push_back(std::move(each));
    if (auto& health = payload.method.health_after)
        texts.push_back({"method.health_after.text", &health->text});
    if (auto& record = payload.method.luks) texts.push_back({"method.luks.text", &record->text});
    for (std::size_t i = 0; i < payload.findings.size(); ++i)
        texts.push_back({"findings." + std::to_string(i) + ".text", &payload.findings[i].text});
    return texts;
}

std::vector<NamedExtents> extent_lists(Payload& payload) {
    std::vector<NamedExtents> lists{{"coverage.unproven", &payload.coverage.unproven}};
    if (auto& probe = payload.method.probe) {
        lists.push_back({"method.probe.wrong", &probe->wrong});
        lists.push_back({"method.probe.unwritable", &probe->unwritable});
        lists.push_back({"method.probe.unreadable", &probe->unreadable});
    }
    for (std::size_t i = 0; i < payload.method.passes.size(); ++i) {
        const std::string path = "method.passes." + std::to_string(i);
        lists.push_back({path + ".written", &payload.method.passes[i].written});
        lists.push_back({path + ".unwritable", &payload.method.passes[i].unwritable});
    }
    for (std::size_t i = 0; i < payload.verification.read_backs.size(); ++i) {
        const std::string path = "verification.read_backs." + std::to_string(i);
        ReadBackRecord& record = payload.verification.read_backs[i];
        lists.push_back({path + ".matched", &record.matched});
        lists.push_back({path + ".mismatched", &record.mismatched});
        lists.push_back({path + ".unreadable", &record.unreadable});
    }
    if (auto& record = payload.method.luks) lists.push_back({"method.luks.left", &record->left});
    if (auto& evidence = payload.method.firmware)
        for (NamedExtents& each : firmware_extents(*evidence))
            lists.push_back(std::move(each));
    return lists;
}

Drive drive_of(const Payload& payload) {
    const DrivePayload& facts = payload.drive;
    Drive drive;
    drive.kind = facts.kind;
    drive.medium = facts.medium;
    drive.model = facts.model;
    drive.serial = facts.serial;
    drive.serial_raw_hex = facts.serial_raw_hex;
    drive.identity_source = facts.identity_source;
    drive.wwn = facts.wwn;
    drive.firmware = facts.firmware;
    drive.size_bytes = facts.capacity_bytes;
    if (const auto* native = facts.native_capacity_bytes.as<std::int64_t>())
        drive.native_size_bytes = static_cast<std::uint64_t>(*native);
    drive.logical_block_bytes = facts.logical_block_bytes;
    drive.physical_block_bytes = facts.physical_block_bytes;
    drive.removable = facts.removable;
    drive.provenance = facts.provenance;
    for (const PartPayload& part : facts.parts)
        drive.parts.push_back({"", part.size_bytes});
    drive.health = facts.health;
    return drive;
}

Plan plan_of(const Payload& payload) {
    const MethodPayload& method = payload.method;
    Plan plan;
    plan.technique = method.technique;
    plan.scheme = method.scheme;
    plan.scheme_title = method.scheme_title;
    plan.scheme_status = method.scheme_status;
    plan.level = method.level;
    plan.policy = payload.policy.basis;
    plan.steps = method.steps;
    plan.verification = payload.verification.asked;
    plan.not_reached = method.not_reached;
    plan.firmware = method.options;
    plan.volumes = method.volumes;
    return plan;
}

Evidence evidence_of(const Payload& payload) {
    const MethodPayload& method = payload.method;
    return {method.probe,        method.passes,   payload.verification.read_backs,
            method.page_cache,   method.stopped,  method.stop_text,
            method.resumed,      method.firmware, method.hidden,
            method.health_after, method.luks};
}

ExtentSet kept_extents(const Payload& payload) {
    return kept_extents(payload.method.volumes);
}

} // namespace quietus
