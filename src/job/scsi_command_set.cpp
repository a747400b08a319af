#include "scsi_command_set.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/drive/scsi/capacity.hpp"
#include "quietus/drive/scsi/identity.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/policy/scsi_obstacle.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/technique/scsi/sanitize.hpp"
#include "quietus/transport/scsi/ask_erasure.hpp"
#include "quietus/transport/scsi/commands.hpp"
#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <cstdint>
#include <utility>

namespace quietus {
namespace {

scsi::SanitizeKind kind_of(Technique method) {
    if (method == Technique::scsi_sanitize_crypto_erase) return scsi::SanitizeKind::crypto_erase;
    return method == Technique::scsi_sanitize_block_erase ? scsi::SanitizeKind::block_erase
                                                          : scsi::SanitizeKind::overwrite;
}

scsi::SanitizeOrder sanitize_order(const FirmwareOrder& order, const FirmwareIdentity& identity) {
    const FirmwareOptions& options = order.options;
    scsi::SanitizeOrder made;
    made.kind = kind_of(order.method);
    if (made.kind == scsi::SanitizeKind::overwrite)
        made.options.pattern = end_state(order.method, options).patterns.front();
    made.options.passes = static_cast<std::uint8_t>(options.passes);
    made.options.invert_between = options.invert_between;
    made.options.may_leave_failed = options.may_leave_failed;
    made.options.zoned_no_reset = options.zoned_no_reset;
    made.size_bytes = identity.sectors * identity.logical_bytes;
    made.block_bytes = identity.logical_bytes;
    return made;
}

// Of one that is under way already: for how long it may take.
scsi::FormatOrder format_order(const FirmwareIdentity& identity) {
    scsi::FormatOrder order;
    order.format.blocks = identity.sectors;
    order.format.block_bytes = identity.logical_bytes;
    return order;
}

bool is_known(ScsiOffer offer) {
    return offer != ScsiOffer::unknown;
}

} // namespace

scsi::FormatOrder order_to_keep(const scsi::UnitFormat& format) {
    scsi::FormatOrder order{format, {}, false};
    if (format.protection == 0) order.format.protection_interval = 0; // which means nothing
    return order;
}

Result<FirmwareIdentity> ScsiCommandSet::identify() {
    auto found = scsi::identify(port_);
    if (!found) return Error(found.error());
    found->who.sha256 = to_hex(digest(DigestKind::sha256, found->told));
    return std::move(found->who);
}

std::optional<Stop> ScsiCommandSet::prepare(FirmwareEvidence& evidence) {
    const auto facts = scsi::ask_facts(port_);
    if (!facts) return Stop{StopReason::io, facts.error().message};
    if (auto found = obstacle(*facts)) return Stop{StopReason::none, std::move(*found)};
    evidence.health_before = facts->unit.health;
    scsi::lift_shortened_capacity(port_, evidence.hidden);
    return std::nullopt;
}

// A drive that does not report which commands it has is asked in another way whether it knows
// SANITIZE at all: then it keeps what it has where it does not.
std::optional<std::string> ScsiCommandSet::obstacle(const scsi::Facts& facts) {
    auto found = scsi_obstacle(facts.erasure, facts.unit, order_.method);
    if (found || order_.method == Technique::scsi_format_unit) return found;
    const ScsiErasure& told = facts.erasure;
    if (is_known(told.overwrite) || is_known(told.block_erase) || is_known(told.crypto_erase))
        return found;
    const auto tried = scsi::ask_erasure(port_, scsi::Probing::while_idle);
    if (!tried) return tried.error().message;
    return scsi_obstacle(*tried, facts.unit, order_.method);
}

FirmwareOutcome ScsiCommandSet::operate(OperationWatch& watch, FirmwareEvidence& evidence) {
    const scsi::Desk desk{port_, clock_, watch};
    if (!evidence.scsi || is_to_begin_anew(*evidence.scsi))
        begin(desk, evidence);
    else if (evidence.scsi->outcome != FirmwareOutcome::succeeded)
        follow(desk, evidence);
    return evidence.scsi->outcome;
}

// SANITIZE goes on through resets and the loss of power, so that an idle drive which was seen to
// begin one has finished it. Of one that nobody knows to have begun, and of a format, which does
// not go on, an idle drive proves nothing: it is told once more, and nothing is lost by it.
bool ScsiCommandSet::is_to_begin_anew(const ScsiOperationRecord& record) {
    if (record.outcome == FirmwareOutcome::succeeded) return false;
    const bool survives = order_.method != Technique::scsi_format_unit;
    if (survives && (record.accepted || record.seen_in_progress)) return false;
    const auto state = scsi::ask_unit_state(port_);
    return state && state->condition == ScsiCondition::idle;
}

// What the canaries were written to must be the medium, by the drive's own word as well.
std::string ScsiCommandSet::flaw_of_the_cache() {
    constexpr std::uint8_t illegal_request = 0x05;
    constexpr std::uint8_t invalid_operation_code = 0x20;
    const auto reply = scsi::ask_past_attentions(port_, scsi::synchronize_cache());
    if (!reply) return "SYNCHRONIZE CACHE: " + reply.error().message;
    if (reply->status == scsi::good) return {};
    const auto sense = decode_sense(reply->sense);
    const bool has_none =
        sense && sense->key == illegal_request && sense->asc == invalid_operation_code;
    return has_none ? "" : "SYNCHRONIZE CACHE: " + scsi::refusal_text(*reply);
}

void ScsiCommandSet::begin(const scsi::Desk& desk, FirmwareEvidence& evidence) {
    ScsiOperationRecord& record = evidence.scsi.emplace();
    if (std::string flaw = flaw_of_the_cache(); !flaw.empty()) {
        record.outcome = FirmwareOutcome::refused;
        record.text = std::move(flaw);
    } else if (order_.method == Technique::scsi_format_unit) {
        begin_format(desk, record);
    } else {
        run_sanitize(desk, sanitize_order(order_, *evidence.identity_before), record);
    }
}

void ScsiCommandSet::begin_format(const scsi::Desk& desk, ScsiOperationRecord& record) {
    const auto format = scsi::read_unit_format(port_);
    if (format) return run_format(desk, order_to_keep(*format), record);
    record.outcome = FirmwareOutcome::refused;
    record.text = format.error().message;
}

void ScsiCommandSet::follow(const scsi::Desk& desk, FirmwareEvidence& evidence) {
    const FirmwareIdentity& identity = *evidence.identity_before;
    if (order_.method == Technique::scsi_format_unit)
        follow_format(desk, format_order(identity), *evidence.scsi);
    else
        follow_sanitize(desk, sanitize_order(order_, identity), *evidence.scsi);
}

void ScsiCommandSet::look_again(FirmwareEvidence& evidence) {
    const auto format = scsi::read_unit_format(port_);
    if (format) evidence.hidden.after.emplace().accessible = format->blocks;
}

void ScsiCommandSet::examine_health(FirmwareEvidence& evidence) {
    const auto facts = scsi::ask_facts(port_);
    if (facts) evidence.health_after = facts->unit.health;
}

// WABEREQ and WACEREQ of VPD page B1h.
bool ScsiCommandSet::reads_fail_until_written() {
    const bool block_erase = order_.method == Technique::scsi_sanitize_block_erase;
    if (!block_erase && order_.method != Technique::scsi_sanitize_crypto_erase) return false;
    constexpr std::uint16_t page_octets = 64;
    const auto page = scsi::ask_past_attentions(port_, scsi::vital_product_data(0xB1, page_octets));
    if (!page || page->status != scsi::good) return false;
    const auto told = scsi::parse_erased_reads(page->data);
    if (!told) return false;
    const auto reads = block_erase ? told->after_block_erase : told->after_crypto_erase;
    return reads == ScsiReadAfterErase::fails || reads == ScsiReadAfterErase::write_required;
}

} // namespace quietus
