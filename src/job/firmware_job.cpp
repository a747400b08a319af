#include "firmware_job.hpp"

#include "transcript.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/job/firmware_run.hpp"
#include "quietus/job/step_progress.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace quietus {
namespace {

class Watch final : public FirmwareRunWatch {
  public:
    Watch(const Plan& plan, Bench& bench, Transcript& transcript)
        : plan_(plan), bench_(bench), transcript_(transcript) {}
    ~Watch() override { end_step(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    StepWatch& begin(StepKind kind, std::uint64_t bytes) override {
        end_step();
        const auto steps = static_cast<std::uint32_t>(plan_.steps.size()) + 1;
        return step_.emplace(bench_.watch, Progress{number_of(kind), steps, kind, 0, bytes});
    }
    void wait(std::chrono::milliseconds at_most) override {
        wait_unless([this] { return release_requested(); }, bench_.clock, at_most);
    }
    bool release_requested() override { return bench_.watch.stop_requested(); }
    Status reached(const FirmwareEvidence& evidence) override {
        if (auto status = transcript_.keep(); !status) return status;
        return bench_.journal.append(firmware_line(evidence));
    }

  private:
    // By its kind: each is there once, and what the plan has no step for is part of the last.
    [[nodiscard]] std::uint32_t number_of(StepKind kind) const {
        const auto found = std::ranges::find(plan_.steps, kind, &PlanStep::kind);
        return static_cast<std::uint32_t>(found - plan_.steps.begin()) + 1;
    }
    void end_step() {
        if (step_) step_->finish();
        step_.reset();
    }

    const Plan& plan_;
    Bench& bench_;
    Transcript& transcript_;
    std::optional<StepProgress> step_;
};

Bytes secret_of(const CommittedPlan& order, StepKind kind) {
    const auto& steps = order.plan().steps;
    const auto found = std::ranges::find(steps, kind, &PlanStep::kind);
    const auto number = static_cast<std::uint32_t>(found - steps.begin()) + 1;
    const auto secret = order.secrets().find(number);
    return secret == order.secrets().end() ? Bytes{} : secret->second;
}

// A sample would not do for a drive that was out of our hands meanwhile.
Verification verification_of(const CommittedPlan& committed) {
    if (!committed.from().done.resumed.empty()) return {VerificationMode::full, 100};
    return committed.plan().verification;
}

FirmwareOrder order_of(const CommittedPlan& committed) {
    QUIETUS_ENSURE(committed.plan().firmware.has_value());
    return {committed.plan().technique,
            *committed.plan().firmware,
            secret_of(committed, StepKind::canaries),
            secret_of(committed, StepKind::write),
            committed.from().done.firmware,
            verification_of(committed)};
}

} // namespace

Evidence erase_itself(const CommittedPlan& order, FirmwareBay& bay, Bench& bench) {
    Transcript transcript(bay, bench.journal);
    Evidence evidence;
    {
        Watch watch(order.plan(), bench, transcript);
        FirmwareBench tools{bay, bench.clock, watch, bench.endurance};
        evidence.firmware = erase_by_firmware(order_of(order), tools);
    }
    // Evidence that cannot be kept is evidence we do not have.
    if (const auto status = transcript.keep(); !status) {
        evidence.stopped = StopReason::io;
        evidence.stop_text = status.error().message;
    }
    evidence.firmware->transcript_sha256 = transcript.sha256();
    evidence.resumed = order.from().done.resumed;
    return evidence;
}

} // namespace quietus
