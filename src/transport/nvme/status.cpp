#include "quietus/transport/nvme/status.hpp"

#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

namespace quietus::nvme {
namespace {

constexpr std::string_view words_of(std::uint16_t code) {
    switch (code) {
    case status::success:
        return "it is done";
    case status::invalid_opcode:
        return "it does not know this command";
    case status::invalid_field:
        return "a field of the command is not for it";
    case status::invalid_namespace:
        return "there is no such namespace, or no such format";
    case status::sequence_error:
        return "another command must come first";
    case status::operation_denied:
        return "it is denied";
    case status::sanitize_failed:
        return "the last sanitize operation failed, and nothing else is done until one succeeds";
    case status::sanitize_in_progress:
        return "a sanitize operation is in progress";
    case status::write_protected:
        return "a namespace is write protected";
    case status::prohibited_by_lockdown:
        return "it is prohibited by Command and Feature Lockdown";
    case status::media_not_ready:
        return "the medium is not ready";
    case status::format_in_progress:
        return "a format is in progress";
    case status::invalid_format:
        return "the format is invalid, or not to be had now";
    case status::firmware_needs_conventional_reset:
    case status::firmware_needs_subsystem_reset:
    case status::firmware_needs_controller_reset:
        return "new firmware waits for a reset";
    case status::memory_region_enabled:
        return "it has a Persistent Memory Region enabled, which has to be disabled first";
    case status::verification_read:
        return "it has read what is on the medium";
    case status::access_denied:
        return "access is denied";
    default:
        return "";
    }
}

} // namespace

std::string status_words(std::uint16_t code) {
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "%03xh", static_cast<unsigned>(code));
    const std::string_view words = words_of(code);
    return words.empty() ? number.data() : number.data() + std::string(": ").append(words);
}

bool is_from_host(std::uint16_t code) {
    return (code >> 8U & 7U) == 3U;
}

Result<Bytes> fetch(NvmePort& port, const NvmeCommand& command, const char* name) {
    auto reply = port.execute(command);
    if (!reply) return Error(reply.error()).during(name);
    const std::uint16_t code = reply->code();
    if (is_from_host(code))
        return Error{Fault::io, std::string(name) + ": no answer (" + status_words(code) + ")"};
    if (code != status::success)
        return Error{Fault::drive, std::string(name) + ": refused: " + status_words(code)};
    if (reply->data.size() != command.in_bytes)
        return Error{Fault::drive, std::string(name) + ": it is cut short"};
    return std::move(reply->data);
}

} // namespace quietus::nvme
