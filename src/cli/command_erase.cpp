#include "audiences.hpp"
#include "commands.hpp"
#include "facts_json.hpp"
#include "operators.hpp"
#include "people_text.hpp"
#include "stop_signal.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <charconv>

namespace quietus::cli {
namespace {

std::string coloured(Verdict verdict, bool colour) {
    std::string text(to_text(verdict));
    if (!colour) return text;
    return (verdict == Verdict::erased ? "\033[32m" : "\033[31m") + text + "\033[0m";
}

std::string blocks_of(const Finding& finding) {
    if (!finding.first_block) return {};
    return " (block " + std::to_string(*finding.first_block) + ", " +
           std::to_string(finding.blocks.value_or(1)) + " in all)";
}

std::string basis(LevelBasis basis) {
    switch (basis) {
    case LevelBasis::host_read_back:
        return "read back by the host";
    case LevelBasis::drive_reported:
        return "reported by the drive";
    }
    return {};
}

void print_people(const Call& call, const Disposal& disposal) {
    std::string text =
        escaped(disposal.drive.node) + ": " + coloured(disposal.verdict, call.colour);
    if (disposal.verdict == Verdict::erased && disposal.document)
        text += ", " + basis(disposal.document->level_basis) + ", level " +
                std::string(to_text(disposal.document->level));
    text += '\n';
    if (!disposal.job.empty()) text += "  job      " + disposal.job + "\n";
    if (disposal.document) {
        for (const Finding& finding : disposal.document->findings)
            text += "  finding  " + finding.code + ": " + escaped(finding.text) +
                    blocks_of(finding) + "\n";
        text += "  document " + escaped(disposal.document->path) + "\n";
    }
    print(text);
    if (disposal.error) say_error(call.premises, *disposal.error);
}

ExitStatus report(const Call& call, const std::vector<Disposal>& outcomes) {
    std::vector<ExitStatus> earned;
    std::ranges::transform(outcomes, std::back_inserter(earned), &Disposal::exit_status);
    const ExitStatus status = worst_of_drives(earned);
    if (call.json) {
        Json::Array drives;
        std::ranges::transform(outcomes, std::back_inserter(drives), disposal_json);
        print_json(Json::object({{"event", "result"},
                                 {"exit_status", static_cast<int>(status)},
                                 {"drives", std::move(drives)}}));
        return status;
    }
    for (const Disposal& outcome : outcomes)
        print_people(call, outcome);
    return status;
}

} // namespace

Outcome command_erase(const Call& call) {
    auto request = disposal_request(call);
    if (!request) return std::move(request).error().during("erase");
    request->dry_run = call.invocation.has("--dry-run");
    if (const auto text = call.invocation.value("--jobs")) {
        const char* const end = text->data() + text->size();
        const auto read = std::from_chars(text->data(), end, request->jobs);
        if (read.ec != std::errc{} || read.ptr != end || request->jobs == 0)
            return Error{Fault::usage,
                         "erase: --jobs: \"" + escaped(*text) + "\" is no number of drives"};
    }
    request->skip_refused = call.invocation.has("--skip-refused");
    auto opened = open_site(call, Signing::ready);
    if (!opened) return std::move(opened).error().during("erase");
    const Site site = (*opened)->doors();
    PlanStore store(call.places.plans(), site.clock);
    auto person = make_operator(call, *request, store);
    if (!person) return std::move(person).error().during("erase");
    const auto audience = make_audience(call, site.clock);
    const StopSignals signals;
    auto outcomes = dispose(*request, site, **person, *audience);
    if (!outcomes) return std::move(outcomes).error();
    if (request->dry_run && !call.json && !call.quiet)
        say("dry run: nothing was confirmed, nothing is written\n");
    return report(call, *outcomes);
}

} // namespace quietus::cli
