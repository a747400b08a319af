#include "audit.hpp"
#include "audit_register_junit.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/register/audit.hpp"

#include <algorithm>
#include <ostream>

namespace quietus::audit {
namespace {

ExitStatus status_of(const RegisterReport& report) {
    const auto has = [&](std::string_view start) {
        return std::ranges::any_of(report.findings,
                                   [&](const auto& each) { return each.code.starts_with(start); });
    };
    // What was left out was found after a thousand others, some of which may be graver than I_.
    if (has("E_") || report.more_findings != 0) return ExitStatus::failed;
    return has("I_") ? ExitStatus::not_established : ExitStatus::success;
}

std::string_view words_for(ExitStatus status) {
    if (status == ExitStatus::success) return "clean";
    return status == ExitStatus::failed ? "THIS LOG DOES NOT HOLD"
                                        : "undecided: something is missing";
}

Json json_of(const RegisterReport& report, ExitStatus status) {
    Json saved = Json::array();
    for (const std::string& each : report.saved)
        saved.push_back(escaped(each));
    return Json::object({{"origin", escaped(report.origin)},
                         {"entries", report.size},
                         {"root_sha256", report.root_sha256},
                         {"pinned", report.pinned},
                         {"intents", report.intents},
                         {"documents", report.documents},
                         {"exit_status", static_cast<int>(status)},
                         {"findings", findings_json(report.findings)},
                         {"more_findings", report.more_findings},
                         {"fork_files", std::move(saved)}});
}

void print(const RegisterReport& report, ExitStatus status, std::ostream& out) {
    out << escaped(report.origin) << ": " << words_for(status) << "\n  " << report.size
        << " entries, " << report.intents << " intents, " << report.documents << " documents\n  "
        << report.pinned << " of the entries are pinned from outside by --previous\n";
    print_findings(report.findings, out);
    if (report.more_findings != 0) out << "  and " << report.more_findings << " more\n";
    for (const std::string& each : report.saved)
        out << "  signed proof: " << escaped(each) << '\n';
}

} // namespace

Result<ExitStatus> check_register(const Invocation& invocation, const Streams& streams) {
    auto trust = trust_of(invocation);
    if (!trust) return std::move(trust).error();
    if (auto confined = confine_run(invocation); !confined) return std::move(confined).error();
    const RegisterReport report =
        audit_register({invocation.operands.front(), invocation.value("--previous"),
                        invocation.value("--documents"),
                        invocation.value("--evidence").value_or("."), trust->logs, trust->anchors});
    const ExitStatus status = status_of(report);
    if (const auto file = invocation.value("--junit"))
        if (auto saved = save_new_file(*file, junit_text(report)); !saved)
            return Error{Fault::io, "--junit: " + saved.error().message};
    if (invocation.has("--json"))
        streams.out << to_line(json_of(report, status)) << '\n';
    else if (!invocation.has("--quiet"))
        print(report, status, streams.out);
    return status;
}

} // namespace quietus::audit
