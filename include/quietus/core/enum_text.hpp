// enum_texts: an enumerator and its one spelling on the command line, in JSON and on paper.
#pragma once

#include "quietus/core/ensure.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace quietus {

/// Specialised beside each enumeration: the spellings in the order of its enumerators, from 0.
template <typename Enum>
inline constexpr std::nullptr_t enum_texts = nullptr;

template <typename Enum>
concept SpelledEnum = requires {
    enum_texts<Enum>.size();
};

template <SpelledEnum Enum>
[[nodiscard]] constexpr std::string_view to_text(Enum value) {
    const auto index = static_cast<std::size_t>(value);
    QUIETUS_ENSURE(index < enum_texts<Enum>.size());
    return enum_texts<Enum>[index];
}

template <SpelledEnum Enum>
[[nodiscard]] constexpr std::optional<Enum> from_text(std::string_view text) {
    for (std::size_t index = 0; index < enum_texts<Enum>.size(); ++index)
        if (enum_texts<Enum>[index] == text) return static_cast<Enum>(index);
    return std::nullopt;
}

template <typename... Text>
constexpr auto spellings(Text... text) {
    return std::array<std::string_view, sizeof...(Text)>{text...};
}

} // namespace quietus
