// TableReader: the keys of one table of a scenario, and the first thing that is wrong with them.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/enum_text.hpp"
#include "quietus/core/toml.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus::emulator {

inline constexpr std::uint64_t most_number = std::uint64_t{1} << 53U;
inline constexpr std::size_t longest_text = 64;

[[nodiscard]] inline Error wrong(const Toml& value, const std::string& what) {
    return Error{Fault::invalid, "line " + std::to_string(value.line()) + ": " + what};
}

/// The keys of one table: each is taken once, by what it is for; one that nobody takes is unknown.
class TableReader {
    // Appended, since g++ 12 takes the sum of a text and a literal for one that is too long.
    static std::string about(std::string_view key, std::string_view what) {
        std::string text(key);
        text.append(what);
        return text;
    }

  public:
    /// `table` is one.
    explicit TableReader(const Toml& table) : table_(table) {}

    /// What is there under this key; null when nothing is.
    const Toml* take(std::string_view key) {
        taken_.emplace_back(key);
        return table_.find(key);
    }
    void number(std::string_view key, std::uint64_t& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* value = node->as<std::int64_t>();
        if (value == nullptr || *value < 0 || static_cast<std::uint64_t>(*value) > most_number)
            return fail(*node, about(key, ": not a number from 0 to 2^53"));
        into = static_cast<std::uint64_t>(*value);
    }
    void text(std::string_view key, std::string& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* value = node->as<std::string>();
        if (value == nullptr || value->empty() || value->size() > longest_text ||
            escaped(*value) != *value)
            return fail(*node, about(key, ": not a text of 1 to 64 printable octets"));
        into = *value;
    }
    void flag(std::string_view key, bool& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* value = node->as<bool>();
        if (value == nullptr) return fail(*node, about(key, ": neither true nor false"));
        into = *value;
    }
    template <SpelledEnum Enum>
    void word(std::string_view key, Enum& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* value = node->as<std::string>();
        const auto known = value == nullptr ? std::nullopt : from_text<Enum>(*value);
        if (!known) return fail(*node, about(key, ": none of " + all_of<Enum>()));
        into = *known;
    }
    template <SpelledEnum Enum>
    void words(std::string_view key, std::vector<Enum>& into) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* array = node->as<Toml::Array>();
        if (array == nullptr) return fail(*node, about(key, ": not a list of words"));
        for (const Toml& one : *array) {
            const auto* value = one.as<std::string>();
            const auto known = value == nullptr ? std::nullopt : from_text<Enum>(*value);
            if (!known) return fail(one, about(key, ": none of " + all_of<Enum>()));
            into.push_back(*known);
        }
    }
    /// Those that are listed; all that there are where no list is.
    template <SpelledEnum Enum>
    std::vector<Enum> choice(std::string_view key) {
        std::vector<Enum> chosen;
        if (table_.find(key) != nullptr) {
            words(key, chosen);
            return chosen;
        }
        taken_.emplace_back(key);
        for (std::size_t i = 0; i < enum_texts<Enum>.size(); ++i)
            chosen.push_back(static_cast<Enum>(i));
        return chosen;
    }
    /// [key] of it.
    void table(std::string_view key, const std::function<Status(const Toml&)>& one) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        if (node->as<Toml::Table>() == nullptr)
            return fail(*node, about(key, ": not written as [...]"));
        if (auto status = one(*node); !status) keep(std::move(status).error());
    }
    /// Each [[key]] of it.
    void tables(std::string_view key, const std::function<Status(const Toml&)>& each) {
        const Toml* node = take(key);
        if (node == nullptr) return;
        const auto* array = node->as<Toml::Array>();
        if (array == nullptr) return fail(*node, about(key, ": not written as [[...]]"));
        for (const Toml& one : *array) {
            if (one.as<Toml::Table>() == nullptr)
                return fail(one, about(key, ": not written as [[...]]"));
            if (auto status = each(one); !status) return keep(std::move(status).error());
        }
    }
    void need(std::initializer_list<std::string_view> keys) {
        for (const std::string_view key : keys)
            if (table_.find(key) == nullptr) fail(table_, about(key, " is missing"));
    }
    void require(bool holds, const std::string& otherwise) {
        if (!holds) fail(table_, otherwise);
    }

    void keep(Error problem) {
        if (!problem_) problem_ = std::move(problem);
    }

    /// The first thing that was wrong, an unknown key last.
    Status finish() {
        for (const auto& [key, value] : *table_.as<Toml::Table>())
            if (std::ranges::find(taken_, key) == taken_.end())
                fail(value, "unknown key \"" + escaped(key) + "\"");
        return problem_ ? Status(std::move(*problem_)) : Status{};
    }

  private:
    template <SpelledEnum Enum>
    static std::string all_of() {
        std::string all;
        for (const std::string_view each : enum_texts<Enum>)
            all += (all.empty() ? "" : ", ") + std::string(each);
        return all;
    }
    void fail(const Toml& node, const std::string& what) { keep(wrong(node, what)); }
    const Toml& table_;
    std::vector<std::string> taken_;
    std::optional<Error> problem_;
};

} // namespace quietus::emulator
