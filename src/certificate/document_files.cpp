#include "quietus/certificate/check.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <tuple>
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
    constexpr std::array<std::string_view, 4> all{".json", ".p7s", ".pdf", ".tlog-proof"};
    constexpr std::array<std::string_view, 6> of_certificates{
        ".json", ".p7s",       validation_payload_suffix, validation_signature_suffix,
        ".pdf",  ".tlog-proof"};
    const auto slash = path.rfind('/');
    for (const auto type : {DocumentType::certificate, DocumentType::attempt,
                            DocumentType::rehearsal, DocumentType::destruction}) {
        const std::string_view kind = suffix_of(type);
        const std::span<const std::string_view> suffixes =
            type == DocumentType::certificate ? std::span<const std::string_view>(of_certificates)
                                              : std::span<const std::string_view>(all);
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

// A statement beside the certificate: nothing when neither of its files is there.
std::optional<ValidationFiles> read_validation(const std::string& stem) {
    const std::string payload = stem + std::string(validation_payload_suffix);
    const std::string p7s = stem + std::string(validation_signature_suffix);
    const auto is_there = [](const std::string& path) {
        struct stat facts {};
        return ::lstat(path.c_str(), &facts) == 0;
    };
    if (!is_there(payload) && !is_there(p7s)) return std::nullopt;
    ValidationFiles files;
    for (const auto& [path, limit, content] : {std::tuple{&payload, payload_limit, &files.payload},
                                               std::tuple{&p7s, p7s_limit, &files.p7s}}) {
        Reading reading = read_one(*path, limit);
        if (auto* text = std::get_if<std::string>(&reading))
            *content = std::move(*text);
        else
            files.findings.push_back(std::get<CheckFinding>(std::move(reading)));
    }
    return files;
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
    DocumentFiles files{place->name, place->type, std::get<std::string>(std::move(payload)),
                        std::get<std::string>(std::move(p7s))};
    if (place->type == DocumentType::certificate) files.validation = read_validation(place->stem);
    return files;
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
