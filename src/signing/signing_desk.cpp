#include "signing_desk.hpp"

#include "quietus/confine/confinement.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/keys/station_keys.hpp"
#include "quietus/record/rehearsal.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace quietus {
namespace {

/// A journal of a million extents as a tree of JSON, twice.
constexpr std::uint64_t most_memory = std::uint64_t{8} << 30U;
/// Of a question that shows an earlier run as well.
constexpr std::size_t words_with_earlier = 14;

// No core, and nobody of the same user attaches to it.
Status hide() {
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return system_error(Fault::io, "signer: memory cannot be hidden");
    return {};
}

// Keys for exercises sign nothing else, and nobody else's keys sign an exercise.
Status check_purpose(const SignerIdentity& identity, Role wanted) {
    const bool rehearses = wanted == Role::rehearsal;
    if (identity.role == wanted && is_marked(identity.name) == rehearses) return {};
    return Error{Fault::refused,
                 "signer: the key is that of the " + std::string(to_text(identity.role)) + " " +
                     escaped(identity.name) +
                     (rehearses ? ": a rehearsal is signed by a key of its own"
                                : ": a key for rehearsals signs no document of a real drive")};
}

std::optional<std::string> read_exactly(int descriptor, std::size_t count) {
    std::string octets(count, '\0');
    for (std::size_t filled = 0; filled < count;) {
        const ssize_t got = ::read(descriptor, octets.data() + filled, count - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        filled += static_cast<std::size_t>(got);
    }
    return octets;
}

} // namespace

SigningDesk::SigningDesk(const SignerSetup& setup, const ChildChannel& channel) {
    auto status = load(setup);
    // What the libraries read when they are first used they read now.
    if (status) (void)try_out();
    const auto confined = confine({.writable = channel.descriptor(), .memory = most_memory});
    if (!confined) status = Error(confined.error()).during("signer");
    if (status) return;
    documents_.reset();
    log_.reset();
    why_not_ = std::move(status).error();
}

Status SigningDesk::load(const SignerSetup& setup) {
    if (auto status = hide(); !status) return status;
    auto signer = load_station_signer(setup.keys);
    if (!signer) return std::move(signer).error();
    if (auto status = check_purpose((*signer)->identity(), setup.role); !status) return status;
    auto key = load_log_key(setup.keys);
    if (!key) return std::move(key).error();
    documents_ = std::move(*signer);
    log_.emplace(std::move(*key));
    // The one that is kept beside the keys counts when the log was put back to an older one.
    for (const std::string& directory : {setup.log, setup.keys})
        if (const auto note = read_regular_file(directory + "/checkpoint", note_limit))
            log_->remember(*note);
    return {};
}

Status SigningDesk::try_out() {
    auto document = documents_->sign("{}", trial_document(documents_->identity().role));
    if (!document) return std::move(document).error();
    return log_->try_out();
}

Result<Words> SigningDesk::sign_document(const Words& question) {
    const auto type = from_text<DocumentType>(question[2]);
    const auto tool_json = parse_json(question[4]);
    auto tool = tool_json ? from_json<Tool>(*tool_json) : Result<Tool>(tool_json.error());
    if (!type || !tool) return Error{Fault::invalid, "a question that cannot be read"};
    const auto log = log_->verifier(log_->origin());
    if (!log) return Error{Fault::refused, "no log is known here"};
    SigningRequest request{question[1],
                           *type,
                           question[3],
                           std::move(*tool),
                           {{question[5], question[6]}, {question[7], question[8]}}};
    if (question.size() == words_with_earlier)
        request.earlier =
            EarlierRun{question[9], {{question[10], question[11]}, {question[12], question[13]}}};
    const AskedSigner self{documents_->identity(), *log, SystemClock().utc_seconds()};
    if (auto status = check_grounds(request, self); !status)
        return std::move(status).error().during("the signer refuses");
    auto signature = documents_->sign(request.payload, request.type);
    if (!signature) return std::move(signature).error();
    return Words{std::string(as_text(*signature))};
}

Result<Words> SigningDesk::try_answer(const Words& question) {
    if (why_not_) return *why_not_;
    const std::string verb = question.empty() ? "" : question[0];
    if (verb == "identity" && question.size() == 1)
        return Words{to_line(to_json(documents_->identity()))};
    if (verb == "try" && question.size() == 1) {
        auto status = try_out();
        return status ? Result<Words>(Words{}) : Result<Words>(std::move(status).error());
    }
    if (verb == "document" && (question.size() == 9 || question.size() == words_with_earlier))
        return sign_document(question);
    if (verb == "log-key" && question.size() == 2) {
        const auto verifier = log_->verifier(question[1]);
        return verifier ? Result<Words>(Words{verifier->text()}) : verifier.error();
    }
    if (verb == "log-size" && question.size() == 1) return Words{std::to_string(log_->entries())};
    if (verb == "checkpoint" && question.size() == 3) {
        auto note = log_->sign(question[1], as_bytes(question[2]));
        return note ? Result<Words>(Words{std::move(*note)}) : std::move(note).error();
    }
    return Error{Fault::invalid, "no such question"};
}

Words SigningDesk::answer(const Words& question) {
    auto answered = try_answer(question);
    if (!answered) return refusal(answered.error());
    answered->insert(answered->begin(), "ok");
    return std::move(*answered);
}

void serve(SigningDesk& desk, const ChildChannel& channel) {
    for (;;) {
        const auto length = read_exactly(channel.descriptor(), length_octets);
        if (!length) return;
        const auto count = message_length(*length);
        const auto body = count ? read_exactly(channel.descriptor(), *count) : std::nullopt;
        if (!body) return;
        const auto question = parse_words(*body);
        channel.send(to_message(question ? desk.answer(*question) : refusal(question.error())));
    }
}

} // namespace quietus
