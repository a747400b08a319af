#include "plan_steps.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/policy/volumes.hpp"

namespace quietus {
namespace {

bool is_pattern(const std::string& bytes) {
    const auto octets = from_hex(bytes);
    return octets && !octets->empty() && to_hex(*octets) == bytes;
}

// What the steps before a given one offer it to refer to.
struct Earlier {
    const Plan& plan;
    std::uint32_t number = 0; // of the step being looked at
    std::uint32_t last_write = 0;
    std::uint32_t probes = 0;

    bool has_write(std::uint32_t of) const {
        const PlanStep* step = of < number ? step_of(plan, of) : nullptr;
        return step != nullptr && step->kind == StepKind::write;
    }
};

bool is_sound_write(const PlanStep& step, const Earlier& earlier) {
    switch (step.data) {
    case StepData::none:
        return false;
    case StepData::fixed:
        return is_pattern(step.bytes) && step.of == 0;
    case StepData::random_char:
        return step.bytes.empty() &&
               (step.of == 0 || (earlier.has_write(step.of) &&
                                 step_of(earlier.plan, step.of)->data == StepData::random_char));
    case StepData::complement:
        return step.bytes.empty() && earlier.has_write(step.of);
    case StepData::random_stream:
        return step.bytes.empty() && step.of == 0;
    case StepData::lba_stamp:
        return is_pattern(step.bytes) && step.bytes.size() == 2 && step.of == 0;
    }
    return false;
}

bool is_sound_step(const PlanStep& step, const Earlier& earlier) {
    switch (step.kind) {
    case StepKind::address_probe:
        return earlier.probes == 0 && earlier.last_write == 0;
    case StepKind::write:
        return earlier.probes == 1 && is_sound_write(step, earlier);
    case StepKind::verify:
        return step.of != 0 && step.of == earlier.last_write && is_sound(step.verification) &&
               step.verification.mode != VerificationMode::none;
    case StepKind::lift_hidden_areas:
        return earlier.number == 1 && step == lifting_step();
    case StepKind::canaries:
    case StepKind::firmware:
        break;
    }
    return false;
}

// What is left alone is no more than what one stream, read back in full, does not reach.
std::optional<std::string> luks_flaw_of(const Plan& plan) {
    if (plan.steps != luks_steps(plan.steps.front().kind == StepKind::lift_hidden_areas))
        return "the plan's steps are not those of its technique";
    if (plan.verification != Verification{}) return "what opened the volumes is read back in full";
    return flaw_of(plan.volumes);
}

} // namespace

std::vector<PlanStep> luks_steps(bool lifts) {
    PlanStep probe;
    probe.kind = StepKind::address_probe;
    PlanStep write;
    write.data = StepData::random_stream;
    if (lifts) return {lifting_step(), probe, write};
    return {probe, write};
}

PlanStep lifting_step() {
    PlanStep step;
    step.kind = StepKind::lift_hidden_areas;
    return step;
}

const PlanStep* step_of(const Plan& plan, std::uint32_t number) {
    return number == 0 || number > plan.steps.size() ? nullptr : &plan.steps[number - 1];
}

std::vector<std::uint32_t> steps_of(const Plan& plan, StepKind kind) {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t number = 1; number <= plan.steps.size(); ++number)
        if (plan.steps[number - 1].kind == kind) numbers.push_back(number);
    return numbers;
}

bool depends_on_position(const Plan& plan, std::uint32_t number) {
    const PlanStep* step = step_of(plan, number);
    // Each reference leads to an earlier step, or it is not followed: the walk ends.
    while (step != nullptr && step->data == StepData::complement && step->of < number) {
        number = step->of;
        step = step_of(plan, number);
    }
    return step != nullptr &&
           (step->data == StepData::random_stream || step->data == StepData::lba_stamp);
}

bool is_sound(const Verification& verification) {
    switch (verification.mode) {
    case VerificationMode::full:
        return verification.percent == 100;
    case VerificationMode::sample:
        return verification.percent >= 1 && verification.percent <= 99;
    case VerificationMode::none:
        return verification.percent == 0;
    }
    return false;
}

bool satisfies(const Verification& done, const Verification& asked) {
    if (!is_sound(done) || done.mode == VerificationMode::none) return false;
    return done.mode == VerificationMode::full ||
           (asked.mode == VerificationMode::sample && done.percent >= asked.percent);
}

std::optional<std::string> flaw_of(const Plan& plan) {
    Earlier earlier{plan};
    for (const PlanStep& step : plan.steps) {
        ++earlier.number;
        if (!is_sound_step(step, earlier))
            return "step " + std::to_string(earlier.number) + " of the plan cannot be carried out";
        if (step.kind == StepKind::write) earlier.last_write = earlier.number;
        if (step.kind == StepKind::address_probe) ++earlier.probes;
    }
    if (earlier.last_write == 0) return "the plan writes nothing";
    if (plan.firmware) return "an overwrite with options of the drive's own";
    if (plan.technique == Technique::luks_erase) return luks_flaw_of(plan);
    if (!plan.volumes.empty()) return "an overwrite that leaves volumes";
    if (!is_sound(plan.verification))
        return "the plan's verification is none of full, sample, none";
    return std::nullopt;
}

} // namespace quietus
