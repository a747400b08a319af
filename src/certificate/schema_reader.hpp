// SchemaReader: reads facts from JSON as from_json does (core/json_fields.hpp), but goes on after
// what is wrong, so that all of it is reported.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/crypto/cms.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quietus {

/// E_SCHEMA: a member is missing or not of its kind; E_SCHEMA_MEMBER: one that is not known.
class SchemaReader {
  public:
    /// The value at this path, as far as it can be read; "" is the document itself.
    template <typename T>
    [[nodiscard]] T read(const Json& json, const std::string& path);

    /// Whether every member that is known was read: the value can be used, even beside members that
    /// it does not know.
    [[nodiscard]] bool is_whole() const { return whole_; }
    /// At most `findings_max`, and then how many more.
    [[nodiscard]] std::vector<CheckFinding> take() &&;

  private:
    static constexpr std::size_t findings_max = 100;

    void lacks(const std::string& path, std::string_view what) {
        whole_ = false;
        add("E_SCHEMA", path, what);
    }
    void add(std::string_view code, const std::string& path, std::string_view what) {
        if (findings_.size() == findings_max)
            ++more_;
        else
            findings_.push_back(
                {std::string(code), "payload: " + escaped(path) + std::string(what)});
    }

    template <typename T>
    T read_fact(const Json& json, const std::string& path);
    template <typename T>
    T read_list(const Json& json, const std::string& path);

    bool whole_ = true;
    std::vector<CheckFinding> findings_;
    std::size_t more_ = 0;
};

inline std::vector<CheckFinding> SchemaReader::take() && {
    if (more_ != 0)
        findings_.push_back({"E_SCHEMA", "payload: and " + std::to_string(more_) + " more"});
    return std::move(findings_);
}

template <typename T>
T SchemaReader::read(const Json& json, const std::string& path) {
    if constexpr (detail::is_vector<T>) {
        return read_list<T>(json, path);
    } else if constexpr (Fact<T> && !std::same_as<T, Json>) {
        return read_fact<T>(json, path);
    } else {
        auto value = from_json<T>(json);
        if (value) return std::move(*value);
        lacks(path, ": " + value.error().message);
        return {};
    }
}

template <typename T>
T SchemaReader::read_fact(const Json& json, const std::string& path) {
    T fact{};
    const auto* members = json.as<Json::Object>();
    if (members == nullptr) {
        lacks(path, ": not an object");
        return fact;
    }
    const std::string prefix = path.empty() ? path : path + ".";
    std::vector<std::string_view> known;
    auto read_member = [&]<typename M>(std::string_view name, M& member) {
        known.push_back(name);
        const std::string where = prefix + std::string(name);
        const Json* found = json.find(name);
        if constexpr (detail::is_optional<M>) {
            if (found != nullptr) member = read<typename M::value_type>(*found, where);
        } else if (found != nullptr) {
            member = read<M>(*found, where);
        } else if (!detail::is_vector<M>) {
            lacks(where, ": missing");
        }
    };
    T::each_field(fact, read_member);
    for (const auto& member : *members)
        if (!member.first.starts_with("x_") &&
            std::ranges::find(known, member.first) == known.end())
            add("E_SCHEMA_MEMBER", prefix + member.first, ": unknown member");
    return fact;
}

template <typename T>
T SchemaReader::read_list(const Json& json, const std::string& path) {
    T list;
    const auto* array = json.as<Json::Array>();
    if (array == nullptr) {
        lacks(path, ": not an array");
        return list;
    }
    list.reserve(array->size());
    for (const Json& each : *array)
        list.push_back(
            read<typename T::value_type>(each, path + "." + std::to_string(list.size())));
    return list;
}

} // namespace quietus
