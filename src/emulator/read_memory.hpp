// Reading what a drive's firmware remembers, as strictly as a stranger's word.
#pragma once

#include "quietus/core/json_fields.hpp"
#include "quietus/core/result.hpp"

#include <string_view>

namespace quietus::emulator {

/// Fault::invalid when it is not of this form, or not possible of the drive.
template <typename Memory, typename Traits>
Result<Memory> read_memory(std::string_view text, const Traits& traits,
                           bool (*is_possible)(const Memory&, const Traits&)) {
    const auto json = parse_json(text);
    if (!json) return json.error();
    auto memory = from_json<Memory>(*json);
    if (memory && !is_possible(*memory, traits))
        return Error{Fault::invalid, "no drive is in such a state"};
    return memory;
}

} // namespace quietus::emulator
