#include "quietus/register/testimony.hpp"

#include "log_state.hpp"
#include "proof.hpp"

#include "quietus/core/bytes.hpp"

namespace quietus {
namespace {

// The entry, when it is of that kind and its proof holds.
template <typename Kind>
Result<Kind> believed(const Attested& attested, const NoteVerifier& log) {
    const auto proof = parse_proof(attested.proof);
    if (!proof) return proof.error();
    if (auto status = check_proof(*proof, attested.entry, log); !status)
        return std::move(status).error();
    auto entry = parse_entry(attested.entry);
    if (!entry) return std::move(entry).error();
    auto* kind = std::get_if<Kind>(&*entry);
    if (kind == nullptr) return Error{Fault::invalid, "an entry of another type"};
    if (kind->head.index != proof->index)
        return Error{Fault::invalid, "an entry at another place than it says"};
    return std::move(*kind);
}

} // namespace

Result<AttestedJob> check_intent(const Attested& attested, const NoteVerifier& log) {
    auto intent = believed<IntentEntry>(attested, log);
    if (!intent) return std::move(intent).error().during("intent");
    return AttestedJob{{intent->job,
                        intent->sequence,
                        intent->head.index,
                        {},
                        intent->previous_sha384,
                        intent->head.station,
                        intent->technique},
                       intent->plan_sha256,
                       intent->serial_hmac,
                       intent->technique,
                       {}};
}

Result<AttestedJob> check_testimony(const Testimony& testimony, const NoteVerifier& log) {
    auto job = check_intent(testimony.intent, log);
    if (!job) return job;
    auto result = believed<ResultEntry>(testimony.result, log);
    if (!result) return std::move(result).error().during("result");
    if (result->job != job->intent.job || result->head.station != job->intent.station)
        return Error{Fault::invalid, "result: of another job than the intent"};
    job->result = {result->job, std::string(to_text(result->verdict)), result->journal_sha256};
    return job;
}

} // namespace quietus
