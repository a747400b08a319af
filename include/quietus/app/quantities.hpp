// Quantities: numbers as people write them, on the command line and in the configuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quietus {

/// Whole numbers from `least` to `most`.
struct WholeRange {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
};

/// Digits and nothing else, in the range; nothing otherwise.
[[nodiscard]] std::optional<std::uint64_t> parse_whole(std::string_view text, WholeRange range);

/// Bytes a second: "800k", "500M", "1G", in powers of ten, or digits alone. Nothing for 0 and for
/// more than 2^40.
[[nodiscard]] std::optional<std::uint64_t> parse_rate(std::string_view text);

inline constexpr WholeRange stall_seconds{1, 86400};
inline constexpr WholeRange jobs_at_once{1, 4096};

} // namespace quietus
