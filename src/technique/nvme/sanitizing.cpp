#include "sanitizing.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/technique/nvme/refusal.hpp"
#include "quietus/transport/nvme/status.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace quietus::nvme {
namespace {

using std::chrono::seconds;

constexpr unsigned most_idle_answers = 3; ///< neither in progress nor ended, one after the other
constexpr const char* log_name = "Sanitize Status log";

std::string word_text(std::uint32_t word) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%08xh", static_cast<unsigned>(word));
    return text.data();
}

std::string status_hex(std::uint16_t status) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04x", static_cast<unsigned>(status));
    return text.data();
}

// As NvmeSanitizeRecord has it.
std::string told(Bytes page) {
    while (!page.empty() && page.back() == 0)
        page.pop_back();
    return to_hex(page);
}

/// SCDW10 of a log as the record has it; nothing when there is none.
std::optional<std::uint32_t> command_of(const std::string& log) {
    auto page = from_hex(log);
    if (!page || page->empty()) return std::nullopt;
    page->resize(log_octets);
    const auto read = parse_sanitize_log(*page);
    if (!read) return std::nullopt;
    return read->command;
}

// In the end as seldom as the standard asks for (8.1.24).
seconds pause(unsigned asked) {
    return asked < 60 ? pause_after(asked) : seconds(120);
}

} // namespace

Result<SanitizeLog> read_sanitize_log(NvmePort& port) {
    const auto page = fetch(port, read_log(LogPage::sanitize_status), log_name);
    if (!page) return page.error();
    return parse_sanitize_log(*page);
}

Sanitizing::Sanitizing(const NvmeDesk& desk, const SanitizeOrder& order, NvmeSanitizeRecord& record)
    : FirmwareOperation(desk, record), order_(order),
      patience_(patience_of(order, record.announced_seconds == 0
                                       ? std::nullopt
                                       : std::optional(seconds(record.announced_seconds)))),
      answered_(started_), stepped_(started_) {}

void Sanitizing::run() {
    const NvmeCommand command = sanitize(order_.action, order_.options);
    record_.command = command.cdw10_15[0];
    record_.pattern = command.cdw10_15[1];
    begin_record();
    if (may_begin() && keep(NvmeSanitizePhase::starting) && begin()) follow();
    end();
}

void Sanitizing::go_on() {
    follow();
    end();
}

void Sanitizing::leave() {
    if (keep(NvmeSanitizePhase::leaving) && begin_leaving()) follow();
    end();
}

bool Sanitizing::may_begin() {
    if (const auto obstacle = sanitize_obstacle(order_)) return refuse(*obstacle);
    const auto page = fetch(desk_.port, read_log(LogPage::sanitize_status), log_name);
    ++record_.asked;
    if (!page) return refuse(page.error().message);
    record_.log_before = told(*page);
    const auto log = parse_sanitize_log(*page);
    if (!log) return refuse(log.error().message);
    return may_begin_after(*log);
}

bool Sanitizing::may_begin_after(const SanitizeLog& log) {
    record_.before = log.state;
    const auto takes = announced(log, order_.action, order_.options.no_deallocate);
    record_.announced_seconds = static_cast<std::uint64_t>(takes.value_or(seconds(0)).count());
    patience_ = patience_of(order_, takes);
    if (log.state != NvmeSanitizeState::in_progress) return true;
    const bool verifies =
        order_.features.verification && log.stage == NvmeSanitizeStage::media_verification;
    return refuse(verifies ? "the drive waits in the Media Verification state of another operation"
                           : "the drive has an operation under way already (dword 10 " +
                                 word_text(log.command) + ")");
}

// When no answer comes nobody knows whether the drive has begun. It is asked.
bool Sanitizing::begin() {
    const auto reply = desk_.port.execute(sanitize(order_.action, order_.options));
    if (!reply || is_from_host(reply->code())) return true;
    record_.status = status_hex(reply->status);
    if (reply->code() != status::success)
        return refuse("the drive did not begin: " + refusal_of(desk_.port, reply->code()));
    record_.accepted = true;
    return true;
}

bool Sanitizing::goes_on() const {
    return !is_settled() && record_.phase != NvmeSanitizePhase::verifying;
}

void Sanitizing::follow() {
    if (record_.phase != NvmeSanitizePhase::leaving && !keep(NvmeSanitizePhase::running)) return;
    for (unsigned asked = 0; goes_on(); ++asked) {
        if (desk_.watch.release_requested()) {
            settle(FirmwareOutcome::under_way, "left running: the drive goes on without us");
            return;
        }
        ask();
        if (goes_on()) desk_.watch.wait(pause(asked));
    }
}

void Sanitizing::ask() {
    NvmeCommand command = read_log(LogPage::sanitize_status);
    command.timeout = timeout_after(command.timeout, silent_);
    const auto page = fetch(desk_.port, command, log_name);
    ++record_.asked;
    if (page) record_.log_after = told(*page);
    const auto log = page ? parse_sanitize_log(*page) : Result<SanitizeLog>(Error(page.error()));
    if (!log) {
        ++record_.unanswered;
        ++silent_;
        if (since(answered_) > patience_.no_step)
            settle(FirmwareOutcome::indeterminate, "no answer: " + log.error().message);
        return;
    }
    take(*log);
    answered_ = desk_.clock.monotonic();
    silent_ = 0;
}

