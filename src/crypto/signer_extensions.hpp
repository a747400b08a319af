// What a signer's certificate is for, as extensions: in what we issue and in what we ask for.
#pragma once

#include "quietus/crypto/signer.hpp"

#include <openssl/x509v3.h>

#include <string>
#include <utility>
#include <vector>

namespace quietus {

/// By NID, with values as openssl's configuration files write them. Extended: document signing (RFC
/// 9336 clause 3), e-mail protection (without which stock tools refuse it), and the role.
[[nodiscard]] inline std::vector<std::pair<int, std::string>> signer_extensions(Role role) {
    return {{NID_basic_constraints, "critical,CA:FALSE"},
            {NID_key_usage, "critical,digitalSignature,nonRepudiation"},
            {NID_ext_key_usage, "1.3.6.1.5.5.7.3.36,emailProtection," + role_oid(role)}};
}

} // namespace quietus
