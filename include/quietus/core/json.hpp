// Json: the one door to JSON. A value tree without floating point, its canonical form and its
// reader.
//
// Canonical form: RFC 8785 (JCS) within the profile of certificates/SPEC.md, where members are
// sorted by their ASCII names, there is no white space, and integers stay within 2^53 - 1.
#pragma once

#include "quietus/core/result.hpp"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace quietus {

/// The largest integer that every JSON reader keeps exactly.
inline constexpr std::int64_t json_integer_max = (std::int64_t{1} << 53) - 1;

class Json {
  public:
    using Array = std::vector<Json>;
    using Object = std::map<std::string, Json, std::less<>>;
    using Member = std::pair<const std::string, Json>;

    Json() = default; ///< null
    Json(std::nullptr_t) {}
    Json(bool value) : value_(value) {}
    Json(const char* value) : value_(std::string(value)) {}
    Json(std::string_view value) : value_(std::string(value)) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(Array value) : value_(std::move(value)) {}
    Json(Object value) : value_(std::move(value)) {}
    /// Integers up to 2^53 - 1; anything larger is a bug in the caller (QUIETUS_ENSURE).
    template <typename T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) Json(T value)
        : value_(checked(value)) {}

    static Json object(std::initializer_list<Member> members) { return Object(members); }
    static Json array() { return Array{}; }

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
    /// The value when it has that type, else nullptr.
    template <typename T>
    [[nodiscard]] const T* as() const {
        return std::get_if<T>(&value_);
    }
    /// The member of an object; nullptr when this is no object or has no such member.
    [[nodiscard]] const Json* find(std::string_view member) const;
    /// The text of a string member; empty when there is none.
    [[nodiscard]] std::string_view text_of(std::string_view member) const;

    /// For building: the member, made null when absent. A null value becomes an object first.
    Json& operator[](std::string_view member);
    /// For building: a null value becomes an array first. The new element, valid until the next
    /// one.
    Json& push_back(Json value);

    friend bool operator==(const Json&, const Json&) = default;

  private:
    template <typename T>
    static std::int64_t checked(T value) {
        return checked_integer(std::in_range<std::int64_t>(value),
                               static_cast<std::int64_t>(value));
    }
    static std::int64_t checked_integer(bool fits, std::int64_t value);

    std::variant<std::nullptr_t, bool, std::int64_t, std::string, Array, Object> value_;
};

/// One line, members sorted. Strings that are not UTF-8 are escaped first, so this cannot fail;
/// meant for messages, events and command output.
[[nodiscard]] std::string to_line(const Json& value);

/// What kind of thing is wrong with JSON text from outside: first what keeps any reader of ours
/// from it, from null_value on what the profile forbids besides.
enum class JsonFlaw : std::uint8_t {
    size,
    encoding,  ///< not UTF-8, or a byte-order mark
    surrogate, ///< an escape that is half a character
    syntax,
    duplicate_member,
    depth,
    number,
    null_value,
    control, ///< a control character, as it stands or escaped
    name,    ///< a member name outside [a-z0-9_]
    long_text,
    normal_form,
};

struct JsonProblem {
    JsonFlaw flaw;
    std::string text; ///< one clause, which names the first of its kind
};

/// What keeps the value outside the profile, one problem a kind: null, a control character, invalid
/// UTF-8, text that is not in normalisation form C, a member name outside [a-z0-9_], a string over
/// 4 KiB, depth over 12.
[[nodiscard]] std::vector<JsonProblem> profile_problems(const Json& value);

/// The canonical bytes of a document within the profile; Fault::invalid names what is outside it,
/// and refuses more than 4 MiB in all.
[[nodiscard]] Result<std::string> to_canonical(const Json& value);

/// The value, or what is wrong with the text: one problem a kind, as far as reading could go on.
struct JsonReading {
    Json value; ///< what the text says only without a problem
    std::vector<JsonProblem> problems;
    bool to_the_end = false; ///< whether nothing kept the reader from the rest of the text
};

/// Reads JSON text from outside: one value, UTF-8, no byte-order mark, no duplicate member, no
/// fraction or exponent, integers within 2^53 - 1, depth at most 12. `limit` bounds the size in
/// bytes.
[[nodiscard]] JsonReading read_json(std::string_view text, std::size_t limit = 4U << 20U);
/// The same for callers that do not tell the flaws apart (Fault::invalid, with the first problem).
[[nodiscard]] Result<Json> parse_json(std::string_view text, std::size_t limit = 4U << 20U);

} // namespace quietus
