#include "quietus/transport/nvme/controller.hpp"

#include "fields.hpp"

#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/nvme/status.hpp"

#include <algorithm>

namespace quietus::nvme {
namespace {

SanitizeFeatures sanitize_features(ByteView data) {
    const std::uint32_t word = field_32(data, 328);
    SanitizeFeatures features;
    features.crypto_erase = has(word, 0);
    features.block_erase = has(word, 1);
    features.overwrite = has(word, 2);
    features.verification = has(word, 3);
    features.no_deallocate_inhibited = has(word, 29);
    features.modifies_media = static_cast<std::uint8_t>(word >> 30U);
    return features;
}

FormatFeatures format_features(ByteView data) {
    FormatFeatures features;
    features.supported = has(data[256], 1);
    features.attributes = data[524];
    features.formats_all = has(data[524], 0);
    features.erases_all = has(data[524], 1);
    features.crypto_erase = has(data[524], 2);
    features.no_broadcast = has(data[524], 3);
    return features;
}

// RPMBS: units in bits 2:0; bits 23:16 are the size of one in 128 KiB, less one.
std::uint64_t rpmb_bytes(ByteView data) {
    constexpr std::uint64_t granule = 128U << 10U;
    const std::uint32_t word = field_32(data, 312);
    return (word & 7U) * ((word >> 16U & 0xFFU) + std::uint64_t{1}) * granule;
}

ByteView until_zero(ByteView text) {
    const auto end = std::ranges::find(text, std::uint8_t{0});
    return text.first(static_cast<std::size_t>(end - text.begin()));
}

} // namespace

Result<ControllerFeatures> parse_controller_features(ByteView data) {
    if (data.size() != identify_octets)
        return Error{Fault::drive, "Identify Controller: it is cut short"};
    if (std::ranges::all_of(data, [&](std::uint8_t octet) { return octet == data[0]; }))
        return Error{Fault::drive, "Identify Controller: it is empty"};
    constexpr std::uint64_t memory_page = 4096;
    ControllerFeatures found;
    found.serial = text_of(data.subspan(4, 20));
    found.model = text_of(data.subspan(24, 40));
    found.firmware = text_of(data.subspan(64, 8));
    found.several_ports = has(data[76], 0);
    found.several_controllers = has(data[76], 1);
    found.virtual_function = has(data[76], 2);
    found.controller_id = static_cast<std::uint16_t>(field(data, 78, 2));
    found.version = field_32(data, 80);
    found.attributes = field_32(data, 96);
    found.boot_partitions =
        (data[102] & 0x07U) > 1; // 1: no way to protect them, and no word of any
    found.type = data[111];
    found.security_commands = has(data[256], 0);
    found.manages_namespaces = has(data[256], 3);
    found.host_memory_bytes = field_32(data, 272) * memory_page;
    found.total = field_128(data, 280);
    found.unallocated = field_128(data, 296);
    found.rpmb_bytes = rpmb_bytes(data);
    found.sanitize = sanitize_features(data);
    found.namespace_ids = field_32(data, 516);
    found.format = format_features(data);
    found.write_protection = data[531];
    found.most_namespaces = field_32(data, 540);
    found.subsystem = text_of(until_zero(data.subspan(768, 256)));
    return found;
}

Result<ControllerFeatures> read_controller(NvmePort& port) {
    const auto data = fetch(port, identify(Structure::controller), "Identify Controller");
    if (!data) return data.error();
    return parse_controller_features(*data);
}

} // namespace quietus::nvme
