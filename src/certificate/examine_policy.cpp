#include "examine_payload.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/policy/decide.hpp"

#include <algorithm>

namespace quietus {
namespace {

/// The profile by which something was decided.
class SoughtProfile {
  public:
    SoughtProfile(const PolicyDecision& decision, const ProfileTexts& texts,
                  CheckFindings& findings)
        : decision_(decision), texts_(texts), findings_(findings) {}

    // Without trust only what is shipped is looked at, and with it all the rest.
    const Profile* find(const TrustAnchors* trust) {
        const ProfileText* text = texts_.find(decision_.profile.sha256);
        if (text == nullptr) {
            if (trust != nullptr) missing(decision_.profile);
            return nullptr;
        }
        if (trust != nullptr && !text->shipped) examine_signature(*text, *trust);
        if ((trust == nullptr) != text->shipped) return nullptr;
        return text->shipped ? shipped_profile(text->text) : read(*text);
    }

  private:
    void add(std::string_view code, std::string text) {
        findings_.push_back({std::string(code), std::move(text)});
    }

    void missing(const ProfileDigest& profile) {
        add("I_POLICY_TEXT", "policy: no text of the profile with the SHA-256 " + profile.sha256 +
                                 ": its decision cannot be asked for again");
    }

    void examine_signature(const ProfileText& text, const TrustAnchors& trust) {
        if (text.p7s.empty())
            return add("I_POLICY_SIGNATURE",
                       "policy: the profile is neither shipped with this program nor signed");
        const SignatureCheck check = check_profile_signature(text, trust);
        for (const CheckFinding& each : check.findings)
            if (each.code.front() != 'W')
                add(each.code.front() == 'E' ? "E_POLICY_SIGNATURE" : "I_POLICY_SIGNATURE",
                    "policy: the profile's signature: " + each.code + ": " + each.text);
    }

    static const Profile* shipped_profile(const std::string& text) {
        const auto& all = shipped_profiles();
        return find_shipped_profile(std::ranges::find(all, text, &ShippedProfile::text)->id);
    }

    const Profile* read(const ProfileText& text) {
        const ProfileText* base =
            decision_.extends ? texts_.find(decision_.extends->sha256) : nullptr;
        if (decision_.extends && base == nullptr) {
            missing(*decision_.extends);
            return nullptr;
        }
        // Documents of one body name one profile, thousands of times.
        thread_local std::pair<std::string, Profile> last;
        const std::string key = decision_.profile.sha256 + (base ? decision_.extends->sha256 : "");
        if (last.first == key) return &last.second;
        auto profile = base ? parse_profile(text.text, base->text) : parse_profile(text.text);
        if (!profile || profile->extends.has_value() != (base != nullptr)) {
            add("E_POLICY_UNKNOWN",
                "policy: " + (profile ? "the profile extends another one, which is not named"
                                      : profile.error().message));
            return nullptr;
        }
        last = {key, std::move(*profile)};
        return &last.second;
    }

    const PolicyDecision& decision_;
    const ProfileTexts& texts_;
    CheckFindings& findings_;
};

bool asks_for(const PolicyDecision& decision, std::string_view participant) {
    return std::ranges::find(decision.people, participant) != decision.people.end();
}

void examine_people(const Payload& payload, CheckFindings& findings) {
    const PolicyDecision& decision = *payload.policy.basis.decision;
    const auto signs = [](const RequiredSigner& each) { return each.role == Role::witness; };
    if (payload.type == DocumentType::rehearsal) return; // persons have no part in it
    if (asks_for(decision, "witness") && std::ranges::none_of(payload.signers_required, signs))
        findings.push_back(
            {"E_POLICY_PEOPLE", "policy: the rule asks for a witness, and none has to sign"});
    if (asks_for(decision, "validator") && payload.type == DocumentType::certificate)
        findings.push_back(
            {"W_NOT_VALIDATED", "policy: verified, not validated: the rule asks for a validator"});
}

void examine(const Payload& payload, const Profile* profile, CheckFindings& findings) {
    if (profile == nullptr) return;
    const std::int64_t erased_at = from_rfc3339(payload.timing.started_at).value_or(0);
    add_objections(review(*profile, plan_of(payload), drive_of(payload), erased_at), findings);
    examine_people(payload, findings);
}

} // namespace

void add_objections(const std::vector<PolicyObjection>& objections, CheckFindings& findings) {
    for (const PolicyObjection& each : objections)
        findings.push_back({each.code, each.text});
}

const Profile* find_deciding_profile(const PolicyDecision& decision, const ProfileTexts& texts,
                                     const TrustAnchors* trust, CheckFindings& findings) {
    return SoughtProfile(decision, texts, findings).find(trust);
}

void examine_policy(const Payload& payload, CheckFindings& findings) {
    static const ProfileTexts shipped = ProfileTexts::shipped();
    const auto& decision = payload.policy.basis.decision;
    if (decision)
        examine(payload, find_deciding_profile(*decision, shipped, nullptr, findings), findings);
}

void check_policy(const Payload& payload, const ProfileTexts& texts, const TrustAnchors& trust,
                  CheckFindings& findings) {
    const auto& decision = payload.policy.basis.decision;
    if (decision)
        examine(payload, find_deciding_profile(*decision, texts, &trust, findings), findings);
}

} // namespace quietus
