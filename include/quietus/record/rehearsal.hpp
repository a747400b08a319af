// Rehearsal: the word that tells an exercise on emulated drives from everything else, on every page
// and in every field.
#pragma once

#include "quietus/record/job_id.hpp"

#include <string>
#include <string_view>

namespace quietus {

inline constexpr std::string_view rehearsal_mark = "REHEARSAL";

[[nodiscard]] inline bool is_marked(std::string_view text) {
    return text.starts_with(rehearsal_mark);
}

/// The text behind the word, unless it is there already; an empty one stays empty.
[[nodiscard]] inline std::string marked(std::string text) {
    if (text.empty() || is_marked(text)) return text;
    return std::string(rehearsal_mark) + " " + text;
}

/// A station that rehearses bears the word in its id, and with it in the ids of its documents and
/// in the name of its log; no other station does.
[[nodiscard]] inline bool is_rehearsal_station(std::string_view id) {
    return is_station_id(id) && is_marked(id);
}

} // namespace quietus
