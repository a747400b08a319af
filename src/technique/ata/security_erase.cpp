#include "quietus/technique/ata/security_erase.hpp"

#include "operation.hpp"

#include "quietus/record/ata_obstacles.hpp"
#include "quietus/technique/ata/temporary_password.hpp"
#include "quietus/transport/ata/commands.hpp"

#include <algorithm>
#include <utility>

namespace quietus::ata {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::uint64_t slow_rate = 30'000'000; // bytes a second
constexpr unsigned most_attempts = 3;

Error during(const char* command, std::string why) {
    return {Fault::drive, std::string(command) + ": " + std::move(why)};
}

class SecurityErase : FirmwareOperation<FirmwareDesk, SecurityRecord> {
  public:
    SecurityErase(const FirmwareDesk& desk, bool enhanced, SecurityRecord& record)
        : FirmwareOperation(desk, record) {
        record_.enhanced = enhanced;
        begin_record();
    }

    void run() {
        if (may_begin() && keep(SecurityPhase::setting_password)) {
            if (prove_password() && keep(SecurityPhase::erasing)) erase();
            // Whatever went wrong: nobody is left with a drive that asks for a password.
            if (record_.outcome != FirmwareOutcome::succeeded) clear();
        }
        finish(SecurityPhase::ended);
    }

  private:
    bool may_begin() {
        const auto words = read_identify(desk_.port);
        if (!words) return refuse(words.error().message);
        const SecurityFeatures security = words->security();
        record_.word_before = security.word;
        if (const auto obstacle = security_obstacle(security, record_.enhanced))
            return refuse(*obstacle);
        model_ = words->model();
        serial_ = words->serial();
        if (model_.empty() && serial_.empty())
            return refuse(
                "the drive has neither model nor serial that its password could follow from");
        password_ = temporary_password(model_, serial_);
        const auto announced = words->erase_time(record_.enhanced);
        const std::uint64_t size = words->sectors() * words->logical_bytes();
        const minutes timeout = erase_timeout(announced, size);
        record_.announced_minutes =
            announced ? static_cast<std::uint64_t>(announced->minutes.count()) : 0;
        record_.timeout_seconds = static_cast<std::uint64_t>(seconds(timeout).count());
        return true;
    }

    // Set, off, and set again: the drive has understood the password as we have.
    bool prove_password() {
        if (!set_password() || !disable_password() || !set_password()) return false;
        record_.password_proven = true;
        return keep(SecurityPhase::password_proven);
    }

    bool set_password() {
        const auto failure = failure_of(desk_.port.execute(security_set_password(password_)));
        if (failure) return refuse("SECURITY SET PASSWORD: " + *failure);
        const auto security = look();
        if (!security) return false;
        if (security->enabled && !security->locked) return true;
        return refuse("SECURITY SET PASSWORD: accepted, and security is not enabled");
    }

    bool disable_password() {
        const auto failure = failure_of(desk_.port.execute(security_disable_password(password_)));
        if (failure) return refuse("SECURITY DISABLE PASSWORD: " + *failure);
        const auto security = look();
        if (!security) return false;
        return !security->enabled || refuse("SECURITY DISABLE PASSWORD: accepted, and security is "
                                            "still enabled");
    }

    /// The drive's word now, if it is still this drive.
    std::optional<SecurityFeatures> look() {
        const auto words = read_identify(desk_.port);
        if (!words) {
            refuse(words.error().message);
            return std::nullopt;
        }
        if (!is_same(*words)) return std::nullopt;
        record_.word_after = words->security().word;
        return words->security();
    }

    bool is_same(const IdentifyWords& words) {
        if (words.model() == model_ && words.serial() == serial_) return true;
        changed_ = true;
        settle(FirmwareOutcome::indeterminate, "another drive answers");
        return false;
    }

