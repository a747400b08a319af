#include "nvme_identify.hpp"

#include "octets.hpp"

#include "quietus/transport/nvme/commands.hpp"

#include <algorithm>
#include <limits>

namespace quietus::nvme {
namespace {

constexpr std::size_t nqn_octets = 256;

Error malformed(const char* why) {
    return {Fault::drive, why};
}

std::string name(const char* kind, ByteView value) {
    return wire::all(value, 0) ? std::string() : kind + to_hex(value);
}

std::string uuid_name(ByteView value) {
    if (wire::all(value, 0)) return {};
    std::string text = to_hex(value);
    for (const std::size_t place : {8U, 13U, 18U, 23U})
        text.insert(place, 1, '-');
    return "uuid." + text;
}

std::optional<std::uint64_t> total_capacity(ByteView data) {
    const std::uint64_t low = wire::little(data, 280, 8);
    if (low == 0 || wire::little(data, 288, 8) != 0) return std::nullopt;
    return low;
}

// RPMBS: units in bits 2:0; bits 23:16 are the size of one in 128 KiB, less one.
std::uint64_t rpmb_bytes(ByteView data) {
    constexpr std::uint64_t granule = 128U << 10U;
    const std::uint64_t field = wire::little(data, 312, 4);
    return (field & 7U) * ((field >> 16U & 0xFFU) + 1) * granule;
}

ByteView subsystem_name(ByteView data) {
    const ByteView field = data.subspan(768, nqn_octets);
    const auto end = std::ranges::find(field, std::uint8_t{0});
    return field.first(static_cast<std::size_t>(end - field.begin()));
}

// FLBAS: the format in bits 3:0, and in 6:5 its upper bits where there are more than 16 formats.
std::size_t format_index(ByteView data) {
    const std::size_t lower = data[26] & 0x0FU;
    const std::size_t formats = data[25] + std::size_t{1};
    return formats <= 16 ? lower : lower | (data[26] >> 5U & 3U) << 4U;
}

} // namespace

Result<Controller> parse_controller(ByteView data) {
    if (data.size() != identify_octets) return malformed("it is cut short");
    if (wire::all(data, data[0])) return malformed("it is empty");
    Controller controller;
    controller.vendor = static_cast<std::uint16_t>(wire::little(data, 0, 2));
    controller.subvendor = static_cast<std::uint16_t>(wire::little(data, 2, 2));
    controller.serial = data.subspan(4, 20);
    controller.model = data.subspan(24, 40);
    controller.firmware = data.subspan(64, 8);
    controller.cmic = data[76];
    controller.version = static_cast<std::uint32_t>(wire::little(data, 80, 4));
    controller.manages_namespaces = (data[256] & 0x08U) != 0; // OACS bit 3
    controller.capacity_bytes = total_capacity(data);
    controller.rpmb_bytes = rpmb_bytes(data);
    controller.namespace_ids = static_cast<std::uint32_t>(wire::little(data, 516, 4));
    controller.subsystem = subsystem_name(data);
    return controller;
}

Result<std::optional<Namespace>> parse_namespace(ByteView data) {
    if (data.size() != identify_octets) return malformed("it is cut short");
    if (wire::all(data, 0)) return std::optional<Namespace>();
    const std::uint64_t blocks = wire::little(data, 0, 8);
    const unsigned exponent = data[128 + 4 * format_index(data) + 2]; // LBADS of the format in use
    if (exponent < 9 || exponent > 24) return malformed("its block size makes no sense");
    if (blocks > std::numeric_limits<std::uint64_t>::max() >> exponent)
        return malformed("its number of blocks makes no sense");
    Namespace found;
    found.size_bytes = blocks << exponent;
    found.block_bytes = 1U << exponent;
    found.shared = (data[30] & 1U) != 0;
    found.nguid = name("nguid.", data.subspan(104, 16));
    found.eui64 = name("eui.", data.subspan(120, 8));
    return std::optional(found);
}

Result<Descriptors> parse_descriptors(ByteView data) {
    constexpr std::size_t header_octets = 4;
    Descriptors found;
    std::string eui64;
    std::string nguid;
    std::string uuid;
    for (ByteView rest = data; rest.size() >= header_octets && rest[1] != 0;) {
        const std::size_t length = header_octets + rest[1];
        if (length > rest.size()) return malformed("a descriptor does not fit in it");
        const ByteView value = rest.subspan(header_octets, length - header_octets);
        if (rest[0] == 1 && value.size() == 8) eui64 = name("eui.", value);
        if (rest[0] == 2 && value.size() == 16) nguid = name("nguid.", value);
        if (rest[0] == 3 && value.size() == 16) uuid = uuid_name(value);
        if (rest[0] == 4 && value.size() == 1) found.command_set = value[0];
        rest = rest.subspan(length);
    }
    found.name = !uuid.empty() ? uuid : !nguid.empty() ? nguid : eui64;
    return found;
}

} // namespace quietus::nvme
