#include "nvme_command_set.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/drive/nvme/facts.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/technique/nvme/format.hpp"
#include "quietus/transport/joined_block_port.hpp"
#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/nvme/status.hpp"
#include "quietus/transport/nvme/verification_port.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace quietus {
namespace {

using nvme::SanitizeAction;

SanitizeAction action_of(Technique method) {
    if (method == Technique::nvme_sanitize_crypto_erase) return SanitizeAction::crypto_erase;
    return method == Technique::nvme_sanitize_block_erase ? SanitizeAction::block_erase
                                                          : SanitizeAction::overwrite;
}

FormatErase erase_of(Technique method) {
    return method == Technique::nvme_format_crypto_erase ? FormatErase::crypto
                                                         : FormatErase::user_data;
}

std::string named(const NvmeNamespaceRecord& each) {
    return "namespace " + std::to_string(each.nsid);
}

std::uint64_t bytes_of(const NvmeScopeRecord& scope) {
    const auto whole = joined(scope);
    return whole ? whole->blocks * whole->block_bytes : 0;
}

// What has no address yet, or no longer, hidden areas of ATA are; here it is what no list tells of.
HiddenAreas reached_by(const NvmeScopeRecord& scope) {
    HiddenAreas areas;
    if (const auto whole = joined(scope)) areas.accessible = whole->blocks;
    if (scope.complete && scope.accounted) return areas;
    areas.unreadable = scope.notes;
    if (areas.unreadable.empty()) areas.unreadable.emplace_back("all that the drive has");
    return areas;
}

bool waits_to_be_read(const NvmeSanitizeRecord& record) {
    return record.phase == NvmeSanitizePhase::verifying &&
           record.outcome == FirmwareOutcome::not_started;
}

// Of one that was begun before. If it was about to be left nobody knows whether it was: what can
// still be read is read once more.
void take_up(NvmeSanitizeRecord& record) {
    if (record.phase == NvmeSanitizePhase::leaving) record.phase = NvmeSanitizePhase::running;
}

} // namespace

Result<FirmwareIdentity> NvmeCommandSet::identify() {
    const auto page = nvme::fetch(port_, nvme::identify(nvme::Structure::controller), "Identify");
    if (!page) return Error(page.error());
    auto features = nvme::parse_controller_features(*page);
    if (!features) return Error(features.error());
    controller_ = std::move(*features);
    scope_ = nvme::read_scope(port_, controller_);
    const JoinedNamespaces whole = joined(scope_).value_or(JoinedNamespaces{});
    return FirmwareIdentity{controller_.model,
                            controller_.serial,
                            whole.blocks,
                            whole.block_bytes,
                            0,
                            to_hex(digest(DigestKind::sha256, *page))};
}

std::optional<Stop> NvmeCommandSet::prepare(FirmwareEvidence& evidence) {
    if (auto found = obstacle()) return Stop{StopReason::none, std::move(*found)};
    evidence.scope_before = scope_;
    evidence.hidden.before = reached_by(scope_);
    const bool all = evidence.hidden.before.unreadable.empty();
    evidence.hidden.state = all ? HiddenState::none : HiddenState::unknown;
    if (!all) evidence.hidden.text = evidence.hidden.before.unreadable.front();
    evidence.health_before = nvme::health_of(nvme::read_health(port_));
    return std::nullopt;
}

// Asked before anything is written: a drive that would not begin keeps what it has.
std::optional<std::string> NvmeCommandSet::obstacle() {
    if (auto found = scope_obstacle()) return found;
    if (auto found = state_in_the_way()) return found;
    if (is_nvme_format(order_.method))
        return nvme::format_obstacle(
            {erase_of(order_.method), controller_.format, scope_.namespaces, bytes_of(scope_)});
    return nvme::sanitize_obstacle(sanitize_order(nullptr));
}

std::optional<std::string> NvmeCommandSet::scope_obstacle() const {
    for (const NvmeNamespaceRecord& each : scope_.namespaces) {
        if (!each.attached)
            return named(each) + " is not attached, and nobody could see whether it is erased";
        if (!each.described) return named(each) + " does not say how it is formatted";
        if (each.write_protected) return named(each) + " is write protected";
    }
    if (!joined(scope_)) return "its namespaces are not blocks of one size";
    return std::nullopt;
}

// Without VERS no log tells. A drive that has left the state, or may leave it by this word, takes
// it and is idle; in every other it is an error (NVM Express Base 2.1, 8.1.24.3).
bool NvmeCommandSet::is_out_of_failed_state(const NvmeErasure& told) {
    if (told.verification) return false;
    const auto reply = port_.execute(nvme::sanitize(SanitizeAction::exit_failure));
    return reply && reply->code() == nvme::status::success;
}

