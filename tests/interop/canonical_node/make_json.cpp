// make_json: prints documents of the JSON profile as quietus writes them, a line each, and texts
// with what quietus says of their normal form, for check.js.
#include "quietus/core/json.hpp"
#include "quietus/core/normal_form.hpp"

#include <array>
#include <cstdint>
#include <iostream>
#include <random>
#include <string>

namespace quietus {
namespace {

// Ranges with much that composes, all assigned since Unicode 10 or never: what follows from them is
// the same in every version. No surrogates.
struct Range {
    std::uint32_t first;
    std::uint32_t last;
};
constexpr std::array<Range, 12> ranges{{{0x20, 0x7E},
                                        {0xA0, 0x24F},
                                        {0x300, 0x36F},
                                        {0x391, 0x3A1},
                                        {0x400, 0x45F},
                                        {0x5B0, 0x5BD},
                                        {0x915, 0x94D},
                                        {0x1100, 0x1112},
                                        {0x1161, 0x1175},
                                        {0x1E00, 0x1EF9},
                                        {0x2100, 0x212B},
                                        {0xAC00, 0xAC20}}};
// Each of its own kind: excluded from composition, a singleton, beyond 16 bits, a line separator.
constexpr std::array<std::uint32_t, 10> single{0x958, 0xFB1D, 0x2F800, 0x1D15E, 0x1F600,
                                               0x340, 0x344,  0x212A,  0x3099,  0xFF21};

class Source {
  public:
    std::uint32_t up_to(std::uint32_t most) {
        return static_cast<std::uint32_t>(random_() % (std::uint64_t{most} + 1));
    }
    std::string text() {
        std::string result;
        for (std::uint32_t count = up_to(12); count != 0; --count)
            append(point(), result);
        return result;
    }
    // Within the profile: what is not in normal form is left out.
    Json value(unsigned depth) {
        switch (up_to(depth < 6 ? 6 : 3)) {
        case 0:
            return up_to(1) == 0;
        case 1:
            return number();
        case 2:
        case 3: {
            std::string said = text();
            return is_nfc(said) ? said : std::string(R"("\/)");
        }
        case 4: {
            Json list = Json::array();
            for (std::uint32_t count = up_to(4); count != 0; --count)
                list.push_back(value(depth + 1));
            return list;
        }
        default: {
            Json object = Json::Object{};
            for (std::uint32_t count = up_to(5); count != 0; --count)
                object[name()] = value(depth + 1);
            return object;
        }
        }
    }

  private:
    std::uint32_t point() {
        if (up_to(9) == 0) return single[up_to(single.size() - 1)];
        const Range& range = ranges[up_to(ranges.size() - 1)];
        return range.first + up_to(range.last - range.first);
    }
    std::int64_t number() {
        const std::int64_t any = static_cast<std::int64_t>(random_()) >> up_to(63);
        return any % (json_integer_max + 1);
    }
    std::string name() {
        constexpr std::string_view letters = "abcxyz019_";
        std::string result;
        for (std::uint32_t count = up_to(5) + 1; count != 0; --count)
            result += letters[up_to(letters.size() - 1)];
        return result;
    }
    static void append(std::uint32_t point, std::string& text) {
        const auto octet = [&](std::uint32_t value) { text += static_cast<char>(value); };
        if (point < 0x80) return octet(point);
        if (point < 0x800) {
            octet(0xC0U | point >> 6U);
        } else if (point < 0x10000) {
            octet(0xE0U | point >> 12U);
            octet(0x80U | (point >> 6U & 0x3FU));
        } else {
            octet(0xF0U | point >> 18U);
            octet(0x80U | (point >> 12U & 0x3FU));
            octet(0x80U | (point >> 6U & 0x3FU));
        }
        octet(0x80U | (point & 0x3FU));
    }

    std::mt19937_64 random_{8785};
};

} // namespace
} // namespace quietus

int main() {
    using namespace quietus;
    Source source;
    for (int i = 0; i < 5000; ++i) {
        const Json object = Json::object({{"document", source.value(0)}});
        const auto text = to_canonical(object);
        if (!text) {
            std::cerr << text.error().message << '\n';
            return 1;
        }
        std::cout << *text << '\n';
    }
    for (int i = 0; i < 20000; ++i) {
        const std::string text = source.text();
        std::cout << "nfc " << to_line(text) << (is_nfc(text) ? " yes" : " no") << '\n';
    }
    return 0;
}
