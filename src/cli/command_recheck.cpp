#include "audiences.hpp"
#include "commands.hpp"
#include "people_text.hpp"
#include "stop_signal.hpp"

#include "quietus/app/reread.hpp"
#include "quietus/app/sign.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"

namespace quietus::cli {
namespace {

/// More than anybody reads; --json has them all.
constexpr std::size_t shown_max = 20;

Result<Verification> verification_of(const Invocation& invocation) {
    const auto text = invocation.value("--verification");
    if (!text) return Verification{};
    auto asked = parse_verification(*text);
    if (asked && asked->mode == VerificationMode::none)
        return Error{Fault::usage, "--verification none: nothing would be read"};
    return asked;
}

// Nothing is trusted but what is named: the certificate may be of anybody.
Result<TrustAnchors> trust_of(const Invocation& invocation) {
    const auto files = invocation.all("--trust");
    return files.empty() ? TrustAnchors::none() : read_trust(files);
}

Json json_of(const DocumentReport& document) {
    Json::Array findings;
    for (const CheckFinding& each : document.findings)
        findings.push_back(Json::object({{"code", each.code}, {"text", each.text}}));
    return Json::object({{"file", document.file},
                         {"id", document.id},
                         {"verdict", to_text(document.verdict)},
                         {"findings", std::move(findings)}});
}

Json json_of(const std::vector<Extent>& extents) {
    Json::Array array;
    for (const Extent& each : extents)
        array.push_back(to_json(each));
    return array;
}

Json json_of(const Reading& reading) {
    const ReadBackRecord& record = reading.read_back;
    Json::Array users;
    for (const Guard& each : reading.in_use)
        users.push_back(to_json(each));
    return Json::object({{"node", reading.drive.node},
                         {"serial", reading.drive.serial},
                         {"size_bytes", reading.drive.size_bytes},
                         {"identified", reading.identified},
                         {"verdict", to_text(reading.verdict)},
                         {"reason", reading.reason},
                         {"verification", to_json(record.verification)},
                         {"bytes_read", record.bytes_read},
                         {"bytes_matched", record.bytes_matched},
                         {"mismatched", json_of(record.mismatched)},
                         {"unreadable", json_of(record.unreadable)},
                         {"in_use", std::move(users)},
                         {"page_cache", reading.page_cache},
                         {"log_index", reading.log_index}});
}

std::string listed(const char* what, const std::vector<Extent>& extents) {
    std::string text;
    for (std::size_t i = 0; i < std::min(extents.size(), shown_max); ++i)
        text += std::string("  ") + what + " from byte " + std::to_string(extents[i].offset) +
                ", " + std::to_string(extents[i].length) + " bytes\n";
    if (extents.size() > shown_max)
        text += "  " + std::to_string(extents.size() - shown_max) + " more, see --json\n";
    return text;
}

std::string in_words(const Reading& reading) {
    const ReadBackRecord& record = reading.read_back;
    const bool sample = record.verification.mode == VerificationMode::sample;
    std::string text =
        escaped(reading.drive.node) + ": " + std::string(to_text(reading.verdict)) + "\n";
    if (!reading.reason.empty()) text += "  " + escaped(reading.reason) + "\n";
    if (reading.verdict != RecheckVerdict::another_drive)
        text += reading.identified
                    ? "  identity: by its own serial, " + escaped(reading.drive.serial) + "\n"
                    : "  identity: not established by a serial, the size alone is that of the "
                      "certificate\n";
    text += "  " + std::to_string(record.bytes_matched) + " bytes as the certificate says, of " +
            std::to_string(record.bytes_read) + " read, of " + long_size(reading.drive.size_bytes) +
            (sample ? "; a sample says nothing of the rest" : "") + "\n";
    text += listed("not as the certificate says", record.mismatched);
    text += listed("cannot be read", record.unreadable);
    for (const Guard& each : reading.in_use)
        text += "  in use meanwhile: " + escaped(each.reason) + "\n";
    return text + "  logged as entry " + std::to_string(reading.log_index) + "\n";
}

std::string in_words(const DocumentReport& document, const std::string& program) {
    std::string text = program + ": recheck: " + escaped(document.file) + ": " +
                       std::string(to_text(document.verdict)) + ", so the drive was not read\n";
    for (const CheckFinding& each : document.findings)
        text += "  " + each.code + ": " + escaped(each.text) + "\n";
    return text;
}

void report(const Call& call, const Reread& answer) {
    if (!answer.reading) say(in_words(answer.document, call.premises.program().name));
    if (call.json) {
        Json json = Json::object({{"exit_status", static_cast<int>(exit_status(answer))},
                                  {"certificate", json_of(answer.document)}});
        if (answer.reading) json["drive"] = json_of(*answer.reading);
        return print_json(json);
    }
    if (answer.reading) print(in_words(*answer.reading));
}

} // namespace

Outcome command_recheck(const Call& call) {
    const Invocation& invocation = call.invocation;
    const auto certificate = invocation.value("--certificate");
    if (!certificate) return Error{Fault::usage, "recheck: --certificate is missing"};
    auto verification = verification_of(invocation);
    if (!verification) return std::move(verification).error().during("recheck");
    auto trust = trust_of(invocation);
    if (!trust) return std::move(trust).error().during("recheck");
    auto opened = open_site(call, Signing::ready);
    if (!opened) return std::move(opened).error().during("recheck");
    const Site site = (*opened)->doors();
    const std::string& target = invocation.operands.front();
    const auto watch = make_reading_watch(call, site.clock, target);
    const StopSignals signals;
    auto answer = reread({target, *certificate, *trust, *verification, *watch}, site);
    if (!answer) return std::move(answer).error().during("recheck");
    report(call, *answer);
    return exit_status(*answer);
}

} // namespace quietus::cli
