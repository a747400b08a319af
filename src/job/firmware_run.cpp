#include "quietus/job/firmware_run.hpp"

#include "command_set.hpp"
#include "stopwatch.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/stream/keystream.hpp"
#include "quietus/technique/overwrite.hpp"
#include "quietus/verify/address_probe.hpp"
#include "quietus/verify/canary.hpp"
#include "quietus/verify/returned_state.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace quietus {
namespace {

/// After probe, canaries and the drive's own operation; also of a technique that has no such step
/// in its plan, when what the drive left could not be read.
constexpr std::uint32_t host_pass_step = 4;

/// The drive's own operation, as the technique tells of it: put down with all that went before.
class RunningWatch final : public OperationWatch {
  public:
    using ReadMedium = std::function<bool(BlockPort& blocks, StepWatch& step)>;

    RunningWatch(FirmwareRunWatch& watch, StepWatch& step, const FirmwareEvidence& evidence,
                 std::uint64_t bytes, ReadMedium read_medium)
        : watch_(watch), step_(step), evidence_(evidence), bytes_(bytes),
          read_medium_(std::move(read_medium)) {}
    void wait(std::chrono::milliseconds at_most) override { watch_.wait(at_most); }
    void progressed(std::uint32_t done) override { step_.moved(bytes_behind(bytes_, done)); }
    bool release_requested() override { return watch_.release_requested(); }
    Status reached(const SanitizeRecord& record) override {
        return keep(&FirmwareEvidence::sanitize, record);
    }
    Status reached(const SecurityRecord& record) override {
        return keep(&FirmwareEvidence::security, record);
    }
    Status reached(const std::vector<ScsiOperationRecord>& units) override {
        return keep(&FirmwareEvidence::scsi, units);
    }
    Status reached(const NvmeSanitizeRecord& record) override {
        return keep(&FirmwareEvidence::nvme_sanitize, record);
    }
    Status reached(const NvmeFormatRecord& record) override {
        return keep(&FirmwareEvidence::nvme_format, record);
    }
    bool read_medium(BlockPort& blocks) override { return read_medium_(blocks, step_); }

  private:
    template <typename Member, typename Record>
    Status keep(Member FirmwareEvidence::*where, const Record& record) {
        FirmwareEvidence evidence = evidence_;
        evidence.*where = record;
        return watch_.reached(evidence);
    }

    FirmwareRunWatch& watch_;
    StepWatch& step_;
    const FirmwareEvidence& evidence_;
    std::uint64_t bytes_;
    ReadMedium read_medium_;
};

/// The blocks of a drive as they were opened once.
struct OpenBlocks {
    std::unique_ptr<BlockPort> port;
    PortState at_open;
};

class FirmwareRun {
  public:
    FirmwareRun(const FirmwareOrder& order, FirmwareBench& bench)
        : order_(order), bench_(bench), commands_(make_command_set(order, bench)) {
        if (order.from) evidence_ = *order.from;
        evidence_.method = order.method;
        evidence_.options = order.options;
    }

    FirmwareEvidence run() {
        if (commands_ == nullptr) {
            stop(StopReason::io, "there is no way to send it such commands");
            return std::move(evidence_);
        }
        const bool ready = order_.from ? find_again() : prepare();
        if (ready && operate()) prove();
        return std::move(evidence_);
    }

  private:
    // --- before ---

    // What proves the erasure is put down from here on; what was seen after the drive's operation
    // is seen anew.
    bool find_again() {
        evidence_.transcript_sha256.clear(); // that is of the earlier run's own journal
        evidence_.identity_after.reset();
        evidence_.hidden.after.reset();
        evidence_.health_after.reset();
        evidence_.scope_after.reset();
        evidence_.medium_read.reset();
        evidence_.host_pass.reset();
        evidence_.read_back.reset();
        evidence_.stopped = StopReason::none;
        evidence_.stop_text.clear();
        const FirmwareIdentity& before = *evidence_.identity_before;
        if (!ask_again(before, "was told to erase")) return false;
        CanaryRecord& record = *evidence_.canaries;
        record = {record.written,
                  record.unwritable,
                  record.not_stored,
                  {},
                  {},
                  {},
                  {},
                  record.hidden_from,
                  false};
        const std::uint64_t size = before.sectors * before.logical_bytes;
        canaries_.emplace(BlockGeometry{size, before.logical_bytes, size}, order_.canary_key,
                          record.hidden_from, commands_->borders(evidence_));
        return true;
    }

    bool prepare() {
        // First of all: what came before us, a reset or a power cycle, is told once and then gone.
        const auto found = commands_->identify();
        if (!found) return stop(StopReason::io, found.error().message);
        if (auto obstacle = commands_->prepare(evidence_))
            return stop(obstacle->reason, std::move(obstacle->text));
        evidence_.identity_before = ask_again(*found, "was found");
        return evidence_.identity_before && put_canaries(*evidence_.identity_before);
    }

