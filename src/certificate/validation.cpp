#include "quietus/certificate/validation.hpp"

#include "build.hpp"
#include "examine_payload.hpp"
#include "validation_payload.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

Result<Payload> certificate_in(std::string_view payload) {
    const PayloadBytes bytes = examine_bytes(payload);
    PayloadFacts facts = bytes.json ? examine_schema(*bytes.json) : PayloadFacts{};
    if (!facts.payload || facts.payload->type != DocumentType::certificate)
        return Error{Fault::invalid, "not the payload of a certificate of erasure"};
    return std::move(*facts.payload);
}

// What was decided about, or what the validator says that it was where no policy was asked.
Result<std::string> classification_for(const ValidationDraft& draft, const Payload& certificate) {
    const auto& decision = certificate.policy.basis.decision;
    const std::string decided = decision ? decision->classification_given : "";
    if (draft.classification.empty() && decided.empty())
        return Error{Fault::usage,
                     "--classification is missing: the certificate says nothing of what the drive "
                     "held, since no policy was applied"};
    if (draft.classification.empty()) return decided;
    const bool another = !decided.empty() && draft.classification != decided;
    if (another && draft.decision == ValidationDecision::accepted)
        return Error{Fault::usage, "--classification: the certificate was decided as " +
                                       escaped(decided) + ", and cannot be accepted as " +
                                       escaped(draft.classification)};
    return draft.classification;
}

} // namespace

Result<std::string> draft_validation(const ValidationDraft& draft, const SignerIdentity& validator,
                                     std::int64_t issued_at) {
    const auto certificate = certificate_in(draft.certificate);
    if (!certificate) return certificate.error();
    auto classification = classification_for(draft, *certificate);
    if (!classification) return classification;
    if (draft.decision == ValidationDecision::rejected && draft.reason.empty())
        return Error{Fault::usage, "--reason is missing: a rejection says why"};
    ValidationPayload payload;
    payload.id = certificate->id;
    payload.payload_sha384 = sha384_hex(draft.certificate);
    payload.issued_at = to_rfc3339(issued_at);
    payload.retain_until =
        std::max(retain_until(certificate->policy.basis, issued_at), certificate->retain_until);
    payload.document_marking = draft.document_marking.empty() ? certificate->document_marking
                                                              : fit(draft.document_marking);
    payload.classification = fit(*classification);
    payload.decision = draft.decision;
    payload.reason = fit(draft.reason);
    payload.validator = fit(validator.name);
    payload.station = draft.station;
    payload.tool = fitted(draft.tool);
    payload.signers_required = {{validator.role, validator.certificate_sha256}};
    auto text = to_canonical(to_json(payload));
    if (!text) return Error{Fault::evidence, text.error().message}.during("statement");
    return text;
}

} // namespace quietus
