#include "system_calls.hpp"

#include "rules.hpp"

#include <fcntl.h>

namespace quietus {

Status allow_system_calls(const Allowance& allowance) {
    Rules rules;
    const auto output = static_cast<scmp_datum_t>(allowance.writable);
    rules.allow(SCMP_SYS(write), SCMP_A0_32(SCMP_CMP_EQ, static_cast<std::uint32_t>(output)));
    // How glibc asks fstat(2); the name has to be empty then, or is that of an open descriptor.
    rules.allow(SCMP_SYS(newfstatat), SCMP_A3_32(SCMP_CMP_EQ, AT_EMPTY_PATH));
    // The kernel looks at 32 bits of the request, whatever stands above them.
    for (const unsigned long request : allowance.requests)
        rules.allow(SCMP_SYS(ioctl), SCMP_A1_32(SCMP_CMP_EQ, static_cast<std::uint32_t>(request)));
    return rules.enforce();
}

} // namespace quietus
