// The commands by which an emulated NVMe drive erases itself.
#include "nvme_firmware.hpp"

#include "octet_fields.hpp"

#include <algorithm>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr std::uint32_t everything = 0xFFFFFFFF;

constexpr std::uint16_t invalid_opcode = 0x001;
constexpr std::uint16_t invalid_field = 0x002;
constexpr std::uint16_t invalid_namespace = 0x00B;
constexpr std::uint16_t write_protected = 0x020;
constexpr std::uint16_t format_in_progress = 0x084;
constexpr std::uint16_t invalid_format = 0x10A;
constexpr std::uint16_t needs_controller_reset = 0x111;
constexpr std::uint16_t memory_region_enabled = 0x123;

// Dword 10 of Sanitize (figure 372)
constexpr unsigned exit_failure = 1;
constexpr unsigned block_erase = 2;
constexpr unsigned overwrite = 3;
constexpr unsigned crypto_erase = 4;
constexpr unsigned exit_verification = 5;
constexpr std::uint32_t unrestricted = 1U << 3U;
constexpr std::uint32_t invert = 1U << 8U;
constexpr std::uint32_t no_deallocate = 1U << 9U;
constexpr std::uint32_t verification = 1U << 10U;

NvmeReply refused(std::uint16_t status) {
    return {status, 0, {}};
}

bool begins(unsigned action) {
    return action == block_erase || action == overwrite || action == crypto_erase;
}

NvmeAction action_of(std::uint32_t word) {
    if ((word & 7U) == exit_failure) return NvmeAction::exit_failure;
    if ((word & 7U) == exit_verification) return NvmeAction::exit_verification;
    return (word & unrestricted) != 0 ? NvmeAction::unrestricted : NvmeAction::restricted;
}

// Figure 647: inverted so that the last pass writes the pattern itself.
std::vector<Bytes> overwrite_passes(std::uint32_t word, std::uint32_t pattern) {
    const unsigned count = (word >> 4U & 0x0FU) == 0 ? 16 : word >> 4U & 0x0FU;
    std::vector<Bytes> passes;
    for (unsigned i = 0; i < count; ++i) {
        const bool inverted = (word & invert) != 0 && (count - 1 - i) % 2 == 1;
        Bytes octets(4);
        put_little(octets, 0, 4, inverted ? ~pattern : pattern);
        passes.push_back(std::move(octets));
    }
    return passes;
}

} // namespace

std::optional<std::uint16_t> NvmeDrive::Firmware::sanitize_prohibited(std::uint32_t word) const {
    const NvmeSanitizeTraits& offered = traits_.sanitize;
    const unsigned action = word & 7U;
    const bool known = action == exit_failure || action == exit_verification ||
                       (action == block_erase && offered.block_erase) ||
                       (action == overwrite && offered.overwrite) ||
                       (action == crypto_erase && offered.crypto_erase && traits_.encrypts);
    if (!known) return invalid_field;
    if (traits_.memory_region_enabled) return memory_region_enabled;
    if (std::ranges::any_of(spaces_,
                            [](const Space& each) { return each.traits.write_protection != 0; }))
        return write_protected;
    if (traits_.firmware_pending) return needs_controller_reset;
    if (!begins(action)) return std::nullopt;
    const bool kept = (word & no_deallocate) != 0;
    const bool verifies = (word & verification) != 0;
    if (verifies && (!offered.verification || action == overwrite || kept)) return invalid_field;
    if (kept && offered.no_deallocate_inhibited && !offered.only_warns) return invalid_field;
    return std::nullopt;
}

NvmeReply NvmeDrive::Firmware::sanitize(const NvmeCommand& command) {
    const NvmeSanitizeTraits& offered = traits_.sanitize;
    const bool any = offered.crypto_erase || offered.block_erase || offered.overwrite;
    if (!any || is_frozen()) return refused(invalid_opcode);
    const std::uint32_t word = command.cdw10_15[0];
    if (command.nsid != 0) return refused(invalid_field);
    if (const auto status = sanitize_prohibited(word)) return refused(*status);
    if (running_ && !running_->sanitizes) return refused(format_in_progress);
    const bool erases = begins(word & 7U);
    // It is accepted, and the log tells of a success: of this command, or of another of long ago.
    if (erases && knobs_.contains(Knob::stale_completed_bit)) {
        sanitize_.pretend_success(word);
        return refused(0);
    }
    if (erases && (knobs_.contains(Knob::log_of_another_operation) ||
                   knobs_.contains(Knob::idle_without_start)))
        return refused(0);
    const bool verified = sanitize_.state() == NvmeState::media_verification;
    const std::uint16_t status = sanitize_.perform(action_of(word), word);
    if (status != 0) return refused(status);
    if (erases) begin_sanitize(command);
    if (verified) deallocates_ = clock_.monotonic();
    set_access();
    return refused(0);
}

// The last attached of several is left out by one-namespace-left.
bool NvmeDrive::Firmware::is_left_out(std::uint32_t nsid) const {
    std::uint32_t last = 0;
    for (const Space& each : spaces_)
        if (each.traits.attached) last = each.traits.nsid;
    return knobs_.contains(Knob::one_namespace_left) && spaces_.size() > 1 && nsid == last;
}

