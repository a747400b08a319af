// What an emulated drive says of its locks and keys by TCG Level 0 Discovery.
#pragma once

#include "quietus/record/tcg_facts.hpp"

#include <vector>

namespace quietus::emulator {

struct TcgTraits {
    std::vector<SecuritySubsystem> subsystems = {SecuritySubsystem::opal_2};
    bool media_encryption = true; ///< no Pyrite drive needs it
    bool locking_enabled = false;
    bool locked = false;
    std::vector<RemovalMechanism> removal = {}; ///< none: there is no such feature
};

} // namespace quietus::emulator
