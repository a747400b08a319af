// Level 0 Discovery, as an emulated drive answers it.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/tcg_traits.hpp"

#include <optional>

namespace quietus::emulator {

inline constexpr std::size_t tcg_discovery_octets = 512;

/// With the Block SID feature in any case.
[[nodiscard]] Bytes tcg_discovery(const std::optional<TcgTraits>& traits, bool sid_blocked);

} // namespace quietus::emulator
