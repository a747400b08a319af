// A person's key made on this machine: with a hierarchy of its own, or with a request for a CA.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/secret.hpp"
#include "quietus/crypto/signer.hpp"

#include <optional>
#include <string>

namespace quietus {

struct PersonalKeyOrder {
    /// New directory (0700), theirs to keep: person.key (0600) and what goes with it.
    std::string directory;
    std::string id; ///< the common name of the certificate
    Role role = Role::op;
    std::optional<Secret> passphrase = {}; ///< encrypts person.key
    std::string subject = {};              ///< of a request, before the common name: "/C=GB/O=X"
};

/// Makes root -> issuing CA -> person (ECDSA P-384), as init_station_keys does for a station, and
/// saves person.key, person.pem (the chain), root.pem (root and empty revocation lists). The CA
/// keys end with the call. All or nothing: Fault::refused when the directory exists and is not
/// empty, Fault::usage for an id that cannot be a common name, Fault::evidence.
[[nodiscard]] Status init_personal_key(const PersonalKeyOrder& order, Clock& clock);

/// Makes a key and saves person.key and person.csr. The same faults, and Fault::usage for the
/// subject.
[[nodiscard]] Status request_personal_key(const PersonalKeyOrder& order);

} // namespace quietus
