// Workbench: a hierarchy with all its keys at hand, and OpenSSL's own signing and verifying, to
// make what a forger could make and to see what stock software says of it.
#pragma once

#include "der_tree.hpp"

#include "quietus/crypto/cms.hpp"
#include "quietus/crypto/issue.hpp"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <optional>
#include <set>
#include <string>

namespace quietus::testing_support {

inline constexpr std::int64_t now = 1'800'000'000; // 2027-01-15T08:00:00Z
inline constexpr std::int64_t day = 86'400;
inline constexpr Period decade{now - 365 * day, now + 3650 * day};

/// A signer: PEM of its key, and of its certificate followed by the issuing CA's.
struct Party {
    std::string key;
    std::string chain;
};

struct Authority {
    PrivateKey key;
    std::string certificate;
};

struct Signing {
    std::optional<Role> role = Role::station; ///< the role attribute; none when empty
    DocumentType type = DocumentType::certificate;
    std::int64_t at = now;
    const EVP_MD* digest = EVP_sha384();
    unsigned flags = CMS_CADES;
    bool pss = false;
    std::optional<Bytes> bound_to = std::nullopt; ///< octets of the witness binding
};

class Workbench {
  public:
    Workbench();

    Party issue(Role role, const std::string& name, Period life = decade,
                std::optional<Period> key_usage = std::nullopt) const;
    [[nodiscard]] Issuer root_issuer() const { return {root.key, root.certificate}; }
    [[nodiscard]] Issuer issuing_issuer() const { return {issuing.key, issuing.certificate}; }
    /// Root and both revocation lists.
    [[nodiscard]] std::string anchors() const { return root.certificate + crls; }

    Authority root;
    Authority issuing;
    std::string crls;
    Party station;
};

[[nodiscard]] Authority make_root(const std::string& name, Period life = decade);

/// Signs with OpenSSL's interface alone.
[[nodiscard]] Bytes sign(const Party& party, std::string_view payload, const Signing& how = {});
/// SHA-384 of the signature value of the first signer, by OpenSSL.
[[nodiscard]] Bytes binding_to(const Bytes& p7s);
/// Puts a fresh signature over the (changed) signed attributes of the first signer.
void resign(DerTree& cms, const Party& party);
/// One document with the signers and certificates of both.
[[nodiscard]] Bytes merged(const Bytes& one, const Bytes& other);

/// What CMS_verify says at the time `now`, purpose "any".
[[nodiscard]] bool openssl_accepts(ByteView p7s, std::string_view payload,
                                   const std::string& anchors,
                                   unsigned flags = CMS_BINARY | CMS_CADES);

/// The codes of the findings.
[[nodiscard]] std::set<std::string> codes(const SignatureCheck& check);
[[nodiscard]] SignatureCheck check(ByteView p7s, std::string_view payload,
                                   const std::string& anchors,
                                   DocumentType type = DocumentType::certificate);
/// The same as of a time.
[[nodiscard]] SignatureCheck check_as_of(std::int64_t time, ByteView p7s, std::string_view payload,
                                         const std::string& anchors);

} // namespace quietus::testing_support
