#include "quietus/app/recover.hpp"

#include "quietus/app/assets.hpp"
#include "quietus/app/select.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/drive/ata/facts.hpp"
#include "quietus/drive/recheck.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/technique/ata/sanitize.hpp"
#include "quietus/technique/ata/security_erase.hpp"
#include "quietus/technique/firmware_watch.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace quietus {
namespace {

constexpr std::uint32_t security_enabled = 0x0002; // word 128 of IDENTIFY DEVICE

/// Shows how far the drive is. It keeps nothing: there is no job.
class RecoveryWatch final : public FirmwareWatch {
  public:
    RecoveryWatch(JobWatch& watch, Clock& clock, std::uint64_t bytes)
        : clock_(clock), bytes_(bytes), step_(watch, {1, 1, StepKind::firmware, 0, bytes}) {}
    ~RecoveryWatch() override { step_.finish(); }
    RecoveryWatch(const RecoveryWatch&) = delete;
    RecoveryWatch& operator=(const RecoveryWatch&) = delete;

    void wait(std::chrono::milliseconds at_most) override {
        wait_unless([this] { return release_requested(); }, clock_, at_most);
    }
    void progressed(std::uint32_t done) override { step_.moved(bytes_behind(bytes_, done)); }
    bool release_requested() override { return step_.stop_requested(); }
    Status reached(const SanitizeRecord&) override { return {}; }
    Status reached(const SecurityRecord&) override { return {}; }

  private:
    Clock& clock_;
    std::uint64_t bytes_;
    StepProgress step_;
};

std::vector<Leftover> leftovers_of(const AtaErasure& told) {
    std::vector<Leftover> found;
    if (told.security && (told.security_word & security_enabled) != 0)
        found.push_back(Leftover::temporary_password);
    if (told.sanitize == SanitizeState::failed) found.push_back(Leftover::failed_sanitize);
    return found;
}

// A new key takes a second, erased flash a minute, magnetic media hours.
ata::SanitizeOrder order_for(const Drive& drive) {
    ata::SanitizeOrder order;
    order.size_bytes = drive.native_size_bytes.value_or(drive.size_bytes);
    if (drive.ata_erasure->crypto_scramble)
        order.kind = ata::SanitizeKind::crypto_scramble;
    else if (drive.ata_erasure->block_erase)
        order.kind = ata::SanitizeKind::block_erase;
    return order;
}

Result<Drive> find(const RecoverRequest& request, const Site& site) {
    auto drive = select(site.host, site.places.detect_request(true), request.target);
    if (!drive) return drive;
    const auto assets = Assets::of(site.places.state);
    if (!assets) return Error(assets.error());
    assets->guard(*drive);
    if (auto status = check_guards(*drive, request.overrides); !status)
        return std::move(status).error();
    if (!drive->ata_erasure)
        return Error{Fault::unsupported, escaped(drive->node) +
                                             ": it takes no ATA commands here, so nothing of the "
                                             "kind can be undone"};
    if (drive->ata_erasure->sanitize == SanitizeState::in_progress)
        return Error{Fault::refused,
                     escaped(drive->node) + ": it erases itself still, and nothing has failed",
                     "quietus status names the job, which quietus resume JOB takes up"};
    return drive;
}

Status end_failed_state(const FirmwareDesk& desk, Recovery& recovery) {
    SanitizeRecord record;
    auto status = ata::leave_failed_state(desk, order_for(recovery.drive), record);
    recovery.carried_out_again = record.accepted;
    recovery.let_go = record.outcome == FirmwareOutcome::under_way;
    return recovery.let_go ? Status{} : status;
}

// By its own word, asked again.
Status check_gone(AtaPort& port) {
    const auto now = ata::ask_facts(port);
    if (!now) return now.error();
    const auto left = leftovers_of(now->erasure);
    if (left.empty()) return {};
    return Error{Fault::drive, "the drive still has it: " + std::string(to_text(left.front()))};
}

Status undo(AtaPort& port, Clock& clock, JobWatch& watch, Recovery& recovery) {
    const auto found = leftovers_of(*recovery.drive.ata_erasure);
    for (const Leftover each : found) {
        if (each == Leftover::temporary_password) {
            if (auto status = ata::take_password_off(port); !status) return status;
            continue;
        }
        RecoveryWatch waiting(watch, clock, recovery.drive.size_bytes);
        if (auto status = end_failed_state({port, clock, waiting}, recovery);
            !status || recovery.let_go)
            return status;
    }
    if (auto status = check_gone(port); !status) return status;
    recovery.undone = found;
    return {};
}

// Held, so that nobody else can claim it meanwhile, and looked at once more first.
Status undo_held(Recovery& recovery, const RecoverRequest& request, const Site& site) {
    const Drive& drive = recovery.drive;
    auto link = site.host.open(drive);
    if (!link) return std::move(link).error();
    if (link->firmware == nullptr)
        return Error{Fault::unsupported, "there is no way to send it commands"};
    HostBay bay(site.host, drive);
    if (auto status = bay.check_unchanged(); !status) return status;
    return undo(link->firmware->commands(), site.clock, request.watch, recovery);
}

} // namespace

Result<Recovery> recover(const RecoverRequest& request, const Site& site) {
    auto drive = find(request, site);
    if (!drive) return std::move(drive).error();
    Recovery recovery{std::move(*drive), {}, false};
    if (leftovers_of(*recovery.drive.ata_erasure).empty()) return recovery;
    if (auto status = undo_held(recovery, request, site); !status)
        return std::move(status).error().during(escaped(recovery.drive.node));
    return recovery;
}

} // namespace quietus
