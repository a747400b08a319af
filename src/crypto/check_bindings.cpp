#include "check_roles.hpp"

#include "signer_certificate.hpp"

#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

using Holders = std::vector<const RoleHolder*>;

Holders holders_of(Role role, const std::vector<RoleHolder>& holders) {
    Holders found;
    for (const RoleHolder& each : holders)
        if (each.role == role) found.push_back(&each);
    return found;
}

Bytes digest_of_signature(CMS_SignerInfo* signer) {
    const ASN1_OCTET_STRING* value = CMS_SignerInfo_get0_signature(signer);
    return digest(DigestKind::sha384, {ASN1_STRING_get0_data(value),
                                       static_cast<std::size_t>(ASN1_STRING_length(value))});
}

void check_binding(const RoleHolder& holder, const Holders& bases, Findings& findings) {
    const auto base = std::ranges::find_if(bases, [&](const RoleHolder* each) {
        return each != &holder && digest_of_signature(each->signer) == *holder.claims.bound_to;
    });
    const std::string who =
        std::string(to_text(holder.role)) + " " + escaped(common_name(holder.certificate));
    if (base == bases.end())
        findings.push_back({"E_WITNESS_BINDING", who + " signed beside another signature"});
    else if (holder.claims.signed_at && (*base)->claims.signed_at &&
             *holder.claims.signed_at + clock_skew < *(*base)->claims.signed_at)
        findings.push_back({"W_TIME_ORDER", who + " signed earlier, by its own clock, than the " +
                                                std::string(to_text((*base)->role))});
}

} // namespace

void check_bindings(const std::vector<RoleHolder>& holders, Findings& findings) {
    const Holders stations = holders_of(Role::station, holders);
    const Holders bases = stations.empty() ? holders_of(Role::op, holders) : stations;
    for (const RoleHolder& holder : holders) {
        if (holder.claims.bound_to)
            check_binding(holder, bases, findings);
        else if (holder.role == Role::witness && !stations.empty())
            findings.push_back(
                {"E_WITNESS_BINDING", "witness " + escaped(common_name(holder.certificate)) +
                                          " is not bound to the station's signature"});
    }
}

} // namespace quietus
