#include "quietus/confine/confinement.hpp"

#include "capabilities.hpp"
#include "system_calls.hpp"

#include <cstdint>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace quietus {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool bounded_memory = false; // the sanitizers reserve terabytes of address space
#else
constexpr bool bounded_memory = true;
#endif

int number_of(Privilege privilege) {
    return privilege == Privilege::raw_io ? CAP_SYS_RAWIO : CAP_SYS_ADMIN;
}

std::uint64_t mask_of(const std::vector<Privilege>& privileges) {
    std::uint64_t mask = 0;
    for (const Privilege privilege : privileges)
        mask |= std::uint64_t{1} << static_cast<unsigned>(number_of(privilege));
    return mask;
}

Status limit(__rlimit_resource resource, rlim_t most) {
    const rlimit limits{most, most};
    if (::setrlimit(resource, &limits) == 0) return {};
    return system_error(Fault::io, "resource limits");
}

Status limit_resources(std::uint64_t memory) {
    for (const auto resource : {RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC})
        if (auto status = limit(resource, 0); !status) return status;
    return bounded_memory ? limit(RLIMIT_AS, memory) : Status{};
}

} // namespace

Status confine(const Allowance& allowance) {
    const std::uint64_t kept = mask_of(allowance.privileges);
    static bool confined = false; // from then on the calls in this block are forbidden
    if (!confined) {
        if (auto status = limit_resources(allowance.memory); !status) return status;
        if (auto status = reduce_bounding_set(kept); !status) return status;
        if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
            return system_error(Fault::io, "no_new_privs");
        confined = true;
    }
    if (auto status = reduce_capabilities(kept); !status) return status;
    return allow_system_calls(allowance);
}

} // namespace quietus
