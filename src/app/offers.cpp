#include "quietus/app/offers.hpp"

#include "quietus/policy/offers.hpp"

namespace quietus {

std::vector<OfferedTechnique> offers(const Drive& drive) {
    return offered_techniques(drive);
}

} // namespace quietus