std::optional<std::string> NvmeCommandSet::state_in_the_way() {
    if (!controller_.sanitize.any()) return std::nullopt;
    const NvmeErasure told = nvme::read_erasure(port_, controller_);
    if (told.sanitize == NvmeSanitizeState::in_progress)
        return "the drive has an operation under way already";
    if (told.in_failed_state && !is_out_of_failed_state(told))
        return "an earlier operation has failed, which must be ended before: quietus recover";
    if (is_nvme_format(order_.method) || told.sanitize != NvmeSanitizeState::unknown)
        return std::nullopt;
    return "the drive does not say how its last operation has ended: " + told.text;
}

bool NvmeCommandSet::can_show_medium() const {
    return io_ != nullptr &&
           std::ranges::none_of(scope_.namespaces, [](const NvmeNamespaceRecord& each) {
               return each.metadata_bytes != 0;
           });
}

nvme::SanitizeOrder NvmeCommandSet::sanitize_order(const NvmeSanitizeRecord* begun) const {
    constexpr std::uint32_t no_deallocate = 1U << 9U;
    constexpr std::uint32_t verification = 1U << 10U;
    nvme::SanitizeOrder made;
    made.action = action_of(order_.method);
    made.features = controller_.sanitize;
    nvme::SanitizeFeatures readable = controller_.sanitize;
    readable.verification = readable.verification && can_show_medium();
    made.options = nvme::readable_options(made.action, readable);
    if (begun != nullptr) {
        made.options.no_deallocate = (begun->command & no_deallocate) != 0;
        made.options.verification = (begun->command & verification) != 0;
    }
    const FirmwareOptions& options = order_.options;
    made.options.overwrite = {options.pattern, static_cast<std::uint8_t>(options.passes),
                              options.invert_between};
    made.options.may_leave_failed = options.may_leave_failed;
    made.size_bytes = bytes_of(scope_);
    return made;
}

FirmwareOutcome NvmeCommandSet::operate(OperationWatch& watch, FirmwareEvidence& evidence) {
    return is_nvme_format(order_.method) ? format(watch, evidence) : sanitize(watch, evidence);
}

FirmwareOutcome NvmeCommandSet::sanitize(OperationWatch& watch, FirmwareEvidence& evidence) {
    const NvmeDesk desk{port_, clock_, watch};
    const bool begun = evidence.nvme_sanitize.has_value();
    if (!begun) evidence.nvme_sanitize.emplace();
    NvmeSanitizeRecord& record = *evidence.nvme_sanitize;
    const nvme::SanitizeOrder order = sanitize_order(begun ? &record : nullptr);
    if (!begun) {
        nvme::run_sanitize(desk, order, record);
    } else if (record.outcome != FirmwareOutcome::succeeded) {
        take_up(record);
        nvme::follow_sanitize(desk, order, record);
    }
    if (waits_to_be_read(record)) show_medium(desk, watch, order, record);
    return record.outcome;
}

// Whoever is stopped meanwhile leaves the drive waiting there: it can be gone on with.
void NvmeCommandSet::show_medium(const NvmeDesk& desk, OperationWatch& watch,
                                 const nvme::SanitizeOrder& order, NvmeSanitizeRecord& record) {
    std::vector<std::unique_ptr<BlockPort>> parts;
    for (const NvmeNamespaceRecord& each : scope_.namespaces) {
        auto part = io_ != nullptr ? nvme::make_verification_port(*io_, each)
                                   : Error{Fault::unsupported, "there is no way to read it"};
        if (part) parts.push_back(std::move(*part));
    }
    if (parts.size() == scope_.namespaces.size() && !parts.empty()) {
        auto blocks = join_blocks(std::move(parts));
        if (blocks && !watch.read_medium(**blocks)) {
            record.outcome = FirmwareOutcome::under_way;
            record.text = "left in the Media Verification state, in which the drive waits";
            static_cast<void>(desk.watch.reached(record));
            return;
        }
    }
    nvme::leave_verification(desk, order, record);
}

FirmwareOutcome NvmeCommandSet::format(OperationWatch& watch, FirmwareEvidence& evidence) {
    const NvmeDesk desk{port_, clock_, watch};
    nvme::run_format(
        desk, {erase_of(order_.method), controller_.format, scope_.namespaces, bytes_of(scope_)},
        evidence.nvme_format.emplace());
    return evidence.nvme_format->outcome;
}

void NvmeCommandSet::look_again(FirmwareEvidence& evidence) {
    evidence.scope_after = scope_;
    evidence.hidden.after = reached_by(scope_);
}

void NvmeCommandSet::examine_health(FirmwareEvidence& evidence) {
    evidence.health_after = nvme::health_of(nvme::read_health(port_));
}

} // namespace quietus
