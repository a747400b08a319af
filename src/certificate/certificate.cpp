#include "quietus/certificate/certificate.hpp"

#include "build.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/policy/judge.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace quietus {
namespace {

Error evidence(Error error) {
    error.fault = Fault::evidence;
    return std::move(error).during("certify");
}

Error evidence(std::string message) {
    return evidence(Error{Fault::evidence, std::move(message)});
}

// A warning is worth knowing and no objection.
const CheckFinding* first_objection(const std::vector<CheckFinding>& findings) {
    const auto found = std::ranges::find_if(
        findings, [](const CheckFinding& each) { return !each.code.starts_with("W_"); });
    return found == findings.end() ? nullptr : &*found;
}

// Either both are of a rehearsal, or neither.
Status check_kinds(const Drive& drive, const SignerIdentity& signer) {
    const bool emulated = drive.provenance == Provenance::rehearsal;
    const bool rehearses = signer.role == Role::rehearsal;
    if (emulated && !rehearses)
        return Error{Fault::evidence, "a rehearsal is signed by a key for rehearsals alone"};
    if (rehearses && !emulated)
        return Error{Fault::evidence, "a key for rehearsals signs nothing about a real drive"};
    return {};
}

// What the record's judgement comes to when it cannot be upheld: nothing is claimed.
Judgement disowned(const ErasureRecord& record, const std::string& why) {
    Judgement judgement = record.judgement;
    judgement.verdict = Verdict::indeterminate;
    judgement.level = Level::none;
    judgement.grade.clear();
    judgement.bytes_proven = 0;
    judgement.unproven.clear();
    const std::uint64_t bytes =
        covered_bytes(record.drive, record.evidence.firmware, record.evidence.hidden);
    if (bytes != 0) judgement.unproven = {{0, bytes}};
    judgement.findings.push_back({"inconsistent-evidence", why, std::nullopt, std::nullopt});
    return judgement;
}

// Numbers that JSON cannot hold exactly may not reach the encoder.
bool is_representable(const ErasureRecord& record) {
    constexpr auto most = static_cast<std::uint64_t>(json_integer_max);
    const auto fits = [](const Part& part) { return part.size_bytes <= most; };
    return record.drive.size_bytes <= most && record.drive.native_size_bytes.value_or(0) <= most &&
           std::ranges::all_of(record.drive.parts, fits);
}

class Certifying {
  public:
    Certifying(const DocumentRequest& request, const SignerIdentity& signer, std::int64_t now)
        : request_(request), signer_(signer), now_(now) {}

    // The payload of the document that the facts allow.
    Result<Certificate> draft() const {
        const ErasureRecord& record = request_.record;
        const Judgement derived = judge(record.drive, record.plan, record.evidence);
        if (!is_same(derived, record.judgement))
            return attempt(disowned(record, "the judgement does not follow from the evidence"));
        if (derived.verdict != Verdict::erased) return attempt(derived);
        auto certificate = encoded(request_, type_of(DocumentType::certificate), derived);
        if (!certificate) return certificate;
        const auto findings = check_semantics(certificate->payload, certificate->type);
        const CheckFinding* objection = first_objection(findings);
        if (objection == nullptr) return certificate;
        return attempt(disowned(record, objection->code + ": " + objection->text));
    }

  private:
    [[nodiscard]] DocumentType type_of(DocumentType on_a_machine) const {
        return signer_.role == Role::rehearsal ? DocumentType::rehearsal : on_a_machine;
    }

    Result<Certificate> encoded(const DocumentRequest& request, DocumentType type,
                                const Judgement& judgement) const {
        auto payload = encode(build_payload(request, {type, judgement, signer_, now_}));
        if (!payload) return std::move(payload).error();
        return Certificate{type, request.record.job, std::move(*payload), {}};
    }

    Result<Certificate> checked_attempt(const DocumentRequest& request,
                                        const Judgement& judgement) const {
        auto drafted = encoded(request, type_of(DocumentType::attempt), judgement);
        if (!drafted) return drafted;
        const auto findings = check_semantics(drafted->payload, drafted->type);
        if (const CheckFinding* objection = first_objection(findings))
            return Error{Fault::evidence, objection->code + ": " + objection->text};
        return drafted;
    }

    // Evidence that contradicts itself would not pass the auditor, and still its job gets a
    // document: without it. It stays in the journal, whose digest the document bears.
    Result<Certificate> attempt(const Judgement& judgement) const {
        auto drafted = checked_attempt(request_, judgement);
        if (drafted) return drafted;
        ErasureRecord bare = request_.record;
        bare.evidence.probe.reset();
        bare.evidence.passes.clear();
        bare.evidence.read_backs.clear();
        bare.evidence.firmware.reset();
        bare.evidence.hidden.reset();
        bare.evidence.health_after.reset();
        bare.evidence.luks.reset();
        const std::string why = drafted.error().message + "; the evidence is in the journal alone";
        Statements unconfirmed = request_.statements; // it may be what does not agree
        unconfirmed.confirmation.reset();
        return checked_attempt({bare, unconfirmed, request_.placement, request_.tool},
                               disowned(bare, why));
    }

    const DocumentRequest& request_;
    const SignerIdentity& signer_;
    std::int64_t now_;
};

std::string stem_of(const Certificate& certificate) {
    return certificate.id + std::string(suffix_of(certificate.type));
}

} // namespace

Result<Certificate> draft_document(const DocumentRequest& request, const SignerIdentity& signer,
                                   std::int64_t issued_at) {
    if (!is_representable(request.record))
        return evidence("a capacity over 2^53 - 1 bytes cannot be documented");
    if (auto status = check_kinds(request.record.drive, signer); !status)
        return evidence(std::move(status).error());
    auto document = Certifying(request, signer, issued_at).draft();
    if (!document) return evidence(std::move(document).error());
    return document;
}

Result<Certificate> certify(const DocumentRequest& request, Signer& signer, Clock& clock) {
    auto document = draft_document(request, signer.identity(), clock.utc_seconds());
    if (!document) return document;
    auto signature = signer.sign(document->payload, document->type);
    if (!signature) return evidence(std::move(signature).error());
    document->p7s = as_text(*signature);
    // The auditor's checks, but for the path: trust is theirs to bring.
    const DocumentFiles files{document->id, document->type, document->payload, document->p7s};
    const auto report = check_document(files, TrustAnchors::none());
    for (const CheckFinding& finding : report.findings)
        if (finding.code.starts_with("E_"))
            return evidence("the auditor would refuse it: " + finding.code + ": " + finding.text);
    return document;
}

Result<std::string> save_certificate(const Certificate& certificate, const std::string& directory) {
    const std::string stem = directory + "/" + stem_of(certificate);
    const std::string payload = stem + ".json";
    if (auto status = save_new_file(payload, certificate.payload); !status)
        return evidence(std::move(status).error());
    if (auto status = save_new_file(stem + ".p7s", certificate.p7s); !status) {
        ::unlink(payload.c_str());
        return evidence(std::move(status).error());
    }
    return payload;
}

} // namespace quietus
