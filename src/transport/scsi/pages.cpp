#include "quietus/transport/scsi/pages.hpp"

#include "big_endian.hpp"

#include <algorithm>
#include <string>

namespace quietus::scsi {
namespace {

constexpr std::size_t page_header = 4;

Error malformed(const char* what, const char* why) {
    return {Fault::drive, std::string(what) + ": " + why};
}

/// The octets behind the header of a VPD or log page.
Result<ByteView> body_of(ByteView page, std::uint8_t code, std::uint8_t code_at) {
    const char* const name = code_at == 0 ? "log page" : "VPD page";
    if (page.size() < page_header) return malformed(name, "it has no header");
    const std::uint8_t told = code_at == 0 ? page[0] & 0x3FU : page[code_at];
    if (told != code) return malformed(name, "another page came");
    const std::size_t length = number_at(page, 2, 2);
    if (page.size() - page_header < length) return malformed(name, "it is cut short");
    return page.subspan(page_header, length);
}

Result<ByteView> vital_body(ByteView page, std::uint8_t code) {
    return body_of(page, code, 1);
}

Result<ByteView> log_body(ByteView page, std::uint8_t code) {
    return body_of(page, code, 0);
}

} // namespace

Result<UnitFormat> parse_unit_format(ByteView reply) {
    constexpr std::size_t up_to_exponents = 14;
    constexpr std::uint32_t most_block_bytes = 1U << 24U;
    if (reply.size() < up_to_exponents) return malformed("READ CAPACITY (16)", "it is cut short");
    UnitFormat format;
    const std::uint64_t last = number_at(reply, 0, 8);
    format.block_bytes = static_cast<std::uint32_t>(number_at(reply, 8, 4));
    if (last == ~std::uint64_t{0} || format.block_bytes == 0 ||
        format.block_bytes > most_block_bytes)
        return malformed("READ CAPACITY (16)", "its size makes no sense");
    format.blocks = last + 1;
    const bool enabled = (reply[12] & 1U) != 0;
    if (enabled) format.protection = static_cast<std::uint8_t>((reply[12] >> 1U & 7U) + 1);
    format.protection_interval = reply[13] >> 4U;
    format.physical_exponent = reply[13] & 0x0FU;
    return format;
}

Result<ModeDescriptor> parse_mode_descriptor(ByteView reply) {
    constexpr std::size_t header = 8;
    constexpr std::size_t short_descriptor = 8;
    constexpr std::size_t long_descriptor = 16;
    const char* const name = "MODE SENSE (10)";
    if (reply.size() < header) return malformed(name, "it is cut short");
    const bool long_lba = (reply[4] & 1U) != 0;
    const std::size_t length = long_lba ? long_descriptor : short_descriptor;
    const std::size_t told = number_at(reply, 6, 2);
    if (told < length) return malformed(name, "it has no block descriptor");
    if (reply.size() < header + length || number_at(reply, 0, 2) + 2 < header + length)
        return malformed(name, "it is cut short");
    const ByteView each = reply.subspan(header, length);
    ModeDescriptor found;
    found.write_protected = (reply[3] & 0x80U) != 0;
    const std::uint64_t blocks = number_at(each, 0, long_lba ? 8 : 4);
    const std::uint64_t beyond = long_lba ? ~std::uint64_t{0} : 0xFFFFFFFF;
    if (blocks != 0 && blocks != beyond) found.blocks = blocks;
    found.block_bytes =
        static_cast<std::uint32_t>(long_lba ? number_at(each, 12, 4) : number_at(each, 5, 3));
    return found;
}

Result<ErasedReads> parse_erased_reads(ByteView page) {
    const auto body = vital_body(page, 0xB1);
    if (!body) return body.error();
    if (body->size() < 4) return ErasedReads{};
    const auto told = [](unsigned field) { return static_cast<ScsiReadAfterErase>(field & 3U); };
    return ErasedReads{told((*body)[3] >> 6U), told((*body)[3] >> 4U)};
}

// SPT by SPC-4 table 442 (number from memory): 0 to 7 for 1, 1+2, 2, 1+3, 3, 2+3, other, all.
Result<std::uint8_t> parse_protection_types(ByteView page) {
    constexpr std::uint8_t types[] = {1, 3, 2, 5, 4, 6, 0, 7};
    const auto body = vital_body(page, 0x86);
    if (!body) return body.error();
    if (body->empty()) return malformed("VPD page 86h", "it is empty");
    return types[(*body)[0] >> 3U & 7U];
}

Result<std::vector<std::uint16_t>> parse_ports(ByteView page) {
    constexpr std::size_t fixed_part = 12;
    const auto body = vital_body(page, 0x88);
    if (!body) return body.error();
    std::vector<std::uint16_t> found;
    for (std::size_t at = 0; at < body->size();) {
        if (body->size() - at < fixed_part) return malformed("VPD page 88h", "it is cut short");
        const std::size_t initiators = number_at(*body, at + 6, 2);
        if (body->size() - at < fixed_part + initiators)
            return malformed("VPD page 88h", "it is cut short");
        const std::size_t targets = number_at(*body, at + 10 + initiators, 2);
        const std::size_t length = fixed_part + initiators + targets;
        if (body->size() - at < length) return malformed("VPD page 88h", "it is cut short");
        found.push_back(static_cast<std::uint16_t>(number_at(*body, at + 2, 2)));
        at += length;
    }
    return found;
}

Result<std::uint64_t> parse_powered_minutes(ByteView page) {
    constexpr std::size_t up_to_minutes = 8;
    const auto body = log_body(page, 0x15);
    if (!body) return body.error();
    const bool is_status = body->size() >= up_to_minutes && number_at(*body, 0, 2) == 0;
    if (!is_status) return malformed("log page 15h", "it does not begin with the status");
    return number_at(*body, 4, 4);
}

Result<std::optional<std::uint64_t>> parse_grown_defects(ByteView reply) {
    constexpr std::size_t header = 8;
    if (reply.size() < header) return malformed("READ DEFECT DATA (12)", "it is cut short");
    const bool has_grown = (reply[1] & 0x08U) != 0;
    if (!has_grown) return std::optional<std::uint64_t>{};
    // Address descriptors by their format: short block 4 octets; long block, bytes from index and
    // physical sector 8; others are the vendor's.
    const unsigned format = reply[1] & 7U;
    const bool of_eight = format == 3 || format == 4 || format == 5;
    if (format != 0 && !of_eight) return std::optional<std::uint64_t>{};
    return std::optional(number_at(reply, 4, 4) / (of_eight ? 8 : 4));
}

Result<std::vector<std::uint64_t>> parse_reservation_keys(ByteView reply) {
    constexpr std::size_t header = 8;
    constexpr std::size_t key_octets = 8;
    if (reply.size() < header) return malformed("PERSISTENT RESERVE IN", "it is cut short");
    const std::uint64_t told = number_at(reply, 4, 4);
    const std::size_t here = std::min<std::uint64_t>(told, reply.size() - header);
    if (here < told && here < 512 - header)
        return malformed("PERSISTENT RESERVE IN", "it is cut short");
    std::vector<std::uint64_t> found;
    for (std::size_t at = 0; at + key_octets <= here; at += key_octets)
        found.push_back(number_at(reply, header + at, key_octets));
    return found;
}

Result<std::optional<Reservation>> parse_reservation(ByteView reply) {
    constexpr std::size_t header = 8;
    constexpr std::size_t up_to_type = 22;
    if (reply.size() < header) return malformed("PERSISTENT RESERVE IN", "it is cut short");
    if (number_at(reply, 4, 4) == 0) return std::optional<Reservation>{};
    if (reply.size() < up_to_type) return malformed("PERSISTENT RESERVE IN", "it is cut short");
    return std::optional(
        Reservation{number_at(reply, 8, 8), static_cast<std::uint8_t>(reply[21] & 0x0FU)});
}

} // namespace quietus::scsi
