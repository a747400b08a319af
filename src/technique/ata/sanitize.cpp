#include "quietus/technique/ata/sanitize.hpp"

#include "operation.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/record/ata_obstacles.hpp"

#include <algorithm>

namespace quietus::ata {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr unsigned most_idle_answers = 3; ///< neither in progress nor ended, one after the other

// As SanitizeRecord has them.
std::string registers_of(const Result<AtaReply>& reply) {
    if (!reply || !reply->registers) return {};
    const AtaRegisters& registers = *reply->registers;
    Bytes octets{registers.status, registers.error, registers.device};
    if (registers.whole_count)
        octets.push_back(static_cast<std::uint8_t>(registers.count >> 8U & 0xFFU));
    octets.push_back(static_cast<std::uint8_t>(registers.count & 0xFFU));
    if (registers.lba)
        for (unsigned shift = 48; shift != 0; shift -= 8)
            octets.push_back(static_cast<std::uint8_t>(*registers.lba >> (shift - 8) & 0xFFU));
    return to_hex(octets);
}

class Sanitizing : FirmwareOperation<FirmwareDesk, SanitizeRecord> {
  public:
    Sanitizing(const FirmwareDesk& desk, const SanitizeOrder& order, SanitizeRecord& record)
        : FirmwareOperation(desk, record), order_(order), patience_(patience_of(order)),
          answered_(started_), stepped_(started_) {}

    void run() {
        begin_record();
        if (may_begin() && keep(SanitizePhase::starting) && begin()) follow();
        end();
    }

    void go_on() {
        follow();
        end();
    }

  private:
    bool may_begin() {
        const auto reply = desk_.port.execute(sanitize_status());
        ++record_.asked;
        record_.registers_before = registers_of(reply);
        if (!reply) return refuse("SANITIZE STATUS EXT: " + reply.error().message);
        const auto status = decode_sanitize_status(*reply);
        if (!status) return refuse(status.error().message);
        record_.before = status->state;
        // A failed one is ended by another that succeeds.
        if (status->state == SanitizeState::failed) return true;
        const auto obstacle = sanitize_obstacle(*status);
        return !obstacle || refuse(*obstacle);
    }

    // When no answer comes nobody knows whether the drive has begun. It is asked.
    bool begin() {
        const auto reply = desk_.port.execute(sanitize(order_.kind, order_.options));
        if (!reply || !reply->registers) return true;
        if (!reply->registers->succeeded())
            return refuse("the drive did not begin: " + sanitize_reason(*reply->registers));
        record_.accepted = true;
        const auto status = decode_sanitize_status(*reply);
        if (status && status->state == SanitizeState::in_progress) see_progress(*status);
        return true;
    }

    void follow() {
        if (!keep(SanitizePhase::running)) return;
        for (unsigned asked = 0; !is_settled(); ++asked) {
            if (desk_.watch.release_requested()) {
                settle(FirmwareOutcome::under_way, "left running: the drive goes on without us");
                return;
            }
            ask();
            if (!is_settled()) desk_.watch.wait(pause_after(asked));
        }
    }

    void ask() {
        AtaCommand command = sanitize_status();
        command.timeout = timeout_after(command.timeout, silent_);
        const auto reply = desk_.port.execute(command);
        ++record_.asked;
        if (reply && reply->registers) record_.registers_after = registers_of(reply);
        const auto status =
            reply ? decode_sanitize_status(*reply) : Result<SanitizeStatus>(Error(reply.error()));
        if (!status) {
            ++record_.unanswered;
            ++silent_;
            if (since(answered_) > patience_.no_step)
                settle(FirmwareOutcome::indeterminate, "no answer: " + status.error().message);
            return;
        }
        take(*status);
        answered_ = desk_.clock.monotonic();
        silent_ = 0;
    }

