#include "quietus/job/starting_point.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/job/firmware_run.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace quietus {
namespace {

/// Where a partition table or a file system would have been put since.
constexpr std::uint64_t compared_head = std::uint64_t{1} << 20U;
/// More than the cache of a drive that only said it had flushed it.
constexpr std::uint64_t compared_tail = std::uint64_t{64} << 20U;
constexpr std::uint64_t largest_block = 65536;

const PlanStep& step_at(const Plan& plan, std::uint32_t number) {
    return plan.steps[number - 1];
}

// Also of journals that others have made up.
bool is_list(const std::vector<Extent>& extents) {
    return is_well_formed(extents, std::numeric_limits<std::uint64_t>::max());
}

bool is_on_medium(const PassRecord& pass) {
    return pass.completed && pass.flushed;
}

template <typename Record>
const Record* record_of(const std::vector<Record>& records, std::uint32_t step) {
    const auto found = std::ranges::find(records, step, &Record::step);
    return found == records.end() ? nullptr : &*found;
}

bool is_done(const Plan& plan, std::uint32_t number, const Evidence& evidence) {
    switch (step_at(plan, number).kind) {
    case StepKind::address_probe:
        return evidence.probe && evidence.probe->completed && evidence.probe->flushed;
    case StepKind::write: {
        const auto* pass = record_of(evidence.passes, number);
        return pass != nullptr && is_on_medium(*pass);
    }
    case StepKind::verify: {
        const auto* record = record_of(evidence.read_backs, number);
        return record != nullptr && record->completed;
    }
    case StepKind::lift_hidden_areas:
        return evidence.hidden && (evidence.hidden->state == HiddenState::none ||
                                   evidence.hidden->state == HiddenState::lifted);
    case StepKind::canaries:
    case StepKind::firmware:
        break;
    }
    return false;
}

std::uint32_t first_undone(const Plan& plan, const Evidence& evidence) {
    std::uint32_t number = 1;
    while (number <= plan.steps.size() && is_done(plan, number, evidence))
        ++number;
    return number;
}

// The last state of the pass under way that was flushed: at its end on request, or at a checkpoint.
std::optional<PassRecord> begun_pass(std::uint32_t step, const LoggedProgress& progress) {
    const auto* pass = record_of(progress.evidence.passes, step);
    std::optional<PassRecord> begun;
    if (pass != nullptr && pass->flushed)
        begun = *pass;
    else if (progress.checkpoint && progress.checkpoint->step == step)
        begun = progress.checkpoint;
    if (!begun || !is_list(begun->written)) return std::nullopt;
    begun->unwritable.clear(); // they are tried again
    begun->seed.reset();
    begun->completed = false;
    return begun;
}

// The step whose key the data of this write step are made with; 0: of none.
std::uint32_t key_step(const Plan& plan, std::uint32_t number) {
    for (auto of = step_at(plan, number).of;
         step_at(plan, number).data == StepData::complement && of != 0 && of < number;
         of = step_at(plan, number).of)
        number = of;
    return step_at(plan, number).data == StepData::random_stream ? number : 0;
}

// The pass whose content this step writes or reads; of the final read-back that of the last write.
std::uint32_t content_step(const Plan& plan, std::uint32_t number) {
    if (number <= plan.steps.size() && step_at(plan, number).kind == StepKind::write) return number;
    const auto steps = static_cast<std::uint32_t>(plan.steps.size());
    std::uint32_t write = std::min(number, steps + 1) - 1;
    while (write >= 1 && step_at(plan, write).kind != StepKind::write)
        --write;
    return write;
}

// Every pass whose key is gone and is needed from `step` on is to be made anew, and all after it.
std::uint32_t without_keys(const Plan& plan, std::uint32_t step) {
    const std::uint32_t last = static_cast<std::uint32_t>(plan.steps.size()) +
                               (plan.verification.mode == VerificationMode::none ? 0U : 1U);
    std::uint32_t earliest = step;
    for (std::uint32_t number = last; number >= earliest && number >= 1; --number) {
        const std::uint32_t content = content_step(plan, number);
        const std::uint32_t key = content == 0 ? 0 : key_step(plan, content);
        if (key != 0) earliest = std::min(earliest, key);
    }
    return earliest;
}

void drop_from(std::uint32_t step, Evidence& evidence) {
    if (evidence.probe && evidence.probe->step >= step) evidence.probe.reset();
    std::erase_if(evidence.passes, [&](const PassRecord& each) { return each.step >= step; });
    std::erase_if(evidence.read_backs,
                  [&](const ReadBackRecord& each) { return each.step >= step; });
    for (PassRecord& each : evidence.passes)
        each.seed.reset(); // published with the last pass alone
    if (evidence.hidden) evidence.hidden->after.reset();
    evidence.health_after.reset();
    if (evidence.luks) evidence.luks = LuksRecord{std::move(evidence.luks->before), false, {}, {}};
    evidence.stopped = StopReason::none;
    evidence.stop_text.clear();
}

std::uint64_t first_gap(const std::vector<Extent>& written) {
    return written.empty() || written.front().offset != 0 ? 0 : written.front().end();
}

std::vector<Extent> head_and_tail(const std::vector<Extent>& written) {
    ExtentSet chosen;
    std::uint64_t left = compared_head;
    for (auto each = written.begin(); each != written.end() && left != 0; ++each) {
        const std::uint64_t length = std::min(each->length, left);
        chosen.add({each->offset, length});
        left -= length;
    }
    left = compared_tail;
    for (auto each = written.rbegin(); each != written.rend() && left != 0; ++each) {
        // Begun on a block, also where the odd end of an image has shifted it.
        const std::uint64_t begin =
            each->length <= left
                ? each->offset
                : std::max(each->offset, (each->end() - left) / largest_block * largest_block);
        chosen.add({begin, each->end() - begin});
        left -= std::min(left, each->end() - begin);
    }
    return std::move(chosen).take();
}

template <typename Fact>
bool is_same(const Fact& one, const Fact& other) {
    return to_json(one) == to_json(other);
}

template <typename Record>
bool begins_with(const std::vector<Record>& records, const std::vector<Record>& first) {
    if (records.size() < first.size()) return false;
    return std::equal(first.begin(), first.end(), records.begin(), is_same<Record>);
}

std::vector<PassRecord> without_seeds(std::vector<PassRecord> passes) {
    for (PassRecord& each : passes)
        each.seed.reset();
    return passes;
}

bool has_lost_nothing(const Evidence& evidence, const PassRecord& begun) {
    const auto* pass = record_of(evidence.passes, begun.step);
    if (pass == nullptr || !is_list(begun.written) || !is_list(pass->written)) return false;
    ExtentSet lost(begun.written);
    lost.subtract(ExtentSet(pass->written));
    return lost.empty() && pass->data == begun.data && pass->bytes == begun.bytes &&
           pass->timing.started_at == begun.timing.started_at;
}

} // namespace

