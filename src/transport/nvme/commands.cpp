#include "quietus/transport/nvme/commands.hpp"

namespace quietus::nvme {
namespace {

constexpr std::uint8_t opcode_log = 0x02;
constexpr std::uint8_t opcode_identify = 0x06;
constexpr std::uint8_t opcode_get_features = 0x0A;
constexpr std::uint8_t opcode_format = 0x80;
constexpr std::uint8_t opcode_security_receive = 0x82;
constexpr std::uint8_t opcode_sanitize = 0x84;

std::uint32_t when(bool condition, unsigned bit) {
    return condition ? std::uint32_t{1} << bit : 0;
}

} // namespace

NvmeCommand identify(Structure what, std::uint32_t nsid) {
    return {opcode_identify, nsid, {static_cast<std::uint32_t>(what)}, identify_octets, patient};
}

// 16 passes are 0 in the field.
NvmeCommand sanitize(SanitizeAction action, const SanitizeOptions& options) {
    const auto what = static_cast<std::uint32_t>(action);
    const bool begins = action == SanitizeAction::block_erase ||
                        action == SanitizeAction::overwrite ||
                        action == SanitizeAction::crypto_erase;
    NvmeCommand command{opcode_sanitize, 0, {what}, 0, patient};
    if (!begins) return command;
    command.cdw10_15[0] |= when(options.may_leave_failed, 3) | when(options.no_deallocate, 9) |
                           when(options.verification, 10);
    if (action != SanitizeAction::overwrite) return command;
    const SanitizePasses& passes = options.overwrite;
    command.cdw10_15[0] |=
        (std::uint32_t{passes.passes} & 0x0FU) << 4U | when(passes.invert_between, 8);
    command.cdw10_15[1] = passes.pattern;
    return command;
}

NvmeCommand format(std::uint32_t nsid, const FormatSettings& settings, FormatErase erase,
                   std::chrono::milliseconds timeout) {
    const std::uint32_t secure_erase = erase == FormatErase::crypto ? 2 : 1;
    const std::uint32_t word = (settings.format & 0x0FU) | when(settings.metadata_extended, 4) |
                               (settings.protection & 7U) << 5U |
                               when(settings.protection_first, 8) | secure_erase << 9U |
                               (std::uint32_t{settings.format} >> 4U & 3U) << 12U;
    return {opcode_format, nsid, {word}, 0, timeout};
}

// Numbers of dwords are one less than they mean; bit 15 retains events.
NvmeCommand read_log(LogPage page, std::size_t octets) {
    const auto dwords = static_cast<std::uint32_t>(octets / 4 - 1);
    const std::uint32_t word =
        static_cast<std::uint32_t>(page) | 1U << 15U | (dwords & 0xFFFFU) << 16U;
    return {opcode_log, all_namespaces, {word, dwords >> 16U}, octets, patient};
}

NvmeCommand get_feature(Feature feature, std::uint32_t nsid) {
    return {opcode_get_features, nsid, {static_cast<std::uint32_t>(feature)}, 0, patient};
}

NvmeCommand level_0_discovery() {
    constexpr std::uint32_t protocol = 0x01;
    constexpr std::uint32_t com_id = 0x0001;
    return {opcode_security_receive,
            0,
            {protocol << 24U | com_id << 8U, log_octets},
            log_octets,
            patient};
}

} // namespace quietus::nvme
