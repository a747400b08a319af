// A station's certificate from a department's or a contractor's CA: asked for, and imported.
//
// STATE/keys-requested (0700) holds the key that a certificate was asked for, station.key (0600),
// and the request, station.csr. An import makes STATE/keys of it; what was there before is kept
// beside it, for old signatures and the log are checked with it.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/keys/station_keys.hpp"

#include <string>
#include <string_view>

namespace quietus {

struct StationRequest {
    std::string directory; ///< STATE/keys-requested
    std::string station;   ///< [A-Z0-9]{4,13} (Fault::usage)
    std::string subject;   ///< before the common name: "/C=GB/O=X"; may be empty
    bool replace = false;  ///< set an older request aside instead of refusing
    Role role = Role::station;
};

/// Makes the key and its request; returns the path of the request. Fault::refused when another one
/// is waiting, which with `replace` is kept under a name with the time; Fault::usage for the
/// subject; Fault::evidence.
[[nodiscard]] Result<std::string> request_station_certificate(const StationRequest& request,
                                                              Clock& clock);

struct StationImport {
    std::string keys;       ///< STATE/keys
    std::string requested;  ///< STATE/keys-requested
    std::string_view chain; ///< PEM: the station's certificate, then its issuing CAs
    std::string_view trust; ///< PEM: the root, and the revocation lists of it and all issuing CAs
    bool replace = false;   ///< set keys aside that are there instead of refusing
    Role role = Role::station;
};

/// Checks that the certificate is of the key that was asked for (or of the one in use, when it was
/// renewed), that it makes this station a signer, that its path to the root holds under all
/// constraints now, and that a trial signature verifies; then puts the new directory in the place
/// of the old one in one step. The log's key stays the same. Fault::refused: keys are there
/// already, no key or another station's, no revocation lists; Fault::invalid: the path, with the
/// auditor's code; Fault::io when nothing was asked for; Fault::evidence.
[[nodiscard]] Result<StationInfo> import_station_certificate(const StationImport& import,
                                                             Clock& clock);

} // namespace quietus
