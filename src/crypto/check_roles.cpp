#include "check_roles.hpp"

#include "same_person.hpp"
#include "signer_certificate.hpp"

#include <algorithm>
#include <array>

namespace quietus {
namespace {

// Whether a role has to sign a type of document.
enum class RoleNeed : std::uint8_t {
    from_the_start, ///< before it has there is no such document: E_ROLE_MISSING
    in_the_end,     ///< after others, perhaps much later: I_ROLE_MISSING until then
    optional,       ///< only who is in the payload's signers_required
};

// One role of one type of document. A role without a row signs no such document.
struct RoleRule {
    DocumentType type;
    Role role;
    RoleNeed need;
    int most; ///< signers in this role
};

constexpr int all = 8; // as many as a document may have

constexpr std::array rules{
    RoleRule{DocumentType::certificate, Role::station, RoleNeed::from_the_start, 1},
    RoleRule{DocumentType::certificate, Role::op, RoleNeed::optional, all},
    RoleRule{DocumentType::certificate, Role::witness, RoleNeed::optional, all},
    RoleRule{DocumentType::attempt, Role::station, RoleNeed::from_the_start, 1},
    RoleRule{DocumentType::attempt, Role::op, RoleNeed::optional, all},
    RoleRule{DocumentType::attempt, Role::witness, RoleNeed::optional, all},
    // Persons vouch for it; a station may have seen it.
    RoleRule{DocumentType::destruction, Role::station, RoleNeed::optional, 1},
    RoleRule{DocumentType::destruction, Role::op, RoleNeed::in_the_end, all},
    RoleRule{DocumentType::destruction, Role::witness, RoleNeed::in_the_end, all},
    RoleRule{DocumentType::validation, Role::validator, RoleNeed::from_the_start, 1},
    RoleRule{DocumentType::confirmation, Role::op, RoleNeed::from_the_start, 1},
    RoleRule{DocumentType::rehearsal, Role::rehearsal, RoleNeed::from_the_start, 1},
    RoleRule{DocumentType::profile, Role::policy_owner, RoleNeed::from_the_start, 1},
    RoleRule{DocumentType::order, Role::approver, RoleNeed::from_the_start, 1},
};

bool is_person(Role role) {
    switch (role) {
    case Role::op:
    case Role::witness:
    case Role::validator:
    case Role::approver:
    case Role::policy_owner:
        return true;
    case Role::station:
    case Role::register_role:
    case Role::trust_bundle:
    case Role::rehearsal:
        return false;
    }
    return true;
}

bool is_in_table(DocumentType type, Role role) {
    return std::ranges::any_of(
        rules, [=](const RoleRule& rule) { return rule.type == type && rule.role == role; });
}

void check_rule(const RoleRule& rule, const std::vector<RoleHolder>& holders, Findings& findings) {
    const auto count = std::ranges::count(holders, rule.role, &RoleHolder::role);
    const std::string role(to_text(rule.role));
    if (count > rule.most)
        findings.push_back({"E_ROLE_UNEXPECTED", "signed by more than one " + role});
    if (count > 0) return;
    if (rule.need == RoleNeed::from_the_start)
        findings.push_back({"E_ROLE_MISSING", "not signed by a " + role});
    if (rule.need == RoleNeed::in_the_end)
        findings.push_back({"I_ROLE_MISSING", "not yet signed by a " + role});
}

void check_distinct(const RoleHolder& one, const RoleHolder& other, Findings& findings) {
    if (is_same_key(one.certificate, other.certificate))
        findings.push_back({"E_ROLE_SAME_KEY", "one key signed twice"});
    else if (is_person(one.role) && is_person(other.role) &&
             is_same_person(one.certificate, other.certificate))
        findings.push_back({"E_ROLE_SAME_PERSON",
                            "one person signed twice: " + escaped(common_name(one.certificate))});
}

} // namespace

void check_roles(const std::vector<RoleHolder>& holders, DocumentType type, Findings& findings) {
    for (const RoleHolder& holder : holders)
        if (!is_in_table(type, holder.role))
            findings.push_back({"E_ROLE_UNEXPECTED", std::string(to_text(holder.role)) +
                                                         " does not sign a " +
                                                         std::string(to_text(type))});
    for (const RoleRule& rule : rules)
        if (rule.type == type) check_rule(rule, holders, findings);
    for (std::size_t i = 0; i < holders.size(); ++i)
        for (std::size_t j = i + 1; j < holders.size(); ++j)
            check_distinct(holders[i], holders[j], findings);
}

} // namespace quietus
