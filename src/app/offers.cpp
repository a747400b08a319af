#include "quietus/app/offers.hpp"

#include "quietus/policy/offers.hpp"
#include "quietus/policy/volumes.hpp"

#include <algorithm>

namespace quietus {

std::vector<OfferedTechnique> offers(const Drive& drive) {
    return offered_techniques(drive);
}

LevelBasis basis_of(Technique technique, Level level) {
    const bool by_its_word = is_by_firmware(technique) && level == Level::purge;
    return by_its_word ? LevelBasis::drive_reported : LevelBasis::host_read_back;
}

std::uint64_t bytes_within(const Drive& drive, const Plan& plan) {
    return drive.size_bytes - std::min(kept_extents(plan.volumes).bytes(), drive.size_bytes);
}

} // namespace quietus
