#include "quietus/transport/scsi/commands.hpp"

#include "quietus/transport/tcg/level_0.hpp"

#include <algorithm>
#include <utility>

namespace quietus::scsi {
namespace {

constexpr std::uint8_t op_sanitize = 0x48;
constexpr std::uint8_t sa_overwrite = 0x01;
constexpr std::uint8_t sa_block_erase = 0x02;
constexpr std::uint8_t sa_crypto_erase = 0x03;
constexpr std::uint8_t sa_exit_failure = 0x1F;
constexpr unsigned most_passes = 31;

constexpr std::uint8_t defect_format_long_block = 0x03; // of a FORMAT UNIT without a list: any

constexpr std::size_t sense_octets = 252;
constexpr std::size_t mode_octets = 252;

void put(Bytes& octets, std::size_t at, std::size_t width, std::uint64_t value) {
    for (std::size_t i = 0; i < width; ++i)
        octets[at + width - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i) & 0xFFU);
}

ScsiCommand reading(Bytes cdb, std::size_t in_bytes) {
    return {std::move(cdb), in_bytes, patient, {}};
}

ScsiCommand without_data(Bytes cdb) {
    return {std::move(cdb), 0, patient, {}};
}

std::uint8_t service_action(SanitizeKind kind) {
    switch (kind) {
    case SanitizeKind::overwrite:
        return sa_overwrite;
    case SanitizeKind::block_erase:
        return sa_block_erase;
    case SanitizeKind::crypto_erase:
        break;
    }
    return sa_crypto_erase;
}

Bytes overwrite_parameters(const SanitizeOptions& options) {
    Bytes list(4 + options.pattern.size());
    list[0] = static_cast<std::uint8_t>((options.invert_between ? 0x80U : 0U) | options.passes);
    put(list, 2, 2, options.pattern.size());
    std::ranges::copy(options.pattern, list.begin() + 4);
    return list;
}

Status sound(const Bytes& pattern, std::uint32_t block_bytes) {
    if (pattern.empty() || pattern.size() > block_bytes || pattern.size() > 0xFFFF)
        return Error{Fault::invalid, "pattern: not 1 octet to a logical block long"};
    return {};
}

// FMTPINFO of the CDB and PROTECTION FIELD USAGE of the parameter list.
struct Protection {
    unsigned format = 0;
    unsigned usage = 0;
};

Protection protection_of(unsigned type) {
    if (type == 0) return {0, 0};
    if (type == 1) return {2, 0};
    return {3, type == 3 ? 1U : 0U};
}

Status sound(const FormatOptions& options, std::uint32_t block_bytes) {
    if (options.protection > 3)
        return Error{Fault::invalid, "protection: types of protection information are 0 to 3"};
    if (options.protection_interval > 15 ||
        (options.protection_interval != 0 && options.protection == 0))
        return Error{Fault::invalid, "protection_interval: not without protection information"};
    if (options.security_initialise && options.pattern.empty())
        return Error{Fault::invalid, "security_initialise: not without a pattern"};
    if (!options.pattern.empty()) return sound(options.pattern, block_bytes);
    return {};
}

ScsiCommand supported(std::uint8_t opcode, std::uint8_t reporting, std::uint16_t action) {
    constexpr std::size_t header_and_longest_cdb = 4 + 32;
    Bytes cdb{0xA3, 0x0C, reporting, opcode, 0, 0, 0, 0, 0, 0, 0, 0};
    put(cdb, 4, 2, action);
    put(cdb, 6, 4, header_and_longest_cdb);
    return reading(std::move(cdb), header_and_longest_cdb);
}

} // namespace

Result<ScsiCommand> sanitize(SanitizeKind kind, const SanitizeOptions& options,
                             std::uint32_t block_bytes) {
    const unsigned flags = (options.returns_at_once ? 0x80U : 0U) |
                           (options.zoned_no_reset ? 0x40U : 0U) |
                           (options.may_leave_failed ? 0x20U : 0U);
    ScsiCommand command =
        without_data({op_sanitize, static_cast<std::uint8_t>(flags | service_action(kind)), 0, 0, 0,
                      0, 0, 0, 0, 0});
    if (kind != SanitizeKind::overwrite) return command;
    if (options.passes == 0 || options.passes > most_passes)
        return Error{Fault::invalid, "passes: SANITIZE overwrites 1 to 31 times"};
    if (const auto status = sound(options.pattern, block_bytes); !status) return status.error();
    command.out = overwrite_parameters(options);
    put(command.cdb, 7, 2, command.out.size());
    return command;
}

ScsiCommand exit_failure_mode() {
    return without_data({op_sanitize, sa_exit_failure, 0, 0, 0, 0, 0, 0, 0, 0});
}

