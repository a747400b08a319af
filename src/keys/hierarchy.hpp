// Hierarchy: the keys and certificates of one self-issued station, in memory.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/issue.hpp"

#include <cstdint>
#include <string>

namespace quietus {

/// A key with the certificate made for it (PEM).
struct CertifiedKey {
    PrivateKey key;
    std::string certificate;
};

/// root -> issuing CA -> station, each certificate marked as self-issued.
struct Hierarchy {
    CertifiedKey root;
    CertifiedKey issuing;
    CertifiedKey station;
    std::string crls; ///< of the root and of the issuing CA, both empty (PEM)
    PrivateKey log;
    Period life; ///< of the station's certificate, and when its key may sign
};

/// root -> issuing CA -> signer, in the same way.
struct SignerHierarchy {
    CertifiedKey root;
    CertifiedKey issuing;
    CertifiedKey signer;
    std::string crls;
    Period life;
};

/// Everything starts at `now` (UTC seconds): the station for 15 years, the CAs for 20. `role` is
/// that of a station, or of one that rehearses. Fault::evidence.
[[nodiscard]] Result<Hierarchy> make_hierarchy(const std::string& station, Role role,
                                               std::int64_t now);
/// The same for any signer, station or person.
[[nodiscard]] Result<SignerHierarchy> make_signer_hierarchy(const std::string& name, Role role,
                                                            std::int64_t now);

} // namespace quietus
