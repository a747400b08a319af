#include "quietus/confine/confinement.hpp"

#include "system_calls.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

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

// Without CAP_SETPCAP there is no bounding set to be reduced, and no privilege to be gained by exec
// either, which no_new_privs forbids.
Status reduce_bounding_set(std::uint64_t kept) {
    for (int capability = 0; capability < 64; ++capability) {
        if ((kept >> static_cast<unsigned>(capability) & 1U) != 0) continue;
        if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
        if (errno == EINVAL || errno == EPERM) return {}; // beyond the last one; none to give up
        return system_error(Fault::io, "capability bounding set");
    }
    return {};
}

// What the process has, of what it may keep.
Status reduce_capabilities(std::uint64_t kept) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (::syscall(SYS_capget, &header, sets.data()) != 0)
        return system_error(Fault::io, "capabilities");
    const std::array masks{static_cast<std::uint32_t>(kept),
                           static_cast<std::uint32_t>(kept >> 32U)};
    static_assert(masks.size() == sets.size());
    for (std::size_t word = 0; word < sets.size(); ++word) {
        sets[word].permitted &= masks[word];
        sets[word].effective = sets[word].permitted;
        sets[word].inheritable = 0;
    }
    if (::syscall(SYS_capset, &header, sets.data()) != 0)
        return system_error(Fault::io, "capabilities");
    return {};
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
