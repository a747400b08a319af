// The commands of an emulated NVMe drive, and when it runs them.
#include "nvme_firmware.hpp"

#include "octet_fields.hpp"
#include "tcg_pages.hpp"

#include <algorithm>
#include <utility>

namespace quietus::emulator {
namespace {

// Statuses (NVM Express Base 2.1, figures 102 and 103)
constexpr std::uint16_t invalid_opcode = 0x001;
constexpr std::uint16_t invalid_field = 0x002;
constexpr std::uint16_t invalid_namespace = 0x00B;
constexpr std::uint16_t sanitize_failed = 0x01C;
constexpr std::uint16_t sanitize_in_progress = 0x01D;
constexpr std::uint16_t out_of_range = 0x080;
constexpr std::uint16_t format_in_progress = 0x084;
constexpr std::uint16_t invalid_log = 0x109;
constexpr std::uint16_t verification_read = 0x19C;

constexpr unsigned log_errors = 0x01;
constexpr unsigned log_health = 0x02;
constexpr unsigned log_sanitize = 0x81;

NvmeReply refused(std::uint16_t status) {
    return {status, 0, {}};
}

unsigned low(std::uint32_t word) {
    return word & 0xFFU;
}

} // namespace

NvmeReply NvmeDrive::Firmware::sent(const NvmeCommand& command, Bytes page) {
    page.resize(command.in_bytes);
    return {0, 0, std::move(page)};
}

NvmeReply NvmeDrive::Firmware::dispatch(const NvmeCommand& command) {
    if (const auto status = closed_by_sanitize(command)) return refused(*status);
    switch (command.opcode) {
    case 0x02:
        return get_log(command);
    case 0x06:
        return identify(command);
    case 0x0A:
        return get_features(command);
    case 0x80:
        return format(command);
    case 0x82:
        return security_receive(command);
    case 0x84:
        return sanitize(command);
    default:
        return refused(invalid_opcode);
    }
}

// Figure 142, as far as an emulated drive has commands: Get Log Page of some pages, Identify and
// Get Features; Sanitize asks its own table. In a failure state the status is that of 8.1.24.2.
std::optional<std::uint16_t>
NvmeDrive::Firmware::closed_by_sanitize(const NvmeCommand& command) const {
    if (sanitize_.state() == NvmeState::idle) return std::nullopt;
    const unsigned page = low(command.cdw10_15[0]);
    const bool log = command.opcode == 0x02 &&
                     (page == log_errors || page == log_health || page == log_sanitize);
    const bool allowed =
        log || command.opcode == 0x06 || command.opcode == 0x0A || command.opcode == 0x84;
    if (allowed) return std::nullopt;
    return sanitize_.has_failed() ? sanitize_failed : sanitize_in_progress;
}

NvmeReply NvmeDrive::Firmware::identify(const NvmeCommand& command) {
    const unsigned what = low(command.cdw10_15[0]);
    const bool of_all = what == 0x10 || what == 0x11;
    if (of_all && !traits_.manages_namespaces) return refused(invalid_field);
    if (what == 0x01) return sent(command, nvme_controller_page(traits_, serial_));
    if (what == 0x02 || what == 0x10) {
        std::vector<std::uint32_t> list;
        for (const Space& each : spaces_)
            if (of_all || each.traits.attached) list.push_back(each.traits.nsid);
        return sent(command, nvme_list_page(list, command.nsid));
    }
    if (what == 0x03) return sent(command, Bytes(nvme_identify_octets));
    if (what != 0x00 && what != 0x11) return refused(invalid_field);
    const Space* space = find(command.nsid);
    if (space == nullptr) return refused(invalid_namespace);
    // One that is not active is described by zeros.
    if (!of_all && !space->traits.attached) return sent(command, Bytes(nvme_identify_octets));
    return sent(command, nvme_namespace_page(now_of(*space)));
}

NvmeNamespaceNow NvmeDrive::Firmware::now_of(const Space& space) const {
    NvmeNamespaceNow now{space.traits, std::nullopt, traits_.format.tells_progress};
    if (!running_ || running_->sanitizes) return now;
    const auto& within = running_->namespaces;
    if (std::ranges::find(within, space.traits.nsid) == within.end()) return now;
    const unsigned done = running_->parts.front().progress(worked()) * 100U / 65536;
    now.remaining = std::max(1U, 100 - done);
    return now;
}

NvmeSanitizeNow NvmeDrive::Firmware::sanitize_now() {
    NvmeSanitizeNow now;
    now.command = sanitize_.command();
    if (running_ && running_->sanitizes) now.progress = running_->parts.front().progress(worked());
    if (deallocates_) {
        const auto takes = std::chrono::nanoseconds(traits_.sanitize.deallocation_takes);
        const auto since = clock_.monotonic() - *deallocates_;
        now.progress = static_cast<std::uint16_t>(
            std::min<std::int64_t>(65534, since * 65536 / std::max(takes, since)));
    }
    now.status = sanitize_.status(unexpected_);
    now.status |= static_cast<std::uint16_t>((passes_done_ & 0x1FU) << 3U);
    if (knobs_.contains(Knob::gde_never_set))
        now.status &= static_cast<std::uint16_t>(~(1U << 8U) & 0xFFFFU);
    now.state = sanitize_.state_octet();
    return now;
}

NvmeReply NvmeDrive::Firmware::get_log(const NvmeCommand& command) {
    const unsigned page = low(command.cdw10_15[0]);
    const auto on = std::chrono::duration_cast<std::chrono::hours>(clock_.monotonic());
    if (knobs_.contains(Knob::log_unreadable)) return refused(invalid_field);
    if (page == log_errors) return sent(command, Bytes(64));
    if (page == log_health)
        return sent(command, nvme_health_page(traits_.power_on_hours +
                                              static_cast<std::uint64_t>(on.count())));
    const NvmeSanitizeTraits& offered = traits_.sanitize;
    const bool sanitizes = offered.crypto_erase || offered.block_erase || offered.overwrite;
    if (page != log_sanitize || !sanitizes) return refused(invalid_log);
    NvmeReply reply = sent(command, nvme_sanitize_page(offered, sanitize_now()));
    // It has told of the failure once; from now on all went well.
    if (sanitize_.has_failed() && knobs_.contains(Knob::fails_then_says_ok))
        sanitize_.pretend_success(sanitize_.command());
    set_access();
    return reply;
}

NvmeReply NvmeDrive::Firmware::get_features(const NvmeCommand& command) {
    const unsigned feature = low(command.cdw10_15[0]);
    if (feature == 0x0D) return {0, traits_.host_memory ? 1U : 0U, {}};
    if (feature == 0x17) return {0, traits_.sanitize.only_warns ? 1U : 0U, {}};
    if (feature != 0x84) return refused(invalid_field);
    const Space* space = find(command.nsid);
    if (space == nullptr) return refused(invalid_namespace);
    return {0, space->traits.write_protection, {}};
}

// Protocol 01h, ComID 0001h alone.
NvmeReply NvmeDrive::Firmware::security_receive(const NvmeCommand& command) {
    if (!traits_.security_commands) return refused(invalid_opcode);
    if (command.cdw10_15[0] != 0x01000100) return refused(invalid_field);
    return sent(command, tcg_discovery(traits_.tcg, is_frozen()));
}

// Reads, where they are to be had: what is on the medium, as it is.
Result<NvmeReply> NvmeDrive::Firmware::execute_io(const NvmeCommand& command) {
    clock_.advance(traits_.command_takes);
    catch_up();
    if (command.opcode != 0x02) return refused(invalid_opcode);
    const Space* space = find(command.nsid);
    if (space == nullptr || !space->traits.attached) return refused(invalid_namespace);
    if (sanitize_.has_failed()) return refused(sanitize_failed);
    const bool verifies = sanitize_.state() == NvmeState::media_verification;
    if (sanitize_.is_in_progress() && !verifies) return refused(sanitize_in_progress);
    if (running_ && !running_->sanitizes) return refused(format_in_progress);
    const std::uint64_t first =
        command.cdw10_15[0] | static_cast<std::uint64_t>(command.cdw10_15[1]) << 32U;
    const std::uint64_t blocks = (command.cdw10_15[2] & 0xFFFFU) + 1;
    if (first >= space->traits.blocks || blocks > space->traits.blocks - first)
        return refused(out_of_range);
    const std::uint64_t block = space->media->geometry().block_bytes;
    NvmeReply reply = sent(command, space->media->at(first * block, blocks * block));
    if (verifies) reply.status = verification_read;
    return reply;
}

} // namespace quietus::emulator