    /// Nothing, and the run is stopped, unless the drive of that identity answers.
    std::optional<FirmwareIdentity> ask_again(const FirmwareIdentity& identity,
                                              const std::string& which) {
        auto now = commands_->identify();
        if (!now) {
            stop(StopReason::io, now.error().message);
            return std::nullopt;
        }
        if (now->model == identity.model && now->serial == identity.serial) return std::move(*now);
        stop(StopReason::drive_changed, "another drive answers than " + which);
        return std::nullopt;
    }

    bool put_canaries(const FirmwareIdentity& identity) {
        auto blocks = open(identity);
        if (!blocks) return false;
        const bool lifted = evidence_.hidden.state == HiddenState::lifted;
        const std::uint64_t border =
            lifted ? evidence_.hidden.before.accessible * identity.logical_bytes : 0;
        canaries_.emplace(blocks->port->geometry(), key_or_drawn(order_.canary_key), border,
                          commands_->borders(evidence_));
        if (!probe(*blocks)) return false;
        evidence_.canaries.emplace();
        Surface surface = surface_of(*blocks, StepKind::canaries, 0);
        if (took(canaries_->write(surface, *evidence_.canaries), *blocks)) return false;
        return evidence_.canaries->elsewhere.empty() ||
               stop(StopReason::probe, "two addresses lead to one block");
    }

    // An address that leads elsewhere: nothing that is read there would prove anything.
    bool probe(const OpenBlocks& blocks) {
        ProbeRecord& record = evidence_.probe.emplace();
        record.step = 1;
        Surface surface = surface_of(blocks, StepKind::address_probe, 0);
        Stopwatch stopwatch(bench_.clock);
        Stop stopped = probe_addresses(surface, record);
        record.timing = stopwatch.stop();
        if (took(std::move(stopped), blocks)) return false;
        return record.wrong.empty() ||
               stop(StopReason::probe, "stamped blocks read back as something else");
    }

    std::optional<OpenBlocks> open(const FirmwareIdentity& identity) {
        auto port = bench_.bay.open_blocks();
        if (!port) {
            stop(StopReason::io, port.error().message);
            return std::nullopt;
        }
        const BlockGeometry geometry = (*port)->geometry();
        if (geometry.size_bytes != identity.sectors * identity.logical_bytes ||
            geometry.block_bytes != identity.logical_bytes) {
            stop(StopReason::drive_changed, "the host sees another capacity than the drive has");
            return std::nullopt;
        }
        const auto state = (*port)->state();
        if (!state) {
            stop(StopReason::io, state.error().message);
            return std::nullopt;
        }
        return OpenBlocks{std::move(*port), *state};
    }

    Surface surface_of(const OpenBlocks& blocks, StepKind kind, std::uint64_t bytes) {
        return {*blocks.port, blocks.at_open, bench_.watch.begin(kind, bytes), bench_.clock,
                bench_.endurance};
    }

    static Bytes key_or_drawn(const Bytes& key) {
        return key.empty() ? random_bytes(Keystream::key_bytes) : key;
    }

    // --- the drive's turn ---

    bool operate() {
        const FirmwareIdentity& identity = *evidence_.identity_before;
        const std::uint64_t size = identity.sectors * identity.logical_bytes;
        StepWatch& step = bench_.watch.begin(StepKind::firmware, size);
        RunningWatch watch(
            bench_.watch, step, evidence_, size,
            [this](BlockPort& blocks, StepWatch& within) { return read_medium(blocks, within); });
        // What comes next cannot be taken back, and a bridge may have been given another drive.
        if (!order_.from && !ask_again(identity, "was found")) return false;
        return commands_->operate(watch, evidence_) == FirmwareOutcome::succeeded;
    }

    // Of a new key anything may be there; of all else what the drive must leave.
    bool read_medium(BlockPort& blocks, StepWatch& step) {
        const auto state = blocks.state();
        if (!state) return true; // then nothing of it is known
        MediumReadRecord& record = evidence_.medium_read.emplace();
        CanaryRecord found;
        Surface surface{blocks, *state, step, bench_.clock, bench_.endurance};
        Stop stopped = canaries_->check(surface, found);
        record.canaries_checked = found.checked;
        if (stopped.reason == StopReason::none) {
            EndState expected = end_state(order_.method, order_.options);
            const Returned returned{
                expected.expectation, std::move(expected.patterns), *canaries_, {}};
            Stopwatch stopwatch(bench_.clock);
            stopped = read_returned_state(surface, returned, record.read_back, found);
            record.read_back.timing = stopwatch.stop();
        }
        record.canaries_left = std::move(found.left);
        record.canaries_elsewhere = std::move(found.elsewhere);
        return stopped.reason == StopReason::none || stop(stopped.reason, std::move(stopped.text));
    }

    // --- after ---

    void prove() {
        evidence_.was_reset = bench_.bay.reset();
        const auto identity = commands_->identify();
        if (!identity) {
            stop(StopReason::io, identity.error().message);
            return;
        }
        evidence_.identity_after = *identity;
        commands_->look_again(evidence_);
        auto blocks = open(*identity);
        if (!blocks) return;
        const bool unreadable = commands_->reads_fail_until_written();
        if (!look_for_canaries(*blocks, unreadable)) return;
        if (unreadable ? !write_and_read_back(*blocks) : !read_back(*blocks)) return;
        commands_->examine_health(evidence_);
    }

