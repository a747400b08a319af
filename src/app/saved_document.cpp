#include "saved_document.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace quietus {
namespace {

bool exists(const std::string& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0;
}

Error in_the_way(const std::string& path, const std::string& why) {
    return Error{Fault::evidence, path + ": " + why}.with_hint("move it away");
}

bool is_of(const std::string& payload, const DocumentSearch& search) {
    const auto json = parse_json(payload);
    return json && json->text_of("id") == search.job &&
           json->text_of("journal_sha256") == search.journal_sha256;
}

// As the auditor would, but for the path: trust is theirs to bring.
Status check(const DocumentFiles& files, const DocumentSearch& search, const std::string& path) {
    const DocumentReport report = check_document(files, TrustAnchors::none());
    for (const CheckFinding& finding : report.findings)
        if (finding.code.starts_with("E_"))
            return in_the_way(path, finding.code + ": " + finding.text);
    const auto is_signer = [&](const CheckedSigner& each) {
        return each.certificate_sha256 == search.signer.certificate_sha256;
    };
    if (std::ranges::any_of(report.signers, is_signer)) return {};
    return in_the_way(path, "not signed by this station");
}

Result<std::optional<SavedDocument>> find_of_type(const DocumentSearch& search, DocumentType type) {
    const std::string stem = search.directory + "/" + search.job + std::string(suffix_of(type));
    const std::string path = stem + ".json";
    if (!exists(path)) return std::optional<SavedDocument>{};
    auto payload = read_regular_file(path, payload_limit);
    if (!payload) return in_the_way(path, payload.error().message);
    if (!is_of(*payload, search)) return in_the_way(path, "not the document of this job");
    if (!exists(stem + ".p7s")) {
        if (::unlink(path.c_str()) != 0) return system_error(Fault::evidence, path);
        return std::optional<SavedDocument>{};
    }
    auto p7s = read_regular_file(stem + ".p7s", p7s_limit);
    if (!p7s) return in_the_way(stem + ".p7s", p7s.error().message);
    if (auto status = check({search.job, type, *payload, *p7s}, search, path); !status)
        return std::move(status).error();
    return std::optional(SavedDocument{type, path, std::move(*payload)});
}

} // namespace

Result<std::optional<SavedDocument>> find_saved(const DocumentSearch& search) {
    if (search.signer.role == Role::rehearsal) return find_of_type(search, DocumentType::rehearsal);
    auto certificate = find_of_type(search, DocumentType::certificate);
    if (!certificate || *certificate) return certificate;
    return find_of_type(search, DocumentType::attempt);
}

Result<std::optional<SavedDocument>> find_saved_statement(const DocumentSearch& search) {
    return find_of_type(search, DocumentType::destruction);
}

} // namespace quietus
