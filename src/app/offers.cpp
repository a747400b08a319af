#include "quietus/app/offers.hpp"

#include "quietus/policy/reach.hpp"

namespace quietus {

std::vector<OfferedTechnique> offers(const Drive& drive) {
    OfferedTechnique overwrite{Technique::overwrite, Level::none, false, ""};
    const std::vector<Part> beyond = parts_out_of_reach(drive);
    if (drive.size_bytes == 0)
        overwrite.reason = "nothing to write to: size 0";
    else if (!beyond.empty())
        overwrite.reason = "it does not reach " + part_in_words(beyond.front()) +
                           (beyond.size() == 1 ? "" : " and further parts");
    else if (!storage_is_known(drive))
        overwrite.reason = "level none: the storage beneath is unknown to the host";
    else
        overwrite.reason = "native capacity unknown: the verdict can only be indeterminate";
    overwrite.available = drive.size_bytes != 0 && beyond.empty();
    return {overwrite};
}

} // namespace quietus
