#include "quietus/certificate/check.hpp"

#include "examine_payload.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/record/job_id.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

void append(CheckFindings& findings, CheckFindings more) {
    findings.insert(findings.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
}

bool any_of_class(const CheckFindings& findings, char letter) {
    return std::ranges::any_of(
        findings, [letter](const CheckFinding& each) { return each.code.front() == letter; });
}

bool is_among(std::string_view code, const CheckFindings& findings) {
    return std::ranges::find(findings, code, &CheckFinding::code) != findings.end();
}

// Who has still to sign takes nothing from those who did.
bool holds_so_far(const CheckFindings& findings) {
    return std::ranges::none_of(findings, [](const CheckFinding& each) {
        return each.code.front() == 'E' ||
               (each.code.front() == 'I' && each.code != "I_ROLE_MISSING");
    });
}

bool is(const CheckedSigner& signer, const RequiredSigner& required) {
    return signer.role == required.role && signer.certificate_sha256 == required.certificate_sha256;
}

Role issuer_of(DocumentType type) {
    return type == DocumentType::rehearsal ? Role::rehearsal : Role::station;
}

void require_signers(const Payload& payload, const std::vector<CheckedSigner>& signers,
                     CheckFindings& findings) {
    const auto& required = payload.signers_required;
    const Role issuer = issuer_of(payload.type);
    const auto is_issuer = [issuer](const auto& each) { return each.role == issuer; };
    if (std::ranges::none_of(required, is_issuer))
        findings.push_back({"E_ROLE_MISSING", "signers_required: no " +
                                                  std::string(to_text(issuer)) + " among them"});
    for (const RequiredSigner& each : required)
        if (std::ranges::none_of(signers, [&](const auto& signer) { return is(signer, each); }))
            findings.push_back({"I_ROLE_MISSING", "not signed by the " +
                                                      std::string(to_text(each.role)) +
                                                      " that the document requires"});
    for (const CheckedSigner& signer : signers)
        if (std::ranges::none_of(required, [&](const auto& each) { return is(signer, each); }))
            findings.push_back({"E_ROLE_UNEXPECTED", "signed by a " +
                                                         std::string(to_text(signer.role)) +
                                                         " that the document does not name"});
}

void match_station(const Payload& payload, const std::vector<CheckedSigner>& signers,
                   CheckFindings& findings) {
    for (const CheckedSigner& signer : signers)
        if (signer.role == issuer_of(payload.type) && signer.name != payload.station.id)
            findings.push_back({"E_STATION", "signed by station " + escaped(signer.name) +
                                                 ", issued as station " +
                                                 escaped(payload.station.id)});
}

void warn_of_limits(const std::vector<CheckedSigner>& signers, CheckFindings& findings) {
    const auto is_self_issued = [](const CheckedSigner& signer) { return signer.self_issued_root; };
    if (std::ranges::any_of(signers, is_self_issued))
        findings.push_back({"W_SELF_ISSUED", "self-issued, cannot be revoked"});
}

void match_name(const DocumentFiles& files, const Payload& payload, CheckFindings& findings) {
    if (files.type != payload.type)
        findings.push_back({"E_TYPE", "the file is named as a " + std::string(to_text(files.type)) +
                                          ", but holds a " + std::string(to_text(payload.type))});
    if (files.name != payload.id)
        findings.push_back({"W_NAME", "the file is not named after the document's id"});
}

void check_sizes(const DocumentFiles& files, CheckFindings& findings) {
    if (files.payload.size() > payload_limit) findings.push_back({"E_SIZE", "payload: over 4 MiB"});
    if (files.p7s.size() > p7s_limit) findings.push_back({"E_SIZE", "signature: over 256 KiB"});
}

/// What was read of a payload: of a statement of destruction what it has in common with others, and
/// the rest.
struct Read {
    std::optional<Payload> payload;
    std::optional<DestructionPayload> destruction = std::nullopt;
};

// The facts of a payload as far as they can be read; every objection goes into the report.
Read check_payload(const std::string& bytes, DocumentReport& report) {
    PayloadBytes examined = examine_bytes(bytes);
    append(report.findings, std::move(examined.findings));
    if (!examined.json) return {};
    if (const auto type = from_text<DocumentType>(examined.json->text_of("type")))
        report.type = *type;
    if (report.type == DocumentType::destruction) {
        DestructionReading reading = examine_destruction_schema(*examined.json);
        append(report.findings, std::move(reading.findings));
        if (!reading.payload) return {};
        Payload common = common_of(*reading.payload);
        return {std::move(common), std::move(reading.payload)};
    }
    PayloadFacts facts = examine_schema(*examined.json);
    append(report.findings, std::move(facts.findings));
    return {std::move(facts.payload)};
}

void check_content(const Read& read, const ProfileTexts& profiles, const TrustAnchors& trust,
                   CheckFindings& findings) {
    if (read.destruction) {
        examine_destruction(*read.destruction, findings);
        return check_destruction(*read.destruction, profiles, trust, findings);
    }
    examine_semantics(*read.payload, findings);
    check_confirmation(*read.payload, trust, findings);
    check_policy(*read.payload, profiles, trust, findings);
    check_order(*read.payload, profiles, trust, findings);
}

DocumentTrace trace_of(const Payload& payload, const std::string& bytes) {
    const bool own = payload.drive.identity_source == IdentitySource::drive;
    return {payload.station.id,
            payload.station.sequence,
            sha384_hex(bytes),
            payload.station.previous_sha384,
            own ? payload.drive.serial : "",
            payload.level,
            payload.log.intent_index,
            payload.tool.version,
            payload.tool.commit};
}

bool can_be_placed(const Payload& payload) {
    const std::uint64_t number = payload.station.sequence;
    return is_station_id(payload.station.id) && number >= 1 && number <= job_sequence_max;
}

} // namespace

