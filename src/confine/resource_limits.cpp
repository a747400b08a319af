#include "resource_limits.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace quietus {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool bounded_memory = false; // the sanitizers reserve terabytes of address space
#else
constexpr bool bounded_memory = true;
#endif

Status limit(__rlimit_resource resource, rlim_t most) {
    const rlimit limits{most, most};
    if (::setrlimit(resource, &limits) == 0) return {};
    return system_error(Fault::io, "resource limits");
}

// In octets: a child begins with what its parent has mapped, stacks and arenas of threads included.
// Where there is no /proc, 0: then the limit is nearer than it need be.
std::uint64_t address_space() {
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

Status limit_resources(std::uint64_t memory, std::uint64_t largest_file) {
    const std::uint64_t present = address_space(); // while a descriptor can be had
    for (const auto resource : {RLIMIT_CORE, RLIMIT_NOFILE})
        if (auto status = limit(resource, 0); !status) return status;
    if (auto status = limit(RLIMIT_FSIZE, largest_file); !status) return status;
    return bounded_memory ? limit(RLIMIT_AS, present + memory) : Status{};
}

Status forbid_processes() {
    return limit(RLIMIT_NPROC, 0);
}

} // namespace quietus
