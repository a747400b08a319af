#include "build.hpp"
#include "examine_payload.hpp"

#include "quietus/certificate/confirmation.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

// The facts in it, when the text is exactly their canonical JSON.
std::optional<Confirmation> read_confirmation(const std::string& text) {
    const auto json = parse_json(text);
    const auto canonical = json ? to_canonical(*json) : Result<std::string>(json.error());
    if (!canonical || *canonical != text) return std::nullopt;
    auto confirmation = from_json<Confirmation>(*json);
    if (!confirmation || confirmation->type != DocumentType::confirmation ||
        confirmation->schema != confirmation_schema)
        return std::nullopt;
    return std::move(*confirmation);
}

class Comparison {
  public:
    Comparison(const Payload& payload, CheckFindings& findings)
        : payload_(payload), findings_(findings) {}

    void compare(const Confirmation& confirmed) {
        require(confirmed.op == payload_.statements.said.op, "E_CONFIRMATION_OPERATOR",
                "of another operator than the document names");
        require(confirmed.station == payload_.station.id, "E_CONFIRMATION_STATION",
                "for another station");
        require(confirmed.plan_sha256 == sha256_hex(plan_text(plan_of(payload_))),
                "E_CONFIRMATION_PLAN", "of another plan than was carried out");
        require(confirmed.drive_sha256 == identity_digest(payload_.drive), "E_CONFIRMATION_DRIVE",
                "for another drive");
        before_the_run(confirmed.confirmed_at);
    }

    // A clock that was set while the run was on must not keep a failure from being documented.
    void before_the_run(std::optional<std::int64_t> at) {
        const auto start = from_rfc3339(payload_.timing.started_at);
        const bool proves = is_proof(payload_);
        if (!at || (start && *at > *start))
            add(proves ? "E_CONFIRMATION_TIME" : "W_TIME_ORDER",
                "not known to be from before the run");
    }
    void before_the_run(const std::string& at) {
        const auto seconds = from_rfc3339(at);
        before_the_run(seconds ? std::optional<std::int64_t>(*seconds) : std::nullopt);
    }

    void require(bool holds, const char* code, const char* otherwise) {
        if (!holds) add(code, otherwise);
    }

  private:
    void add(const char* code, const char* text) {
        findings_.push_back({code, std::string("confirmation: ") + text});
    }

    const Payload& payload_;
    CheckFindings& findings_;
};

bool may_confirm(const Payload& payload, const CheckedSigner& signer) {
    const RequiredSigner who{signer.role, signer.certificate_sha256};
    return signer.role == Role::op && signer.name == payload.statements.said.op &&
           std::ranges::find(payload.signers_required, who) != payload.signers_required.end();
}

} // namespace

void examine_confirmation(const Payload& payload, CheckFindings& findings) {
    if (!payload.confirmation) return;
    const auto confirmed = read_confirmation(payload.confirmation->statement);
    if (confirmed)
        Comparison(payload, findings).compare(*confirmed);
    else
        findings.push_back({"E_CONFIRMATION", "confirmation: not one in canonical JSON"});
}

void check_confirmation(const Payload& payload, const TrustAnchors& trust,
                        CheckFindings& findings) {
    if (!payload.confirmation) return;
    const auto p7s = signature_in(*payload.confirmation);
    if (!p7s) {
        findings.push_back({"E_CONFIRMATION", "confirmation: its signature is not base 64"});
        return;
    }
    const SignatureCheck check =
        check_signature(*p7s, payload.confirmation->statement, DocumentType::confirmation, trust);
    for (const CheckFinding& each : check.findings)
        findings.push_back({each.code, "confirmation: " + each.text});
    Comparison comparison(payload, findings);
    for (const CheckedSigner& signer : check.signers) {
        comparison.require(may_confirm(payload, signer), "E_CONFIRMATION_OPERATOR",
                           "signed by somebody who is not the operator that must sign");
        comparison.before_the_run(signer.signed_at);
    }
}

} // namespace quietus