// A long header where intervals are to be kept: the short one has no place for them.
Result<ScsiCommand> format_unit(const FormatOptions& options, std::uint32_t block_bytes) {
    if (const auto status = sound(options, block_bytes); !status) return status.error();
    const Protection protection = protection_of(options.protection);
    const bool long_header = options.protection_interval != 0;
    const bool patterned = !options.pattern.empty();
    constexpr unsigned format_data = 0x10;
    ScsiCommand command = without_data(
        {0x04,
         static_cast<std::uint8_t>(protection.format << 6U | (long_header ? 0x20U : 0U) |
                                   format_data | (long_header ? defect_format_long_block : 0U)),
         0, 0, 0, 0});
    command.out = Bytes(long_header ? 8 : 4);
    command.out[0] = static_cast<std::uint8_t>(protection.usage);
    const bool chosen = patterned || options.without_certification; // FOV
    command.out[1] = static_cast<std::uint8_t>(
        (chosen ? 0x80U : 0U) | (options.without_certification ? 0x20U : 0U) |
        (patterned ? 0x08U : 0U) | (options.returns_at_once ? 0x02U : 0U));
    if (long_header) command.out[3] = options.protection_interval;
    if (!patterned) return command;
    constexpr std::uint8_t repeated = 0x01;
    Bytes descriptor{static_cast<std::uint8_t>(options.security_initialise ? 0x20U : 0U), repeated,
                     0, 0};
    put(descriptor, 2, 2, options.pattern.size());
    command.out.insert(command.out.end(), descriptor.begin(), descriptor.end());
    command.out.insert(command.out.end(), options.pattern.begin(), options.pattern.end());
    return command;
}

ScsiCommand test_unit_ready() {
    return without_data({0x00, 0, 0, 0, 0, 0});
}

ScsiCommand request_sense() {
    return reading({0x03, 0, 0, 0, sense_octets, 0}, sense_octets);
}

ScsiCommand synchronize_cache() {
    return without_data({0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}

ScsiCommand report_supported_command(std::uint8_t opcode) {
    return supported(opcode, 1, 0);
}

// 3: whatever it is, and "not supported" instead of an error.
ScsiCommand report_supported_command(std::uint8_t opcode, std::uint16_t service_action) {
    return supported(opcode, 3, service_action);
}

ScsiCommand report_supported_commands(std::uint32_t in_bytes) {
    Bytes cdb{0xA3, 0x0C, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    put(cdb, 6, 4, in_bytes);
    return reading(std::move(cdb), in_bytes);
}

ScsiCommand inquiry() {
    return reading({0x12, 0, 0, 0, 36, 0}, 36);
}

ScsiCommand vital_product_data(std::uint8_t page, std::uint16_t in_bytes) {
    Bytes cdb{0x12, 0x01, page, 0, 0, 0};
    put(cdb, 3, 2, in_bytes);
    return reading(std::move(cdb), in_bytes);
}

ScsiCommand level_0_discovery() {
    Bytes cdb{0xA2, tcg::discovery_protocol, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    put(cdb, 2, 2, tcg::discovery_com_id);
    put(cdb, 6, 4, tcg::discovery_octets);
    return reading(std::move(cdb), tcg::discovery_octets);
}

ScsiCommand read_capacity_16() {
    return reading({0x9E, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0}, 32);
}

ScsiCommand mode_sense(std::uint8_t page) {
    constexpr std::uint8_t long_lba_accepted = 0x10;
    return reading({0x5A, long_lba_accepted, static_cast<std::uint8_t>(page & 0x3FU), 0, 0, 0, 0, 0,
                    mode_octets, 0},
                   mode_octets);
}

ScsiCommand select_all_blocks(std::uint32_t block_bytes, bool long_descriptor) {
    constexpr std::uint8_t page_format = 0x10;
    constexpr std::size_t header = 8;
    const std::size_t length = long_descriptor ? 16 : 8;
    ScsiCommand command = without_data({0x55, page_format, 0, 0, 0, 0, 0, 0, 0, 0});
    command.out = Bytes(header + length);
    command.out[4] = long_descriptor ? 1 : 0;
    put(command.out, 6, 2, length);
    put(command.out, header, long_descriptor ? 8 : 4, ~std::uint64_t{0});
    put(command.out, header + (long_descriptor ? 12 : 5), long_descriptor ? 4 : 3, block_bytes);
    put(command.cdb, 7, 2, command.out.size());
    return command;
}

ScsiCommand log_sense(std::uint8_t page, std::uint16_t in_bytes) {
    constexpr unsigned cumulative = 1U << 6U;
    Bytes cdb{0x4D, 0, static_cast<std::uint8_t>(cumulative | (page & 0x3FU)), 0, 0, 0, 0, 0, 0, 0};
    put(cdb, 7, 2, in_bytes);
    return reading(std::move(cdb), in_bytes);
}

// Descriptors of eight octets: bytes from index.
ScsiCommand grown_defects() {
    constexpr std::uint8_t grown_list = 0x08;
    constexpr std::uint8_t bytes_from_index = 0x04;
    return reading({0xB7, grown_list | bytes_from_index, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0}, 8);
}

ScsiCommand reservation_keys() {
    return reading({0x5E, 0x00, 0, 0, 0, 0, 0, 0x02, 0x00, 0}, 512);
}

ScsiCommand reservation() {
    return reading({0x5E, 0x01, 0, 0, 0, 0, 0, 0, 24, 0}, 24);
}

ScsiCommand report_luns(std::uint32_t in_bytes) {
    Bytes cdb{0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    put(cdb, 6, 4, in_bytes);
    return reading(std::move(cdb), in_bytes);
}

} // namespace quietus::scsi
