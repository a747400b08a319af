// Roles: who may and must sign a document of each type, with keys and persons all different, and
// witnesses bound to what they witnessed.
#pragma once

#include "check_parts.hpp"

namespace quietus {

/// A signer that was looked at. Borrows certificate and signer.
struct RoleHolder {
    X509* certificate;
    CMS_SignerInfo* signer;
    Role role;
    SignerClaims claims;
};

/// Against the table of roles (in the source), and one against the other.
void check_roles(const std::vector<RoleHolder>& holders, DocumentType type, Findings& findings);

/// A witness signs what the station signed: SHA-384 of the station's signature value is among the
/// witness's signed attributes. Where no station signs, the operator's signature takes its place.
void check_bindings(const std::vector<RoleHolder>& holders, Findings& findings);

} // namespace quietus
