#include "quietus/app/offers.hpp"

#include "quietus/policy/offers.hpp"

namespace quietus {

// Nothing opens the way of commands to a real drive yet.
std::vector<OfferedTechnique> offers(const Drive& drive) {
    std::vector<OfferedTechnique> offered = offered_techniques(drive);
    if (drive.provenance == Provenance::rehearsal) return offered;
    for (OfferedTechnique& each : offered) {
        if (!is_by_firmware(each.technique) || !each.available) continue;
        each.available = false;
        each.reason = "this version has emulated drives alone erase themselves (quietus-rehearse)";
    }
    return offered;
}

LevelBasis basis_of(Technique technique, Level level) {
    const bool by_its_word = is_by_firmware(technique) && level == Level::purge;
    return by_its_word ? LevelBasis::drive_reported : LevelBasis::host_read_back;
}

} // namespace quietus
