#include "capabilities.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace quietus {
namespace {

int number_of(Privilege privilege) {
    return privilege == Privilege::raw_io ? CAP_SYS_RAWIO : CAP_SYS_ADMIN;
}

} // namespace

std::uint64_t mask_of(const std::vector<Privilege>& privileges) {
    std::uint64_t mask = 0;
    for (const Privilege privilege : privileges)
        mask |= std::uint64_t{1} << static_cast<unsigned>(number_of(privilege));
    return mask;
}

Status reduce_bounding_set(std::uint64_t kept) {
    for (int capability = 0; capability < 64; ++capability) {
        if ((kept >> static_cast<unsigned>(capability) & 1U) != 0) continue;
        if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
        if (errno == EINVAL || errno == EPERM) return {}; // beyond the last one; none to give up
        return system_error(Fault::io, "capability bounding set");
    }
    return {};
}

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

} // namespace quietus
