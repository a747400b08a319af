// Capabilities: what of them a process keeps; see capabilities(7).
#pragma once

#include "quietus/confine/confinement.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
#include <vector>

namespace quietus {

/// As a bit for each number.
[[nodiscard]] std::uint64_t mask_of(const std::vector<Privilege>& privileges);

/// As a bit for each number. Without CAP_SETPCAP there is no bounding set to be reduced, and no
/// privilege to be gained by exec either, which no_new_privs forbids. Fault::io.
[[nodiscard]] Status reduce_bounding_set(std::uint64_t kept);
/// What the process has, of what it may keep. Fault::io.
[[nodiscard]] Status reduce_capabilities(std::uint64_t kept);

} // namespace quietus
