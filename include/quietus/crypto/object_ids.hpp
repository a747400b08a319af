// Object identifiers of quietus: one arc, everything else numbered beneath it.
//
// The arc is 2.25 (UUID-derived, ITU-T X.667) with a 31-bit leaf, small enough for parsers that
// keep an arc in 32 bits. It is to be replaced by a registered number before version 1.0.
#pragma once

#include <string_view>

namespace quietus {

inline constexpr std::string_view object_id_arc = "2.25.1831565813";

// Beneath the arc: .1 to .9 the roles, .20.1 to .20.8 the content types (see signer.hpp).

/// Signed attribute: the role in which this signer signs (one OBJECT IDENTIFIER, a role).
inline constexpr std::string_view role_attribute_oid = "2.25.1831565813.21";
/// Signed attribute of a witness: SHA-384 of the station's signature value (one OCTET STRING), so
/// that it stands for this signed document and for no other of the same content.
inline constexpr std::string_view witness_binding_oid = "2.25.1831565813.22";
/// Certificate policy that marks a hierarchy made by `key init`: nobody else vouches for it, and it
/// cannot be revoked.
inline constexpr std::string_view self_issued_policy_oid = "2.25.1831565813.30";

static_assert(role_attribute_oid.starts_with(object_id_arc));
static_assert(witness_binding_oid.starts_with(object_id_arc));
static_assert(self_issued_policy_oid.starts_with(object_id_arc));

} // namespace quietus
