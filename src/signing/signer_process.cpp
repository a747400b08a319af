#include "quietus/signing/signer_process.hpp"

#include "signing_desk.hpp"
#include "words.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <thread>
#include <utility>

namespace quietus {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How long a signer that has closed its channel may take to be gone.
constexpr milliseconds grace{100};

Error garbled() {
    return {Fault::evidence, "the signer gave an answer that cannot be read"};
}

/// The log's key at the other end of the channel.
class RemoteCheckpoints final : public CheckpointSigner {
  public:
    RemoteCheckpoints(SignerProcess& signer, NoteVerifier verifier)
        : signer_(signer), verifier_(std::move(verifier)) {}
    [[nodiscard]] const NoteVerifier& verifier() const override { return verifier_; }
    [[nodiscard]] Result<std::string> sign(std::string_view text,
                                           const GrowthProof& proof) const override {
        auto size = signer_.ask({"log-size"});
        if (!size) return std::move(size).error();
        std::uint64_t earlier = 0;
        if (size->size() != 1) return garbled();
        const std::string& digits = size->front();
        std::from_chars(digits.data(), digits.data() + digits.size(), earlier);
        const auto hashes = proof(earlier);
        if (!hashes) return hashes.error();
        auto note = signer_.ask({"checkpoint", std::string(text), std::string(as_text(*hashes))});
        if (!note) return std::move(note).error();
        if (note->size() != 1) return garbled();
        const auto signed_text = open_note(note->front(), verifier_);
        if (!signed_text || *signed_text != text) return garbled();
        return std::move(note->front());
    }

  private:
    SignerProcess& signer_;
    NoteVerifier verifier_;
};

} // namespace

void SignerProcess::start() {
    auto child = ChildProcess::start([&setup = setup_](const ChildChannel& channel) {
        SigningDesk desk(setup, channel);
        serve(desk, channel);
    });
    if (child)
        child_.emplace(std::move(*child));
    else
        why_not_ = std::move(child).error().during("signer");
}

// It is not asked again: what it would answer next nobody could tell.
Error SignerProcess::gone() {
    for (milliseconds waited{0}; !child_->ended() && waited < grace; ++waited)
        std::this_thread::sleep_for(milliseconds{1});
    const auto status = child_->ended();
    const std::string how = status ? ending_of(*status) : "";
    why_not_ = {Fault::evidence, "the signer is gone" + (how.empty() ? "" : ": " + how)};
    child_.reset();
    return why_not_;
}

Status SignerProcess::wait_for(short events, Due due) {
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(due - steady_clock::now());
        pollfd waiting{child_->channel(), events, 0};
        const auto patience = std::max(left, milliseconds{0});
        const int ready = ::poll(&waiting, 1, static_cast<int>(patience.count()));
        if (ready > 0) return {};
        if (ready < 0 && errno == EINTR) continue;
        why_not_ = {Fault::evidence, "the signer did not answer in time"};
        child_.reset();
        return why_not_;
    }
}

Status SignerProcess::send(std::string_view octets, Due due) {
    while (!octets.empty()) {
        const ssize_t put = ::send(child_->channel(), octets.data(), octets.size(), MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0 && errno != EAGAIN) return gone();
        if (put > 0) octets.remove_prefix(static_cast<std::size_t>(put));
        if (put > 0) continue;
        if (auto status = wait_for(POLLOUT, due); !status) return status;
    }
    return {};
}

Result<std::string> SignerProcess::receive(std::size_t count, Due due) {
    std::string octets(count, '\0');
    for (std::size_t filled = 0; filled < count;) {
        const ssize_t got =
            ::read(child_->channel(), octets.data() + filled, octets.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got == 0 || (got < 0 && errno != EAGAIN)) return gone();
        if (got > 0) filled += static_cast<std::size_t>(got);
        if (got > 0) continue;
        if (auto status = wait_for(POLLIN, due); !status) return std::move(status).error();
    }
    return octets;
}

Result<std::string> SignerProcess::answer_to(const std::string& message) {
    const auto due =
        steady_clock::now() + setup_.deadline + std::chrono::seconds(message.size() >> 20U);
    if (auto status = send(message, due); !status) return std::move(status).error();
    const auto length = receive(length_octets, due);
    if (!length) return length;
    const auto count = message_length(*length);
    if (!count) return garbled();
    return receive(*count, due);
}

Result<Words> SignerProcess::ask(const Words& question) {
    if (!child_) return why_not_;
    const std::string message = to_message(question);
    if (message.size() > message_limit)
        return Error{Fault::evidence, "the journal is too large to be shown to the signer"};
    const auto body = answer_to(message);
    if (!body) return body.error();
    auto words = parse_words(*body);
    return words ? parse_answer(std::move(*words)) : Result<Words>(garbled());
}

Result<SignerIdentity> SignerProcess::identity() {
    const auto answer = ask({"identity"});
    if (!answer) return answer.error();
    const auto json = answer->size() == 1 ? parse_json(answer->front()) : garbled();
    auto identity = json ? from_json<SignerIdentity>(*json) : garbled();
    return identity ? identity : garbled();
}

Status SignerProcess::try_out() {
    const auto answer = ask({"try"});
    return answer ? Status{} : Status(answer.error());
}

Result<Bytes> SignerProcess::sign(const SigningRequest& request) {
    const Testimony& log = request.testimony;
    Words question{"document",
                   request.payload,
                   std::string(to_text(request.type)),
                   request.journal,
                   to_line(to_json(request.tool)),
                   log.intent.entry,
                   log.intent.proof,
                   log.result.entry,
                   log.result.proof};
    if (request.earlier) {
        const Testimony& before = request.earlier->testimony;
        question.insert(question.end(),
                        {request.earlier->journal, before.intent.entry, before.intent.proof,
                         before.result.entry, before.result.proof});
    }
    const auto answer = ask(question);
    if (!answer) return answer.error();
    if (answer->size() != 1) return garbled();
    const ByteView signature = as_bytes(answer->front());
    return Bytes(signature.begin(), signature.end());
}

Result<std::unique_ptr<CheckpointSigner>>
SignerProcess::checkpoint_signer(const std::string& origin) {
    const auto answer = ask({"log-key", origin});
    if (!answer) return answer.error();
    auto verifier = answer->size() == 1 ? NoteVerifier::from_text(answer->front()) : garbled();
    if (!verifier || verifier->name() != origin) return garbled();
    return std::make_unique<RemoteCheckpoints>(*this, std::move(*verifier));
}

} // namespace quietus
