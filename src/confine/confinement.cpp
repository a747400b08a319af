#include "quietus/confine/confinement.hpp"

#include "capabilities.hpp"
#include "resource_limits.hpp"
#include "system_calls.hpp"

#include <cstdint>
#include <sys/prctl.h>

namespace quietus {

Status confine(const Allowance& allowance) {
    const std::uint64_t kept = mask_of(allowance.privileges);
    static bool confined = false; // from then on the calls in this block are forbidden
    if (!confined) {
        if (auto status = limit_resources(allowance.memory, 0); !status) return status;
        if (auto status = forbid_processes(); !status) return status;
        if (auto status = reduce_bounding_set(kept); !status) return status;
        if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
            return system_error(Fault::io, "no_new_privs");
        confined = true;
    }
    if (auto status = reduce_capabilities(kept); !status) return status;
    return allow_system_calls(allowance);
}

} // namespace quietus
