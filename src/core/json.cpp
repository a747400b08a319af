#include "quietus/core/json.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace quietus {
namespace {

constexpr int depth_max = 12;
constexpr std::size_t string_max = 4096;
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

Error outside(std::string_view what) {
    return {Fault::invalid, "outside the JSON profile: " + std::string(what)};
}

Status check_text(const std::string& text) {
    if (text.size() > string_max) return outside("a string over 4096 bytes");
    if (!is_utf8(text)) return outside("text that is not UTF-8");
    const auto is_control = [](unsigned char each) { return each < 0x20 || each == 0x7F; };
    if (std::ranges::any_of(text, is_control)) return outside("a control character");
    return {};
}

Status check_name(const std::string& name) {
    const auto is_plain = [](char each) {
        return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '_';
    };
    if (name.empty() || !std::ranges::all_of(name, is_plain))
        return outside("member name \"" + escaped(name) + "\"");
    return {};
}

Status check_profile(const Json& value, int depth) {
    if (depth > depth_max) return outside("depth over 12");
    if (value.is_null()) return outside("null");
    if (const auto* text = value.as<std::string>()) return check_text(*text);
    if (const auto* array = value.as<Json::Array>()) {
        for (const Json& each : *array)
            if (auto status = check_profile(each, depth + 1); !status) return status;
    }
    if (const auto* object = value.as<Json::Object>()) {
        for (const auto& [name, member] : *object) {
            if (auto status = check_name(name); !status) return status;
            if (auto status = check_profile(member, depth + 1); !status) return status;
        }
    }
    return {};
}

// Builds our tree from the library's events; refuses what the library would let through: duplicate
// members (it keeps the last), numbers it would turn into floats, unbounded depth.
class Reader final : public nlohmann::json_sax<nlohmann::json> {
  public:
    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override {
        if (value < -json_integer_max)
            return fail(JsonFlaw::number, "an integer below -(2^53 - 1)");
        return put(value);
    }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(json_integer_max))
            return fail(JsonFlaw::number, "an integer above 2^53 - 1");
        return put(value);
    }
    bool number_float(number_float_t, const string_t&) override {
        return fail(JsonFlaw::number, "a number with fraction, exponent or too many digits");
    }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return fail(JsonFlaw::syntax, "binary data"); }
    bool start_object(std::size_t) override { return open(Json::Object{}); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (open_.back()->find(name) != nullptr)
            return fail(JsonFlaw::duplicate_member, "duplicate member \"" + escaped(name) + "\"");
        name_ = name;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override {
        return fail(JsonFlaw::syntax, "not JSON at byte " + std::to_string(position));
    }

    JsonReading reading;

  private:
    bool fail(JsonFlaw flaw, std::string what) {
        if (reading.flaw != JsonFlaw::none) return false;
        reading.flaw = flaw;
        reading.problem = std::move(what);
        return false;
    }
    Json* place(Json value) {
        if (open_.empty()) return &(reading.value = std::move(value));
        Json& parent = *open_.back();
        if (parent.as<Json::Object>() != nullptr) return &(parent[name_] = std::move(value));
        return &parent.push_back(std::move(value));
    }
    bool put(Json value) {
        place(std::move(value));
        return true;
    }
    bool open(Json container) {
        if (open_.size() >= depth_max) return fail(JsonFlaw::depth, "depth over 12");
        open_.push_back(place(std::move(container)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::vector<Json*> open_; // stable: a container grows only while it is the innermost open one
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
    if (auto status = check_profile(value, 1); !status) return std::move(status).error();
    // Within the profile the library's compact form is the RFC 8785 form.
    std::string text = to_library(value).dump();
    if (text.size() > document_max) return outside("over 4 MiB");
    return text;
}

JsonReading read_json(std::string_view text, std::size_t limit) {
    if (text.size() > limit)
        return {{}, JsonFlaw::size, "over " + std::to_string(limit) + " bytes"};
    // The library skips a byte-order mark in silence.
    if (text.starts_with("\xEF\xBB\xBF"))
        return {{}, JsonFlaw::encoding, "starts with a byte-order mark"};
    if (!is_utf8(text)) return {{}, JsonFlaw::encoding, "not UTF-8"};
    Reader reader;
    const bool read = nlohmann::json::sax_parse(text, &reader);
    if (!read && reader.reading.flaw == JsonFlaw::none) return {{}, JsonFlaw::syntax, "not JSON"};
    return std::move(reader.reading);
}

Result<Json> parse_json(std::string_view text, std::size_t limit) {
    JsonReading reading = read_json(text, limit);
    if (reading.flaw != JsonFlaw::none) return Error{Fault::invalid, std::move(reading.problem)};
    return std::move(reading.value);
}

} // namespace quietus
