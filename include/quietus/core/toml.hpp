// Toml: the one door to TOML. A tree of values that know on which line they stand.
//
// TOML 1.0 without numbers that have a fraction and without dates, for which nothing here has a
// use: such a value is read as `other`, and whoever asked for it says what it should have been.
#pragma once

#include "quietus/core/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace quietus {

class Toml {
  public:
    using Array = std::vector<Toml>;
    using Table = std::map<std::string, Toml, std::less<>>;
    struct Other {};
    using Value = std::variant<Other, bool, std::int64_t, std::string, Array, Table>;

    Toml() = default;
    template <typename T>
    Toml(T value, std::uint32_t line) : value_(std::move(value)), line_(line) {}

    /// The value when it has that type, else nullptr.
    template <typename T>
    [[nodiscard]] const T* as() const {
        return std::get_if<T>(&value_);
    }
    /// The member of a table; nullptr when this is no table or has no such member.
    [[nodiscard]] const Toml* find(std::string_view member) const;
    /// Counted from 1; of a table, where it begins.
    [[nodiscard]] std::uint32_t line() const { return line_; }

  private:
    Value value_;
    std::uint32_t line_ = 1;
};

struct TomlProblem {
    std::uint32_t line = 1;
    std::string text; ///< one clause, fit to print
};

/// The table, or why the text is none.
struct TomlReading {
    Toml value;
    std::vector<TomlProblem> problems; ///< at most one
};

/// Text from outside, at most `limit` bytes, UTF-8.
[[nodiscard]] TomlReading read_toml(std::string_view text, std::size_t limit = 1U << 20U);
/// The same for callers that want no more than a sentence: Fault::invalid, "line 3: ...".
[[nodiscard]] Result<Toml> parse_toml(std::string_view text, std::size_t limit = 1U << 20U);

} // namespace quietus
