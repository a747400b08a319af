// Station: the keys of this station, made, asked for, imported and shown; and what it knows of
// persons.
#pragma once

#include "quietus/app/people.hpp"
#include "quietus/app/site.hpp"
#include "quietus/keys/make_personal.hpp"
#include "quietus/keys/personal_keys.hpp"
#include "quietus/keys/station_certificate.hpp"
#include "quietus/keys/station_keys.hpp"

#include <optional>
#include <string>

namespace quietus {

/// Makes the station's keys; its id is taken from the machine id when none is given.
[[nodiscard]] Result<StationInfo> init_station(const Places& places,
                                               const std::optional<std::string>& id,
                                               const std::optional<std::string>& keep_ca);
[[nodiscard]] Result<StationInfo> show_station(const Places& places);

struct StationWish {
    std::optional<std::string> id; ///< of the station's keys, else from the machine id
    std::string subject;           ///< before the common name
    bool replace = false;
};
/// Makes a key and a request for its certificate; the path of the request.
[[nodiscard]] Result<std::string> request_station(const Places& places, const StationWish& wish);

/// A person's key, theirs to keep; see keys/make_personal.hpp.
[[nodiscard]] Status init_person_key(const PersonalKeyOrder& order, Clock& clock);
[[nodiscard]] Status request_person_key(const PersonalKeyOrder& order);

/// A certificate as it came from a CA, in files.
struct Issued {
    /// The holder's first, then those of its issuing CAs. Empty for a station: the one in use, for
    /// which there are newer revocation lists.
    std::string certificate;
    std::vector<std::string> trust; ///< roots and revocation lists; none: the station's own
    bool replace = false;
};
[[nodiscard]] Result<StationInfo> import_station(const Places& places, const Issued& issued);
[[nodiscard]] Result<Person> import_known_person(const Places& places, const std::string& id,
                                                 const Issued& issued);

} // namespace quietus