    void erase() {
        if (const auto failure = failure_of(desk_.port.execute(security_erase_prepare()))) {
            refuse("SECURITY ERASE PREPARE: " + *failure);
            return;
        }
        const milliseconds timeout = seconds(record_.timeout_seconds);
        const auto reply =
            desk_.port.execute(security_erase_unit(password_, record_.enhanced, timeout));
        record_.end_unseen = !reply || !reply->registers;
        record_.command_succeeded = !failure_of(reply);
        const auto security = wait_for_answer();
        if (!security) return;
        if (!record_.end_unseen && !record_.command_succeeded)
            settle(FirmwareOutcome::failed, "SECURITY ERASE UNIT: the drive aborted it");
        else if (security->enabled || security->locked)
            settle(record_.end_unseen ? FirmwareOutcome::failed : FirmwareOutcome::indeterminate,
                   "SECURITY ERASE UNIT: security is still enabled, as it is not after an erasure");
        else
            settle(FirmwareOutcome::succeeded, "");
    }

    // A drive whose command did not end in our time is busy with it still, or was reset.
    std::optional<SecurityFeatures> wait_for_answer() {
        const auto from = desk_.clock.monotonic();
        for (;;) {
            const auto words = read_identify(desk_.port);
            if (words) {
                if (!is_same(*words)) return std::nullopt;
                record_.word_after = words->security().word;
                return words->security();
            }
            if (desk_.clock.monotonic() - from > seconds(record_.timeout_seconds)) {
                settle(FirmwareOutcome::indeterminate,
                       "the drive does not answer: " + words.error().message);
                return std::nullopt;
            }
            desk_.watch.wait(seconds(30));
        }
    }

    void clear() {
        if (changed_) {
            record_.password_left = true;
            return;
        }
        static_cast<void>(keep(SecurityPhase::clearing));
        record_.password_left = true;
        for (unsigned attempt = 0; attempt < most_attempts && record_.password_left; ++attempt)
            record_.password_left = !take_password_off(desk_.port).has_value();
        if (const auto words = read_identify(desk_.port))
            record_.word_after = words->security().word;
    }

    bool keep(SecurityPhase phase) {
        record_.phase = phase;
        const auto status = desk_.watch.reached(record_);
        if (!status) return refuse(status.error().message);
        return true;
    }

    std::string model_;
    std::string serial_;
    Bytes password_;
    bool changed_ = false;
};

} // namespace

std::optional<std::string> security_obstacle(const SecurityFeatures& security, bool enhanced) {
    constexpr std::uint32_t enabled = 0x0002; // word 85 says so too
    AtaErasure told;
    told.security = security.supported;
    told.enhanced = security.enhanced_erase;
    told.security_word = security.word | (security.enabled ? enabled : 0);
    return quietus::security_obstacle(told, enhanced);
}

minutes erase_timeout(const std::optional<EraseTime>& announced, std::uint64_t size_bytes) {
    const minutes by_size(size_bytes / slow_rate / 60 + 30);
    if (!announced) return by_size;
    // The largest value says only that it takes longer.
    const minutes by_word =
        announced->at_least ? 2 * announced->minutes : announced->minutes * 3 / 2;
    return std::max(by_size, by_word + minutes(30));
}

void run_security_erase(const FirmwareDesk& desk, bool enhanced, SecurityRecord& record) {
    SecurityErase(desk, enhanced, record).run();
}

Status take_password_off(AtaPort& port) {
    const auto words = read_identify(port);
    if (!words) return words.error();
    const SecurityFeatures security = words->security();
    if (!security.enabled) return {};
    if (security.frozen) return Error{Fault::refused, security_frozen};
    if (security.count_expired) return Error{Fault::refused, too_many_wrong_passwords};
    const Bytes password = temporary_password(words->model(), words->serial());
    if (security.locked)
        if (const auto failure = failure_of(port.execute(security_unlock(password))))
            return Error{Fault::refused,
                         "SECURITY UNLOCK: " + *failure + ": the password is none of ours"};
    const auto reply = port.execute(security_disable_password(password));
    const auto failure = failure_of(reply);
    const auto after = read_identify(port);
    if (!after) return after.error();
    if (!after->security().enabled) return {};
    if (reply && reply->registers && !reply->registers->succeeded())
        return Error{Fault::refused,
                     "SECURITY DISABLE PASSWORD: " + *failure + ": the password is none of ours"};
    return during("SECURITY DISABLE PASSWORD", failure.value_or("security is still enabled"));
}

} // namespace quietus::ata
