// What a signer's certificate says: the role it grants and when its key may sign.
#pragma once

#include "openssl_handles.hpp"

#include "quietus/crypto/issue.hpp"
#include "quietus/crypto/signer.hpp"

#include <optional>

namespace quietus {

[[nodiscard]] std::optional<Role> role_of_oid(std::string_view dotted);
/// The roles among the extended key usages.
[[nodiscard]] std::vector<Role> granted_roles(X509* certificate);
/// Whether the certificate limits what it may be used for at all.
[[nodiscard]] bool has_extended_key_usage(X509* certificate);
/// The private-key usage period; nothing when either end is missing or no date.
[[nodiscard]] std::optional<Period> key_usage_period(X509* certificate);
/// Whether the policy of self-issued hierarchies is among the certificate's policies.
[[nodiscard]] bool is_self_issued(X509* certificate);
/// The values of one kind of attribute in the subject (a NID), unescaped UTF-8.
[[nodiscard]] std::vector<std::string> texts_of(X509* certificate, int attribute);
/// The subject's first common name, unescaped; empty when there is none.
[[nodiscard]] std::string common_name(X509* certificate);
/// SHA-256 of the DER, hexadecimal.
[[nodiscard]] std::string fingerprint(X509* certificate);

} // namespace quietus
