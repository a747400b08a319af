// Station keys in files: made by `key init`, loaded to sign. The only place private keys live.
//
// Layout of the directory (STATE/keys, 0700): station.key (0600), station.pem (signer certificate
// and issuing CA), root.pem (a line with the log's verifier key, the root and both revocation
// lists: all that an auditor pins), root.crl (the lists alone), log.key (Ed25519, 0600), log.pub,
// station.json (id, dates).
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/private_key.hpp"
#include "quietus/crypto/signer.hpp"

#include <memory>
#include <optional>
#include <string>

namespace quietus {

struct KeyRequest {
    std::string directory; ///< STATE/keys
    std::string station;   ///< [A-Z0-9]{4,13} (Fault::usage)
    /// New directory for root.key, root.pem, issuing.key and issuing.pem; without it the CA keys
    /// never reach a file and end with the call.
    std::optional<std::string> keep_ca = {};
    Role role = Role::station; ///< or Role::rehearsal, whose key signs exercises and nothing else
};

struct StationInfo {
    std::string root; ///< path of root.pem
    std::string station;
    std::string expires; ///< RFC 3339: end of the signer's key usage period
    /// "NAME+ID+KEY": checks the log under its default origin (C2SP signed-note).
    std::string log;
    Role role = Role::station;
};

/// Makes a self-issued hierarchy root -> issuing CA -> station (ECDSA P-384, SHA-384), an empty CRL
/// of each CA valid to its end, and the log key; tries a signature with them. All or nothing:
/// Fault::refused when keys exist already (nothing is ever replaced), Fault::evidence when they
/// cannot be saved. The clock gives the start of all validity.
[[nodiscard]] Result<StationInfo> init_station_keys(const KeyRequest& request, Clock& clock);

/// Fault::io with the hint `quietus key init` when there are none, Fault::invalid naming the file
/// when one is corrupt or does not belong to the others.
[[nodiscard]] Result<StationInfo> show_station_keys(const std::string& directory);
/// The same faults, and Fault::refused with a hint when anybody but the caller may read or replace
/// a private key. Signatures carry the time of the system clock.
[[nodiscard]] Result<std::unique_ptr<Signer>> load_station_signer(const std::string& directory);

/// The Ed25519 key of the log; the same faults.
[[nodiscard]] Result<PrivateKey> load_log_key(const std::string& directory);

/// A default station id from the machine id: "S" and 12 hexadecimal digits of its HMAC-SHA-256, so
/// that the machine id itself never leaves the machine (machine-id(5)). Fault::io when there is no
/// such file, Fault::invalid when it holds no machine id.
[[nodiscard]] Result<std::string> default_station_id(const std::string& machine_id_path);

} // namespace quietus
