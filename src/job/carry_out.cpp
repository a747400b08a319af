#include "quietus/job/carry_out.hpp"

#include "firmware_job.hpp"
#include "lifting.hpp"
#include "steps.hpp"
#include "stopwatch.hpp"
#include "volume_keys.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/drive/recheck.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/policy/volumes.hpp"
#include "quietus/stream/keystream.hpp"
#include "quietus/technique/overwrite.hpp"
#include "quietus/transport/surface.hpp"
#include "quietus/verify/address_probe.hpp"
#include "quietus/verify/read_back.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace quietus {
namespace {

// Times of several runs: from the beginning of the first, and what they took in all.
void add_to(Timing& timing, const Timing& before) {
    timing.started_at = before.started_at;
    timing.milliseconds += before.milliseconds;
}

/// The blocks of a drive as they were opened.
struct OpenBlocks {
    BlockPort& port;
    PortState at_open;
};

/// One run over one open drive.
class Run {
  public:
    /// `evidence`: of what was done before, by this run or by those it goes on from.
    Run(const CommittedPlan& order, Bench& bench, const OpenBlocks& blocks, Evidence evidence)
        : bench_(bench), drive_(order.drive()), port_(blocks.port), at_open_(blocks.at_open),
          steps_(with_final_read_back(order)), patterns_(patterns_of(order)), from_(order.from()),
          volumes_(order.plan().volumes), kept_(kept_extents(volumes_)),
          evidence_(std::move(evidence)) {
        if (!evidence_.passes.empty()) last_write_ = evidence_.passes.back().step;
    }

    /// Before anything is written: whether the drive is as the interrupted run has left it.
    Status check_content() {
        const auto expected = expected_content(from_);
        if (!expected) return {};
        Unseen watch(bench_.watch);
        Surface surface = surface_for(watch);
        Pattern pattern = patterns_.pattern(expected->step);
        ReadBackRecord found;
        const Stop stop = compare_extents(surface, pattern, expected->extents, found);
        if (stop.reason != StopReason::none) return Error{Fault::io, stop.text};
        const ExtentSet wrong(found.mismatched);
        if (wrong.empty() && found.completed && found.unreadable.empty()) return {};
        const auto& first = wrong.empty() ? found.unreadable : wrong.extents();
        const std::string what = wrong.empty() ? " cannot be read" : " holds something else";
        const std::uint64_t at = first.empty() ? 0 : first.front().offset;
        return Error{Fault::refused, "identity-changed: block " +
                                         std::to_string(at / drive_.logical_block_bytes) + what +
                                         ": this is not what the interrupted run had written"};
    }

    /// Before anything is written: whether the volumes are those that were planned for. Nothing is
    /// left of them where an earlier run has begun.
    Status check_volumes() {
        if (volumes_.empty() || evidence_.luks) return {};
        Unseen watch(bench_.watch);
        Surface surface = surface_for(watch);
        auto found = keys_before(surface, volumes_);
        if (!found) return std::move(found).error();
        evidence_.luks.emplace().before = std::move(*found);
        return bench_.journal.append(luks_line(*evidence_.luks));
    }

    Evidence carry_out_steps() {
        for (std::uint32_t number = from_.step; number <= steps_.size() && going(); ++number)
            carry_out_step(number);
        look_for_headers();
        evidence_.page_cache = port_.used_page_cache();
        publish_final_seed();
        return std::move(evidence_);
    }

  private:
    /// Of what is no step nobody is told, but a request to stop is heard.
    class Unseen final : public StepWatch {
      public:
        explicit Unseen(JobWatch& watch) : watch_(watch) {}
        void moved(std::uint64_t) override {}
        void stalled(std::chrono::seconds) override {}
        bool stop_requested() override { return watch_.stop_requested(); }

      private:
        JobWatch& watch_;
    };

    /// Puts what a pass has on the medium into the journal.
    class Checkpoints final : public CheckpointWatch {
      public:
        Checkpoints(Journal& journal, Clock& clock, std::optional<Timing> before)
            : journal_(journal), stopwatch_(clock), before_(std::move(before)) {}
        Stop reached(const PassRecord& so_far) override {
            PassRecord record = so_far;
            record.timing = time();
            const auto status = journal_.append(checkpoint_line(record));
            return status ? Stop{} : Stop{StopReason::io, status.error().message};
        }
        /// So far, with what went before.
        Timing time() {
            Timing timing = stopwatch_.stop();
            if (before_) add_to(timing, *before_);
            return timing;
        }

      private:
        Journal& journal_;
        Stopwatch stopwatch_;
        std::optional<Timing> before_;
    };

