#include "quietus/job/firmware_run.hpp"

#include "stopwatch.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/drive/ata/health.hpp"
#include "quietus/drive/ata/hidden_areas.hpp"
#include "quietus/drive/ata/pass_through.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/stream/keystream.hpp"
#include "quietus/technique/ata/sanitize.hpp"
#include "quietus/technique/ata/security_erase.hpp"
#include "quietus/technique/overwrite.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/ata/sanitize_status.hpp"
#include "quietus/verify/address_probe.hpp"
#include "quietus/verify/canary.hpp"
#include "quietus/verify/returned_state.hpp"

#include <optional>
#include <utility>

namespace quietus {
namespace {

/// After probe, canaries and the drive's own operation; also of a technique that has no such step
/// in its plan, when what the drive left could not be read.
constexpr std::uint32_t host_pass_step = 4;

/// The drive's own operation, as the technique tells of it: put down with all that went before.
class OperationWatch final : public FirmwareWatch {
  public:
    OperationWatch(FirmwareRunWatch& watch, StepWatch& step, const FirmwareEvidence& evidence,
                   std::uint64_t bytes)
        : watch_(watch), step_(step), evidence_(evidence), bytes_(bytes) {}
    void wait(std::chrono::milliseconds at_most) override { watch_.wait(at_most); }
    void progressed(std::uint32_t done) override { step_.moved(bytes_behind(bytes_, done)); }
    bool release_requested() override { return watch_.release_requested(); }
    Status reached(const SanitizeRecord& record) override {
        FirmwareEvidence evidence = evidence_;
        evidence.sanitize = record;
        return watch_.reached(evidence);
    }
    Status reached(const SecurityRecord& record) override {
        FirmwareEvidence evidence = evidence_;
        evidence.security = record;
        return watch_.reached(evidence);
    }

  private:
    FirmwareRunWatch& watch_;
    StepWatch& step_;
    const FirmwareEvidence& evidence_;
    std::uint64_t bytes_;
};

/// The blocks of a drive as they were opened once.
struct OpenBlocks {
    std::unique_ptr<BlockPort> port;
    PortState at_open;
};

ata::SanitizeKind kind_of(Technique method) {
    if (method == Technique::ata_sanitize_crypto_scramble)
        return ata::SanitizeKind::crypto_scramble;
    return method == Technique::ata_sanitize_block_erase ? ata::SanitizeKind::block_erase
                                                         : ata::SanitizeKind::overwrite;
}

class FirmwareRun {
  public:
    FirmwareRun(const FirmwareOrder& order, FirmwareBench& bench)
        : order_(order), bench_(bench), port_(bench.bay.commands()) {
        if (order.from) evidence_ = *order.from;
        evidence_.method = order.method;
        evidence_.options = order.options;
    }

    FirmwareEvidence run() {
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
                          record.hidden_from);
        return true;
    }

    bool prepare() {
        // First of all: what came before us, a reset or a power cycle, is told once and then gone.
        const auto words = ata::read_identify(port_);
        if (!words) return stop(StopReason::io, words.error().message);
        // A drive that is busy with itself answers nothing else, the test of the way neither.
        if (const auto busy = state_in_the_way(*words)) return stop(StopReason::none, *busy);
        evidence_.pass_through = ata::test_pass_through(port_, *words);
        if (!evidence_.pass_through.trusted) return false;
        if (const auto obstacle = obstacle_of(*words)) return stop(StopReason::none, *obstacle);
        evidence_.health_before = ata::read_health(port_, *words);
        const FirmwareIdentity found = identity_of(*words);
        ata::lift_hidden_areas(port_, evidence_.hidden);
        // What it was lifted by shows only after the drive has been off: nothing is begun before.
        if (evidence_.hidden.state == HiddenState::power_cycle_needed)
            return stop(StopReason::none, evidence_.hidden.text);
        const auto lifted = ask_again(found, "was found");
        if (!lifted) return false;
        evidence_.identity_before = identity_of(*lifted);
        return put_canaries(*lifted);
    }

    // Asked before anything is written: a drive that would not begin keeps what it has.
    std::optional<std::string> obstacle_of(const ata::IdentifyWords& words) const {
        const ata::SanitizeFeatures has = words.sanitize();
        switch (order_.method) {
        case Technique::ata_sanitize_crypto_scramble:
            return sanitize_obstacle(has.crypto_scramble);
        case Technique::ata_sanitize_block_erase:
            return sanitize_obstacle(has.block_erase);
        case Technique::ata_sanitize_overwrite:
            return sanitize_obstacle(has.overwrite);
        case Technique::ata_security_erase_enhanced:
            return ata::security_obstacle(words.security(), true);
        case Technique::ata_security_erase:
            return ata::security_obstacle(words.security(), false);
        case Technique::overwrite:
            break;
        }
        return "that is nothing which a drive does by itself";
    }

    std::optional<std::string> sanitize_obstacle(bool supported) const {
        if (!supported) return "the drive does not have this operation";
        const auto status = ata::read_sanitize_status(port_);
        if (!status) return status.error().message;
        return in_the_way(*status);
    }

    std::optional<std::string> state_in_the_way(const ata::IdentifyWords& words) const {
        if (!words.sanitize().supported) return std::nullopt;
        const auto status = ata::read_sanitize_status(port_);
        const bool busy = status && (status->state == SanitizeState::in_progress ||
                                     status->state == SanitizeState::failed);
        return busy ? in_the_way(*status) : std::nullopt;
    }

