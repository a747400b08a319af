#include "quietus/transport/tcg/level_0.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace quietus::tcg {
namespace {

constexpr std::size_t header_octets = 48;
constexpr std::size_t descriptor_octets = 4;
constexpr std::uint32_t feature_locking = 0x0002;
constexpr std::uint32_t feature_block_sid = 0x0402;
constexpr std::uint32_t feature_removal = 0x0404;
constexpr std::array subsystem_features{
    std::pair{0x0100U, SecuritySubsystem::enterprise},
    std::pair{0x0200U, SecuritySubsystem::opal_1},
    std::pair{0x0203U, SecuritySubsystem::opal_2},
    std::pair{0x0301U, SecuritySubsystem::opalite},
    std::pair{0x0302U, SecuritySubsystem::pyrite_1},
    std::pair{0x0303U, SecuritySubsystem::pyrite_2},
    std::pair{0x0304U, SecuritySubsystem::ruby},
    std::pair{0x0305U, SecuritySubsystem::key_per_io},
};

bool has(std::uint8_t octet, unsigned bit) {
    return (octet >> bit & 1U) != 0;
}

std::uint32_t big(ByteView data, std::size_t at, std::size_t width) {
    std::uint32_t value = 0;
    for (const std::uint8_t octet : data.subspan(at, width))
        value = value << 8U | octet;
    return value;
}

void read_locking(TcgFacts& found, std::uint8_t octet) {
    constexpr unsigned shadow_enabled = 4;
    constexpr unsigned shadow_done = 5;
    found.locking = has(octet, 0);
    found.locking_enabled = has(octet, 1);
    found.locked = has(octet, 2);
    found.media_encryption = has(octet, 3);
    found.shadow_mbr = has(octet, shadow_enabled) && !has(octet, shadow_done);
}

void read_removal(TcgFacts& found, ByteView body) {
    found.removal_under_way = has(body[1], 0);
    found.removal.emplace();
    for (unsigned bit = 0; bit < enum_texts<RemovalMechanism>.size(); ++bit)
        if (has(body[2], bit)) found.removal->push_back(static_cast<RemovalMechanism>(bit));
}

void read_feature(TcgFacts& found, std::uint32_t code, ByteView body) {
    for (const auto& [feature, subsystem] : subsystem_features)
        if (code == feature) found.subsystems.push_back(subsystem);
    if (code == feature_locking && !body.empty()) read_locking(found, body[0]);
    if (code == feature_removal && body.size() >= 3) read_removal(found, body);
    if (code == feature_block_sid && body.size() >= 2) {
        found.block_sid = true;
        found.sid_blocked = has(body[0], 1);
        found.until_hardware_reset = has(body[1], 0);
    }
}

} // namespace

Result<TcgFacts> parse_level_0(ByteView data) {
    if (data.size() < header_octets) return Error{Fault::drive, "Level 0 Discovery is cut short"};
    // The length does not count itself; what a drive has no room for is left out.
    const std::uint64_t told = std::uint64_t{4} + big(data, 0, 4);
    ByteView rest = data.first(static_cast<std::size_t>(
        std::min<std::uint64_t>(std::max<std::uint64_t>(told, header_octets), data.size())));
    rest = rest.subspan(header_octets);
    TcgFacts found;
    while (rest.size() >= descriptor_octets) {
        const std::size_t length = rest[3];
        if (length > rest.size() - descriptor_octets) break;
        read_feature(found, big(rest, 0, 2), rest.subspan(descriptor_octets, length));
        rest = rest.subspan(descriptor_octets + length);
    }
    return found;
}

TcgFacts facts_or_reason(Result<TcgFacts> asked) {
    if (asked) return std::move(*asked);
    TcgFacts unknown;
    unknown.text = asked.error().message;
    return unknown;
}

} // namespace quietus::tcg
