#include "packed_extents.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace quietus {
namespace {

constexpr auto most = static_cast<std::uint64_t>(json_integer_max);

void put(std::string& text, std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    text.append(digits.data(), end);
}

Error unreadable(const char* what) {
    return {Fault::invalid, std::string("packed extents: ") + what};
}

/// Reads the words of a packed list one after the other.
class Words {
  public:
    explicit Words(std::string_view text) : text_(text) {}
    [[nodiscard]] bool at_end() const { return text_.empty(); }
    /// A number of at most 2^53 - 1, as to_chars writes it.
    bool take(std::uint64_t& number) {
        const char* const begin = text_.data();
        const auto read = std::from_chars(begin, begin + text_.size(), number);
        if (read.ec != std::errc{} || number > most) return false;
        const auto digits = static_cast<std::size_t>(read.ptr - begin);
        if (text_.front() == '0' && digits > 1) return false;
        text_.remove_prefix(digits);
        return true;
    }
    bool take(char sign) {
        if (!text_.starts_with(sign)) return false;
        text_.remove_prefix(1);
        return true;
    }

  private:
    std::string_view text_;
};

std::uint64_t number_in(const Json& object, std::string_view member) {
    const Json* found = object.find(member);
    const auto* held = found == nullptr ? nullptr : found->as<std::int64_t>();
    return held == nullptr || *held < 0 ? 0 : static_cast<std::uint64_t>(*held);
}

Result<std::vector<Extent>> read_words(std::string_view text, std::uint64_t unit) {
    std::vector<Extent> extents;
    Words words(text);
    for (std::uint64_t end = 0; !words.at_end();) {
        std::uint64_t gap = 0;
        std::uint64_t length = 0;
        if (!extents.empty() && !words.take(' ')) return unreadable("no space");
        if (!words.take(gap) || !words.take('+') || !words.take(length))
            return unreadable("a word that is not GAP+LENGTH");
        // Touching extents would be one.
        if (length == 0 || (gap == 0 && !extents.empty())) return unreadable("an empty extent");
        if (gap + length > (most - end) / unit) return unreadable("beyond every drive");
        extents.push_back({end + gap * unit, length * unit});
        end = extents.back().end();
    }
    return extents;
}

} // namespace

Json pack(const std::vector<Extent>& extents) {
    std::uint64_t unit = 0;
    for (const Extent& each : extents)
        unit = std::gcd(unit, std::gcd(each.offset, each.length));
    unit = std::max<std::uint64_t>(unit, 1);
    std::string text;
    std::uint64_t end = 0;
    for (const Extent& each : extents) {
        if (!text.empty()) text += ' ';
        put(text, (each.offset - end) / unit);
        text += '+';
        put(text, each.length / unit);
        end = each.end();
    }
    return Json::object({{"extents", extents.size()}, {"packed", std::move(text)}, {"unit", unit}});
}

Result<std::vector<Extent>> unpack(const Json& packed) {
    const std::uint64_t unit = number_in(packed, "unit");
    const auto* members = packed.as<Json::Object>();
    if (members == nullptr || members->size() != 3 || unit == 0) return unreadable("members");
    auto extents = read_words(packed.text_of("packed"), unit);
    if (extents && extents->size() != number_in(packed, "extents"))
        return unreadable("not as many as it says");
    return extents;
}

} // namespace quietus
