#include "quietus/transport/nvme/sanitize_log.hpp"

#include "fields.hpp"

#include <algorithm>

namespace quietus::nvme {
namespace {

using std::chrono::seconds;

constexpr std::size_t told_octets = 37; ///< all that stands in it

std::optional<seconds> time_at(ByteView data, std::size_t at) {
    constexpr std::uint32_t not_reported = 0xFFFFFFFF;
    const std::uint32_t value = field_32(data, at);
    if (value == not_reported) return std::nullopt;
    return seconds(value);
}

SanitizeTimes times_at(ByteView data, std::size_t at) {
    return {time_at(data, at), time_at(data, at + 4), time_at(data, at + 8)};
}

NvmeSanitizeState state_of(unsigned value) {
    switch (value) {
    case 0:
        return NvmeSanitizeState::never;
    case 1:
        return NvmeSanitizeState::sanitized;
    case 2:
        return NvmeSanitizeState::in_progress;
    case 3:
        return NvmeSanitizeState::failed;
    case 4:
        return NvmeSanitizeState::unexpected_deallocate;
    default:
        return NvmeSanitizeState::unknown;
    }
}

NvmeSanitizeStage stage_of(unsigned value) {
    constexpr auto last =
        static_cast<unsigned>(NvmeSanitizeStage::post_verification_deallocation) - 1;
    return value > last ? NvmeSanitizeStage::unknown : static_cast<NvmeSanitizeStage>(value + 1);
}

std::optional<seconds> time_of(const SanitizeTimes& times, SanitizeAction action) {
    switch (action) {
    case SanitizeAction::overwrite:
        return times.overwrite;
    case SanitizeAction::block_erase:
        return times.block_erase;
    case SanitizeAction::crypto_erase:
        return times.crypto_erase;
    case SanitizeAction::exit_failure:
    case SanitizeAction::exit_verification:
        break;
    }
    return std::nullopt;
}

} // namespace

Result<SanitizeLog> parse_sanitize_log(ByteView data) {
    if (data.size() < told_octets)
        return Error{Fault::drive, "the Sanitize Status log is cut short"};
    const auto status = static_cast<unsigned>(field(data, 2, 2));
    SanitizeLog log;
    log.state = state_of(status & 7U);
    if (log.state == NvmeSanitizeState::unknown)
        return Error{Fault::drive, "the Sanitize Status log has a state that no standard has"};
    log.progress = static_cast<std::uint16_t>(field(data, 0, 2));
    log.passes = static_cast<std::uint8_t>(status >> 3U & 0x1FU);
    log.data_erased = has(status, 8);
    log.verification_cancelled = has(status, 9);
    log.command = field_32(data, 4);
    log.times = times_at(data, 8);
    log.times_kept = times_at(data, 20);
    log.deallocation = time_at(data, 32);
    log.stage = stage_of(data[36] & 0x0FU);
    log.failed_in = stage_of(data[36] >> 4U);
    return log;
}

bool in_failed_state(const SanitizeLog& log, bool verification) {
    if (!verification) return log.state == NvmeSanitizeState::failed;
    return log.stage == NvmeSanitizeStage::restricted_failure ||
           log.stage == NvmeSanitizeStage::unrestricted_failure;
}

std::optional<seconds> announced(const SanitizeLog& log, SanitizeAction action,
                                 bool no_deallocate) {
    const auto plain = time_of(log.times, action);
    const auto kept = no_deallocate ? time_of(log.times_kept, action) : std::nullopt;
    if (!plain || !kept) return plain ? plain : kept;
    return std::max(*plain, *kept);
}

} // namespace quietus::nvme
