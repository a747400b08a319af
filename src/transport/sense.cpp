#include "quietus/transport/sense.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace quietus {
namespace {

constexpr std::size_t header_octets = 8;
/// ADDITIONAL SENSE CODE and its QUALIFIER in fixed format.
constexpr std::size_t fixed_asc = 12;
constexpr std::size_t fixed_ascq = 13;

Error undecodable(const char* why) {
    return {Fault::drive, std::string("sense data that cannot be decoded: ") + why};
}

/// Where the sense data ends by its own account; a header must be there.
std::size_t announced_end(ByteView sense) {
    return header_octets + sense[7];
}

Result<Sense> decode_fixed(ByteView sense) {
    Sense decoded{SenseFormat::fixed, (sense[0] & 1U) != 0, 0, 0, 0};
    decoded.key = sense[2] & 0x0FU;
    const bool has_code = announced_end(sense) > fixed_ascq;
    if (has_code && sense.size() <= fixed_ascq) return undecodable("cut short");
    // A drive may say in the length that it has no additional code: that means 00h/00h.
    decoded.asc = has_code ? sense[fixed_asc] : 0;
    decoded.ascq = has_code ? sense[fixed_ascq] : 0;
    return decoded;
}

} // namespace

Result<Sense> decode_sense(ByteView sense) {
    if (sense.size() < header_octets) return undecodable("fewer than 8 octets");
    switch (sense[0] & 0x7FU) {
    case 0x70:
    case 0x71:
        return decode_fixed(sense);
    case 0x72:
    case 0x73:
        return Sense{SenseFormat::descriptor, (sense[0] & 1U) != 0,
                     static_cast<std::uint8_t>(sense[1] & 0x0FU), sense[2], sense[3]};
    default:
        return undecodable("unknown response code");
    }
}

ByteView sense_descriptor(ByteView sense, std::uint8_t type) {
    const auto decoded = decode_sense(sense);
    if (!decoded || decoded->format != SenseFormat::descriptor) return {};
    const std::size_t end = std::min(sense.size(), announced_end(sense));
    for (std::size_t at = header_octets; at + 2 <= end;) {
        const std::size_t length = 2U + sense[at + 1];
        if (at + length > end) return {}; // cut short
        if (sense[at] == type) return sense.subspan(at, length);
        at += length;
    }
    return {};
}

std::string to_text(const Sense& sense) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%x/%02xh/%02xh", sense.key, sense.asc, sense.ascq);
    return text.data();
}

} // namespace quietus
