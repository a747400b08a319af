// TomlFields: the members of one TOML table, each asked for once. Whatever is wrong with them is
// told with its line, and reading goes on, so that all of it is told.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/enum_text.hpp"
#include "quietus/core/toml.hpp"
#include "quietus/policy/profile.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

enum class Need : std::uint8_t { required, optional };

/// A text with the line that it stands on.
struct LinedText {
    std::string text;
    std::uint32_t line = 1;
};

/// Whole numbers from `least` to `most`.
struct NumberRange {
    std::int64_t least = 0;
    std::int64_t most = 0;
};

class TomlFields {
  public:
    /// Borrows both. What is no table has no members.
    TomlFields(const Toml& table, std::vector<ProfileFlaw>& flaws) : table_(table), flaws_(flaws) {}

    [[nodiscard]] std::string text(std::string_view name, Need need);
    [[nodiscard]] LinedText lined_text(std::string_view name, Need need);
    [[nodiscard]] std::vector<LinedText> texts(std::string_view name, Need need);
    [[nodiscard]] std::vector<std::string> plain_texts(std::string_view name, Need need);
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name, NumberRange range,
                                                     Need need);
    [[nodiscard]] std::optional<bool> flag(std::string_view name);
    /// The elements of an array of tables, or of an array in general.
    /// A table that must be there; nullptr when it is not.
    [[nodiscard]] const Toml* table(std::string_view name);
    [[nodiscard]] const Toml::Array& array(std::string_view name, Need need);

    template <SpelledEnum Enum>
    [[nodiscard]] std::optional<Enum> word(std::string_view name, Need need) {
        const LinedText given = lined_text(name, need);
        if (given.text.empty()) return std::nullopt;
        return one_of<Enum>(name, given);
    }
    template <SpelledEnum Enum>
    [[nodiscard]] std::vector<Enum> words(std::string_view name, Need need) {
        std::vector<Enum> known;
        for (const LinedText& each : texts(name, need))
            if (const auto value = one_of<Enum>(name, each)) known.push_back(*value);
        return known;
    }

    /// Tells of every member that was not asked for.
    void refuse_others();
    [[nodiscard]] std::uint32_t line() const { return table_.line(); }
    void add(std::uint32_t line, std::string_view code, std::string text);

  private:
    template <SpelledEnum Enum>
    std::optional<Enum> one_of(std::string_view name, const LinedText& given) {
        const auto value = from_text<Enum>(given.text);
        if (value) return value;
        std::string known;
        for (const std::string_view each : enum_texts<Enum>)
            known += (known.empty() ? "" : ", ") + std::string(each);
        add(given.line, "unknown-name",
            std::string(name) + ": \"" + escaped(given.text) + "\" is none of " + known);
        return std::nullopt;
    }
    const Toml* take(std::string_view name, Need need);
    void wrong(const Toml& value, std::string_view name, std::string_view what);

    const Toml& table_;
    std::vector<ProfileFlaw>& flaws_;
    std::set<std::string_view> asked_ = {};
};

} // namespace quietus
