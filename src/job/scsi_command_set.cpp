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

#include <algorithm>
#include <cstdint>
#include <utility>

namespace quietus {
namespace {

scsi::SanitizeKind kind_of(Technique method) {
    if (method == Technique::scsi_sanitize_crypto_erase) return scsi::SanitizeKind::crypto_erase;
    return method == Technique::scsi_sanitize_block_erase ? scsi::SanitizeKind::block_erase
                                                          : scsi::SanitizeKind::overwrite;
}

scsi::SanitizeOrder sanitize_order(const FirmwareOrder& order, std::uint64_t blocks,
                                   std::uint32_t block_bytes) {
    const FirmwareOptions& options = order.options;
    scsi::SanitizeOrder made;
    made.kind = kind_of(order.method);
    if (made.kind == scsi::SanitizeKind::overwrite)
        made.options.pattern = end_state(order.method, options).patterns.front();
    made.options.passes = static_cast<std::uint8_t>(options.passes);
    made.options.invert_between = options.invert_between;
    made.options.may_leave_failed = options.may_leave_failed;
    made.options.zoned_no_reset = options.zoned_no_reset;
    made.size_bytes = blocks * block_bytes;
    made.block_bytes = block_bytes;
    return made;
}

std::optional<std::uint64_t> sum_of(const std::optional<std::uint64_t>& one,
                                    const std::optional<std::uint64_t>& other) {
    return one && other ? std::optional(*one + *other) : std::nullopt;
}

// Defects add up, and of units one of which does not tell they are not known; hours are those of
// the drive.
void add(const HealthRecord& unit, std::optional<HealthRecord>& drive) {
    if (!drive) {
        drive = unit;
        return;
    }
    drive->reallocated = sum_of(unit.reallocated, drive->reallocated);
    drive->pending = sum_of(unit.pending, drive->pending);
    if (drive->text.empty()) drive->text = unit.text;
}

// What one of them would not tell is not known of the whole.
void add(const HiddenAreaRecord& unit, HiddenAreaRecord& drive) {
    drive.before.accessible += unit.before.accessible;
    if (unit.lifted && drive.lifted) drive.lifted->accessible += unit.lifted->accessible;
    if (!unit.lifted) drive.lifted.reset();
    const auto severity = [](HiddenState state) {
        return state == HiddenState::none ? 0 : state == HiddenState::lifted ? 1 : 2;
    };
    if (severity(unit.state) <= severity(drive.state)) return;
    drive.state = unit.state;
    drive.text = unit.text;
}

/// The door for one of several units: what is known of any is kept with all, and they are as far as
/// they are together.
class UnitDoor final : public scsi::OperationDoor {
  public:
    UnitDoor(OperationWatch& watch, const std::vector<ScsiOperationRecord>& records)
        : watch_(watch), records_(records) {}
    void wait(std::chrono::milliseconds at_most) override { watch_.wait(at_most); }
    bool release_requested() override { return watch_.release_requested(); }
    void progressed(std::uint32_t) override {
        std::uint64_t sum = 0;
        for (const ScsiOperationRecord& each : records_)
            sum += each.outcome == FirmwareOutcome::succeeded ? whole : each.progress;
        watch_.progressed(static_cast<std::uint32_t>(sum / records_.size()));
    }
    Status reached(const ScsiOperationRecord&) override { return watch_.reached(records_); }