const Knobs& NvmeDrive::Firmware::knobs_of(std::uint32_t nsid) const {
    return is_left_out(nsid) ? idle_knobs_ : knobs_;
}

void NvmeDrive::Firmware::begin_sanitize(const NvmeCommand& command) {
    const std::uint32_t word = command.cdw10_15[0];
    const NvmeSanitizeTraits& offered = traits_.sanitize;
    ErasingOrder order;
    order.takes = offered.crypto_takes;
    running_.emplace();
    running_->sanitizes = true;
    running_->began = clock_.monotonic();
    passes_done_ = 0;
    if ((word & 7U) == block_erase) {
        order.passes = {Bytes(4, 0)};
        order.takes = offered.block_takes;
    } else if ((word & 7U) == overwrite) {
        order.passes = overwrite_passes(word, command.cdw10_15[1]);
        order.takes = offered.pass_takes * static_cast<long>(order.passes.size());
        running_->passes = static_cast<unsigned>(order.passes.size());
    }
    const auto spaces = static_cast<std::uint32_t>(spaces_.size());
    for (std::uint32_t at = 0; at < spaces; ++at)
        if (spaces_[at].traits.attached || !knobs_.contains(Knob::addressable_only))
            add_part(order, at);
    const bool leaves_rest =
        knobs_.contains(Knob::addressable_only) || knobs_.contains(Knob::hidden_area_left);
    if (unallocated_ && !leaves_rest) add_part(order, spaces);
}

std::vector<std::uint32_t> NvmeDrive::Firmware::format_scope(std::uint32_t nsid) const {
    std::vector<std::uint32_t> scope;
    for (const Space& each : spaces_) {
        const bool reached = traits_.format.erases_all || each.traits.nsid == nsid ||
                             (nsid == everything && each.traits.attached);
        if (reached) scope.push_back(each.traits.nsid);
    }
    return scope;
}

// SES 0, which erases nothing, is none that an eraser sends.
std::optional<std::uint16_t>
NvmeDrive::Firmware::format_prohibited(const NvmeCommand& command) const {
    const NvmeFormatTraits& offered = traits_.format;
    const std::uint32_t word = command.cdw10_15[0];
    const unsigned erase = word >> 9U & 7U;
    const unsigned format = word & 0x0FU;
    if (erase == 0 || erase > 2 || (erase == 2 && (!offered.crypto_erase || !traits_.encrypts)))
        return invalid_field;
    if (command.nsid == everything && offered.no_broadcast) return invalid_field;
    if (command.nsid != everything && find(command.nsid) == nullptr) return invalid_namespace;
    const auto found = nvme_lba_format(format);
    const unsigned protection = word >> 5U & 7U;
    if (!found || protection > 3 || (protection != 0 && found->metadata == 0))
        return invalid_format;
    for (const std::uint32_t nsid : format_scope(command.nsid))
        if (find(nsid)->traits.write_protection != 0) return write_protected;
    return std::nullopt;
}

NvmeReply NvmeDrive::Firmware::format(const NvmeCommand& command) {
    if (!traits_.format.supported || is_frozen()) return refused(invalid_opcode);
    if (const auto status = format_prohibited(command)) return refused(*status);
    if (running_) return refused(format_in_progress);
    if (knobs_.contains(Knob::idle_without_start)) return refused(0);
    begin_format(command);
    set_access();
    return refused(0);
}

// User data erase reaches what has an address; a new key is one for everything in the namespace.
void NvmeDrive::Firmware::begin_format(const NvmeCommand& command) {
    constexpr long slower = 3;
    const bool crypto = (command.cdw10_15[0] >> 9U & 7U) == 2;
    ErasingOrder order;
    order.reserve = crypto;
    order.takes = crypto ? traits_.format.crypto_takes : traits_.format.user_takes;
    if (knobs_.contains(Knob::timeout_while_running)) order.takes *= slower;
    if (!crypto) order.passes = {Bytes(4, 0)};
    format_ = command;
    format_well_ = false;
    running_.emplace();
    running_->began = clock_.monotonic();
    running_->namespaces = format_scope(command.nsid);
    for (const std::uint32_t nsid : running_->namespaces)
        add_part(order, static_cast<std::uint32_t>(find(nsid) - spaces_.data()));
}

// What the command says is how the namespaces are formatted afterwards.
void NvmeDrive::Firmware::end_format(bool well) {
    format_well_ = well;
    if (!well) return;
    const std::uint32_t word = format_.cdw10_15[0];
    const auto format = static_cast<std::uint8_t>(word & 0x0FU);
    for (const std::uint32_t nsid : format_scope(format_.nsid)) {
        Space& space = *find(nsid);
        NvmeNamespaceTraits& traits = space.traits;
        traits.metadata_extended = (word & 1U << 4U) != 0;
        traits.protection = static_cast<std::uint8_t>(word >> 5U & 7U);
        traits.protection_first = (word & 1U << 8U) != 0;
        const std::uint64_t bytes = space.media->native_bytes();
        const unsigned exponent = nvme_lba_format(format)->exponent;
        const bool same_blocks = 1U << exponent == space.media->geometry().block_bytes;
        traits.format = format;
        if (same_blocks) continue;
        traits.blocks = bytes >> exponent;
        space.media = make_media(traits.blocks << exponent, 1U << exponent, true);
    }
}

} // namespace quietus::emulator
