#include "quietus/technique/nvme/sanitize.hpp"

#include "sanitizing.hpp"

#include "quietus/transport/nvme/sanitize_log.hpp"
#include "quietus/transport/nvme/status.hpp"

#include <algorithm>

namespace quietus::nvme {
namespace {

using std::chrono::seconds;

constexpr std::uint8_t modifies = 2;
constexpr unsigned most_passes = 16;

bool offers(const SanitizeFeatures& features, SanitizeAction action) {
    switch (action) {
    case SanitizeAction::block_erase:
        return features.block_erase;
    case SanitizeAction::overwrite:
        return features.overwrite;
    case SanitizeAction::crypto_erase:
        return features.crypto_erase;
    case SanitizeAction::exit_failure:
    case SanitizeAction::exit_verification:
        break;
    }
    return false;
}

} // namespace

SanitizeOptions readable_options(SanitizeAction action, const SanitizeFeatures& features) {
    SanitizeOptions options;
    options.verification = features.verification && action != SanitizeAction::overwrite;
    options.no_deallocate = !options.verification && !features.no_deallocate_inhibited &&
                            features.modifies_media != modifies;
    return options;
}

std::optional<std::string> sanitize_obstacle(const SanitizeOrder& order) {
    const SanitizeOptions& options = order.options;
    if (!offers(order.features, order.action)) return "the drive does not offer it";
    if (order.action == SanitizeAction::overwrite &&
        (options.overwrite.passes == 0 || options.overwrite.passes > most_passes))
        return "an overwrite has 1 to 16 passes";
    if (options.verification && !order.features.verification)
        return "the drive has no Media Verification state";
    if (options.verification &&
        (options.no_deallocate || order.action == SanitizeAction::overwrite))
        return "the Media Verification state is not for an overwrite, nor where nothing is "
               "deallocated";
    return std::nullopt;
}

// A drive may count in hundredths, or not count at all: then a step is the whole.
SanitizePatience patience_of(const SanitizeOrder& order, std::optional<seconds> announced) {
    const std::uint64_t passes =
        order.action == SanitizeAction::overwrite ? order.options.overwrite.passes : 1;
    const seconds expected = expected_time(order.size_bytes, passes);
    const seconds told = std::min(announced.value_or(seconds(0)), longest_operation);
    return {3 * std::max(expected, told) + std::chrono::hours(4),
            std::max(expected / 25, told) + std::chrono::hours(1)};
}

void run_sanitize(const NvmeDesk& desk, const SanitizeOrder& order, NvmeSanitizeRecord& record) {
    Sanitizing(desk, order, record).run();
}

void follow_sanitize(const NvmeDesk& desk, const SanitizeOrder& order, NvmeSanitizeRecord& record) {
    record.outcome = FirmwareOutcome::not_started;
    Sanitizing(desk, order, record).go_on();
}

void leave_verification(const NvmeDesk& desk, const SanitizeOrder& order,
                        NvmeSanitizeRecord& record) {
    record.outcome = FirmwareOutcome::not_started;
    Sanitizing(desk, order, record).leave();
}

Status leave_failed_state(const NvmeDesk& desk, const SanitizeOrder& order,
                          NvmeSanitizeRecord& record) {
    const auto log = read_sanitize_log(desk.port);
    if (!log) return log.error();
    if (!in_failed_state(*log, order.features.verification)) return {};
    const auto reply = desk.port.execute(sanitize(SanitizeAction::exit_failure));
    if (reply && reply->code() == status::success) return {};
    run_sanitize(desk, order, record);
    const bool verifies = record.phase == NvmeSanitizePhase::verifying;
    if (verifies || record.outcome == FirmwareOutcome::succeeded) return {};
    return Error{Fault::drive,
                 "Sanitize: the state of a failed operation could not be ended: " + record.text};
}

} // namespace quietus::nvme
