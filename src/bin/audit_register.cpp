#include "audit.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/register/audit.hpp"

#include <algorithm>
#include <ostream>

namespace quietus::audit {
namespace {

constexpr std::size_t trust_limit = std::size_t{16} << 20U;

Result<std::vector<NoteVerifier>> logs_of(const Invocation& invocation) {
    const auto path = invocation.value("--trust");
    if (!path) return std::vector<NoteVerifier>{};
    auto text = read_regular_file(*path, trust_limit);
    if (!text) return Error{Fault::usage, "--trust: " + text.error().message};
    auto keys = log_keys_in(*text);
    if (!keys) return Error{Fault::usage, "--trust: " + *path + ": " + keys.error().message};
    return keys;
}

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
    Json findings = Json::array();
    for (const CheckFinding& each : report.findings)
        findings.push_back(Json::object({{"code", each.code}, {"text", each.text}}));
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
                         {"findings", std::move(findings)},
                         {"more_findings", report.more_findings},
                         {"fork_files", std::move(saved)}});
}

void print(const RegisterReport& report, ExitStatus status, std::ostream& out) {
    out << escaped(report.origin) << ": " << words_for(status) << "\n  " << report.size
        << " entries, " << report.intents << " intents, " << report.documents << " documents\n  "
        << report.pinned << " of the entries are pinned from outside by --previous\n";
    for (const CheckFinding& each : report.findings)
        out << "  " << each.code << ": " << each.text << '\n';
    if (report.more_findings != 0) out << "  and " << report.more_findings << " more\n";
    for (const std::string& each : report.saved)
        out << "  signed proof: " << escaped(each) << '\n';
}

} // namespace

Result<ExitStatus> check_register(const Invocation& invocation, const Streams& streams) {
    auto anchors = anchors_of(invocation);
    if (!anchors) return std::move(anchors).error();
    auto logs = logs_of(invocation);
    if (!logs) return std::move(logs).error();
    const RegisterReport report =
        audit_register({invocation.operands.front(), invocation.value("--previous"),
                        invocation.value("--documents"),
                        invocation.value("--evidence").value_or("."), *logs, *anchors});
    const ExitStatus status = status_of(report);
    if (invocation.has("--json"))
        streams.out << to_line(json_of(report, status)) << '\n';
    else if (!invocation.has("--quiet"))
        print(report, status, streams.out);
    return status;
}

} // namespace quietus::audit
