#include "quietus/certificate/check.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <variant>

namespace quietus {
namespace {

// Where the two files of a document are.
struct Place {
    std::string stem; ///< path up to and including ".qdc", ".qar", ".qrh" or ".qds"
    std::string name;
    DocumentType type;
};

std::optional<Place> place_of(const std::string& path) {
    constexpr std::array<std::string_view, 4> suffixes{".json", ".p7s", ".pdf", ".tlog-proof"};
    const auto slash = path.rfind('/');
    for (const auto type : {DocumentType::certificate, DocumentType::attempt,
                            DocumentType::rehearsal, DocumentType::destruction}) {
        const std::string_view kind = suffix_of(type);
        for (const auto suffix : suffixes) {
            const std::string ending = std::string(kind) + std::string(suffix);
            if (!path.ends_with(ending)) continue;
            const std::string stem = path.substr(0, path.size() - suffix.size());
            const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
            if (stem.size() - begin <= kind.size()) continue;
            return Place{stem, stem.substr(begin, stem.size() - begin - kind.size()), type};
        }
    }
    return std::nullopt;
}

CheckFinding unreadable(const std::string& path, int number) {
    return {"I_FILE", escaped(system_error(Fault::io, path, number).message)};
}

// What speaks against opening the file at all. Only looked at from outside: opening a drive or a
// pipe can itself have effects.
std::optional<CheckFinding> objection(const std::string& path, std::size_t limit) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return unreadable(path, errno);
    if (S_ISBLK(facts.st_mode))
        return CheckFinding{"E_TYPE",
                            escaped(path) + ": a block device, not a document; not opened"};
    if (S_ISDIR(facts.st_mode))
        return CheckFinding{"E_TYPE", escaped(path) + ": a directory, not a document"};
    if (!S_ISREG(facts.st_mode))
        return CheckFinding{"E_TYPE", escaped(path) + ": not a regular file; not opened"};
    if (static_cast<std::uint64_t>(facts.st_size) > limit)
        return CheckFinding{"E_SIZE", escaped(path) + ": over " + std::to_string(limit) + " bytes"};
    return std::nullopt;
}

using Reading = std::variant<std::string, CheckFinding>;

Reading read_one(const std::string& path, std::size_t limit) {
    if (auto against = objection(path, limit)) return std::move(*against);
    auto content = read_regular_file(path, limit);
    if (content) return std::move(*content);
    const bool io = content.error().fault == Fault::io;
    return CheckFinding{io ? "I_FILE" : "E_SIZE", escaped(content.error().message)};
}

} // namespace

// Both files are looked at before the first objection is given up on, so that all are reported.
DocumentReading look_at_document(const std::string& path) {
    if (auto against = objection(path, payload_limit)) return std::vector{std::move(*against)};
    const auto place = place_of(path);
    if (!place)
        return std::vector{CheckFinding{
            "E_TYPE",
            escaped(path) +
                ": not named as a document (ID.qdc.json, ID.qar.json, ID.qrh.json, ID.qds.json)"}};
    Reading payload = read_one(place->stem + ".json", payload_limit);
    Reading p7s = read_one(place->stem + ".p7s", p7s_limit);
    std::vector<CheckFinding> findings;
    for (Reading* each : {&payload, &p7s})
        if (auto* against = std::get_if<CheckFinding>(each))
            findings.push_back(std::move(*against));
    if (!findings.empty()) return findings;
    return DocumentFiles{place->name, place->type, std::get<std::string>(std::move(payload)),
                         std::get<std::string>(std::move(p7s))};
}

std::optional<std::string> document_stem(const std::string& path) {
    auto place = place_of(path);
    return place ? std::optional(std::move(place->stem)) : std::nullopt;
}

Result<DocumentFiles> read_document(const std::string& path) {
    DocumentReading reading = look_at_document(path);
    if (auto* files = std::get_if<DocumentFiles>(&reading)) return std::move(*files);
    const CheckFinding& first = std::get<std::vector<CheckFinding>>(reading).front();
    return Error{first.code == "I_FILE" ? Fault::io : Fault::invalid, first.text};
}

DocumentReport check_file(const std::string& path, const TrustAnchors& trust,
                          const ProfileTexts& profiles) {
    DocumentReading reading = look_at_document(path);
    DocumentReport report;
    if (const auto* files = std::get_if<DocumentFiles>(&reading)) {
        report = check_document(*files, trust, profiles);
    } else {
        report.findings = std::get<std::vector<CheckFinding>>(std::move(reading));
        report.verdict = verdict_of(report.findings, report.type);
    }
    report.file = path;
    return report;
}

} // namespace quietus
