// Signer: the door to a private key. It signs documents and says who it is; the key stays behind
// it.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/enum_text.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
#include <string>

namespace quietus {

/// Roles, one extended key usage each, under the arc 2.25.1831565813 (.1 to .9 in this order).
enum class Role : std::uint8_t {
    station,
    op,
    witness,
    validator,
    approver,
    policy_owner,
    register_role,
    trust_bundle,
    rehearsal,
};
template <>
inline constexpr auto enum_texts<Role> = spellings("station", "operator", "witness", "validator",
                                                   "approver", "policy-owner", "register",
                                                   "trust-bundle", "rehearsal");

/// What is signed; each has its own CMS eContentType under the arc .20 (.20.1 to .20.8 in this
/// order), so that a signature over one can never pass for another.
enum class DocumentType : std::uint8_t {
    certificate,
    attempt,
    destruction,
    validation,
    confirmation, ///< the operator's, over the plan's digest, before the erase
    rehearsal,    ///< of an exercise on emulated drives, however it ended; proves nothing
    profile,      ///< of policy: a text that its owner signs
    order,        ///< of disposal: a text that an approver signs
};
template <>
inline constexpr auto enum_texts<DocumentType> =
    spellings("quietus.certificate", "quietus.attempt", "quietus.destruction", "quietus.validation",
              "quietus.confirmation", "quietus.rehearsal", "quietus.profile", "quietus.order");

/// A type of document that a station's key of this role may sign alone: for trial signatures.
[[nodiscard]] constexpr DocumentType trial_document(Role role) {
    return role == Role::rehearsal ? DocumentType::rehearsal : DocumentType::attempt;
}

/// The dotted object identifiers of the two lists above.
[[nodiscard]] std::string role_oid(Role role);
[[nodiscard]] std::string content_type_oid(DocumentType type);

struct SignerIdentity {
    Role role = Role::station;
    std::string name;               ///< subject common name: the station or person id
    std::string certificate_sha256; ///< of the DER, hexadecimal
    std::int64_t usable_from = 0;   ///< private-key usage period, UTC seconds; a signature made
    std::int64_t usable_until = 0;  ///< outside it is invalid
    std::int64_t expires = 0;       ///< end of the certificate's own validity
    bool self_issued = false;       ///< made by `key init`: cannot be revoked by anybody else

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("role", self.role);
        visit("name", self.name);
        visit("certificate_sha256", self.certificate_sha256);
        visit("usable_from", self.usable_from);
        visit("usable_until", self.usable_until);
        visit("expires", self.expires);
        visit("self_issued", self.self_issued);
    }
};

class Signer {
  public:
    virtual ~Signer() = default;
    [[nodiscard]] virtual const SignerIdentity& identity() const = 0;
    /// A detached CMS SignedData in DER with signed attributes (content type, digest, signing time,
    /// signing-certificate-v2) and the whole chain but the root. Fault::evidence.
    [[nodiscard]] virtual Result<Bytes> sign(std::string_view payload, DocumentType type) = 0;
};

} // namespace quietus
