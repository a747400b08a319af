// SignerProcess: the station's keys in a process of their own, which has them, a channel to us, and
// nothing else: no drive, no file, no socket (confine/confinement.hpp).
//
// It is started before anything else is, so that no process forked later has a copy of a key in its
// memory. What it needs to know comes through the channel and is proven there: payload, journal,
// and what the log says of the job. It ends when its parent does. When it hangs or dies every
// request fails from then on; it is not started again, since by then there may be drives to be
// copied into it.
#pragma once

#include "quietus/confine/child_process.hpp"
#include "quietus/signing/station_signer.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

struct SignerSetup {
    std::string keys; ///< STATE/keys, and the last checkpoint that is kept there
    std::string log;  ///< STATE/log, for the checkpoint that stands there at the start
    /// For one answer; a second more for each MiB of the request.
    std::chrono::milliseconds deadline{30'000};
    /// That the keys must be of: Role::rehearsal in an exercise, and in no other case.
    Role role = Role::station;
};

class SignerProcess final : public StationSigner {
  public:
    explicit SignerProcess(SignerSetup setup) : setup_(std::move(setup)) {}
    /// Forks it. That it cannot be started, or that there are no keys, is told when it is first
    /// asked for something: other reasons not to begin come first.
    void start();

    Result<SignerIdentity> identity() override;
    Status try_out() override;
    Result<Bytes> sign(const SigningRequest& request) override;
    Result<std::unique_ptr<CheckpointSigner>> checkpoint_signer(const std::string& origin) override;

    /// While it runs; 0 otherwise.
    [[nodiscard]] pid_t pid() const { return child_ ? child_->pid() : 0; }

    /// One question and its answer, as words of any octets.
    using Words = std::vector<std::string>;
    [[nodiscard]] Result<Words> ask(const Words& question);

  private:
    using Due = std::chrono::steady_clock::time_point;
    Result<std::string> answer_to(const std::string& message);
    Status send(std::string_view octets, Due due);
    Result<std::string> receive(std::size_t count, Due due);
    Status wait_for(short events, Due due);
    Error gone();

    SignerSetup setup_;
    std::optional<ChildProcess> child_;
    Error why_not_{Fault::evidence, "the signer was not started"};
};

} // namespace quietus
