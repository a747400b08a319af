#include "quietus/app/destroy.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/signing/grounds.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <fstream>
#include <map>

namespace quietus {
namespace {

// The first line alone: a journal may be long.
std::optional<Committed> committed_of(const std::string& job, const Places& places) {
    std::ifstream file(places.job(job) + "/journal.jsonl");
    std::string line;
    std::getline(file, line);
    const auto json = parse_json(line);
    auto committed = json ? from_json<Committed>(*json) : Result<Committed>(json.error());
    if (!committed || committed->job != job) return std::nullopt;
    return std::move(*committed);
}

bool asks_for_destruction(const Plan& plan) {
    const auto& decision = plan.policy.decision;
    return decision && decision->on_failure == to_text(OnFailure::destroy);
}

std::optional<MustBeDestroyed> item_of(const LoggedJob& logged, const Places& places) {
    if (!logged.result || logged.result->verdict != to_text(Verdict::failed)) return std::nullopt;
    const auto committed = committed_of(logged.intent.job, places);
    if (!committed || !asks_for_destruction(committed->plan)) return std::nullopt;
    const PolicyBasis& policy = committed->plan.policy;
    return MustBeDestroyed{logged.intent.job,
                           committed->drive.serial,
                           committed->drive.node,
                           policy.profile + " " + policy.rule,
                           {}};
}

/// A statement that stands in the log, as far as its files are there and hold.
struct Statement {
    std::string id;
    std::vector<std::string> closes;
    bool complete = false; ///< everybody whom it requires has signed
};

// Roots are no question here: whom it requires it names by their certificates.
bool is_complete(const DocumentFiles& files, const std::vector<RequiredSigner>& required) {
    const auto check =
        check_signature(files.p7s, files.payload, DocumentType::destruction, TrustAnchors::none());
    const auto is_error = [](const CheckFinding& each) { return each.code.starts_with("E_"); };
    if (std::ranges::any_of(check.findings, is_error)) return false;
    return std::ranges::all_of(required, [&](const RequiredSigner& who) {
        return std::ranges::any_of(check.signers, [&](const CheckedSigner& signer) {
            return signer.role == who.role && signer.certificate_sha256 == who.certificate_sha256;
        });
    });
}

std::optional<Statement> statement_of(const DocumentFacts& document, const Places& places) {
    if (document.type != to_text(DocumentType::destruction)) return std::nullopt;
    const std::string path = places.certificates + "/" + document.job +
                             std::string(suffix_of(DocumentType::destruction)) + ".json";
    const auto files = read_document(path);
    if (!files || sha384_hex(files->payload) != document.payload_sha384) return std::nullopt;
    auto stated = read_destruction(files->payload);
    if (!stated) return std::nullopt;
    const bool complete = is_complete(*files, stated->signers);
    return Statement{document.job, std::move(stated->closes), complete};
}

} // namespace

Result<std::vector<MustBeDestroyed>> must_be_destroyed(const Site& site) {
    auto jobs = site.log.jobs();
    if (!jobs) return std::move(jobs).error();
    std::vector<MustBeDestroyed> open;
    for (const LoggedJob& logged : *jobs)
        if (auto item = item_of(logged, site.places)) open.push_back(std::move(*item));
    for (const LoggedJob& logged : *jobs) {
        const auto statement =
            logged.document ? statement_of(*logged.document, site.places) : std::nullopt;
        if (!statement) continue;
        for (const std::string& job : statement->closes) {
            const auto item = std::ranges::find(open, job, &MustBeDestroyed::job);
            if (item == open.end()) continue;
            if (statement->complete)
                open.erase(item);
            else
                item->statement = statement->id;
        }
    }
    return open;
}

} // namespace quietus
