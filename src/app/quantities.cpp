#include "quietus/app/quantities.hpp"

#include <charconv>
#include <cstddef>

namespace quietus {

std::optional<std::uint64_t> parse_whole(std::string_view text, WholeRange range) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    if (!whole || number < range.least || number > range.most) return std::nullopt;
    return number;
}

std::optional<std::uint64_t> parse_rate(std::string_view text) {
    constexpr std::string_view units = "kMG";
    constexpr std::uint64_t most = std::uint64_t{1} << 40U;
    const auto unit = text.empty() ? units.npos : units.find(text.back());
    std::uint64_t factor = 1;
    for (std::size_t step = 0; unit != units.npos && step <= unit; ++step)
        factor *= 1000;
    if (factor != 1) text.remove_suffix(1);
    const auto number = parse_whole(text, {1, most / factor});
    if (!number) return std::nullopt;
    return *number * factor;
}

} // namespace quietus
