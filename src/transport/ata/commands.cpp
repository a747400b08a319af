#include "quietus/transport/ata/commands.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/transport/tcg/level_0.hpp"

#include <algorithm>

namespace quietus::ata {
namespace {

constexpr std::uint8_t lba_mode = 0x40; // DEVICE bit 6
constexpr std::uint8_t sanitize_device = 0xB4;
constexpr std::uint8_t accessible_max = 0x78;
constexpr std::uint8_t device_configuration = 0xB1;

// Words that spell what a sanitize command is: none is begun by a slip.
constexpr std::uint64_t word_cryp = 0x43727970;
constexpr std::uint64_t word_bker = 0x426B4572;
constexpr std::uint64_t word_ow = 0x4F57;
constexpr std::uint64_t word_frlk = 0x46724C6B;
constexpr std::uint64_t word_anti = 0x416E7469;

AtaCommand without_data(const AtaTaskfile& taskfile, bool extended = false) {
    AtaCommand command;
    command.taskfile = taskfile;
    command.extended = extended;
    command.timeout = patient;
    return command;
}

AtaCommand reading(const AtaTaskfile& taskfile, bool extended = false) {
    AtaCommand command = without_data(taskfile, extended);
    command.taskfile.count = 1;
    command.protocol = AtaProtocol::pio_in;
    command.in_bytes = block_octets;
    return command;
}

AtaCommand sanitizing(std::uint16_t feature, std::uint16_t count, std::uint64_t lba) {
    return without_data({sanitize_device, feature, count, lba, lba_mode}, true);
}

// Word 0 is the control word; the password stands in words 1 to 16, padded with zeros.
AtaCommand with_password(std::uint8_t opcode, std::uint8_t control, ByteView password) {
    QUIETUS_ENSURE(password.size() <= 32);
    AtaCommand command = without_data({opcode, 0, 1, 0, 0});
    command.protocol = AtaProtocol::pio_out;
    command.out = Bytes(block_octets);
    command.out[0] = control;
    std::ranges::copy(password, command.out.begin() + 2);
    return command;
}

// Of a 28-bit command bits 27:24 of the address stand in DEVICE.
AtaTaskfile addressed(std::uint8_t opcode, std::uint64_t lba, bool extended) {
    const auto high = static_cast<std::uint8_t>(extended ? 0 : lba >> 24U & 0x0FU);
    return {opcode, 0, 0, extended ? lba : lba & 0xFFFFFFU,
            static_cast<std::uint8_t>(lba_mode | high)};
}

std::uint16_t common_flags(const SanitizeOptions& options) {
    return static_cast<std::uint16_t>((options.zoned_no_reset ? 1U << 15U : 0U) |
                                      (options.may_leave_failed ? 1U << 4U : 0U));
}

// COUNT bits 3:0: 1 to 15 are as many passes, 0 is 16.
std::uint16_t overwrite_flags(const SanitizePasses& passes) {
    QUIETUS_ENSURE(passes.passes >= 1 && passes.passes <= 16);
    return static_cast<std::uint16_t>((passes.invert_between ? 1U << 7U : 0U) |
                                      (passes.definitive_end ? 1U << 6U : 0U) |
                                      (passes.passes & 0x0FU));
}

} // namespace

AtaCommand identify() {
    return reading({0xEC, 0, 1, 0, 0});
}

AtaCommand nop(std::uint8_t count, std::uint32_t lba) {
    return without_data({0x00, 0, count, lba & 0xFFFFFFU, lba_mode});
}

AtaCommand check_power_mode() {
    return without_data({0xE5, 0, 0, 0, 0});
}

AtaCommand sanitize_status(bool clear_failed) {
    return sanitizing(0x0000, clear_failed ? 1 : 0, 0);
}

AtaCommand sanitize(SanitizeKind kind, const SanitizeOptions& options) {
    const std::uint16_t flags = common_flags(options);
    switch (kind) {
    case SanitizeKind::crypto_scramble:
        return sanitizing(0x0011, flags, word_cryp);
    case SanitizeKind::block_erase:
        return sanitizing(0x0012, flags, word_bker);
    case SanitizeKind::overwrite:
        break;
    }
    return sanitizing(0x0014,
                      static_cast<std::uint16_t>(flags | overwrite_flags(options.overwrite)),
                      word_ow << 32U | options.overwrite.pattern);
}

AtaCommand sanitize_freeze_lock() {
    return sanitizing(0x0020, 0, word_frlk);
}

AtaCommand sanitize_antifreeze_lock() {
    return sanitizing(0x0040, 0, word_anti);
}

AtaCommand security_set_password(ByteView password) {
    return with_password(0xF1, 0, password); // user password; bit 8, the level, is 0: High
}

AtaCommand security_unlock(ByteView password) {
    return with_password(0xF2, 0, password);
}

AtaCommand security_erase_prepare() {
    return without_data({0xF3, 0, 0, 0, 0});
}

AtaCommand security_erase_unit(ByteView password, bool enhanced,
                               std::chrono::milliseconds timeout) {
    AtaCommand command = with_password(0xF4, enhanced ? 2 : 0, password);
    command.timeout = timeout;
    return command;
}

AtaCommand security_disable_password(ByteView password) {
    return with_password(0xF6, 0, password);
}

AtaCommand security_freeze_lock() {
    return without_data({0xF5, 0, 0, 0, 0});
}

AtaCommand read_native_max(bool extended) {
    return without_data(addressed(extended ? 0x27 : 0xF8, 0, extended), extended);
}

AtaCommand set_max(std::uint64_t last, bool extended) {
    AtaCommand command = without_data(addressed(extended ? 0x37 : 0xF9, last, extended), extended);
    command.taskfile.count = 1; // bit 0: kept over a power cycle
    return command;
}

AtaCommand get_native_max_accessible() {
    return without_data({accessible_max, 0x0000, 0, 0, lba_mode}, true);
}

AtaCommand set_max_accessible(std::uint64_t last) {
    return without_data({accessible_max, 0x0001, 0, last, lba_mode}, true);
}

AtaCommand dco_identify() {
    return reading({device_configuration, 0xC2, 1, 0, 0});
}

AtaCommand dco_restore() {
    return without_data({device_configuration, 0xC0, 0, 0, 0});
}

AtaCommand smart_read_data() {
    return reading({0xB0, 0xD0, 1, 0xC24F00, 0});
}

AtaCommand smart_return_status() {
    return without_data({0xB0, 0xDA, 0, 0xC24F00, 0});
}

AtaCommand level_0_discovery() {
    static_assert(tcg::discovery_octets == block_octets);
    return reading({0x5C, tcg::discovery_protocol, 1,
                    static_cast<std::uint64_t>(tcg::discovery_com_id) << 8U, 0});
}

AtaCommand read_log(std::uint8_t address, std::uint16_t page) {
    const std::uint64_t lba = static_cast<std::uint64_t>(page & 0xFFU) << 8U |
                              static_cast<std::uint64_t>(page >> 8U) << 32U | address;
    return reading({0x2F, 0, 1, lba, lba_mode}, true);
}

std::optional<std::string> failure_of(const Result<AtaReply>& reply) {
    if (!reply) return reply.error().message;
    if (!reply->registers) return "no registers came back";
    if (!reply->registers->succeeded()) return "the drive aborted it";
    return std::nullopt;
}

} // namespace quietus::ata
