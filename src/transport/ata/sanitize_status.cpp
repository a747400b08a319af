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
        return "it is frozen until a power cycle";
    case 0x04:
        return "it is not to be frozen";
    default:
        return "a reason that no standard has";
    }
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

} // namespace quietus::ata
