// Questions by name, for tests of policy.
#pragma once

#include "quietus/policy/evaluate.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace quietus {

inline const Profile& shipped(std::string_view id) {
    const Profile* profile = find_shipped_profile(id);
    if (profile == nullptr) throw std::logic_error("no such profile");
    return *profile;
}

/// Of names that are not there nothing is asked: it throws.
inline Question ask(std::string_view classification, std::string_view medium,
                    Disposition disposition) {
    return {find_classification(classification).value(),
            find_medium(medium).value(),
            disposition,
            {},
            {}};
}

/// A drive that offers these and of which nothing else is known.
inline DriveFacts offering(std::initializer_list<const char*> techniques) {
    DriveFacts facts;
    for (const char* each : techniques)
        facts.offered.add(find_technique(each).value());
    return facts;
}

} // namespace quietus
