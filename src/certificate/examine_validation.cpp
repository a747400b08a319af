#include "examine_payload.hpp"

#include "schema_reader.hpp"
#include "validation_payload.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/record/job_id.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

/// A statement, looked at beside its certificate; all that is found says so.
class ValidationCheck {
  public:
    ValidationCheck(const ValidatedCertificate& certificate, CheckFindings& findings)
        : certificate_(certificate), findings_(findings) {}

    std::optional<StatedValidation> run(const ValidationFiles& files, const TrustAnchors& trust) {
        for (const CheckFinding& each : files.findings)
            add(each.code, each.text);
        if (!files.findings.empty()) return std::nullopt;
        const auto read = read_payload(files.payload);
        const SignatureCheck check =
            check_signature(files.p7s, files.payload, DocumentType::validation, trust);
        for (const CheckFinding& each : check.findings)
            add(each.code, each.text);
        const bool holds = std::ranges::none_of(
            check.findings, [](const CheckFinding& each) { return each.code.front() == 'E'; });
        if (!read) return std::nullopt;
        examine_form(*read);
        examine_subject(*read);
        for (const CheckedSigner& signer : check.signers) {
            examine_signer(*read, signer);
            examine_person(signer);
        }
        if (!holds || broken_) return std::nullopt;
        if (read->decision == ValidationDecision::rejected)
            add("W_VALIDATION_REJECTED",
                "rejected by " + escaped(read->validator) + ": " + escaped(read->reason));
        return StatedValidation{
            read->decision, read->validator, read->classification,     read->reason,
            read->station,  read->issued_at, sha384_hex(files.payload)};
    }

  private:
    void add(const std::string& code, const std::string& text) {
        broken_ = broken_ || code.front() == 'E';
        findings_.push_back({code, "validation: " + text});
    }
    void require(bool holds, const char* code, const char* otherwise) {
        if (!holds) add(code, otherwise);
    }

    std::optional<ValidationPayload> read_payload(std::string_view text) {
        PayloadBytes bytes = examine_bytes(text);
        for (const CheckFinding& each : bytes.findings)
            add(each.code, each.text);
        if (!bytes.json) return std::nullopt;
        if (bytes.json->text_of("type") != to_text(DocumentType::validation)) {
            add("E_TYPE", "payload: no statement of validation");
            return std::nullopt;
        }
        const Json* schema = bytes.json->find("schema");
        if (schema == nullptr || *schema != Json(payload_schema)) {
            add("E_SCHEMA_VERSION", "payload: schema version is not 1");
            return std::nullopt;
        }
        SchemaReader reader;
        auto payload = reader.read<ValidationPayload>(*bytes.json, "");
        const bool whole = reader.is_whole();
        for (const CheckFinding& each : std::move(reader).take())
            add(each.code, each.text);
        return whole ? std::optional(std::move(payload)) : std::nullopt;
    }

    static bool is_digest(std::string_view text, std::size_t digits) {
        return text.size() == digits && is_hex(text);
    }

    void examine_form(const ValidationPayload& payload) {
        const bool good =
            payload.title == wording::validation_title && !payload.document_marking.empty() &&
            !payload.classification.empty() && !payload.validator.empty() &&
            payload.time_source == wording::time_source && is_station_id(payload.station) &&
            is_digest(payload.payload_sha384, 96) && from_rfc3339(payload.issued_at) &&
            from_rfc3339(payload.retain_until) &&
            std::ranges::all_of(payload.signers_required, [](const RequiredSigner& each) {
                return is_digest(each.certificate_sha256, 64);
            });
        require(good, "E_SCHEMA", "payload: a member is not of the required form");
        require(payload.decision == ValidationDecision::accepted || !payload.reason.empty(),
                "E_SCHEMA", "payload: reason: a rejection says why");
        require(!is_before(payload.retain_until, payload.issued_at), "E_SEM_TIME_ORDER",
                "end of retention before the issue");
    }

    static bool is_before(const std::string& one, const std::string& other) {
        const auto first = from_rfc3339(one);
        const auto second = from_rfc3339(other);
        return first && second && *first < *second;
    }

    void examine_subject(const ValidationPayload& payload) {
        const Payload& certificate = certificate_.payload;
        require(payload.id == certificate.id &&
                    payload.payload_sha384 == certificate_.payload_sha384,
                "E_VALIDATION_DOCUMENT", "of another document, or of other octets of it");
        require(!is_before(payload.issued_at, certificate.issued_at), "E_SEM_TIME_ORDER",
                "issued before the certificate");
        const auto& decision = certificate.policy.basis.decision;
        require(payload.decision == ValidationDecision::rejected || !decision ||
                    payload.classification == decision->classification_given,
                "E_VALIDATION", "accepts another classification than was decided about");
    }

    void examine_signer(const ValidationPayload& payload, const CheckedSigner& signer) {
        const RequiredSigner who{signer.role, signer.certificate_sha256};
        require(payload.signers_required == std::vector{who}, "E_VALIDATION",
                "signed by somebody else than the one who has to");
        require(name_mark(payload.validator) == name_mark(escaped(signer.name)), "E_VALIDATION",
                "signed under another name than validator");
    }

    // Two pairs of eyes: neither anybody who signed the certificate nor whom it names.
    void examine_person(const CheckedSigner& validator) {
        for (const CheckedSigner& each : certificate_.signers) {
            const bool person = each.role != Role::station;
            if (is_same_key(validator.marks, each.marks))
                add("E_ROLE_SAME_KEY",
                    "by the key of the " + std::string(to_text(each.role)) + " of the certificate");
            else if (person && is_same_person(validator.marks, each.marks))
                add("E_ROLE_SAME_PERSON",
                    "by the " + std::string(to_text(each.role)) + " of the certificate");
        }
        const Statements& said = certificate_.payload.statements.said;
        for (const std::string* name : {&said.op, &said.witness})
            if (!name->empty() && name_mark(*name) == name_mark(escaped(validator.name)) &&
                !is_among_signers(*name))
                add("E_ROLE_SAME_PERSON", "by whom the certificate names as operator or witness");
    }
    // Then it has been said already.
    [[nodiscard]] bool is_among_signers(const std::string& name) const {
        return std::ranges::any_of(certificate_.signers, [&](const CheckedSigner& each) {
            return each.role != Role::station && name_mark(escaped(each.name)) == name_mark(name);
        });
    }

    const ValidatedCertificate& certificate_;
    CheckFindings& findings_;
    bool broken_ = false;
};

} // namespace

std::optional<StatedValidation> check_validation(const ValidatedCertificate& certificate,
                                                 const ValidationFiles& files,
                                                 const TrustAnchors& trust,
                                                 CheckFindings& findings) {
    auto stated = ValidationCheck(certificate, findings).run(files, trust);
    if (stated && stated->decision == ValidationDecision::accepted)
        std::erase_if(findings,
                      [](const CheckFinding& each) { return each.code == "W_NOT_VALIDATED"; });
    return stated;
}

} // namespace quietus