DocumentVerdict verdict_of(const CheckFindings& findings, DocumentType type) {
    if (any_of_class(findings, 'E')) return DocumentVerdict::invalid;
    if (any_of_class(findings, 'I')) return DocumentVerdict::indeterminate;
    if (is_among("W_VALIDATION_REJECTED", findings)) return DocumentVerdict::not_an_erasure;
    if (type == DocumentType::certificate) return DocumentVerdict::valid;
    return DocumentVerdict::not_an_erasure;
}

DocumentReport check_document(const DocumentFiles& files, const TrustAnchors& trust,
                              const ProfileTexts& profiles) {
    DocumentReport report{files.name, {}, files.type, DocumentVerdict::invalid, {}, {}};
    check_sizes(files, report.findings);
    if (!report.findings.empty()) return report;

    const Read read = check_payload(files.payload, report);
    const auto& payload = read.payload;
    SignatureCheck signature = check_signature(files.p7s, files.payload, report.type, trust);
    const bool holds = holds_so_far(signature.findings);
    const bool signers_known = !any_of_class(signature.findings, 'E');
    append(report.findings, std::move(signature.findings));
    report.signers = std::move(signature.signers);
    if (payload) {
        if (signers_known) {
            require_signers(*payload, report.signers, report.findings);
            match_station(*payload, report.signers, report.findings);
        }
        check_content(read, profiles, trust, report.findings);
        match_name(files, *payload, report.findings);
        if (files.validation && payload->type == DocumentType::certificate)
            report.validation =
                check_validation({*payload, sha384_hex(files.payload), report.signers},
                                 *files.validation, trust, report.findings);
        if (holds) report.id = payload->id;
        if (holds) report.required = payload->signers_required;
        if (signers_known && can_be_placed(*payload))
            report.trace = trace_of(*payload, files.payload);
    }
    warn_of_limits(report.signers, report.findings);
    report.verdict = verdict_of(report.findings, report.type);
    return report;
}

} // namespace quietus
