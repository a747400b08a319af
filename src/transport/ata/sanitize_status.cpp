#include "quietus/transport/ata/sanitize_status.hpp"

#include "quietus/transport/ata/commands.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace quietus::ata {
namespace {

constexpr std::uint8_t error_bit = 0x01;
constexpr std::uint8_t abort_bit = 0x04;
constexpr std::uint8_t reason_unsuccessful = 0x01;
constexpr std::uint8_t reason_frozen = 0x03;

// IDENTIFY DEVICE data log: each quadword that holds something has bit 63 set.
constexpr std::uint8_t identify_log = 0x30;
constexpr std::uint8_t supported_capabilities = 0x03;
constexpr std::uint64_t quadword_valid = std::uint64_t{1} << 63U;
constexpr std::uint64_t bit_definitive_end = std::uint64_t{1} << 51U;

constexpr std::uint16_t bit_completed = 1U << 15U;
constexpr std::uint16_t bit_in_progress = 1U << 14U;
constexpr std::uint16_t bit_frozen = 1U << 13U;
constexpr std::uint16_t bit_antifreeze = 1U << 12U;

Error undecodable(const char* why) {
    return {Fault::drive, std::string("SANITIZE STATUS EXT cannot be understood: ") + why};
}

std::string_view words_of(std::uint64_t reason) {
    switch (reason) {
    case 0x00:
        return "no reason given, or the command failed";
    case reason_unsuccessful:
        return "blocks that could hold data were not sanitized";
    case 0x02:
        return "it does not know this command";
    case reason_frozen:
        return "it is frozen until a power cycle or a hardware reset";
    case 0x04:
        return "it is not to be frozen";
    default:
        return "a reason that no standard has";
    }
}

std::uint64_t quadword(ByteView page, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t octet = at + 8; octet > at; --octet)
        value = value << 8U | page[octet - 1];
    return value;
}

// Of a status that was aborted: failed is what SD3 answers. An abort for any other reason says
// nothing of what the drive has done.
Result<SanitizeStatus> decode_abort(const AtaRegisters& registers) {
    if ((registers.error & abort_bit) == 0) return undecodable("an error that is no abort");
    SanitizeStatus status;
    status.reason = sanitize_reason(registers);
    // Behind Linux the reason is left out. It answers in any other state, so this is SD3.
    const std::uint64_t reason = registers.lba.value_or(0) & 0xFFU;
    if (reason == reason_unsuccessful || reason == 0) status.state = SanitizeState::failed;
    if (reason == reason_frozen) status.state = SanitizeState::frozen;
    return status;
}

} // namespace

std::string sanitize_reason(const AtaRegisters& registers) {
    if (!registers.lba) return "the reason was left out on the way";
    const std::uint64_t reason = *registers.lba & 0xFFU;
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "%02xh: ", static_cast<unsigned>(reason));
    return number.data() + std::string(words_of(reason));
}

Result<SanitizeStatus> decode_sanitize_status(const AtaReply& reply) {
    if (!reply.registers) return undecodable("no registers came back");
    const AtaRegisters& registers = *reply.registers;
    if ((registers.status & error_bit) != 0) return decode_abort(registers);
    if (!registers.succeeded()) return undecodable("the status of a drive that is not ready");
    if (!registers.whole_count) return undecodable("bits 15:8 of the count were left out");
    if (!registers.lba) return undecodable("the progress was left out");
    SanitizeStatus status;
    status.completed = (registers.count & bit_completed) != 0;
    status.antifreeze = (registers.count & bit_antifreeze) != 0;
    status.progress = static_cast<std::uint16_t>(*registers.lba & 0xFFFFU);
    const bool in_progress = (registers.count & bit_in_progress) != 0;
    if (in_progress && status.completed) return undecodable("both in progress and completed");
    status.state = SanitizeState::idle;
    if (status.completed) status.state = SanitizeState::completed;
    if ((registers.count & bit_frozen) != 0) status.state = SanitizeState::frozen;
    if (in_progress) status.state = SanitizeState::in_progress;
    return status;
}

Result<SanitizeStatus> read_sanitize_status(AtaPort& port, bool clear_failed) {
    const auto reply = port.execute(sanitize_status(clear_failed));
    if (!reply) return Error(reply.error()).during("SANITIZE STATUS EXT");
    return decode_sanitize_status(*reply);
}

Result<bool> decode_definitive_end(ByteView page) {
    const auto is_its_own = [&] {
        if (page.size() != block_octets) return false;
        const std::uint64_t heading = quadword(page, 0);
        return (heading & quadword_valid) != 0 &&
               (heading >> 16U & 0xFFU) == supported_capabilities;
    };
    if (!is_its_own()) return Error{Fault::drive, "no page of supported capabilities came back"};
    const std::uint64_t capabilities = quadword(page, 8);
    return (capabilities & quadword_valid) != 0 && (capabilities & bit_definitive_end) != 0;
}

Result<bool> knows_definitive_end(AtaPort& port) {
    const auto reply = port.execute(read_log(identify_log, supported_capabilities));
    if (!reply) return Error(reply.error()).during("IDENTIFY DEVICE data log");
    auto knows = decode_definitive_end(reply->data);
    if (!knows) return std::move(knows).error().during("IDENTIFY DEVICE data log");
    return knows;
}

} // namespace quietus::ata
