// The files of a station's key directory, written and tried before they are put in place.
#pragma once

#include "prepared_directory.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/issue.hpp"
#include "quietus/crypto/private_key.hpp"

#include <string>

namespace quietus {

/// What goes into the directory. Borrows the keys.
struct StationFiles {
    const std::string& station;
    const PrivateKey& key;
    const PrivateKey& log;
    std::string chain; ///< PEM: the station's certificate, then its issuing CAs
    std::string roots; ///< PEM
    std::string lists; ///< revocation lists, PEM
    Period key_usage;
};

/// Saves them all and makes a trial signature: keys that cannot sign are worse than none.
/// Fault::evidence; what load_station_signer and Signer::sign refuse.
[[nodiscard]] Status save_station(const PreparedDirectory& directory, const StationFiles& files,
                                  Clock& clock);

} // namespace quietus
