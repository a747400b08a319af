#include "lifting.hpp"

#include "quietus/drive/ata/hidden_areas.hpp"
#include "quietus/drive/ata/pass_through.hpp"
#include "quietus/job/step_progress.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/ata/identify_words.hpp"

#include <string>
#include <utility>

namespace quietus {
namespace {

void stop(StopReason reason, std::string text, Evidence& evidence) {
    if (evidence.stopped != StopReason::none) return;
    evidence.stopped = reason;
    evidence.stop_text = std::move(text);
}

bool is_lifted(const HiddenAreaRecord& record) {
    return record.state == HiddenState::none || record.state == HiddenState::lifted;
}

} // namespace

// Nothing is set by addresses that may have been harmed on the way.
std::string Lifting::flaw_of_the_way() {
    const auto words = ata::read_identify(*bay_.ata());
    if (!words) return words.error().message;
    const PassThroughRecord way = ata::test_pass_through(*bay_.ata(), *words);
    if (way.trusted) return {};
    return way.text.empty() ? "registers do not pass" : way.text;
}

// What was hidden at first stays on record when a run goes on that has lifted it already.
HiddenAreaRecord Lifting::lifted(const Evidence& evidence) {
    HiddenAreaRecord record;
    if (const std::string flaw = flaw_of_the_way(); !flaw.empty()) {
        record.before = order_.drive().hidden_areas.value_or(HiddenAreas{});
        record.state = HiddenState::refused;
        record.text = "what is hidden is not lifted over a way that is not trusted: " + flaw;
        return record;
    }
    ata::lift_hidden_areas(*bay_.ata(), record);
    if (!evidence.hidden) return record;
    if (record.state == HiddenState::none) {
        record.state = HiddenState::lifted;
        record.lifted = record.before;
    }
    record.before = evidence.hidden->before;
    return record;
}

std::unique_ptr<BlockPort> Lifting::lift(Evidence& evidence) {
    const auto steps = static_cast<std::uint32_t>(order_.plan().steps.size()) + 1;
    StepProgress progress(bench_.watch, {1, steps, StepKind::lift_hidden_areas, 0, 0});
    evidence.hidden = lifted(evidence);
    const bool kept = keep(evidence);
    progress.finish();
    if (!kept || !is_lifted(*evidence.hidden)) return nullptr;
    auto blocks = bay_.open_blocks();
    if (!blocks) {
        stop(StopReason::io, blocks.error().message, evidence);
        return nullptr;
    }
    // What the host knew of its size is out of date by now; nothing is written by that.
    if ((*blocks)->geometry().size_bytes != erased_bytes(order_.drive(), evidence.hidden)) {
        stop(StopReason::drive_changed, "the host sees another capacity than the drive has",
             evidence);
        return nullptr;
    }
    return std::move(*blocks);
}

void Lifting::look_again(Evidence& evidence) {
    const auto words = ata::read_identify(*bay_.ata());
    // The record is then without it, and so not all is proven to have been within reach.
    if (words) evidence.hidden->after = ata::read_hidden_areas(*bay_.ata(), *words);
    (void)keep(evidence);
}

bool Lifting::keep(Evidence& evidence) {
    auto status = transcript_.keep();
    if (status) status = bench_.journal.append(hidden_areas_line(*evidence.hidden));
    if (status) return true;
    // Evidence that cannot be kept is evidence we do not have.
    stop(StopReason::io, status.error().message, evidence);
    return false;
}

} // namespace quietus
