#include "audiences.hpp"
#include "commands.hpp"
#include "facts_json.hpp"
#include "operators.hpp"
#include "people_text.hpp"
#include "stop_signal.hpp"

#include "quietus/app/quantities.hpp"
#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <iterator>

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

// What has its document is closed, and can be gone on with under another number.
bool can_be_resumed(const Disposal& disposal) {
    return disposal.verdict == Verdict::interrupted && disposal.document && !disposal.error;
}

Error how_to_go_on(const Disposal& disposal) {
    const bool let_go = std::ranges::any_of(disposal.document->findings, [](const Finding& each) {
        return each.code == "firmware-under-way";
    });
    if (!let_go)
        return {Fault::drive, disposal.job + ": it was interrupted",
                "quietus resume " + disposal.job + " goes on"};
    return {Fault::drive,
            disposal.job + ": it was interrupted: the drive goes on erasing by itself",
            "quietus status shows how far it is, quietus resume " + disposal.job + " takes it up"};
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
    if (can_be_resumed(disposal))
        say_error(call.premises, how_to_go_on(disposal));
    else if (disposal.error)
        say_error(call.premises, *disposal.error);
}

std::string how_many(const std::vector<Disposal>& outcomes, bool colour) {
    std::string text;
    for (std::size_t i = 0; i < enum_texts<Verdict>.size(); ++i) {
        const auto verdict = static_cast<Verdict>(i);
        const auto count = std::ranges::count(outcomes, verdict, &Disposal::verdict);
        if (count == 0) continue;
        text +=
            (text.empty() ? "" : ", ") + std::to_string(count) + " " + coloured(verdict, colour);
    }
    return std::to_string(outcomes.size()) + " drives: " + text + "\n";
}

// What somebody takes in at a glance who has fifty drives before them.
void print_summary(const Call& call, const std::vector<Disposal>& outcomes) {
    std::vector<std::vector<std::string>> rows{
        {"DRIVE", "SERIAL", "SIZE", "VERDICT", "STATUS", "JOB"}};
    for (const Disposal& each : outcomes)
        rows.push_back({each.drive.node, each.drive.serial,
                        each.drive.size_bytes == 0 ? "" : short_size(each.drive.size_bytes),
                        std::string(to_text(each.verdict)),
                        std::to_string(static_cast<int>(each.exit_status)), each.job});
    print("\n" + table(rows, {output_columns(), {12, 8, 0, 0, 0, 0}, {true, true}}) +
          how_many(outcomes, call.colour));
}

} // namespace

ExitStatus report_disposals(const Call& call, const std::vector<Disposal>& outcomes) {
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
    if (outcomes.size() > 1) print_summary(call, outcomes);
    return status;
}

Outcome command_erase(const Call& call) {
    auto request = disposal_request(call);
    if (!request) return std::move(request).error().during("erase");
    request->dry_run = call.invocation.has("--dry-run");
    if (const auto text = call.invocation.value("--jobs")) {
        const auto jobs = parse_whole(*text, jobs_at_once);
        if (!jobs)
            return Error{Fault::usage, "erase: --jobs: \"" + escaped(*text) +
                                           "\" is no number of drives from 1 to 4096"};
        request->jobs = *jobs;
    }
    request->cooling = call.configuration.cooling;
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
    return report_disposals(call, *outcomes);
}

} // namespace quietus::cli