  private:
    static constexpr std::uint32_t whole = 65536;
    OperationWatch& watch_;
    const std::vector<ScsiOperationRecord>& records_;
};

void refuse_unbegun(const std::string& why, std::vector<ScsiOperationRecord>& records) {
    for (ScsiOperationRecord& each : records) {
        if (each.phase != SanitizePhase::none) continue;
        each.outcome = FirmwareOutcome::refused;
        each.text = why;
    }
}

FirmwareOutcome outcome_of(const std::vector<ScsiOperationRecord>& records) {
    const auto found = std::ranges::find_if(records, [](const ScsiOperationRecord& each) {
        return each.outcome != FirmwareOutcome::succeeded;
    });
    return found == records.end() ? FirmwareOutcome::succeeded : found->outcome;
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
    FirmwareIdentity drive;
    Bytes told;
    for (std::size_t unit = 0; unit < ports_.size(); ++unit) {
        auto found = scsi::identify(*ports_[unit]);
        if (!found) return Error(found.error());
        const bool is_another = unit < units_.size() && found->who.serial != units_[unit].serial;
        if (auto status = take(unit, found->who); !status) return Error(status.error());
        told.insert(told.end(), found->told.begin(), found->told.end());
        const std::uint64_t before = unit == 0 ? 0 : drive.sectors;
        if (unit == 0) drive = found->who;
        if (is_another) drive.serial = found->who.serial; // nor is the drive who it was
        drive.sectors = before + units_[unit].blocks;
        if (drive.sectors < before) return Error{Fault::drive, "its capacity makes no sense"};
    }
    drive.sha256 = to_hex(digest(DigestKind::sha256, told));
    return drive;
}

// One that is at work does not tell the size of its blocks.
Status ScsiCommandSet::take(std::size_t unit, const FirmwareIdentity& told) {
    if (unit == units_.size()) units_.emplace_back();
    units_[unit] = {told.serial, told.sectors, told.logical_bytes};
    const std::uint32_t first = units_.front().block_bytes;
    const std::uint32_t this_one = units_[unit].block_bytes;
    if (first == 0 || this_one == 0 || this_one == first) return {};
    return Error{Fault::unsupported, "its logical units have blocks of different sizes"};
}

std::optional<Stop> ScsiCommandSet::prepare(FirmwareEvidence& evidence) {
    for (ScsiPort* port : ports_) {
        const auto facts = scsi::ask_facts(*port);
        if (!facts) return Stop{StopReason::io, facts.error().message};
        if (auto found = obstacle(*port, *facts)) return Stop{StopReason::none, std::move(*found)};
        add(facts->unit.health, evidence.health_before);
    }
    if (auto found = lift(evidence)) return Stop{StopReason::none, std::move(*found)};
    return std::nullopt;
}

// A drive that does not report which commands it has is asked in another way whether it knows
// SANITIZE at all: then it keeps what it has where it does not.
std::optional<std::string> ScsiCommandSet::obstacle(ScsiPort& port, const scsi::Facts& facts) {
    const auto within_reach = static_cast<std::uint32_t>(ports_.size());
    auto found = scsi_obstacle(facts.erasure, facts.unit, within_reach, order_.method);
    if (found || order_.method == Technique::scsi_format_unit) return found;
    const ScsiErasure& told = facts.erasure;
    if (is_known(told.overwrite) || is_known(told.block_erase) || is_known(told.crypto_erase))
        return found;
    const auto tried = scsi::ask_erasure(port, scsi::Probing::while_idle);
    if (!tried) return tried.error().message;
    return scsi_obstacle(*tried, facts.unit, within_reach, order_.method);
}

// What was hidden in the midst of several units is no longer, and the host sees it when it has
// opened them once more; but the plan was made for fewer blocks.
std::optional<std::string> ScsiCommandSet::lift(FirmwareEvidence& evidence) {
    HiddenAreaRecord& record = evidence.hidden;
    scsi::lift_shortened_capacity(*ports_.front(), record);
    for (std::size_t unit = 1; unit < ports_.size(); ++unit) {
        HiddenAreaRecord one;
        scsi::lift_shortened_capacity(*ports_[unit], one);
        add(one, record);
    }
    if (ports_.size() == 1 || record.state != HiddenState::lifted) return std::nullopt;
    static_cast<void>(bay_.open_blocks());
    return "one of its logical units had hidden blocks, which are within reach now: plan again";
}

FirmwareOutcome ScsiCommandSet::operate(OperationWatch& watch, FirmwareEvidence& evidence) {
    if (evidence.scsi.empty()) evidence.scsi.resize(ports_.size());
    if (auto status = carry_out(watch, evidence); !status)
        refuse_unbegun(status.error().message, evidence.scsi);
    return outcome_of(evidence.scsi);
}

// Those that have ended well are left as they are; what is begun is begun in all units together.
Status ScsiCommandSet::carry_out(OperationWatch& watch, FirmwareEvidence& evidence) {
    std::vector<ScsiOperationRecord>& records = evidence.scsi;
    if (records.size() != ports_.size())
        return Error{Fault::drive, "it has another number of logical units than before"};
    const std::uint32_t block_bytes = evidence.identity_before->logical_bytes;
    UnitDoor door(watch, records);
    std::vector<scsi::UnitTask> tasks;
    bool begins = false;
    for (std::size_t unit = 0; unit < records.size(); ++unit) {
        ScsiOperationRecord& record = records[unit];
        if (record.outcome == FirmwareOutcome::succeeded) continue;
        const bool anew =
            record.phase == SanitizePhase::none || is_to_begin_anew(*ports_[unit], record);
        const std::uint64_t blocks = record.blocks != 0 ? record.blocks : units_[unit].blocks;
        if (anew) record = {};
        record.blocks = blocks;
        begins = begins || anew;
        auto operation = operation_of(*ports_[unit], blocks, block_bytes, !anew);
        if (!operation) return Error(operation.error());
        tasks.push_back({{*ports_[unit], clock_, door}, std::move(*operation), record, !anew});
    }
    if (begins)
        if (std::string flaw = flaw_of_the_caches(); !flaw.empty())
            return Error{Fault::drive, std::move(flaw)};
    run_operations(tasks);
    return {};
}

// SANITIZE goes on through resets and the loss of power, so that an idle drive which was seen to
// begin one has finished it. Of one that nobody knows to have begun, and of a format, which does
// not go on, an idle drive proves nothing: it is told once more, and nothing is lost by it.
bool ScsiCommandSet::is_to_begin_anew(ScsiPort& port, const ScsiOperationRecord& record) {
    const bool survives = order_.method != Technique::scsi_format_unit;
    if (survives && (record.accepted || record.seen_in_progress)) return false;
    const auto state = scsi::ask_unit_state(port);
    return state && state->condition == ScsiCondition::idle;
}

// What the canaries were written to must be the medium, by the drive's own word as well.
std::string ScsiCommandSet::flaw_of_the_caches() {
    constexpr std::uint8_t illegal_request = 0x05;
    constexpr std::uint8_t invalid_operation_code = 0x20;
    for (ScsiPort* port : ports_) {
        const auto reply = scsi::ask_past_attentions(*port, scsi::synchronize_cache());
        if (!reply) return "SYNCHRONIZE CACHE: " + reply.error().message;
        if (reply->status == scsi::good) continue;
        const auto sense = decode_sense(reply->sense);
        const bool has_none =
            sense && sense->key == illegal_request && sense->asc == invalid_operation_code;
        if (!has_none) return "SYNCHRONIZE CACHE: " + scsi::refusal_text(*reply);
    }
    return {};
}

// A unit at work tells no format: one that was begun is waited for as long as its size takes.
Result<scsi::Operation> ScsiCommandSet::operation_of(ScsiPort& port, std::uint64_t blocks,
                                                     std::uint32_t block_bytes, bool begun) {
    if (order_.method != Technique::scsi_format_unit)
        return sanitize_operation(sanitize_order(order_, blocks, block_bytes));
    if (begun) return scsi::format_operation({{blocks, block_bytes, 0, 0, 0}, {}, false});
    const auto format = scsi::read_unit_format(port);
    if (!format) return Error(format.error());
    return format_operation(order_to_keep(*format));
}

// A unit at work tells no capacity: of what was begun they are as they were.
std::vector<std::uint64_t> ScsiCommandSet::borders(const FirmwareEvidence& evidence) {
    if (!evidence.scsi.empty()) return borders_of(evidence);
    std::vector<std::uint64_t> found;
    std::uint64_t end = 0;
    for (std::size_t unit = 0; unit + 1 < units_.size(); ++unit) {
        end += units_[unit].blocks * units_[unit].block_bytes;
        found.push_back(end);
    }
    return found;
}

void ScsiCommandSet::look_again(FirmwareEvidence& evidence) {
    std::uint64_t blocks = 0;
    for (ScsiPort* port : ports_) {
        const auto format = scsi::read_unit_format(*port);
        if (!format) return;
        blocks += format->blocks;
    }
    evidence.hidden.after.emplace().accessible = blocks;
}

void ScsiCommandSet::examine_health(FirmwareEvidence& evidence) {
    std::optional<HealthRecord> drive;
    for (ScsiPort* port : ports_) {
        const auto facts = scsi::ask_facts(*port);
        if (!facts) return;
        add(facts->unit.health, drive);
    }
    evidence.health_after = std::move(drive);
}

// Each of them may have said so.
bool ScsiCommandSet::reads_fail_until_written() {
    return std::ranges::any_of(ports_,
                               [this](ScsiPort* port) { return reads_fail_until_written(*port); });
}

// WABEREQ and WACEREQ of VPD page B1h.
bool ScsiCommandSet::reads_fail_until_written(ScsiPort& port) {
    const bool block_erase = order_.method == Technique::scsi_sanitize_block_erase;
    if (!block_erase && order_.method != Technique::scsi_sanitize_crypto_erase) return false;
    constexpr std::uint16_t page_octets = 64;
    const auto page = scsi::ask_past_attentions(port, scsi::vital_product_data(0xB1, page_octets));
    if (!page || page->status != scsi::good) return false;
    const auto told = scsi::parse_erased_reads(page->data);
    if (!told) return false;
    const auto reads = block_erase ? told->after_block_erase : told->after_crypto_erase;
    return reads == ScsiReadAfterErase::fails || reads == ScsiReadAfterErase::write_required;
}

} // namespace quietus
