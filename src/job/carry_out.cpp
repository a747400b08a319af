#include "quietus/job/carry_out.hpp"

#include "steps.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/stream/keystream.hpp"
#include "quietus/technique/overwrite.hpp"
#include "quietus/transport/surface.hpp"
#include "quietus/verify/address_probe.hpp"
#include "quietus/verify/read_back.hpp"

#include <chrono>
#include <optional>

namespace quietus {
namespace {

class Stopwatch {
  public:
    explicit Stopwatch(Clock& clock)
        : clock_(clock), started_at_(to_rfc3339(clock.utc_seconds())), start_(clock.monotonic()) {}
    [[nodiscard]] Timing stop() {
        const auto taken =
            std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - start_);
        return {started_at_, to_rfc3339(clock_.utc_seconds()),
                static_cast<std::uint64_t>(taken.count())};
    }

  private:
    Clock& clock_;
    std::string started_at_;
    std::chrono::nanoseconds start_;
};

/// One run over one open drive.
class Run {
  public:
    Run(const CommittedPlan& order, Bench& bench, BlockPort& port, PortState at_open)
        : bench_(bench), drive_(order.drive()), port_(port), at_open_(at_open),
          steps_(with_final_read_back(order.plan())),
          patterns_(order.plan(), order.drive().logical_block_bytes) {}

    Evidence carry_out_steps() {
        for (std::uint32_t number = 1; number <= steps_.size() && going(); ++number)
            carry_out_step(number);
        evidence_.page_cache = port_.used_page_cache();
        publish_final_seed();
        return std::move(evidence_);
    }

  private:
    // The plan's verification of the final state is one step more, numbered after the others.
    static std::vector<PlanStep> with_final_read_back(const Plan& plan) {
        std::vector<PlanStep> steps = plan.steps;
        if (plan.verification.mode != VerificationMode::none)
            steps.push_back({StepKind::verify, StepData::none, "", 0, plan.verification});
        return steps;
    }
    [[nodiscard]] bool going() const { return evidence_.stopped == StopReason::none; }

    void carry_out_step(std::uint32_t number) {
        const PlanStep& step = steps_[number - 1];
        StepProgress progress(bench_.watch, {number, static_cast<std::uint32_t>(steps_.size()),
                                             step.kind, 0, bytes_of(step)});
        Surface surface{port_, at_open_, progress, bench_.clock, bench_.endurance};
        switch (step.kind) {
        case StepKind::address_probe:
            probe(number, surface);
            break;
        case StepKind::write:
            write(number, surface);
            break;
        case StepKind::verify:
            verify(number, surface);
            break;
        }
        progress.finish();
    }

    [[nodiscard]] std::uint64_t bytes_of(const PlanStep& step) const {
        const std::uint64_t size = port_.geometry().size_bytes;
        if (step.kind == StepKind::verify && step.verification.mode == VerificationMode::sample)
            return size / 100 * step.verification.percent;
        return step.kind == StepKind::address_probe ? 0 : size;
    }

    void probe(std::uint32_t number, Surface& surface) {
        ProbeRecord record;
        record.step = number;
        Stopwatch stopwatch(bench_.clock);
        Stop stop = probe_addresses(surface, record);
        record.timing = stopwatch.stop();
        // An address that leads elsewhere: writing on would only erase other people's blocks twice.
        if (stop.reason == StopReason::none && !record.wrong.empty())
            stop = {StopReason::probe, "stamped blocks read back as something else"};
        if (!record.unwritable.empty() || !record.unreadable.empty()) stop_unless_same(stop);
        log_step(probe_line(record));
        evidence_.probe = std::move(record);
        take(std::move(stop));
    }

