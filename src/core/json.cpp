#include "quietus/core/json.hpp"

#include "json_text.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t document_max = 4U << 20U;

nlohmann::json to_library(const Json& value) {
    if (const auto* flag = value.as<bool>()) return *flag;
    if (const auto* integer = value.as<std::int64_t>()) return *integer;
    if (const auto* text = value.as<std::string>()) return is_utf8(*text) ? *text : escaped(*text);
    if (const auto* array = value.as<Json::Array>()) {
        auto built = nlohmann::json::array();
        for (const Json& each : *array)
            built.push_back(to_library(each));
        return built;
    }
    if (const auto* object = value.as<Json::Object>()) {
        auto built = nlohmann::json::object();
        for (const auto& [name, member] : *object)
            built[name] = to_library(member);
        return built;
    }
    return nullptr;
}

// Builds our tree from the library's events; refuses what the library would let through: duplicate
// members (it keeps the last), numbers it would turn into floats, unbounded depth. Goes on after
// all of these, to find what else is wrong.
class Reader final : public nlohmann::json_sax<nlohmann::json> {
  public:
    explicit Reader(JsonProblems& problems) : problems_(problems) {}

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override {
        if (value >= -json_integer_max) return put(value);
        problems_.add(JsonFlaw::number, "an integer below -(2^53 - 1)");
        return put(0);
    }
    bool number_unsigned(number_unsigned_t value) override {
        if (value <= static_cast<number_unsigned_t>(json_integer_max)) return put(value);
        problems_.add(JsonFlaw::number, "an integer above 2^53 - 1");
        return put(0);
    }
    bool number_float(number_float_t, const string_t&) override {
        problems_.add(JsonFlaw::number, "a number with fraction, exponent or too many digits");
        return put(0);
    }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return false; } // never from text
    bool start_object(std::size_t) override { return open(Json::Object{}); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (too_deep_ != 0) return true;
        if (open_.back()->find(name) != nullptr)
            problems_.add(JsonFlaw::duplicate_member, "duplicate member \"" + escaped(name) + "\"");
        name_ = name;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override {
        constexpr int overflow = 406; // the library's number for what no double can hold
        if (error.id == overflow) {
            problems_.add(JsonFlaw::number,
                          "a number too large at byte " + std::to_string(position));
            return false;
        }
        // A torn escape or a bare control character is why the library stopped, and was named.
        if (!problems_.has(JsonFlaw::surrogate) && !problems_.has(JsonFlaw::control))
            problems_.add(JsonFlaw::syntax, "not JSON at byte " + std::to_string(position));
        return false;
    }

    Json root;

  private:
    Json* place(Json placed) {
        if (open_.empty()) return &(root = std::move(placed));
        Json& parent = *open_.back();
        if (parent.as<Json::Object>() != nullptr) return &(parent[name_] = std::move(placed));
        return &parent.push_back(std::move(placed));
    }
    bool put(Json placed) {
        if (too_deep_ == 0) place(std::move(placed));
        return true;
    }
    bool open(Json container) {
        if (open_.size() < json_depth_max) {
            open_.push_back(place(std::move(container)));
        } else {
            ++too_deep_;
            problems_.add(JsonFlaw::depth, "depth over 12");
        }
        return true;
    }
    bool close() {
        if (too_deep_ != 0)
            --too_deep_;
        else
            open_.pop_back();
        return true;
    }

    JsonProblems& problems_;
    std::vector<Json*> open_;  // stable: a container grows only while it is the innermost open one
    std::size_t too_deep_ = 0; // containers open below the deepest that are kept
    std::string name_;
};

} // namespace

const Json* Json::find(std::string_view member) const {
    const auto* object = as<Object>();
    if (object == nullptr) return nullptr;
    const auto found = object->find(member);
    return found == object->end() ? nullptr : &found->second;
}

std::string_view Json::text_of(std::string_view member) const {
    const Json* found = find(member);
    const auto* text = found == nullptr ? nullptr : found->as<std::string>();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

Json& Json::operator[](std::string_view member) {
    if (is_null()) value_ = Object{};
    auto* object = std::get_if<Object>(&value_);
    QUIETUS_ENSURE(object != nullptr);
    const auto found = object->find(member);
    if (found != object->end()) return found->second;
    return object->emplace(member, Json{}).first->second;
}

Json& Json::push_back(Json value) {
    if (is_null()) value_ = Array{};
    auto* array = std::get_if<Array>(&value_);
    QUIETUS_ENSURE(array != nullptr);
    return array->emplace_back(std::move(value));
}

std::int64_t Json::checked_integer(bool fits, std::int64_t value) {
    QUIETUS_ENSURE(fits && value <= json_integer_max && value >= -json_integer_max);
    return value;
}

std::string to_line(const Json& value) {
    return to_library(value).dump();
}

Result<std::string> to_canonical(const Json& value) {
    const auto problems = profile_problems(value);
    if (!problems.empty())
        return Error{Fault::invalid, "outside the JSON profile: " + problems.front().text};
    // Within the profile the library's compact form is the RFC 8785 form.
    std::string text = to_library(value).dump();
    if (text.size() > document_max)
        return Error{Fault::invalid, "outside the JSON profile: over 4 MiB"};
    return text;
}

JsonReading read_json(std::string_view text, std::size_t limit) {
    JsonProblems problems;
    if (text.size() > limit)
        problems.add(JsonFlaw::size, "over " + std::to_string(limit) + " bytes");
    // The library skips a byte-order mark in silence.
    else if (text.starts_with("\xEF\xBB\xBF"))
        problems.add(JsonFlaw::encoding, "starts with a byte-order mark");
    else if (!is_utf8(text))
        problems.add(JsonFlaw::encoding, "not UTF-8");
    else
        examine_strings(text, problems);
    if (problems.has(JsonFlaw::size) || problems.has(JsonFlaw::encoding))
        return {{}, std::move(problems).take(), false};
    Reader reader(problems);
    const bool read = nlohmann::json::sax_parse(text, &reader);
    return {std::move(reader.root), std::move(problems).take(), read};
}

Result<Json> parse_json(std::string_view text, std::size_t limit) {
    JsonReading reading = read_json(text, limit);
    if (!reading.problems.empty())
        return Error{Fault::invalid, std::move(reading.problems.front().text)};
    return std::move(reading.value);
}

} // namespace quietus