    static StepPatterns patterns_of(const CommittedPlan& order) {
        const std::uint32_t block = order.drive().logical_block_bytes;
        if (order.secrets().empty()) return {order.plan(), block};
        return {order.plan(), block, order.secrets()};
    }
    // The plan's verification of the final state is one step more, numbered after the others.
    // A sample would not do for a drive that was out of our hands meanwhile.
    static std::vector<PlanStep> with_final_read_back(const CommittedPlan& order) {
        std::vector<PlanStep> steps = order.plan().steps;
        Verification verification = order.plan().verification;
        if (verification.mode == VerificationMode::none) return steps;
        if (!order.from().done.resumed.empty()) verification = {VerificationMode::full, 100};
        steps.push_back({StepKind::verify, StepData::none, "", 0, verification});
        return steps;
    }
    [[nodiscard]] Surface surface_for(StepWatch& watch) const {
        return {port_, at_open_, watch, bench_.clock, bench_.endurance, kept_};
    }
    [[nodiscard]] bool going() const { return evidence_.stopped == StopReason::none; }

    [[nodiscard]] bool goes_on_with(std::uint32_t number) const {
        return from_.begun && from_.begun->step == number;
    }

    void carry_out_step(std::uint32_t number) {
        const PlanStep& step = steps_[number - 1];
        if (step.kind == StepKind::lift_hidden_areas) return; // the blocks would not be open else
        StepProgress progress(
            bench_.watch, {number, static_cast<std::uint32_t>(steps_.size()), step.kind,
                           goes_on_with(number) ? from_.begun->bytes_written : 0, bytes_of(step)});
        Surface surface = surface_for(progress);
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
        case StepKind::lift_hidden_areas:
        case StepKind::canaries:
        case StepKind::firmware:
            QUIETUS_ENSURE(false); // of no overwrite
        }
        progress.finish();
    }

