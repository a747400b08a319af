#include "ata_command_set.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/drive/ata/health.hpp"
#include "quietus/drive/ata/hidden_areas.hpp"
#include "quietus/drive/ata/pass_through.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/record/ata_obstacles.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/technique/ata/sanitize.hpp"
#include "quietus/technique/ata/security_erase.hpp"
#include "quietus/transport/ata/commands.hpp"

#include <cstdint>
#include <utility>

namespace quietus {
namespace {

FirmwareIdentity identity_of(const ata::IdentifyWords& words) {
    return {words.model(),         words.serial(),
            words.sectors(),       words.logical_bytes(),
            words.security().word, to_hex(digest(DigestKind::sha256, words.octets()))};
}

ata::SanitizeKind kind_of(Technique method) {
    if (method == Technique::ata_sanitize_crypto_scramble)
        return ata::SanitizeKind::crypto_scramble;
    return method == Technique::ata_sanitize_block_erase ? ata::SanitizeKind::block_erase
                                                         : ata::SanitizeKind::overwrite;
}

ata::SanitizeOrder sanitize_order(const FirmwareOrder& order, const FirmwareIdentity& identity) {
    const FirmwareOptions& options = order.options;
    ata::SanitizeOrder made;
    made.kind = kind_of(order.method);
    made.options = {{options.pattern, static_cast<std::uint8_t>(options.passes),
                     options.invert_between, options.definitive_end},
                    options.may_leave_failed,
                    options.zoned_no_reset};
    made.size_bytes = identity.sectors * identity.logical_bytes;
    return made;
}

} // namespace

Result<FirmwareIdentity> AtaCommandSet::identify() {
    auto words = ata::read_identify(port_);
    if (!words) return Error(words.error());
    words_ = std::move(*words);
    return identity_of(*words_);
}

std::optional<Stop> AtaCommandSet::prepare(FirmwareEvidence& evidence) {
    // A drive that is busy with itself answers nothing else, the test of the way neither.
    if (auto busy = state_in_the_way()) return Stop{StopReason::none, std::move(*busy)};
    evidence.pass_through = ata::test_pass_through(port_, *words_);
    if (!evidence.pass_through->trusted) return Stop{};
    if (auto found = obstacle()) return Stop{StopReason::none, std::move(*found)};
    evidence.health_before = ata::read_health(port_, *words_);
    ata::lift_hidden_areas(port_, evidence.hidden);
    // What it was lifted by shows only after the drive has been off: nothing is begun before.
    if (evidence.hidden.state == HiddenState::power_cycle_needed)
        return Stop{StopReason::none, evidence.hidden.text};
    return std::nullopt;
}

// Asked before anything is written: a drive that would not begin keeps what it has.
std::optional<std::string> AtaCommandSet::obstacle() const {
    const ata::SanitizeFeatures has = words_->sanitize();
    switch (order_.method) {
    case Technique::ata_sanitize_crypto_scramble:
        return sanitize_obstacle(has.crypto_scramble);
    case Technique::ata_sanitize_block_erase:
        return sanitize_obstacle(has.block_erase);
    case Technique::ata_sanitize_overwrite:
        if (auto found = sanitize_obstacle(has.overwrite)) return found;
        return ending_obstacle();
    case Technique::ata_security_erase_enhanced:
        return ata::security_obstacle(words_->security(), true);
    case Technique::ata_security_erase:
        return ata::security_obstacle(words_->security(), false);
    default:
        break;
    }
    return "that is nothing which an ATA drive does by itself";
}

std::optional<std::string> AtaCommandSet::sanitize_obstacle(bool supported) const {
    if (!supported) return no_such_operation;
    const auto status = ata::read_sanitize_status(port_);
    if (!status) return status.error().message;
    return ata::sanitize_obstacle(*status);
}

// By a drive that does not know the bit it would be passed over in silence.
std::optional<std::string> AtaCommandSet::ending_obstacle() const {
    if (!order_.options.definitive_end) return std::nullopt;
    const auto knows = ata::knows_definitive_end(port_);
    if (!knows) return knows.error().message;
    if (*knows) return std::nullopt;
    return no_definitive_end;
}

std::optional<std::string> AtaCommandSet::state_in_the_way() const {
    if (!words_->sanitize().supported) return std::nullopt;
    const auto status = ata::read_sanitize_status(port_);
    const bool busy = status && (status->state == SanitizeState::in_progress ||
                                 status->state == SanitizeState::failed);
    return busy ? ata::sanitize_obstacle(*status) : std::nullopt;
}

FirmwareOutcome AtaCommandSet::operate(OperationWatch& watch, FirmwareEvidence& evidence) {
    const FirmwareDesk desk{port_, clock_, watch};
    if (is_sanitize(order_.method)) return sanitize(desk, evidence);
    const bool enhanced = order_.method == Technique::ata_security_erase_enhanced;
    ata::run_security_erase(desk, enhanced, evidence.security.emplace());
    return evidence.security->outcome;
}

FirmwareOutcome AtaCommandSet::sanitize(const FirmwareDesk& desk, FirmwareEvidence& evidence) {
    const ata::SanitizeOrder order = sanitize_order(order_, *evidence.identity_before);
    if (!evidence.sanitize)
        ata::run_sanitize(desk, order, evidence.sanitize.emplace());
    else if (evidence.sanitize->outcome != FirmwareOutcome::succeeded)
        ata::follow_sanitize(desk, order, *evidence.sanitize);
    return evidence.sanitize->outcome;
}

void AtaCommandSet::look_again(FirmwareEvidence& evidence) {
    evidence.hidden.after = ata::read_hidden_areas(port_, *words_);
}

void AtaCommandSet::examine_health(FirmwareEvidence& evidence) {
    evidence.health_after = ata::read_health(port_, *words_);
}

} // namespace quietus
