// make_person: somebody with a key of their own, whom a station knows.
#pragma once

#include "support/station.hpp"

#include "quietus/app/station.hpp"
#include "quietus/keys/personal_keys.hpp"

#include <string>

namespace quietus::test {

/// Their files lie in station.directory/ID.
inline void make_person(Station& station, const std::string& id, Role role) {
    const std::string where = station.directory + "/" + id;
    SystemClock clock;
    ASSERT_TRUE(init_person_key({where, id, role, std::nullopt, ""}, clock));
    const auto known = import_known_person(station.places, id,
                                           {where + "/person.pem", {where + "/root.pem"}, false});
    ASSERT_TRUE(known) << known.error().message;
}

} // namespace quietus::test
