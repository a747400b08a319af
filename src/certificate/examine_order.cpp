#include "examine_payload.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/policy/order.hpp"

#include <algorithm>

namespace quietus {
namespace {

class OrderExamination {
  public:
    OrderExamination(const Payload& payload, const FollowedOrder& order, CheckFindings& findings)
        : payload_(payload), order_(order), findings_(findings) {}

    void run(const ProfileTexts& texts, const TrustAnchors& trust) {
        const ProfileText* text = texts.find(order_.sha256);
        if (text == nullptr)
            return add("I_ORDER_TEXT", "no text with the SHA-256 " + order_.sha256);
        examine_signature(*text, trust);
        const auto said = parse_disposal_order(text->text);
        if (!said) return add("E_ORDER", said.error().message);
        examine_scope(*said);
        examine_values(*said);
    }

  private:
    void add(std::string_view code, const std::string& text) {
        findings_.push_back({std::string(code), "order: " + text});
    }

    void examine_signature(const ProfileText& text, const TrustAnchors& trust) {
        const SignatureCheck check =
            check_signature(text.p7s, text.text, DocumentType::order, trust);
        for (const CheckFinding& each : check.findings)
            if (each.code.front() != 'W')
                add(each.code.front() == 'E' ? "E_ORDER_SIGNATURE" : "I_ORDER_SIGNATURE",
                    each.code + ": " + each.text);
        if (!check.signers.empty() && check.signers.front().name != order_.approver)
            add("E_ORDER_SIGNATURE", "another approver than the document names");
    }

    void examine_scope(const DisposalOrder& said) {
        const auto at = from_rfc3339(payload_.timing.started_at).value_or(0);
        if (said.id != order_.id || said.station != payload_.station.id)
            add("E_ORDER", "it is another one, or for another station");
        if (at < said.valid_from || at >= said.valid_until)
            add("E_ORDER", "it was not valid when the drive was erased");
        if (!cover_of(said, drive_of(payload_))) add("E_ORDER", "it does not cover the drive");
    }

    // What the document says to have from the order stands there.
    void examine_values(const DisposalOrder& said) {
        const auto& decision = payload_.policy.basis.decision;
        if (!decision) return;
        for (const SuppliedValue& each : decision->supplied) {
            if (each.by != Supplier::order) continue;
            const auto found = said.values.find("--" + each.name);
            if (found == said.values.end() || found->second != each.value)
                add("E_ORDER", escaped(each.name) + ": the order does not say so");
        }
        const auto& met = decision->conditions;
        if (std::ranges::find(met, "owner-accepts") != met.end() && !said.owner_accepts)
            add("E_ORDER", "no owner accepts in it what the document says one did");
    }

    const Payload& payload_;
    const FollowedOrder& order_;
    CheckFindings& findings_;
};

bool relies_on_an_owner(const Payload& payload) {
    const auto& decision = payload.policy.basis.decision;
    return decision &&
           std::ranges::find(decision->conditions, "owner-accepts") != decision->conditions.end();
}

} // namespace

void check_order(const Payload& payload, const ProfileTexts& texts, const TrustAnchors& trust,
                 CheckFindings& findings) {
    const auto& order = payload.statements.said.order;
    if (order && !order->approver.empty())
        return OrderExamination(payload, *order, findings).run(texts, trust);
    if (relies_on_an_owner(payload))
        findings.push_back({"E_ORDER", "order: an owner is said to have accepted, and there is no "
                                       "order that an approver signed"});
}

} // namespace quietus
