#include "quietus/technique/scsi/sanitize.hpp"

#include "quietus/transport/scsi/ask_erasure.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <optional>
#include <utility>

namespace quietus::scsi {
namespace {

// An overwrite takes hours: nobody can miss it, and no command may last so long.
bool may_be_missed(SanitizeKind kind) {
    return kind != SanitizeKind::overwrite;
}

void refuse(const Error& error, ScsiOperationRecord& record) {
    record.outcome = FirmwareOutcome::refused;
    record.text = error.message;
}

} // namespace

Result<Operation> sanitize_operation(const SanitizeOrder& order) {
    SanitizeOptions options = order.options;
    options.returns_at_once = true;
    auto begin = sanitize(order.kind, options, order.block_bytes);
    if (!begin) return begin.error();
    Operation operation{std::move(*begin), std::nullopt};
    const std::uint64_t passes =
        order.kind == SanitizeKind::overwrite ? order.options.passes : std::uint64_t{1};
    operation.patience = patience_for(order.size_bytes, passes);
    if (!may_be_missed(order.kind)) return operation;
    options.returns_at_once = false;
    auto whole = sanitize(order.kind, options, order.block_bytes);
    if (!whole) return whole.error();
    operation.whole = std::move(*whole);
    return operation;
}

void run_sanitize(const Desk& desk, const SanitizeOrder& order, ScsiOperationRecord& record) {
    const auto operation = sanitize_operation(order);
    if (!operation) return refuse(operation.error(), record);
    run_operation(desk, *operation, record);
}

Status leave_failed_state(const Desk& desk, const SanitizeOrder& order,
                          ScsiOperationRecord& record) {
    const auto before = ask_unit_state(desk.port);
    if (!before) return before.error();
    if (before->condition != ScsiCondition::sanitize_failed) return {};
    static_cast<void>(ask_past_attentions(desk.port, exit_failure_mode()));
    const auto now = ask_unit_state(desk.port);
    if (now && now->condition == ScsiCondition::idle) return {};
    run_sanitize(desk, order, record);
    if (record.outcome == FirmwareOutcome::succeeded) return {};
    return Error{Fault::drive,
                 "SANITIZE: the state of a failed operation could not be ended: " + record.text};
}

} // namespace quietus::scsi
