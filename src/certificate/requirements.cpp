#include "quietus/certificate/requirements.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::string_view level_word = "level=";
constexpr std::string_view signer_word = "signed-by=";

Status add(std::string_view word, Requirements& requirements) {
    if (word == "validated") {
        requirements.validated = true;
        return {};
    }
    if (word == "logged") {
        requirements.logged = true;
        return {};
    }
    if (word.starts_with(level_word)) {
        requirements.level = from_text<Level>(word.substr(level_word.size()));
        if (requirements.level && *requirements.level != Level::none) return {};
    }
    if (word.starts_with(signer_word))
        if (const auto role = from_text<Role>(word.substr(signer_word.size()))) {
            requirements.signed_by.push_back(*role);
            return {};
        }
    return Error{Fault::usage, "\"" + escaped(word) +
                                   "\" is none of level=clear|purge, "
                                   "signed-by=station|operator|witness, validated, logged"};
}

} // namespace

Result<Requirements> Requirements::from_text(std::string_view text) {
    Requirements requirements;
    for (;;) {
        const auto comma = text.find(',');
        if (auto status = add(text.substr(0, comma), requirements); !status)
            return std::move(status).error();
        if (comma == text.npos) return requirements;
        text.remove_prefix(comma + 1);
    }
}

std::vector<CheckFinding> check_level_and_signers(const DocumentReport& report,
                                                  const Requirements& required) {
    std::vector<CheckFinding> findings;
    if (report.type != DocumentType::certificate || !report.trace) return findings;
    if (required.level && report.trace->level < *required.level)
        findings.push_back(
            {"E_REQUIRED_LEVEL", "level " + std::string(to_text(report.trace->level)) + ", where " +
                                     std::string(to_text(*required.level)) + " is required"});
    for (const Role role : required.signed_by)
        if (std::ranges::find(report.signers, role, &CheckedSigner::role) == report.signers.end())
            findings.push_back(
                {"E_REQUIRED_SIGNER",
                 "no signature of a " + std::string(to_text(role)) + ", which is required"});
    return findings;
}

} // namespace quietus
