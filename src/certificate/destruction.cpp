#include "quietus/certificate/destruction.hpp"

#include "build.hpp"
#include "examine_payload.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/record/job_id.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

DestructionFacts fitted_facts(DestructionFacts facts) {
    for (std::string* text :
         {&facts.method, &facts.equipment, &facts.residue, &facts.residue_counts_as})
        *text = fit(*text);
    return facts;
}

void state_record(const DestructionRecord& record, DestructionPayload& payload) {
    payload.document_marking = fit(record.statements.document_marking);
    payload.drive = drive_payload(record.drive);
    payload.statements.said = fitted(record.statements);
    payload.policy.basis = fitted(record.policy);
    if (record.policy.applied) payload.policy.statement = wording::policy_applied;
    payload.seen_by_station = record.seen_by_station;
    payload.destruction = fitted_facts(record.facts);
    payload.sufficient = record.sufficient;
    payload.reason = record.reason;
    payload.closes = record.closes;
}

std::string content_sha256(const DestructionPayload& payload) {
    return sha256_hex(to_line(Json::object({{"closes", to_json(payload.closes)},
                                            {"destruction", to_json(payload.destruction)},
                                            {"drive", to_json(payload.drive)}})));
}

} // namespace

Payload common_of(const DestructionPayload& payload) {
    Payload common;
    common.type = payload.type;
    common.title = payload.title;
    common.id = payload.id;
    common.issued_at = payload.issued_at;
    common.drive = payload.drive;
    common.statements = payload.statements;
    common.policy = payload.policy;
    common.tool = payload.tool;
    common.station = payload.station;
    common.log = payload.log;
    common.retain_until = payload.retain_until;
    common.signers_required = payload.signers_required;
    return common;
}

std::string destruction_sha256(const DestructionRecord& record) {
    DestructionPayload payload;
    state_record(record, payload);
    return content_sha256(payload);
}

Result<Certificate> draft_destruction(const DestructionRequest& request,
                                      const SignerIdentity& station, std::int64_t issued_at) {
    const Placement& place = request.placement;
    DestructionPayload payload;
    state_record(request.record, payload);
    payload.id = job_id(place.station, place.sequence);
    payload.issued_at = to_rfc3339(issued_at);
    payload.retain_until = retain_until(payload.policy.basis, issued_at);
    payload.tool = fitted(request.tool);
    payload.station = {place.station, place.sequence, place.previous_sha384};
    payload.log = {place.intent_log_index, place.salt};
    payload.signers_required = {{station.role, station.certificate_sha256}};
    const auto& persons = request.record.statements.signers;
    payload.signers_required.insert(payload.signers_required.end(), persons.begin(), persons.end());
    auto text = to_canonical(to_json(payload));
    if (!text) return Error{Fault::evidence, text.error().message}.during("statement");
    for (const CheckFinding& each : check_semantics(*text, DocumentType::destruction))
        if (!each.code.starts_with("W_"))
            return Error{Fault::evidence, each.code + ": " + each.text}.during("statement");
    return Certificate{DocumentType::destruction, payload.id, std::move(*text), {}};
}

Result<StatedDestruction> read_destruction(std::string_view payload) {
    const PayloadBytes bytes = examine_bytes(payload);
    if (!bytes.json) return Error{Fault::invalid, "no statement of destruction"};
    DestructionReading reading = examine_destruction_schema(*bytes.json);
    if (!reading.payload) return Error{Fault::invalid, "no statement of destruction"};
    const DestructionPayload& read = *reading.payload;
    return StatedDestruction{read.id,
                             read.station.id,
                             read.station.sequence,
                             read.station.previous_sha384,
                             read.log.intent_index,
                             read.log.salt,
                             content_sha256(read),
                             drive_of(common_of(read)),
                             read.closes,
                             read.signers_required};
}

} // namespace quietus