    void write(std::uint32_t number, Surface& surface) {
        PassRecord record;
        record.step = number;
        record.data = steps_[number - 1].data;
        record.bytes = patterns_.octets(number);
        Pattern pattern = patterns_.pattern(number);
        Stopwatch stopwatch(bench_.clock);
        Stop stop = write_pass(surface, pattern, record);
        record.timing = stopwatch.stop();
        last_write_ = number;
        if (!record.unwritable.empty()) stop_unless_same(stop);
        log_step(pass_line(record));
        evidence_.passes.push_back(std::move(record));
        take(std::move(stop));
    }

    void verify(std::uint32_t number, Surface& surface) {
        QUIETUS_ENSURE(last_write_ != 0);
        ReadBackRecord record;
        record.step = number;
        record.of_step = last_write_;
        record.verification = steps_[number - 1].verification;
        Pattern expected = patterns_.pattern(last_write_);
        Stopwatch stopwatch(bench_.clock);
        Stop stop = read_back(surface, expected, record);
        record.timing = stopwatch.stop();
        if (!record.unreadable.empty()) stop_unless_same(stop);
        log_step(read_back_line(record));
        evidence_.read_backs.push_back(std::move(record));
        take(std::move(stop));
    }

    // Each failed transfer had capacity and diskseq checked on the descriptor; after a step with
    // such failures the machine is looked at as well: who uses the drive, whether its node is its
    // own, and, if it still answers, who it says it is.
    void stop_unless_same(Stop& stop) const {
        if (stop.reason != StopReason::none) return;
        if (const auto same = bench_.bay.check_same(); !same)
            stop = {StopReason::drive_changed, same.error().message};
    }

    void take(Stop stop) {
        if (!going() || stop.reason == StopReason::none) return;
        evidence_.stopped = stop.reason;
        evidence_.stop_text = std::move(stop.text);
    }

    // Evidence that cannot be kept is evidence we do not have: the run ends here.
    void log_step(const Json& line) {
        const auto status = bench_.journal.append(line);
        if (!status) take({StopReason::io, status.error().message});
    }

    // Only of the last pass, and only when that is random: with it anybody can read the drive back.
    void publish_final_seed() {
        if (evidence_.passes.empty()) return;
        PassRecord& last = evidence_.passes.back();
        if (last.data == StepData::random_stream) last.seed = patterns_.seed(last.step);
    }

    Bench& bench_;
    const Drive& drive_;
    BlockPort& port_;
    PortState at_open_;
    std::vector<PlanStep> steps_;
    StepPatterns patterns_;
    Evidence evidence_;
    std::uint32_t last_write_ = 0;
};

// The last look before the first write. The drive is held, so nobody new can claim it.
Status check_held(const Drive& drive, const BlockPort& port, Bay& bay) {
    if (port.geometry().size_bytes != drive.size_bytes)
        return Error{Fault::refused, "identity-changed: its size has changed"};
    return bay.check_unchanged();
}

} // namespace

Result<ErasureRecord> carry_out(CommittedPlan order, Bench& bench) {
    if (const auto status = test_keystream(); !status)
        return Error{Fault::io, "erase: " + status.error().message};
    auto link = bench.bay.open();
    if (!link) return std::move(link).error().during("erase");
    if (link->block == nullptr)
        return Error{Fault::unsupported, "erase: " + order.drive().node + ": no block interface"};
    if (auto status = check_held(order.drive(), *link->block, bench.bay); !status)
        return std::move(status).error().during(order.drive().node).during("erase");
    const auto at_open = link->block->state();
    if (!at_open) return Error(at_open.error()).during(order.drive().node).during("erase");

    Stopwatch stopwatch(bench.clock);
    ErasureRecord record{order.job(), order.drive(), order.plan(), {}, {}, {}};
    record.evidence = Run(order, bench, *link->block, *at_open).carry_out_steps();
    record.judgement = judge(record.drive, record.plan, record.evidence);
    record.timing = stopwatch.stop();
    if (auto status = bench.journal.append(verdict_line(record)); !status)
        return std::move(status).error().during(order.job()).during("journal");
    return record;
}

} // namespace quietus
