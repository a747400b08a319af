#include "audiences.hpp"
#include "commands.hpp"
#include "operators.hpp"
#include "stop_signal.hpp"

namespace quietus::cli {

Outcome command_resume(const Call& call) {
    auto endurance = endurance_of(call.invocation);
    if (!endurance) return std::move(endurance).error().during("resume");
    auto opened = open_site(call, Signing::ready);
    if (!opened) return std::move(opened).error().during("resume");
    const Site site = (*opened)->doors();
    PlanStore store(call.places.plans(), site.clock);
    auto person = make_operator(call, {}, store);
    if (!person) return std::move(person).error().during("resume");
    const auto audience = make_audience(call, site.clock);
    const StopSignals signals;
    auto outcomes = resume({call.invocation.operands.front(), *endurance,
                            call.configuration.cooling, call.invocation.all("--override")},
                           site, **person, *audience);
    if (!outcomes) return std::move(outcomes).error();
    return report_disposals(call, *outcomes);
}

} // namespace quietus::cli
