// The commands by which an emulated SATA drive erases itself, and those that guard them.
#include "firmware.hpp"

#include "octet_fields.hpp"

#include <utility>

namespace quietus::emulator {
namespace {

constexpr std::uint8_t abrt = 0x04;

// SANITIZE DEVICE: FEATURE, and what LBA must hold (WD HC580 clause 12.38).
constexpr std::uint16_t status_ext = 0x0000;
constexpr std::uint16_t crypto_scramble_ext = 0x0011;
constexpr std::uint16_t block_erase_ext = 0x0012;
constexpr std::uint16_t overwrite_ext = 0x0014;
constexpr std::uint16_t freeze_lock_ext = 0x0020;
constexpr std::uint16_t antifreeze_lock_ext = 0x0040;
constexpr std::uint64_t crypto_key = 0x43727970;     // "Cryp"
constexpr std::uint64_t block_key = 0x426B4572;      // "BkEr"
constexpr std::uint64_t overwrite_key = 0x4F57;      // "OW" in LBA 47:32
constexpr std::uint64_t freeze_key = 0x46724C6B;     // "FrLk"
constexpr std::uint64_t antifreeze_key = 0x416E7469; // "Anti"

// COUNT
constexpr unsigned clear_failed = 1U << 0U;
constexpr unsigned failure_mode = 1U << 4U;
constexpr unsigned definitive_ending = 1U << 6U;
constexpr unsigned invert = 1U << 7U;

// From the least significant octet on: from memory of ACS-3, which puts a doubleword so.
Bytes pattern_octets(std::uint64_t pattern, bool inverted) {
    Bytes octets(4);
    put_little(octets, 0, 4, inverted ? ~pattern : pattern);
    return octets;
}

// One after the other; 0 in the count is 16. Inverted between passes, so that the pattern of the
// first is the one given, unless that of the last has to be.
std::vector<Bytes> overwrite_passes(const AtaTaskfile& in, bool knows_definitive_ending) {
    const unsigned count = (in.count & 0x0FU) == 0 ? 16 : in.count & 0x0FU;
    const bool inverts = (in.count & invert) != 0;
    const bool ends_as_given = knows_definitive_ending && (in.count & definitive_ending) != 0;
    std::vector<Bytes> passes;
    for (unsigned i = 0; i < count; ++i) {
        const unsigned from_given = ends_as_given ? count - 1 - i : i;
        passes.push_back(pattern_octets(in.lba & 0xFFFFFFFFU, inverts && from_given % 2 == 1));
    }
    return passes;
}

std::optional<SecurityCommand> security_command(std::uint8_t code) {
    if (code < 0xF1 || code > 0xF6) return std::nullopt;
    return static_cast<SecurityCommand>(code - 0xF1);
}

bool takes_data(SecurityCommand command) {
    return command != SecurityCommand::erase_prepare && command != SecurityCommand::freeze_lock;
}

/// Which command of the state machine it is; nothing when FEATURE or LBA is none that it knows.
std::optional<SanitizeCommand> sanitize_command(const AtaTaskfile& in, bool is_operation,
                                                bool antifreeze) {
    if (is_operation)
        return (in.count & failure_mode) != 0 ? SanitizeCommand::unrestricted
                                              : SanitizeCommand::restricted;
    if (in.feature == status_ext)
        return (in.count & clear_failed) != 0 ? SanitizeCommand::status_clear
                                              : SanitizeCommand::status;
    if (in.feature == freeze_lock_ext && in.lba == freeze_key) return SanitizeCommand::freeze_lock;
    if (antifreeze && in.feature == antifreeze_lock_ext && in.lba == antifreeze_key)
        return SanitizeCommand::antifreeze_lock;
    return std::nullopt;
}

} // namespace

std::optional<ErasingOrder> AtaDrive::Firmware::sanitize_order(const AtaCommand& command) const {
    const AtaTaskfile& in = command.taskfile;
    const SanitizeTraits& traits = traits_.sanitize;
    ErasingOrder order;
    order.addressed_bytes = media_.native_bytes();
    if (in.feature == crypto_scramble_ext && traits.crypto_scramble && traits_.encrypts &&
        in.lba == crypto_key) {
        order.takes = traits.crypto_takes;
        return order;
    }
    if (in.feature == block_erase_ext && traits.block_erase && in.lba == block_key) {
        order.passes = {Bytes(4, 0)};
        order.takes = traits.block_takes;
        return order;
    }
    if (in.feature != overwrite_ext || !traits.overwrite || in.lba >> 32U != overwrite_key)
        return std::nullopt;
    order.passes = overwrite_passes(in, traits.definitive_ending_pattern);
    order.takes = traits.pass_takes * static_cast<long>(order.passes.size());
    return order;
}

AtaReply AtaDrive::Firmware::sanitize_aborted(SanitizeReason reason) const {
    return failed(abrt, {0, static_cast<std::uint64_t>(reason)});
}

// A locked drive tells its status and no more: that a restricted operation overrides security (log
// 30h, page 06h) it does not announce.
AtaReply AtaDrive::Firmware::sanitize(const AtaCommand& command) {
    const AtaTaskfile& in = command.taskfile;
    if (!traits_.sanitize.supported) return failed(abrt);
    if (security_.is_locked() && in.feature != status_ext)
        return sanitize_aborted(SanitizeReason::none);
    auto order = sanitize_order(command);
    const auto asked = sanitize_command(in, order.has_value(), traits_.sanitize.antifreeze);
    if (!asked) return sanitize_aborted(SanitizeReason::unsupported);
    const bool tells_of_failure = sanitize_.has_failed() && asked == SanitizeCommand::status;
    if (tells_of_failure && std::exchange(says_ok_next_, is_turned(Knob::fails_then_says_ok)))
        sanitize_.ended(true);
    const bool pretends = order && is_turned(Knob::stale_completed_bit);
    if (pretends) return done({sanitize_.count(), 0xFFFF});
    const SanitizeAnswer answer = sanitize_.perform(*asked);
    if (answer.aborted) {
        set_access();
        return sanitize_aborted(answer.reason);
    }
    if (order) {
        sanitizes_ = true;
        begin(std::move(*order));
    }
    set_access();
    const std::uint64_t progress = running_ ? running_->progress(worked()) : 0xFFFF;
    return done({sanitize_.count(), progress});
}

// Normal: what READ NATIVE MAX ADDRESS leads to, with zeros. Enhanced: the user's data everywhere,
// that in blocks no longer in use too, with what the vendor likes (ACS-2 clause 7.45; from memory).
// WD's normal erase reaches beyond DCO as well (HC310 clause 11.40).
ErasingOrder AtaDrive::Firmware::erase_unit_order(const AtaCommand& command) const {
    constexpr std::chrono::minutes unannounced{2};
    constexpr long slower = 3;
    const bool enhanced = AtaSecurity::asks_for_enhanced(command.out);
    const auto announced =
        enhanced ? traits_.security.enhanced_takes : traits_.security.normal_takes;
    ErasingOrder order;
    order.passes = {Bytes(4, 0)};
    order.addressed_bytes =
        enhanced ? media_.native_bytes() : capacity_.native() * traits_.logical_bytes;
    order.reserve = enhanced;
    order.takes = announced.count() == 0 ? unannounced : announced;
    if (is_turned(Knob::timeout_while_running)) order.takes *= slower;
    return order;
}

AtaReply AtaDrive::Firmware::security(const AtaCommand& command) {
    const auto asked = security_command(command.taskfile.command);
    const bool has_block = command.out.size() == 512;
    if (!asked || (takes_data(*asked) && !has_block)) return failed(abrt);
    if (!security_.perform(*asked, command.out)) return failed(abrt);
    if (asked == SecurityCommand::erase_unit) {
        sanitizes_ = false;
        begin(erase_unit_order(command));
    }
    set_access();
    return done();
}

} // namespace quietus::emulator
