#include "quietus/core/normal_form.hpp"

#include "quietus/core/bytes.hpp"

#include <uninorm.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace quietus {
namespace {

struct Free {
    void operator()(std::uint8_t* memory) const { std::free(memory); }
};

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text,
                               [](char each) { return static_cast<unsigned char>(each) < 0x80; });
}

} // namespace

bool is_nfc(std::string_view text) {
    if (is_ascii(text)) return true;
    if (!is_utf8(text)) return false;
    const ByteView octets = as_bytes(text);
    std::size_t length = 0;
    const std::unique_ptr<std::uint8_t, Free> composed(
        ::u8_normalize(UNINORM_NFC, octets.data(), octets.size(), nullptr, &length));
    return composed != nullptr && std::ranges::equal(octets, ByteView(composed.get(), length));
}

} // namespace quietus
