#include "examine_payload.hpp"

#include "quietus/core/clock.hpp"

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

// A moment on the document, with the words for a finding about it.
struct Moment {
    std::string name;
    std::string text;
};

struct TimedStep {
    std::uint32_t step;
    Timing timing;
};

// The steps of a plan by which a drive erases itself are the same ones in every plan.
std::vector<TimedStep> timed_steps(const FirmwareEvidence& evidence) {
    constexpr std::uint32_t probe = 1;
    constexpr std::uint32_t operation = 3;
    constexpr std::uint32_t host_pass = 4;
    constexpr std::uint32_t read_back = 5;
    std::vector<TimedStep> steps;
    if (evidence.probe) steps.push_back({probe, evidence.probe->timing});
    if (auto timing = operation_timing(evidence)) steps.push_back({operation, std::move(*timing)});
    if (evidence.host_pass) steps.push_back({host_pass, evidence.host_pass->timing});
    if (evidence.read_back) steps.push_back({read_back, evidence.read_back->timing});
    return steps;
}

std::vector<TimedStep> timed_steps(const Payload& payload) {
    std::vector<TimedStep> steps;
    if (payload.method.firmware) steps = timed_steps(*payload.method.firmware);
    if (payload.method.probe)
        steps.push_back({payload.method.probe->step, payload.method.probe->timing});
    for (const PassRecord& pass : payload.method.passes)
        steps.push_back({pass.step, pass.timing});
    for (const ReadBackRecord& record : payload.verification.read_backs)
        steps.push_back({record.step, record.timing});
    std::ranges::stable_sort(steps, {}, &TimedStep::step);
    return steps;
}

// Everything that happened, in the order in which it must have.
std::vector<Moment> moments_of(const Payload& payload) {
    std::vector<Moment> moments{{"start of the run", payload.timing.started_at}};
    for (const TimedStep& each : timed_steps(payload)) {
        const std::string step = "step " + std::to_string(each.step);
        moments.push_back({"start of " + step, each.timing.started_at});
        moments.push_back({"end of " + step, each.timing.ended_at});
    }
    moments.push_back({"end of the run", payload.timing.ended_at});
    moments.push_back({"issue of the document", payload.issued_at});
    moments.push_back({"end of retention", payload.retain_until});
    return moments;
}

// Each in its order, and all within the run.
std::vector<Moment> resumptions_of(const Payload& payload) {
    std::vector<Moment> moments{{"start of the run", payload.timing.started_at}};
    for (const Resumption& each : payload.method.resumed)
        moments.push_back({"resumption of " + each.job, each.resumed_at});
    moments.push_back({"end of the run", payload.timing.ended_at});
    return moments;
}

void examine_order(const std::vector<Moment>& moments, bool proves, CheckFindings& findings) {
    std::int64_t latest = INT64_MIN;
    std::string before = "nothing";
    for (const Moment& moment : moments) {
        if (moment.text.empty() && !proves) continue;
        const auto at = from_rfc3339(moment.text);
        if (!at) {
            findings.push_back({"E_SCHEMA", moment.name + ": not a time in UTC"});
            continue;
        }
        if (*at < latest)
            findings.push_back(
                {proves ? "E_SEM_TIME_ORDER" : "W_TIME_ORDER", moment.name + ": before " + before});
        latest = std::max(latest, *at);
        before = moment.name;
    }
}

} // namespace

// An attempt record claims no order: a clock that was set while the run was on must not keep the
// failure from being documented.
void examine_times(const Payload& payload, CheckFindings& findings) {
    const bool proves = is_proof(payload);
    examine_order(moments_of(payload), proves, findings);
    if (!payload.method.resumed.empty()) examine_order(resumptions_of(payload), proves, findings);
}

} // namespace quietus
