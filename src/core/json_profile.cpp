#include "json_text.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/normal_form.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t string_max = 4096;

bool is_control(unsigned char octet) {
    return octet < 0x20 || octet == 0x7F;
}

// U+0080 to U+009F in UTF-8.
bool has_c1_control(std::string_view text) {
    for (std::size_t at = text.find('\xC2'); at != text.npos; at = text.find('\xC2', at + 1))
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
    return false;
}

bool is_plain(char each) {
    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '_';
}

class Profile {
  public:
    void examine(const Json& value, std::size_t depth) {
        if (value.is_null()) problems_.add(JsonFlaw::null_value, "null");
        if (const auto* text = value.as<std::string>()) examine_text(*text);
        const auto* array = value.as<Json::Array>();
        const auto* object = value.as<Json::Object>();
        if (array == nullptr && object == nullptr) return;
        if (depth == json_depth_max) return problems_.add(JsonFlaw::depth, "depth over 12");
        if (array != nullptr)
            for (const Json& each : *array)
                examine(each, depth + 1);
        else
            examine_members(*object, depth + 1);
    }
    [[nodiscard]] std::vector<JsonProblem> take() && { return std::move(problems_).take(); }

  private:
    void examine_members(const Json::Object& object, std::size_t depth) {
        for (const auto& [name, member] : object) {
            if (name.empty() || !std::ranges::all_of(name, is_plain))
                problems_.add(JsonFlaw::name, "member name \"" + escaped(name) + "\"");
            examine(member, depth);
        }
    }

    void examine_text(const std::string& text) {
        if (text.size() > string_max)
            problems_.add(JsonFlaw::long_text, "a string over 4096 bytes");
        if (!is_utf8(text)) return problems_.add(JsonFlaw::encoding, "text that is not UTF-8");
        if (std::ranges::any_of(text, is_control) || has_c1_control(text))
            problems_.add(JsonFlaw::control, "a control character in \"" + begin_of(text) + "\"");
        if (!is_nfc(text))
            problems_.add(JsonFlaw::normal_form,
                          "text that is not in normalisation form C: \"" + begin_of(text) + "\"");
    }

    static std::string begin_of(const std::string& text) {
        return text.size() <= 40 ? escaped(text) : escaped(text.substr(0, 40)) + " ...";
    }

    JsonProblems problems_;
};

} // namespace

std::vector<JsonProblem> profile_problems(const Json& value) {
    Profile profile;
    profile.examine(value, 0);
    return std::move(profile).take();
}

} // namespace quietus