    // That no read succeeds is no failure of a drive that has said so before.
    bool look_for_canaries(OpenBlocks& blocks, bool unreadable) {
        CanaryRecord& record = *evidence_.canaries;
        Surface surface = surface_of(blocks, StepKind::canaries, 0);
        Stop stopped = canaries_->check(surface, record);
        if (!unreadable || stopped.reason != StopReason::io)
            return !took(std::move(stopped), blocks);
        ExtentSet unread(record.written);
        unread.subtract(ExtentSet(record.gone));
        unread.subtract(ExtentSet(record.left));
        record.unreadable = std::move(unread).take();
        record.checked = true;
        return true;
    }

    bool read_back(OpenBlocks& blocks) {
        EndState expected = end_state(evidence_);
        if (expected.expectation == Expectation::host_pass) return write_and_read_back(blocks);
        const std::uint64_t size = blocks.port->geometry().size_bytes;
        Surface surface =
            surface_of(blocks, StepKind::verify, bytes_to_read(size, order_.verification));
        const Returned returned{expected.expectation, std::move(expected.patterns), *canaries_,
                                order_.verification};
        FirmwareReadBack& record = evidence_.read_back.emplace();
        Stopwatch stopwatch(bench_.clock);
        Stop stopped = read_returned_state(surface, returned, record, *evidence_.canaries);
        record.timing = stopwatch.stop();
        // Blocks that were erased and not written since may be no longer readable, by design.
        const bool may_be_unreadable = expected.expectation == Expectation::zeros_or_ones &&
                                       record.mismatched.empty() &&
                                       evidence_.canaries->left.empty();
        const bool unreadable = stopped.reason == StopReason::io || !record.unreadable.empty();
        if (may_be_unreadable && unreadable) {
            evidence_.read_back.reset();
            return write_and_read_back(blocks);
        }
        return !took(std::move(stopped), blocks);
    }

    bool write_and_read_back(OpenBlocks& blocks) {
        const Bytes key = key_or_drawn(order_.pass_key);
        Pattern stream = Pattern::stream(key);
        const std::uint64_t size = blocks.port->geometry().size_bytes;
        Surface surface = surface_of(blocks, StepKind::write, size);
        PassRecord& pass = evidence_.host_pass.emplace();
        pass.step = host_pass_step;
        pass.data = StepData::random_stream;
        pass.seed = to_hex(key);
        Stopwatch writing(bench_.clock);
        Stop stopped = write_pass(surface, stream, pass);
        pass.timing = writing.stop();
        if (took(std::move(stopped), blocks)) return false;
        Surface verifying =
            surface_of(blocks, StepKind::verify, bytes_to_read(size, order_.verification));
        FirmwareReadBack& record = evidence_.read_back.emplace();
        Stopwatch reading(bench_.clock);
        stopped = read_host_pass(verifying, stream, order_.verification, record);
        record.timing = reading.stop();
        return !took(std::move(stopped), blocks);
    }

    /// Whether it has stopped there.
    bool took(Stop stopped, const OpenBlocks& blocks) {
        evidence_.page_cache = evidence_.page_cache || blocks.port->used_page_cache();
        if (stopped.reason == StopReason::none) return false;
        stop(stopped.reason, std::move(stopped.text));
        return true;
    }

    bool stop(StopReason reason, std::string text) {
        evidence_.stopped = reason;
        evidence_.stop_text = std::move(text);
        return false;
    }

    const FirmwareOrder& order_;
    FirmwareBench& bench_;
    std::unique_ptr<CommandSet> commands_;
    FirmwareEvidence evidence_;
    std::optional<Canaries> canaries_;
};

template <typename Record, typename Phase>
bool was_begun(const Record& record, Phase none) {
    const bool begun = record.phase != none && record.asked != 0;
    return begun && (record.outcome == FirmwareOutcome::not_started ||
                     record.outcome == FirmwareOutcome::under_way ||
                     record.outcome == FirmwareOutcome::succeeded);
}

} // namespace

bool can_go_on_from(const FirmwareEvidence& evidence) {
    if (!evidence.identity_before || !evidence.canaries) return false;
    if (evidence.sanitize) return was_begun(*evidence.sanitize, SanitizePhase::none);
    if (!evidence.scsi.empty())
        return std::ranges::all_of(evidence.scsi, [](const ScsiOperationRecord& unit) {
            return was_begun(unit, SanitizePhase::none);
        });
    return evidence.nvme_sanitize && evidence.scope_before &&
           was_begun(*evidence.nvme_sanitize, NvmeSanitizePhase::none);
}

FirmwareEvidence erase_by_firmware(const FirmwareOrder& order, FirmwareBench& bench) {
    QUIETUS_ENSURE(!order.from || can_go_on_from(*order.from));
    QUIETUS_ENSURE(order.options.passes >= 1 && order.options.passes <= most_passes(order.method));
    QUIETUS_ENSURE(order.verification.mode != VerificationMode::none);
    return FirmwareRun(order, bench).run();
}

} // namespace quietus
