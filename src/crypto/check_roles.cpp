#include "check_roles.hpp"

#include "signer_certificate.hpp"

#include <algorithm>

namespace quietus {
namespace {

struct RoleRule {
    std::vector<Role> accepted;
    Role required;
};

RoleRule rule_of(DocumentType type) {
    switch (type) {
    case DocumentType::certificate:
    case DocumentType::attempt:
    case DocumentType::destruction:
        return {{Role::station, Role::op, Role::witness}, Role::station};
    case DocumentType::validation:
        return {{Role::station, Role::validator}, Role::validator};
    case DocumentType::confirmation:
        return {{Role::op}, Role::op};
    }
    return {};
}

bool is_person(Role role) {
    return role != Role::station;
}

void check_distinct(const RoleHolder& one, const RoleHolder& other, Findings& findings) {
    if (EVP_PKEY_eq(X509_get0_pubkey(one.certificate), X509_get0_pubkey(other.certificate)) == 1)
        findings.push_back({"E_ROLE_SAME_KEY", "one key signed twice"});
    else if (is_person(one.role) && is_person(other.role) &&
             common_name(one.certificate) == common_name(other.certificate))
        findings.push_back({"E_ROLE_SAME_PERSON",
                            "one person signed twice: " + escaped(common_name(one.certificate))});
    ERR_clear_error();
}

} // namespace

void check_roles(const std::vector<RoleHolder>& holders, DocumentType type, Findings& findings) {
    const RoleRule rule = rule_of(type);
    for (const RoleHolder& holder : holders)
        if (std::ranges::find(rule.accepted, holder.role) == rule.accepted.end())
            findings.push_back({"E_ROLE_UNEXPECTED", std::string(to_text(holder.role)) +
                                                         " does not sign a " +
                                                         std::string(to_text(type))});
    if (std::ranges::find(holders, rule.required, &RoleHolder::role) == holders.end())
        findings.push_back(
            {"E_ROLE_MISSING", "not signed by a " + std::string(to_text(rule.required))});
    for (std::size_t i = 0; i < holders.size(); ++i)
        for (std::size_t j = i + 1; j < holders.size(); ++j)
            check_distinct(holders[i], holders[j], findings);
}

} // namespace quietus
