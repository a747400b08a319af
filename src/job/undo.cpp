#include "quietus/job/undo.hpp"

#include "quietus/drive/recheck.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/technique/ata/sanitize.hpp"
#include "quietus/technique/ata/security_erase.hpp"
#include "quietus/technique/firmware_watch.hpp"
#include "quietus/technique/nvme/sanitize.hpp"
#include "quietus/transport/nvme/controller.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace quietus {
namespace {

constexpr std::uint32_t security_enabled = 0x0002; // word 128 of IDENTIFY DEVICE

/// Shows how far the drive is. It keeps nothing: there is no job.
class UndoWatch final : public FirmwareWatch, public NvmeWatch {
  public:
    UndoWatch(JobWatch& watch, Clock& clock, std::uint64_t bytes)
        : clock_(clock), bytes_(bytes), step_(watch, {1, 1, StepKind::firmware, 0, bytes}) {}
    ~UndoWatch() override { step_.finish(); }
    UndoWatch(const UndoWatch&) = delete;
    UndoWatch& operator=(const UndoWatch&) = delete;

    void wait(std::chrono::milliseconds at_most) override {
        wait_unless([this] { return release_requested(); }, clock_, at_most);
    }
    void progressed(std::uint32_t done) override { step_.moved(bytes_behind(bytes_, done)); }
    bool release_requested() override { return step_.stop_requested(); }
    Status reached(const SanitizeRecord&) override { return {}; }
    Status reached(const SecurityRecord&) override { return {}; }
    Status reached(const NvmeSanitizeRecord&) override { return {}; }
    Status reached(const NvmeFormatRecord&) override { return {}; }

  private:
    Clock& clock_;
    std::uint64_t bytes_;
    StepProgress step_;
};

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

Status end_failed_state(const FirmwareDesk& desk, const Drive& drive, Undone& undone) {
    SanitizeRecord record;
    auto status = ata::leave_failed_state(desk, order_for(drive), record);
    undone.carried_out_again = record.accepted;
    undone.let_go = record.outcome == FirmwareOutcome::under_way;
    return undone.let_go ? Status{} : status;
}

// The same; what is left need not be read, so nothing waits for a host to do that.
nvme::SanitizeOrder nvme_order_for(const nvme::ControllerFeatures& controller,
                                   std::uint64_t size_bytes) {
    nvme::SanitizeOrder order;
    order.features = controller.sanitize;
    order.size_bytes = size_bytes;
    if (controller.sanitize.crypto_erase)
        order.action = nvme::SanitizeAction::crypto_erase;
    else if (controller.sanitize.block_erase)
        order.action = nvme::SanitizeAction::block_erase;
    return order;
}

Status end_failed_nvme_state(const NvmeDesk& desk, const Drive& drive, Undone& undone) {
    const auto controller = nvme::read_controller(desk.port);
    if (!controller) return controller.error();
    NvmeSanitizeRecord record;
    auto status =
        nvme::leave_failed_state(desk, nvme_order_for(*controller, drive.size_bytes), record);
    undone.carried_out_again = record.accepted;
    undone.let_go = record.outcome == FirmwareOutcome::under_way;
    return undone.let_go ? Status{} : status;
}

Status check_held(const Drive& drive, const DriveLink& link, Bay& bay) {
    const bool nvme = drive.nvme_erasure && !drive.ata_erasure;
    if (link.firmware == nullptr || (nvme && link.firmware->nvme() == nullptr))
        return Error{Fault::unsupported, "there is no way to send it commands"};
    if (auto status = bay.check_unchanged(); !status) return status;
    return check_who_answers(drive, *link.firmware);
}

} // namespace

std::vector<Leftover> leftovers_of(const AtaErasure& told) {
    std::vector<Leftover> found;
    if (told.security && (told.security_word & security_enabled) != 0)
        found.push_back(Leftover::temporary_password);
    if (told.sanitize == SanitizeState::failed) found.push_back(Leftover::failed_sanitize);
    return found;
}

std::vector<Leftover> leftovers_of(const NvmeErasure& told) {
    if (told.sanitize == NvmeSanitizeState::failed) return {Leftover::failed_sanitize};
    return {};
}

std::vector<Leftover> leftovers_of(const Drive& drive) {
    if (drive.ata_erasure) return leftovers_of(*drive.ata_erasure);
    if (drive.nvme_erasure) return leftovers_of(*drive.nvme_erasure);
    return {};
}

Result<Undone> undo(const Drive& drive, Bay& bay, Clock& clock, JobWatch& watch) {
    auto link = bay.open();
    if (!link) return std::move(link).error();
    if (auto status = check_held(drive, *link, bay); !status) return std::move(status).error();
    Undone undone;
    for (const Leftover each : leftovers_of(drive)) {
        if (each == Leftover::temporary_password) {
            if (auto status = ata::take_password_off(*link->firmware->ata()); !status)
                return std::move(status).error();
            continue;
        }
        UndoWatch waiting(watch, clock, drive.size_bytes);
        FirmwareBay& commands = *link->firmware;
        auto status = drive.ata_erasure
                          ? end_failed_state({*commands.ata(), clock, waiting}, drive, undone)
                          : end_failed_nvme_state({*commands.nvme(), clock, waiting}, drive, undone);
        if (!status) return std::move(status).error();
    }
    return undone;
}

} // namespace quietus