    [[nodiscard]] std::uint64_t bytes_of(const PlanStep& step) const {
        const std::uint64_t size = port_.geometry().size_bytes - kept_.bytes();
        if (step.kind == StepKind::verify) return bytes_to_read(size, step.verification);
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
        const bool goes_on = goes_on_with(number);
        PassRecord record = goes_on ? *from_.begun : PassRecord{};
        record.step = number;
        record.data = steps_[number - 1].data;
        record.bytes = patterns_.octets(number);
        Pattern pattern = patterns_.pattern(number);
        Checkpoints checkpoints(bench_.journal, bench_.clock,
                                goes_on ? std::optional(record.timing) : std::nullopt);
        Stop stop = write_pass(surface, pattern, record, &checkpoints);
        record.timing = checkpoints.time();
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

    // The read-back has shown that they are overwritten; this is asked as one who would open them.
    void look_for_headers() {
        if (volumes_.empty() || !evidence_.luks || !going()) return;
        Unseen watch(bench_.watch);
        Surface surface = surface_for(watch);
        look_for_keys(surface, volumes_, *evidence_.luks);
        if (!evidence_.luks->looked && bench_.watch.stop_requested())
            take({StopReason::interrupted, evidence_.luks->text});
        log_step(luks_line(*evidence_.luks));
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
        // Not of one that may yet be gone on with.
        if (evidence_.passes.empty() || evidence_.stopped == StopReason::interrupted) return;
        PassRecord& last = evidence_.passes.back();
        if (last.data == StepData::random_stream) last.seed = patterns_.seed(last.step);
    }

    Bench& bench_;
    const Drive& drive_;
    BlockPort& port_;
    PortState at_open_;
    std::vector<PlanStep> steps_;
    StepPatterns patterns_;
    const StartingPoint& from_;
    const std::vector<LuksVolume>& volumes_;
    ExtentSet kept_; ///< their ciphertext
    Evidence evidence_;
    std::uint32_t last_write_ = 0;
};

// Of all that is carried over; none when nothing is. A run that was gone on with is under way since
// then, even when none of its steps is carried over.
std::optional<Timing> time_before(const StartingPoint& from) {
    std::vector<Timing> timings;
    if (from.done.probe) timings.push_back(from.done.probe->timing);
    for (const PassRecord& each : from.done.passes)
        timings.push_back(each.timing);
    for (const ReadBackRecord& each : from.done.read_backs)
        timings.push_back(each.timing);
    if (from.begun) timings.push_back(from.begun->timing);
    if (const auto& firmware = from.done.firmware) {
        if (firmware->probe) timings.push_back(firmware->probe->timing);
        if (auto timing = operation_timing(*firmware)) timings.push_back(std::move(*timing));
    }
    for (const Resumption& each : from.done.resumed)
        timings.push_back({each.resumed_at, each.resumed_at, 0});
    if (timings.empty()) return std::nullopt;
    Timing all = *std::ranges::min_element(timings, {}, &Timing::started_at);
    all.milliseconds = 0;
    for (const Timing& each : timings)
        all.milliseconds += each.milliseconds;
    return all;
}

// The last look before the first write. The drive is held, so nobody new can claim it; and what it
// is told it is told over this link, so that it is asked over this link who it is.
Status check_held(const CommittedPlan& order, const DriveLink& link, Bay& bay) {
    if (link.block->geometry().size_bytes != order.drive().size_bytes)
        return Error{Fault::refused, "identity-changed: its size has changed"};
    if (auto status = bay.check_unchanged(); !status) return status;
    if (!needs_commands(order.plan())) return {};
    if (link.firmware == nullptr)
        return Error{Fault::unsupported, "there is no way to send it commands"};
    return check_who_answers(order.drive(), *link.firmware);
}

Result<Evidence> overwrite(const CommittedPlan& order, Bench& bench, const OpenBlocks& blocks,
                           Evidence evidence) {
    Run run(order, bench, blocks, std::move(evidence));
    if (auto status = run.check_content(); !status) return std::move(status).error();
    if (auto status = run.check_volumes(); !status) return std::move(status).error();
    return run.carry_out_steps();
}

// Over all that the drive has, and not what it addressed when it was found.
Result<Evidence> carry_out_lifted(const CommittedPlan& order, Bench& bench, DriveLink& link) {
    link.block.reset();
    Lifting lifting(order, *link.firmware, bench);
    Evidence evidence = order.from().done;
    const auto port = lifting.lift(evidence);
    if (!port) return evidence;
    const auto at_open = port->state();
    if (!at_open) return at_open.error();
    auto done = overwrite(order, bench, {*port, *at_open}, std::move(evidence));
    if (done && done->stopped == StopReason::none) lifting.look_again(*done);
    return done;
}

Result<Evidence> carry_out_shown(const CommittedPlan& order, Bench& bench, DriveLink& link) {
    const auto at_open = link.block->state();
    if (!at_open) return at_open.error();
    return overwrite(order, bench, {*link.block, *at_open}, order.from().done);
}

// A block that the drive has remapped meanwhile keeps what it held, where no address leads any
// more.
void ask_for_health(Bench& bench, Evidence& evidence) {
    auto health = bench.bay.health();
    if (health)
        evidence.health_after = std::move(*health);
    else
        evidence.health_after.emplace().text = health.error().message;
    const auto status = bench.journal.append(health_line(*evidence.health_after));
    if (status) return;
    // Evidence that cannot be kept is evidence we do not have.
    evidence.stopped = StopReason::io;
    evidence.stop_text = status.error().message;
}

Result<Evidence> carry_out_overwrite(const CommittedPlan& order, Bench& bench, DriveLink& link) {
    auto evidence = lifts_hidden_areas(order.plan()) ? carry_out_lifted(order, bench, link)
                                                     : carry_out_shown(order, bench, link);
    if (evidence && evidence->stopped == StopReason::none && order.drive().health)
        ask_for_health(bench, *evidence);
    return evidence;
}

// Its blocks are opened anew whenever the drive may have changed their number.
Result<Evidence> carry_out_by_firmware(const CommittedPlan& order, Bench& bench, DriveLink& link) {
    link.block.reset();
    return erase_itself(order, *link.firmware, bench);
}

} // namespace

Result<ErasureRecord> carry_out(CommittedPlan order, Bench& bench) {
    if (const auto status = test_keystream(); !status)
        return Error{Fault::io, "erase: " + status.error().message};
    auto link = bench.bay.open();
    if (!link) return std::move(link).error().during("erase");
    if (link->block == nullptr)
        return Error{Fault::unsupported, "erase: " + order.drive().node + ": no block interface"};
    if (auto status = check_held(order, *link, bench.bay); !status)
        return std::move(status).error().during(order.drive().node).during("erase");

    Stopwatch stopwatch(bench.clock);
    ErasureRecord record{order.job(), order.drive(), order.plan(), {}, {}, {}};
    auto evidence = is_by_firmware(order.plan().technique)
                        ? carry_out_by_firmware(order, bench, *link)
                        : carry_out_overwrite(order, bench, *link);
    if (!evidence) return std::move(evidence).error().during(order.drive().node).during("erase");
    record.evidence = std::move(*evidence);
    record.judgement = judge(record.drive, record.plan, record.evidence);
    record.timing = stopwatch.stop();
    if (const auto before = time_before(order.from())) add_to(record.timing, *before);
    if (auto status = bench.journal.append(verdict_line(record)); !status)
        return std::move(status).error().during(order.job()).during("journal");
    return record;
}

} // namespace quietus
