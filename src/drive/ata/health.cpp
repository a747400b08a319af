#include "quietus/drive/ata/health.hpp"

#include "quietus/transport/ata/commands.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace quietus::ata {
namespace {

constexpr std::size_t first_attribute = 2;
constexpr std::size_t attribute_octets = 12;
constexpr std::size_t attributes = 30;
constexpr std::size_t raw_value = 5; ///< within an attribute

constexpr std::uint8_t reallocated_blocks = 5;
constexpr std::uint8_t power_on_hours = 9;
constexpr std::uint8_t pending_blocks = 197;

// The lower four octets alone: makers use the others for something else.
std::uint64_t raw_of(ByteView attribute) {
    std::uint64_t value = 0;
    for (std::size_t at = raw_value + 4; at > raw_value; --at)
        value = value << 8U | attribute[at - 1];
    return value;
}

} // namespace

Result<HealthRecord> decode_smart_data(ByteView data) {
    if (data.size() != block_octets) return Error{Fault::drive, "SMART READ DATA: it is cut short"};
    const auto sum = std::accumulate(data.begin(), data.end(), 0U) & 0xFFU;
    const bool empty = std::ranges::all_of(data, [](std::uint8_t octet) { return octet == 0; });
    if (sum != 0 || empty)
        return Error{Fault::drive, "SMART READ DATA: its checksum does not hold"};
    HealthRecord health;
    for (std::size_t number = 0; number < attributes; ++number) {
        const ByteView attribute =
            data.subspan(first_attribute + number * attribute_octets, attribute_octets);
        if (attribute[0] == reallocated_blocks) health.reallocated = raw_of(attribute);
        if (attribute[0] == pending_blocks) health.pending = raw_of(attribute);
        if (attribute[0] == power_on_hours) health.power_on_hours = raw_of(attribute);
    }
    return health;
}

HealthRecord read_health(AtaPort& port, const IdentifyWords& words) {
    HealthRecord unknown;
    if (!words.has_smart()) {
        unknown.text = "the drive keeps no SMART data";
        return unknown;
    }
    const auto reply = port.execute(smart_read_data());
    auto health = reply ? decode_smart_data(reply->data) : Result<HealthRecord>(reply.error());
    if (health) return std::move(*health);
    unknown.text = health.error().message;
    return unknown;
}

} // namespace quietus::ata
