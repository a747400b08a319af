#include "quietus/app/under_way.hpp"

#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/job/firmware_run.hpp"
#include "quietus/job/journal.hpp"
#include "quietus/signing/grounds.hpp"

#include <utility>

namespace quietus {
namespace {

struct Begun {
    Drive drive;
    FirmwareEvidence evidence;
};

std::optional<Begun> begun_in(const std::string& folder) {
    const auto text = read_regular_file(folder + "/journal.jsonl", journal_limit);
    if (!text) return std::nullopt;
    auto content = FileJournal::parse(*text);
    if (!content || !content->committed || !content->evidence.firmware) return std::nullopt;
    auto committed = from_json<Committed>(*content->committed);
    if (!committed || !can_go_on_from(*content->evidence.firmware)) return std::nullopt;
    return Begun{std::move(committed->drive), std::move(*content->evidence.firmware)};
}

// By its own serial number, wherever it is attached now; its node may be another drive's.
std::string target_of(const Drive& drive) {
    const bool tells = drive.identity_source == IdentitySource::drive && !drive.serial.empty();
    return tells ? "serial:" + drive.serial : drive.node;
}

bool is_same(const Drive& then, const Drive& now) {
    return then.kind == now.kind && then.model == now.model && then.serial == now.serial;
}

// In the words of ATA. A SCSI drive that is idle does not say whether it has come to the end of it.
SanitizeState state_of(ScsiCondition condition) {
    switch (condition) {
    case ScsiCondition::sanitizing:
    case ScsiCondition::formatting:
        return SanitizeState::in_progress;
    case ScsiCondition::sanitize_failed:
    case ScsiCondition::format_failed:
        return SanitizeState::failed;
    case ScsiCondition::idle:
        return SanitizeState::idle;
    case ScsiCondition::unknown:
    case ScsiCondition::attention:
    case ScsiCondition::not_ready:
        break;
    }
    return SanitizeState::unknown;
}

SanitizeState state_of(NvmeSanitizeState state) {
    switch (state) {
    case NvmeSanitizeState::unknown:
        break;
    case NvmeSanitizeState::never:
        return SanitizeState::idle;
    case NvmeSanitizeState::sanitized:
    case NvmeSanitizeState::unexpected_deallocate:
        return SanitizeState::completed;
    case NvmeSanitizeState::in_progress:
        return SanitizeState::in_progress;
    case NvmeSanitizeState::failed:
        return SanitizeState::failed;
    }
    return SanitizeState::unknown;
}

} // namespace

std::optional<OperationUnderWay> operation_of(const std::string& job, const Site& site,
                                              OneLook& look) {
    const auto begun = begun_in(site.places.job(job));
    if (!begun) return std::nullopt;
    OperationUnderWay found;
    const auto now = look.select(target_of(begun->drive));
    if (!now || !is_same(begun->drive, *now)) {
        found.text = "its drive is not attached";
        return found;
    }
    found.node = now->node;
    if (now->ata_erasure) {
        found.state = now->ata_erasure->sanitize;
        found.progress = now->ata_erasure->sanitize_progress;
    } else if (now->scsi_erasure) {
        found.state = state_of(now->scsi_erasure->condition);
        found.progress = now->scsi_erasure->progress;
    } else if (now->nvme_erasure) {
        found.state = state_of(now->nvme_erasure->sanitize);
        found.progress = now->nvme_erasure->sanitize_progress;
    } else {
        found.text = "its drive does not say how it is";
    }
    if (found.state != SanitizeState::in_progress) found.progress = 0;
    return found;
}

} // namespace quietus
