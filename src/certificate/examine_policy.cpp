#include "examine_payload.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/policy/decide.hpp"

#include <algorithm>

namespace quietus {
namespace {

class PolicyExamination {
  public:
    PolicyExamination(const Payload& payload, const ProfileTexts& texts, CheckFindings& findings)
        : payload_(payload), decision_(*payload.policy.basis.decision), texts_(texts),
          findings_(findings) {}

    void run(const TrustAnchors* trust) {
        const ProfileText* text = texts_.find(decision_.profile.sha256);
        if (text == nullptr) {
            if (trust != nullptr) missing(decision_.profile);
            return;
        }
        if (trust != nullptr && !text->shipped) examine_signature(*text, *trust);
        // Without trust only what is shipped is looked at, and with it all the rest.
        if ((trust == nullptr) != text->shipped) return;
        const Profile* profile = text->shipped ? shipped_profile(text->text) : read(*text);
        if (profile == nullptr) return;
        for (PolicyObjection& each :
             review(*profile, plan_of(payload_), drive_of(payload_), erased_at()))
            add(each.code, std::move(each.text));
        examine_people();
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

    [[nodiscard]] std::int64_t erased_at() const {
        return from_rfc3339(payload_.timing.started_at).value_or(0);
    }

    [[nodiscard]] bool asks_for(std::string_view participant) const {
        return std::ranges::find(decision_.people, participant) != decision_.people.end();
    }

    void examine_people() {
        const auto signs = [](const RequiredSigner& each) { return each.role == Role::witness; };
        if (payload_.type == DocumentType::rehearsal) return; // persons have no part in it
        if (asks_for("witness") && std::ranges::none_of(payload_.signers_required, signs))
            add("E_POLICY_PEOPLE", "policy: the rule asks for a witness, and none has to sign");
        if (asks_for("validator") && payload_.type == DocumentType::certificate)
            add("W_NOT_VALIDATED",
                "policy: verified, not validated: the rule asks for a validator");
    }

    const Payload& payload_;
    const PolicyDecision& decision_;
    const ProfileTexts& texts_;
    CheckFindings& findings_;
};

} // namespace

void examine_policy(const Payload& payload, CheckFindings& findings) {
    static const ProfileTexts shipped = ProfileTexts::shipped();
    if (payload.policy.basis.decision) PolicyExamination(payload, shipped, findings).run(nullptr);
}

void check_policy(const Payload& payload, const ProfileTexts& texts, const TrustAnchors& trust,
                  CheckFindings& findings) {
    if (payload.policy.basis.decision) PolicyExamination(payload, texts, findings).run(&trust);
}

} // namespace quietus
