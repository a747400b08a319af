#include "quietus/transport/nvme/level_0.hpp"

#include "fields.hpp"

#include <algorithm>
#include <cstdint>

namespace quietus::nvme {
namespace {

constexpr std::size_t header_octets = 48;
constexpr std::size_t descriptor_octets = 4;
constexpr std::uint16_t feature_locking = 0x0002;
constexpr std::uint16_t feature_block_sid = 0x0402;

std::uint32_t big(ByteView data, std::size_t at, std::size_t width) {
    std::uint32_t value = 0;
    for (const std::uint8_t octet : data.subspan(at, width))
        value = value << 8U | octet;
    return value;
}

void read_feature(Level0& found, std::uint32_t code, ByteView body) {
    if (code == feature_locking && !body.empty()) {
        found.locking = has(body[0], 0);
        found.locking_enabled = has(body[0], 1);
        found.locked = has(body[0], 2);
    }
    if (code == feature_block_sid && body.size() >= 2) {
        found.block_sid = true;
        found.sid_blocked = has(body[0], 1);
        found.until_hardware_reset = has(body[1], 0);
    }
}

} // namespace

Result<Level0> parse_level_0(ByteView data) {
    if (data.size() < header_octets) return Error{Fault::drive, "Level 0 Discovery is cut short"};
    // The length does not count itself; what a drive has no room for is left out.
    const std::uint64_t told = std::uint64_t{4} + big(data, 0, 4);
    ByteView rest = data.first(static_cast<std::size_t>(
        std::min<std::uint64_t>(std::max<std::uint64_t>(told, header_octets), data.size())));
    rest = rest.subspan(header_octets);
    Level0 found;
    while (rest.size() >= descriptor_octets) {
        const std::size_t length = rest[3];
        if (length > rest.size() - descriptor_octets) break;
        read_feature(found, big(rest, 0, 2), rest.subspan(descriptor_octets, length));
        rest = rest.subspan(descriptor_octets + length);
    }
    return found;
}

} // namespace quietus::nvme
