// Job ids: "QTS-<station>-<8 digits>", the name of a job, of its document and of its log entries.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace quietus {

/// The largest number that eight digits can hold; a station that reaches it needs a new id.
inline constexpr std::uint64_t job_sequence_max = 99999999;

/// Whether it is 4 to 13 of A-Z and 0-9.
[[nodiscard]] inline bool is_station_id(std::string_view text) {
    const auto plain = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    return text.size() >= 4 && text.size() <= 13 && std::ranges::all_of(text, plain);
}

/// The id of a station's job with this number, from 1.
[[nodiscard]] inline std::string job_id(const std::string& station, std::uint64_t sequence) {
    const std::string digits = std::to_string(sequence);
    const std::size_t padding = digits.size() < 8 ? 8 - digits.size() : 0;
    return "QTS-" + station + "-" + std::string(padding, '0') + digits;
}

} // namespace quietus
