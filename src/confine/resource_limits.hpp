// Resource limits of a confined process: no core and no descriptor more.
#pragma once

#include "quietus/core/result.hpp"

#include <cstdint>

namespace quietus {

/// `memory`: of address space, beyond what the process has; `largest_file`: how large a regular
/// file may become by writing to it. Both in bytes. Fault::io.
[[nodiscard]] Status limit_resources(std::uint64_t memory, std::uint64_t largest_file);
/// No process and no thread more, those included that the kernel itself starts for a ring.
[[nodiscard]] Status forbid_processes();

} // namespace quietus
