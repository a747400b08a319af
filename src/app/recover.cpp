#include "quietus/app/recover.hpp"

#include "quietus/app/assets.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/drive/recheck.hpp"

#include <utility>

namespace quietus {
namespace {

bool is_at_work(const Drive& drive) {
    if (drive.ata_erasure) return drive.ata_erasure->sanitize == SanitizeState::in_progress;
    if (drive.scsi_erasure)
        return drive.scsi_erasure->condition == ScsiCondition::sanitizing ||
               drive.scsi_erasure->condition == ScsiCondition::formatting;
    return drive.nvme_erasure && drive.nvme_erasure->sanitize == NvmeSanitizeState::in_progress;
}

Result<Drive> find(const RecoverRequest& request, const Site& site) {
    auto drive = select(site.host, site.places.detect_request(true), request.target);
    if (!drive) return drive;
    const auto assets = Assets::of(site.places.state);
    if (!assets) return Error(assets.error());
    assets->guard(*drive);
    if (auto status = check_guards(*drive, request.overrides); !status)
        return std::move(status).error();
    if (language_of(*drive) == CommandLanguage::none)
        return Error{Fault::unsupported, escaped(drive->node) +
                                             ": it takes no ATA, SCSI or NVMe commands here, so "
                                             "nothing of the kind can be undone"};
    if (is_at_work(*drive))
        return Error{Fault::refused,
                     escaped(drive->node) + ": it erases itself still, and nothing has failed",
                     "quietus status names the job, which quietus resume JOB takes up"};
    return drive;
}

// By the drive's own word, whatever was said of it, asked by somebody else.
Status check_gone(const Drive& drive, const Site& site) {
    const auto now = look_again(site.host, drive, site.places.detect_request(true));
    if (!now) return now.error();
    if (language_of(*now) == CommandLanguage::none)
        return Error{Fault::io, "it does not tell whether that is gone"};
    const auto left = leftovers_of(*now);
    if (left.empty()) return {};
    return Error{Fault::drive, "the drive still has it: " + std::string(to_text(left.front()))};
}

Status undo_all(Recovery& recovery, const RecoverRequest& request, const Site& site) {
    const auto undone = site.workplace.undo(recovery.drive, request.watch);
    if (!undone) return undone.error();
    recovery.carried_out_again = undone->carried_out_again;
    recovery.let_go = undone->let_go;
    if (recovery.let_go) return {};
    if (auto status = check_gone(recovery.drive, site); !status) return status;
    recovery.undone = leftovers_of(recovery.drive);
    return {};
}

} // namespace

Result<Recovery> recover(const RecoverRequest& request, const Site& site) {
    auto drive = find(request, site);
    if (!drive) return std::move(drive).error();
    Recovery recovery{std::move(*drive), {}, false};
    if (leftovers_of(recovery.drive).empty()) return recovery;
    if (auto status = undo_all(recovery, request, site); !status)
        return std::move(status).error().during(escaped(recovery.drive.node));
    return recovery;
}

} // namespace quietus
