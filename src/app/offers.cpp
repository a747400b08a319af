#include "quietus/app/offers.hpp"

#include "quietus/policy/offers.hpp"

namespace quietus {

std::vector<OfferedTechnique> offers(const Drive& drive) {
    return offered_techniques(drive);
}

LevelBasis basis_of(Technique technique, Level level) {
    const bool by_its_word = is_by_firmware(technique) && level == Level::purge;
    return by_its_word ? LevelBasis::drive_reported : LevelBasis::host_read_back;
}

} // namespace quietus