    void take(const SanitizeStatus& status) {
        record_.after = status.state;
        switch (status.state) {
        case SanitizeState::in_progress:
            see_progress(status);
            see_whether_late();
            return;
        case SanitizeState::completed:
            end_well();
            return;
        case SanitizeState::failed:
            settle(FirmwareOutcome::failed, status.reason);
            return;
        case SanitizeState::frozen:
            if (status.completed && has_come_since()) return end_well();
            settle(FirmwareOutcome::indeterminate, "it is frozen, and does not say how it ended");
            return;
        case SanitizeState::idle:
        case SanitizeState::unknown:
            break;
        }
        if (++idle_ < most_idle_answers) return;
        settle(FirmwareOutcome::indeterminate,
               "the drive says of no operation that it is running, or has ended");
    }

    /// Of the drive's mark of success: it is of an operation that has ended since we asked first.
    [[nodiscard]] bool has_come_since() const {
        return record_.seen_in_progress || (record_.before != SanitizeState::completed &&
                                            record_.before != SanitizeState::unknown);
    }

    // Of a beginning that nobody has confirmed a mark that stood there before says nothing.
    void end_well() {
        if (!record_.accepted && !has_come_since())
            settle(FirmwareOutcome::indeterminate,
                   "nobody knows whether it began: the mark of success was there before");
        else
            settle(FirmwareOutcome::succeeded, "");
    }

    void see_progress(const SanitizeStatus& status) {
        idle_ = 0;
        const bool first = !record_.seen_in_progress;
        record_.seen_in_progress = true;
        // After a reset or a power cycle a drive may do a part again.
        if (!first && silent_ == 0 && status.progress < last_) record_.went_backwards = true;
        if (first || status.progress != last_) stepped_ = desk_.clock.monotonic();
        last_ = status.progress;
        record_.progress = std::max<std::uint32_t>(record_.progress, status.progress);
        desk_.watch.progressed(status.progress);
        if (first) static_cast<void>(keep(SanitizePhase::running));
    }

    void see_whether_late() {
        if (since(stepped_) > patience_.no_step)
            settle(FirmwareOutcome::indeterminate, "it is in progress and gets no further");
        else if (since(started_) > patience_.whole)
            settle(FirmwareOutcome::indeterminate, "it takes longer than any drive should");
    }

    void end() {
        finish(record_.outcome == FirmwareOutcome::under_way ? SanitizePhase::running
                                                             : SanitizePhase::ended);
    }

    const SanitizeOrder& order_;
    SanitizePatience patience_;
    nanoseconds answered_; ///< last
    nanoseconds stepped_;  ///< when the progress last changed
    std::uint16_t last_ = 0;
    unsigned silent_ = 0; ///< questions without an answer, since the last one
    unsigned idle_ = 0;
};

} // namespace

std::optional<std::string> sanitize_obstacle(const SanitizeStatus& status) {
    auto obstacle = quietus::sanitize_obstacle(status.state);
    if (obstacle && !status.reason.empty()) *obstacle += " (" + status.reason + ")";
    return obstacle;
}

// A drive may count in hundredths: then a step is a hundredth of the whole, and gets four times
// that.
SanitizePatience patience_of(const SanitizeOrder& order) {
    const std::uint64_t passes =
        order.kind == SanitizeKind::overwrite ? order.options.overwrite.passes : 1;
    const seconds expected = expected_time(order.size_bytes, passes);
    return {3 * expected + std::chrono::hours(4), expected / 25 + std::chrono::hours(1)};
}

void run_sanitize(const FirmwareDesk& desk, const SanitizeOrder& order, SanitizeRecord& record) {
    Sanitizing(desk, order, record).run();
}

void follow_sanitize(const FirmwareDesk& desk, const SanitizeOrder& order, SanitizeRecord& record) {
    record.outcome = FirmwareOutcome::not_started;
    Sanitizing(desk, order, record).go_on();
}

Status leave_failed_state(const FirmwareDesk& desk, const SanitizeOrder& order,
                          SanitizeRecord& record) {
    const auto status = read_sanitize_status(desk.port);
    if (!status) return status.error();
    if (status->state != SanitizeState::failed) return {};
    const auto cleared = read_sanitize_status(desk.port, true);
    if (cleared && cleared->state != SanitizeState::failed) return {};
    run_sanitize(desk, order, record);
    if (record.outcome == FirmwareOutcome::succeeded) return {};
    return Error{Fault::drive,
                 "SANITIZE: the state of a failed operation could not be ended: " + record.text};
}

} // namespace quietus::ata
