#include "quietus/technique/nvme/refusal.hpp"

#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/nvme/logs.hpp"
#include "quietus/transport/nvme/status.hpp"
#include "quietus/transport/tcg/level_0.hpp"

namespace quietus::nvme {
namespace {

// Firmware that freezes a drive makes it answer with one of these: computers differ (nvme-cli's
// threads 84, 627 and 779 have the first and the last but one).
bool may_be_frozen(std::uint16_t code) {
    return code == status::invalid_opcode || code == status::sequence_error ||
           code == status::operation_denied || code == status::prohibited_by_lockdown ||
           code == status::invalid_format || code == status::access_denied;
}

std::string freeze_words(NvmePort& port) {
    const auto data = fetch(port, level_0_discovery(), "Level 0 Discovery");
    const auto found = data ? tcg::parse_level_0(*data) : Result<TcgFacts>(Error(data.error()));
    if (found && found->sid_blocked)
        return std::string("; the firmware of the computer has blocked it (TCG Block SID) until ") +
               (found->until_hardware_reset ? "the next reset of the hardware"
                                            : "the next power cycle") +
               ": switch \"Block SID\" off in its setup, or suspend the computer and wake it";
    if (found && found->locked) return "; it is locked (TCG Locking)";
    return "; it says that it supports it, so firmware may have frozen it until the next power "
           "cycle: suspend the computer and wake it, or connect the drive when it is running";
}

std::string field_words(NvmePort& port) {
    const auto data = fetch(port, read_log(LogPage::errors, 64), "error log");
    if (!data) return {};
    const auto entry = parse_error_log(*data);
    if (!entry || !*entry || !(*entry)->located) return {};
    if (((*entry)->status & 0x7FFU) != status::invalid_field) return {}; // of another command
    return " (octet " + std::to_string((*entry)->octet) + ", bit " + std::to_string((*entry)->bit) +
           ")";
}

} // namespace

std::string refusal_of(NvmePort& port, std::uint16_t code) {
    std::string words = status_words(code);
    if (may_be_frozen(code)) words += freeze_words(port);
    if (code == status::invalid_field) words += field_words(port);
    return words;
}

} // namespace quietus::nvme