namespace {

// A drive that erases itself goes on without us; all else about such a run is done anew. Without
// the key of the canaries nobody could say that they are gone.
StartingPoint firmware_starting_point(const Plan& plan, Evidence logged, bool keys_kept) {
    StartingPoint from;
    Resumption resumption;
    resumption.step = 1;
    from.done.resumed = std::move(logged.resumed);
    const bool under_way = logged.firmware && can_go_on_from(*logged.firmware);
    resumption.key_lost = under_way && !keys_kept;
    if (under_way && keys_kept) {
        const auto found = std::ranges::find(plan.steps, StepKind::firmware, &PlanStep::kind);
        resumption.step = static_cast<std::uint32_t>(found - plan.steps.begin()) + 1;
        from.done.firmware = std::move(logged.firmware);
    }
    from.step = resumption.step;
    from.done.resumed.push_back(std::move(resumption));
    return from;
}

// Who the drive was, what was on it, and what it was told.
FirmwareEvidence beginning_of(const FirmwareEvidence& whole) {
    FirmwareEvidence beginning;
    beginning.method = whole.method;
    beginning.options = whole.options;
    beginning.identity_before = whole.identity_before;
    beginning.hidden.before = whole.hidden.before;
    beginning.health_before = whole.health_before;
    beginning.probe = whole.probe;
    if (whole.canaries) beginning.canaries.emplace().written = whole.canaries->written;
    return beginning;
}

} // namespace

StartingPoint starting_point(const Plan& plan, LoggedProgress progress, const Drive& drive,
                             bool keys_kept) {
    if (is_by_firmware(plan.technique))
        return firmware_starting_point(plan, std::move(progress.evidence), keys_kept);
    StartingPoint from;
    from.step = first_undone(plan, progress.evidence);
    from.begun = begun_pass(from.step, progress);
    Resumption resumption;
    if (!keys_kept) {
        const std::uint32_t earliest = without_keys(plan, from.step);
        const bool was_needed =
            earliest < from.step ||
            (from.begun && !from.begun->written.empty() && key_step(plan, from.step) != 0);
        if (was_needed) from.begun.reset();
        resumption.key_lost = was_needed;
        from.step = earliest;
    }
    from.done = std::move(progress.evidence);
    drop_from(from.step, from.done);
    resumption.step = from.step;
    if (from.begun) {
        resumption.carried_bytes = from.begun->bytes_written;
        if (drive.logical_block_bytes != 0)
            resumption.first_block = first_gap(from.begun->written) / drive.logical_block_bytes;
    }
    if (const auto expected = expected_content(from))
        resumption.compared_bytes = ExtentSet(expected->extents).bytes();
    from.done.resumed.push_back(std::move(resumption));
    return from;
}

std::optional<Expected> expected_content(const StartingPoint& from) {
    if (from.begun) {
        if (from.begun->written.empty()) return std::nullopt;
        return Expected{from.begun->step, head_and_tail(from.begun->written)};
    }
    // A pass that was begun anew for want of its key has been over the drive before.
    const bool anew = std::ranges::any_of(from.done.resumed, [&](const Resumption& each) {
        return each.key_lost && each.step <= from.step;
    });
    if (anew || from.done.passes.empty()) return std::nullopt;
    const PassRecord& last = from.done.passes.back();
    if (!is_list(last.written)) return std::nullopt;
    return Expected{last.step, head_and_tail(last.written)};
}

bool goes_on_from(const Evidence& evidence, const StartingPoint& from) {
    if (!is_same(evidence.resumed, from.done.resumed)) return false;
    if (from.done.firmware)
        return evidence.firmware &&
               is_same(beginning_of(*evidence.firmware), beginning_of(*from.done.firmware));
    // They are lifted again, which is nothing to do when they were.
    if (from.done.hidden &&
        !(evidence.hidden && is_same(evidence.hidden->before, from.done.hidden->before)))
        return false;
    if (from.done.luks &&
        !(evidence.luks && begins_with(evidence.luks->before, from.done.luks->before)))
        return false;
    if (from.done.probe && !(evidence.probe && is_same(*evidence.probe, *from.done.probe)))
        return false;
    if (!begins_with(without_seeds(evidence.passes), without_seeds(from.done.passes)) ||
        !begins_with(evidence.read_backs, from.done.read_backs))
        return false;
    const bool has_begun = from.begun && !from.begun->written.empty();
    return !has_begun || has_lost_nothing(evidence, *from.begun);
}

} // namespace quietus
