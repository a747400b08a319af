// Roles: who may and must sign a document of each type, with keys and persons all different.
#pragma once

#include "check_parts.hpp"

namespace quietus {

/// A signer that was looked at. Borrows the certificate.
struct RoleHolder {
    X509* certificate;
    Role role;
};

void check_roles(const std::vector<RoleHolder>& holders, DocumentType type, Findings& findings);

} // namespace quietus
