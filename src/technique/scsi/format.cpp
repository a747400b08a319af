#include "quietus/technique/scsi/format.hpp"

#include <limits>
#include <optional>
#include <utility>

namespace quietus::scsi {
namespace {

// The drive writes all of it, and where it certifies its medium reads it back.
constexpr std::uint64_t passes = 2;

std::uint64_t size_of(const UnitFormat& format) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const bool fits = format.block_bytes == 0 || format.blocks <= most / format.block_bytes;
    return fits ? format.blocks * format.block_bytes : most;
}

void refuse(const Error& error, ScsiOperationRecord& record) {
    record.outcome = FirmwareOutcome::refused;
    record.text = error.message;
}

} // namespace

Result<Operation> format_operation(const FormatOrder& order) {
    FormatOptions options;
    options.protection = order.format.protection;
    options.protection_interval = order.format.protection_interval;
    options.pattern = order.pattern;
    options.security_initialise = order.security_initialise;
    auto begin = format_unit(options, order.format.block_bytes);
    if (!begin) return begin.error();
    Operation operation{std::move(*begin), std::nullopt};
    operation.working = ScsiCondition::formatting;
    operation.failed = ScsiCondition::format_failed;
    operation.survives_reset = false;
    operation.patience = patience_for(size_of(order.format), passes);
    return operation;
}

void run_format(const Desk& desk, const FormatOrder& order, ScsiOperationRecord& record) {
    const auto operation = format_operation(order);
    if (!operation) return refuse(operation.error(), record);
    run_operation(desk, *operation, record);
}

} // namespace quietus::scsi
