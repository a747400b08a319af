// json_fields: facts to JSON and back from one list of fields.
//
// A fact is a struct with `template <Self, Visitor> static void each_field(Self&, Visitor&)` that
// names each member once. Optional members and empty vectors are left out when writing; everything
// else is required when reading, and unknown members are refused unless they begin with `x_`.
#pragma once

#include "quietus/core/enum_text.hpp"
#include "quietus/core/json.hpp"

#include <concepts>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace quietus {

namespace detail {
struct NullVisitor {
    void operator()(std::string_view, auto&&) {}
};
} // namespace detail

template <typename T>
concept Fact = requires(T& fact, detail::NullVisitor& visitor) {
    T::each_field(fact, visitor);
};

template <typename T>
[[nodiscard]] Json to_json(const T& value);
template <typename T>
[[nodiscard]] Result<T> from_json(const Json& json);

namespace detail {

template <typename T>
inline constexpr bool is_optional = false;
template <typename T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <typename T>
inline constexpr bool is_vector = false;
template <typename T>
inline constexpr bool is_vector<std::vector<T>> = true;

struct FieldWriter {
    Json object = Json::Object{};

    template <typename T>
    void operator()(std::string_view name, const T& member) {
        if constexpr (is_optional<T>) {
            if (member) object[name] = to_json(*member);
        } else if constexpr (is_vector<T>) {
            if (!member.empty()) object[name] = to_json(member);
        } else {
            object[name] = to_json(member);
        }
    }
};

// Reads into the fact until the first problem, and remembers which members it knows.
struct FieldReader {
    const Json& object;
    std::set<std::string_view> known = {};
    std::optional<Error> problem = std::nullopt;

    template <typename T>
    void operator()(std::string_view name, T& member) {
        known.insert(name);
        if (problem) return;
        const Json* found = object.find(name);
        if (found == nullptr) {
            if constexpr (!is_optional<T> && !is_vector<T>)
                problem = Error{Fault::invalid, std::string(name) + ": missing"};
            return;
        }
        if constexpr (is_optional<T>)
            read(name, *found, member.emplace());
        else
            read(name, *found, member);
    }

    template <typename T>
    void read(std::string_view name, const Json& json, T& member) {
        Result<T> value = from_json<T>(json);
        if (value)
            member = std::move(*value);
        else
            problem = std::move(value).error().during(name);
    }

    void refuse_unknown_members() {
        const auto* members = object.as<Json::Object>();
        if (problem || members == nullptr) return;
        for (const auto& member : *members)
            if (!known.contains(member.first) && !member.first.starts_with("x_"))
                problem = Error{Fault::invalid, "unknown member \"" + member.first + "\""};
    }
};

template <typename T>
Result<T> read_fact(const Json& json) {
    if (json.as<Json::Object>() == nullptr) return Error{Fault::invalid, "not an object"};
    T fact{};
    FieldReader reader{json};
    T::each_field(fact, reader);
    reader.refuse_unknown_members();
    if (reader.problem) return std::move(*reader.problem);
    return fact;
}

template <typename T>
Result<T> read_vector(const Json& json) {
    const auto* array = json.as<Json::Array>();
    if (array == nullptr) return Error{Fault::invalid, "not an array"};
    T values;
    values.reserve(array->size());
    for (const Json& each : *array) {
        auto value = from_json<typename T::value_type>(each);
        if (!value)
            return std::move(value).error().during("[" + std::to_string(values.size()) + "]");
        values.push_back(std::move(*value));
    }
    return values;
}

template <typename T>
Result<T> read_enum(const Json& json) {
    const auto* text = json.as<std::string>();
    const auto value = text == nullptr ? std::nullopt : from_text<T>(*text);
    if (!value) return Error{Fault::invalid, "not one of the known words"};
    return *value;
}

} // namespace detail

template <typename T>
Json to_json(const T& value) {
    if constexpr (SpelledEnum<T>) {
        return to_text(value);
    } else if constexpr (detail::is_vector<T>) {
        Json::Array array;
        array.reserve(value.size());
        for (const auto& each : value)
            array.push_back(to_json(each));
        return array;
    } else if constexpr (Fact<T>) {
        detail::FieldWriter writer;
        T::each_field(value, writer);
        return std::move(writer.object);
    } else {
        return Json(value);
    }
}

template <typename T>
Result<T> from_json(const Json& json) {
    if constexpr (SpelledEnum<T>) {
        return detail::read_enum<T>(json);
    } else if constexpr (detail::is_vector<T>) {
        return detail::read_vector<T>(json);
    } else if constexpr (std::same_as<T, Json>) {
        return json;
    } else if constexpr (Fact<T>) {
        return detail::read_fact<T>(json);
    } else if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
        if (const auto* held = json.as<T>()) return *held;
        return Error{Fault::invalid, "wrong type"};
    } else {
        static_assert(std::integral<T>);
        const auto* held = json.as<std::int64_t>();
        if (held == nullptr || !std::in_range<T>(*held))
            return Error{Fault::invalid, "not an integer in range"};
        return static_cast<T>(*held);
    }
}

} // namespace quietus
