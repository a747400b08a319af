// Packed extents: how long lists of extents stand in a journal, and how facts with such lists are
// written to its lines and read from them.
//
// A list of more than `most_plain_extents` is not an array but an object,
//   {"extents":3,"packed":"8+1 1+1 1+1","unit":512}
// Each word is GAP+LENGTH in units of `unit` bytes: the gap counts from the end of the extent
// before it, of the first one from 0. A million lone bad blocks take four megabytes so, and not
// forty.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/core/json_fields.hpp"

#include <string>
#include <vector>

namespace quietus {

inline constexpr std::size_t most_plain_extents = 1024;

/// The extents are ascending and disjoint, as an ExtentSet yields them.
[[nodiscard]] Json pack(const std::vector<Extent>& extents);
/// Fault::invalid for whatever pack() does not yield.
[[nodiscard]] Result<std::vector<Extent>> unpack(const Json& packed);

namespace detail {

template <typename T>
Json pack_fact(const T& value);

struct PackingWriter {
    FieldWriter plain;

    template <typename T>
    void operator()(std::string_view name, const T& member) {
        if constexpr (std::same_as<T, std::vector<Extent>>) {
            if (member.size() > most_plain_extents)
                plain.object[name] = pack(member);
            else
                plain(name, member);
        } else if constexpr (is_optional<T>) {
            if (member) (*this)(name, *member);
        } else if constexpr (is_vector<T>) {
            Json::Array array;
            for (const auto& each : member)
                array.push_back(pack_fact(each));
            if (!member.empty()) plain.object[name] = std::move(array);
        } else {
            plain.object[name] = pack_fact(member);
        }
    }
};

template <typename T>
Json pack_fact(const T& value) {
    if constexpr (Fact<T>) {
        PackingWriter writer;
        T::each_field(value, writer);
        return std::move(writer.plain.object);
    } else {
        return to_json(value);
    }
}

template <typename T>
Result<T> unpack_fact(const Json& json);

struct PackedReader {
    FieldReader plain;

    template <typename T>
    void operator()(std::string_view name, T& member) {
        const Json* found = plain.object.find(name);
        if (found == nullptr || plain.problem) return plain(name, member);
        plain.known.insert(name);
        if constexpr (is_optional<T>)
            take(name, unpack_fact<typename T::value_type>(*found), member);
        else
            take(name, unpack_fact<T>(*found), member);
    }
    template <typename T>
    void take(std::string_view name, Result<T> value, auto& member) {
        if (value)
            member = std::move(*value);
        else
            plain.problem = std::move(value).error().during(name);
    }
};

template <typename T>
Result<T> unpack_facts(const Json& json) {
    const auto* array = json.as<Json::Array>();
    if (array == nullptr) return Error{Fault::invalid, "not an array"};
    T facts;
    for (const Json& each : *array) {
        auto fact = unpack_fact<typename T::value_type>(each);
        if (!fact) return std::move(fact).error().during("[" + std::to_string(facts.size()) + "]");
        facts.push_back(std::move(*fact));
    }
    return facts;
}

template <typename T>
Result<T> unpack_fact(const Json& json) {
    if constexpr (std::same_as<T, std::vector<Extent>>) {
        return json.find("packed") == nullptr ? from_json<T>(json) : unpack(json);
    } else if constexpr (is_vector<T>) {
        return unpack_facts<T>(json);
    } else if constexpr (Fact<T>) {
        if (json.as<Json::Object>() == nullptr) return Error{Fault::invalid, "not an object"};
        T fact{};
        PackedReader reader{FieldReader{json}};
        T::each_field(fact, reader);
        reader.plain.refuse_unknown_members();
        if (reader.plain.problem) return std::move(*reader.plain.problem);
        return fact;
    } else {
        return from_json<T>(json);
    }
}

} // namespace detail

/// to_json() with long lists packed.
template <Fact T>
[[nodiscard]] Json to_packed_json(const T& fact) {
    return detail::pack_fact(fact);
}

/// from_json() that takes packed lists for what they are.
template <Fact T>
[[nodiscard]] Result<T> from_packed_json(const Json& json) {
    return detail::unpack_fact<T>(json);
}

} // namespace quietus