void Sanitizing::note(const SanitizeLog& log) {
    record_.after = log.state;
    record_.stage = order_.features.verification ? log.stage : NvmeSanitizeStage::unknown;
    record_.echoed = log.command == record_.command;
    record_.data_erased = log.data_erased;
    record_.passes = log.passes;
}

// What another command has begun proves nothing of ours, and may not be taken for it.
bool Sanitizing::is_strange(const SanitizeLog& log) {
    if (record_.echoed || log.state == NvmeSanitizeState::never) {
        strange_ = 0;
        return false;
    }
    if (++strange_ >= most_idle_answers)
        settle(FirmwareOutcome::indeterminate, "the log tells of another operation: dword 10 is " +
                                                   word_text(log.command) + ", and " +
                                                   word_text(record_.command) + " was sent");
    return true;
}

void Sanitizing::take(const SanitizeLog& log) {
    note(log);
    if (is_strange(log)) return;
    switch (log.state) {
    case NvmeSanitizeState::in_progress:
        take_progress(log);
        return;
    case NvmeSanitizeState::sanitized:
    case NvmeSanitizeState::unexpected_deallocate:
        if (order_.options.verification) note_verification(log);
        end_well();
        return;
    case NvmeSanitizeState::failed:
        settle(FirmwareOutcome::failed,
               order_.features.verification
                   ? "it failed in the state " + std::string(to_text(log.failed_in))
                   : "it failed");
        return;
    case NvmeSanitizeState::never:
    case NvmeSanitizeState::unknown:
        break;
    }
    if (++idle_ < most_idle_answers) return;
    settle(FirmwareOutcome::indeterminate,
           "the drive says of no operation that it is running, or has ended");
}

void Sanitizing::take_progress(const SanitizeLog& log) {
    const bool verifies = record_.stage == NvmeSanitizeStage::media_verification;
    if (verifies && record_.phase != NvmeSanitizePhase::leaving) {
        record_.seen_in_progress = true;
        enter_verification();
        return;
    }
    see_progress(log.progress);
    see_whether_late();
}

// The answer to the command that leaves it may be lost: then the log says whether it was left.
void Sanitizing::note_verification(const SanitizeLog& log) {
    const bool left = record_.phase == NvmeSanitizePhase::leaving &&
                      record_.verification == MediaVerification::entered &&
                      !log.verification_cancelled;
    record_.verification = left ? MediaVerification::left : MediaVerification::cancelled;
}

void Sanitizing::enter_verification() {
    record_.verification = MediaVerification::entered;
    static_cast<void>(keep(NvmeSanitizePhase::verifying));
}

// A reset takes the state away, and what was read after that was read of deallocated blocks.
bool Sanitizing::begin_leaving() {
    const auto log = read_sanitize_log(desk_.port);
    ++record_.asked;
    const bool there = log && log->stage == NvmeSanitizeStage::media_verification &&
                       log->command == record_.command;
    if (!there) {
        record_.verification = MediaVerification::cancelled;
        return true;
    }
    const auto reply = desk_.port.execute(sanitize(SanitizeAction::exit_verification));
    const bool refused = reply && !is_from_host(reply->code()) && reply->code() != status::success;
    if (refused)
        settle(FirmwareOutcome::indeterminate,
               "the drive does not leave the Media Verification state: " +
                   refusal_of(desk_.port, reply->code()));
    return !is_settled();
}

bool Sanitizing::was_begun() const {
    if (record_.accepted || record_.seen_in_progress) return true;
    const auto before = command_of(record_.log_before);
    return !before || *before != record_.command;
}

// Of a beginning that nobody has confirmed a log that was the same before says nothing.
void Sanitizing::end_well() {
    if (!was_begun())
        settle(FirmwareOutcome::indeterminate,
               "nobody knows whether it began: the same success was in the log before");
    else if (!record_.data_erased)
        settle(FirmwareOutcome::indeterminate,
               "the drive says that it is done, and not that no data is left (GDE is 0)");
    else if (record_.after == NvmeSanitizeState::unexpected_deallocate)
        settle(FirmwareOutcome::succeeded, "it has deallocated all, which it was asked not to do");
    else
        settle(FirmwareOutcome::succeeded, "");
}

void Sanitizing::see_progress(std::uint16_t progress) {
    idle_ = 0;
    const bool first = !record_.seen_in_progress;
    record_.seen_in_progress = true;
    // After a reset or a power cycle a drive may do a part again, and deallocation begins anew.
    const bool same_part = silent_ == 0 && record_.phase == NvmeSanitizePhase::running;
    if (!first && same_part && progress < last_) record_.went_backwards = true;
    if (first || progress != last_) stepped_ = desk_.clock.monotonic();
    last_ = progress;
    record_.progress = std::max<std::uint32_t>(record_.progress, progress);
    desk_.watch.progressed(progress);
    if (first) static_cast<void>(keep(record_.phase));
}

void Sanitizing::see_whether_late() {
    if (since(stepped_) > patience_.no_step)
        settle(FirmwareOutcome::indeterminate, "it is in progress and gets no further");
    else if (since(started_) > patience_.whole)
        settle(FirmwareOutcome::indeterminate, "it takes longer than any drive should");
}

void Sanitizing::end() {
    const bool waits = record_.outcome == FirmwareOutcome::under_way || !is_settled();
    finish(waits ? record_.phase : NvmeSanitizePhase::ended);
}

} // namespace quietus::nvme