    static std::optional<std::string> in_the_way(const ata::SanitizeStatus& status) {
        switch (status.state) {
        case SanitizeState::frozen:
            return "sanitize is frozen until a power cycle";
        case SanitizeState::in_progress:
            return "the drive has an operation under way already";
        case SanitizeState::failed:
            return "an earlier operation has failed, which must be ended first: " + status.reason;
        case SanitizeState::unknown:
            return "the drive does not say how it is: " + status.reason;
        case SanitizeState::idle:
        case SanitizeState::completed:
            break;
        }
        return std::nullopt;
    }

    static FirmwareIdentity identity_of(const ata::IdentifyWords& words) {
        return {words.model(),         words.serial(),
                words.sectors(),       words.logical_bytes(),
                words.security().word, to_hex(digest(DigestKind::sha256, words.octets()))};
    }

    /// Nothing, and the run is stopped, unless the drive of that identity answers.
    std::optional<ata::IdentifyWords> ask_again(const FirmwareIdentity& identity,
                                                const std::string& which) {
        auto words = ata::read_identify(port_);
        if (!words) {
            stop(StopReason::io, words.error().message);
            return std::nullopt;
        }
        if (words->model() == identity.model && words->serial() == identity.serial)
            return std::move(*words);
        stop(StopReason::drive_changed, "another drive answers than " + which);
        return std::nullopt;
    }

    bool put_canaries(const ata::IdentifyWords& words) {
        auto blocks = open(words);
        if (!blocks) return false;
        const bool lifted = evidence_.hidden.state == HiddenState::lifted;
        const std::uint64_t border =
            lifted ? evidence_.hidden.before.accessible * words.logical_bytes() : 0;
        canaries_.emplace(blocks->port->geometry(), key_or_drawn(order_.canary_key), border);
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

    std::optional<OpenBlocks> open(const ata::IdentifyWords& words) {
        auto port = bench_.bay.open_blocks();
        if (!port) {
            stop(StopReason::io, port.error().message);
            return std::nullopt;
        }
        const BlockGeometry geometry = (*port)->geometry();
        if (geometry.size_bytes != words.sectors() * words.logical_bytes() ||
            geometry.block_bytes != words.logical_bytes()) {
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
        OperationWatch watch(bench_.watch, step, evidence_, size);
        const FirmwareDesk desk{port_, bench_.clock, watch};
        if (!is_sanitize(order_.method)) {
            const bool enhanced = order_.method == Technique::ata_security_erase_enhanced;
            ata::run_security_erase(desk, enhanced, evidence_.security.emplace());
            return evidence_.security->outcome == FirmwareOutcome::succeeded;
        }
        const FirmwareOptions& options = order_.options;
        ata::SanitizeOrder sanitize;
        sanitize.kind = kind_of(order_.method);
        sanitize.options = {{options.pattern, static_cast<std::uint8_t>(options.passes),
                             options.invert_between, options.definitive_end},
                            options.may_leave_failed,
                            options.zoned_no_reset};
        sanitize.size_bytes = size;
        // What comes next cannot be taken back, and a bridge may have been given another drive.
        if (!evidence_.sanitize && !ask_again(*evidence_.identity_before, "was found"))
            return false;
        if (!evidence_.sanitize)
            ata::run_sanitize(desk, sanitize, evidence_.sanitize.emplace());
        else if (evidence_.sanitize->outcome != FirmwareOutcome::succeeded)
            ata::follow_sanitize(desk, sanitize, *evidence_.sanitize);
        return evidence_.sanitize->outcome == FirmwareOutcome::succeeded;
    }

    // --- after ---

    void prove() {
        evidence_.was_reset = bench_.bay.reset();
        const auto words = ata::read_identify(port_);
        if (!words) {
            stop(StopReason::io, words.error().message);
            return;
        }
        evidence_.identity_after = identity_of(*words);
        evidence_.hidden.after = ata::read_hidden_areas(port_, *words);
        auto blocks = open(*words);
        if (!blocks) return;
        Surface surface = surface_of(*blocks, StepKind::canaries, 0);
        if (took(canaries_->check(surface, *evidence_.canaries), *blocks)) return;
        if (!read_back(*blocks)) return;
        evidence_.health_after = ata::read_health(port_, *words);
    }

    bool read_back(OpenBlocks& blocks) {
        EndState expected = end_state(order_.method, order_.options);
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
    AtaPort& port_;
    FirmwareEvidence evidence_;
    std::optional<Canaries> canaries_;
};

} // namespace

bool can_go_on_from(const FirmwareEvidence& evidence) {
    if (!evidence.sanitize || !evidence.identity_before || !evidence.canaries) return false;
    const SanitizeRecord& record = *evidence.sanitize;
    const bool begun = record.phase != SanitizePhase::none && record.asked != 0;
    return begun && (record.outcome == FirmwareOutcome::not_started ||
                     record.outcome == FirmwareOutcome::under_way ||
                     record.outcome == FirmwareOutcome::succeeded);
}

FirmwareEvidence erase_by_firmware(const FirmwareOrder& order, FirmwareBench& bench) {
    QUIETUS_ENSURE(!order.from || can_go_on_from(*order.from));
    QUIETUS_ENSURE(order.options.passes >= 1 && order.options.passes <= 16);
    QUIETUS_ENSURE(order.verification.mode != VerificationMode::none);
    return FirmwareRun(order, bench).run();
}

} // namespace quietus
