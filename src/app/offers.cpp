#include "quietus/app/offers.hpp"

namespace quietus {

std::vector<OfferedTechnique> offers(const Drive& drive) {
    OfferedTechnique overwrite{Technique::overwrite, Level::none, drive.size_bytes != 0, ""};
    if (drive.size_bytes == 0)
        overwrite.reason = "nothing to write to: size 0";
    else if (is_virtual(drive.kind))
        overwrite.reason = "level none: the storage beneath is unknown to the host";
    else
        overwrite.reason = "native capacity unknown: the verdict can only be indeterminate";
    return {overwrite};
}

} // namespace quietus
