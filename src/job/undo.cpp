#include "quietus/job/undo.hpp"

#include "command_set.hpp"
#include "scsi_command_set.hpp"

#include "quietus/drive/recheck.hpp"
#include "quietus/drive/scsi/capacity.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/technique/ata/sanitize.hpp"
#include "quietus/technique/ata/security_erase.hpp"
#include "quietus/technique/nvme/sanitize.hpp"
#include "quietus/technique/scsi/sanitize.hpp"
#include "quietus/transport/nvme/controller.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace quietus {
namespace {

constexpr std::uint32_t security_enabled = 0x0002; // word 128 of IDENTIFY DEVICE

/// Shows how far the drive is. It keeps nothing: there is no job.
class UndoWatch final : public OperationWatch, public scsi::OperationDoor {
  public:
    UndoWatch(JobWatch& watch, Clock& clock, std::uint64_t bytes)
        : clock_(clock), bytes_(bytes), step_(watch, {1, 1, StepKind::firmware, 0, bytes}) {}
    ~UndoWatch() override { step_.finish(); }
    UndoWatch(const UndoWatch&) = delete;
    UndoWatch& operator=(const UndoWatch&) = delete;
    [[nodiscard]] Clock& clock() const { return clock_; }

    void wait(std::chrono::milliseconds at_most) override {
        wait_unless([this] { return release_requested(); }, clock_, at_most);
    }
    void progressed(std::uint32_t done) override { step_.moved(bytes_behind(bytes_, done)); }
    bool release_requested() override { return step_.stop_requested(); }
    bool read_medium(BlockPort&) override { return true; } // what is left is of no interest
    Status reached(const SanitizeRecord&) override { return {}; }
    Status reached(const SecurityRecord&) override { return {}; }
    Status reached(const ScsiOperationRecord&) override { return {}; }
    Status reached(const std::vector<ScsiOperationRecord>&) override { return {}; }
    Status reached(const NvmeSanitizeRecord&) override { return {}; }
    Status reached(const NvmeFormatRecord&) override { return {}; }

  private:
    Clock& clock_;
    std::uint64_t bytes_;
    StepProgress step_;
};

std::uint64_t size_of(const Drive& drive) {
    return drive.native_size_bytes.value_or(drive.size_bytes);
}

// A new key takes a second, erased flash a minute, magnetic media hours.
ata::SanitizeOrder ata_order(const Drive& drive) {
    ata::SanitizeOrder order;
    order.size_bytes = size_of(drive);
    if (drive.ata_erasure->crypto_scramble)
        order.kind = ata::SanitizeKind::crypto_scramble;
    else if (drive.ata_erasure->block_erase)
        order.kind = ata::SanitizeKind::block_erase;
    return order;
}

scsi::SanitizeOrder scsi_order(const Drive& drive) {
    scsi::SanitizeOrder order;
    order.size_bytes = size_of(drive);
    order.block_bytes = drive.logical_block_bytes;
    if (drive.scsi_erasure->crypto_erase == ScsiOffer::yes)
        order.kind = scsi::SanitizeKind::crypto_erase;
    else if (drive.scsi_erasure->block_erase == ScsiOffer::yes)
        order.kind = scsi::SanitizeKind::block_erase;
    return order;
}

// What is left need not be read, so nothing waits for a host to do that.
nvme::SanitizeOrder nvme_order(const nvme::ControllerFeatures& controller,
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

template <typename Record>
Status told_of(const Record& record, Status status, Undone& undone) {
    undone.carried_out_again = undone.carried_out_again || record.accepted;
    undone.let_go = record.outcome == FirmwareOutcome::under_way;
    return undone.let_go ? Status{} : std::move(status);
}

Status end_failed_ata(const FirmwareDesk& desk, const Drive& drive, Undone& undone) {
    SanitizeRecord record;
    auto status = ata::leave_failed_state(desk, ata_order(drive), record);
    return told_of(record, std::move(status), undone);
}

Status end_failed_scsi(const scsi::Desk& desk, const Drive& drive, Undone& undone) {
    ScsiOperationRecord record;
    auto status = scsi::leave_failed_state(desk, scsi_order(drive), record);
    return told_of(record, std::move(status), undone);
}

// A drive may not tell its format then. FORMAT UNIT keeps the size of their blocks by itself.
Status end_failed_format(const scsi::Desk& desk, Undone& undone) {
    ScsiOperationRecord record;
    const auto format = scsi::read_unit_format(desk.port);
    run_format(desk, order_to_keep(format ? *format : scsi::UnitFormat{}), record);
    Status status;
    if (record.outcome != FirmwareOutcome::succeeded)
        status = Error{Fault::drive,
                       "FORMAT UNIT: the state of a failed one could not be ended: " + record.text};
    return told_of(record, std::move(status), undone);
}

Status end_failed_unit(const scsi::Desk& desk, const Drive& drive, Undone& undone) {
    const auto state = scsi::ask_unit_state(desk.port);
    if (!state) return state.error();
    if (state->condition == ScsiCondition::format_failed) return end_failed_format(desk, undone);
    if (state->condition == ScsiCondition::sanitize_failed)
        return end_failed_scsi(desk, drive, undone);
    return {};
}

Status end_failed_units(const Drive& drive, FirmwareBay& bay, UndoWatch& watch, Undone& undone) {
    for (ScsiPort* port : bay.scsi_units()) {
        auto status = end_failed_unit({*port, watch.clock(), watch}, drive, undone);
        if (!status || undone.let_go) return status;
    }
    return {};
}

Status end_failed_nvme(const NvmeDesk& desk, const Drive& drive, Undone& undone) {
    const auto controller = nvme::read_controller(desk.port);
    if (!controller) return controller.error();
    NvmeSanitizeRecord record;
    auto status = nvme::leave_failed_state(desk, nvme_order(*controller, size_of(drive)), record);
    return told_of(record, std::move(status), undone);
}

bool is_format_failed(const Drive& drive) {
    return drive.scsi_erasure && drive.scsi_erasure->condition == ScsiCondition::format_failed;
}

Status end_failed_state(const Drive& drive, FirmwareBay& bay, UndoWatch& watch, Undone& undone) {
    Clock& clock = watch.clock();
    if (drive.ata_erasure) return end_failed_ata({*bay.ata(), clock, watch}, drive, undone);
    if (drive.scsi_erasure) return end_failed_units(drive, bay, watch, undone);
    return end_failed_nvme({*bay.nvme(), clock, watch}, drive, undone);
}

bool has_failed(const Drive& drive) {
    if (drive.ata_erasure) return drive.ata_erasure->sanitize == SanitizeState::failed;
    if (drive.scsi_erasure) return drive.scsi_erasure->condition == ScsiCondition::sanitize_failed;
    return drive.nvme_erasure && drive.nvme_erasure->in_failed_state;
}

bool has_a_way(const Drive& drive, FirmwareBay& bay) {
    if (drive.ata_erasure) return bay.ata() != nullptr;
    if (drive.scsi_erasure) return bay.scsi() != nullptr;
    return bay.nvme() != nullptr;
}

Status check_held(const Drive& drive, const DriveLink& link, Bay& bay) {
    if (link.firmware == nullptr || !has_a_way(drive, *link.firmware))
        return Error{Fault::unsupported, "there is no way to send it commands"};
    if (auto status = bay.check_unchanged(); !status) return status;
    return check_who_answers(drive, *link.firmware);
}

} // namespace

std::vector<Leftover> leftovers_of(const Drive& drive) {
    std::vector<Leftover> found;
    const auto& ata = drive.ata_erasure;
    if (ata && ata->security && (ata->security_word & security_enabled) != 0)
        found.push_back(Leftover::temporary_password);
    if (has_failed(drive)) found.push_back(Leftover::failed_sanitize);
    if (is_format_failed(drive)) found.push_back(Leftover::failed_format);
    return found;
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
        auto status = end_failed_state(drive, *link->firmware, waiting, undone);
        if (!status) return std::move(status).error();
    }
    return undone;
}

} // namespace quietus
