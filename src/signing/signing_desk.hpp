// SigningDesk: what the signer does at its end of the channel.
#pragma once

#include "words.hpp"

#include "quietus/confine/child_process.hpp"
#include "quietus/signing/signer_process.hpp"

#include <memory>
#include <optional>
#include <string>

namespace quietus {

class SigningDesk {
  public:
    /// Loads the keys, then confines this process for good: from here on it can read and write its
    /// channel, and no more. What went wrong with either is the answer to every question.
    SigningDesk(const SignerSetup& setup, const ChildChannel& channel);

    [[nodiscard]] Words answer(const Words& question);

  private:
    Status load(const SignerSetup& setup);
    Result<Words> try_answer(const Words& question);
    Result<Words> sign_document(const Words& question);
    Status try_out();

    std::optional<Error> why_not_;
    std::unique_ptr<Signer> documents_;
    std::optional<CheckpointKeeper> log_;
};

/// Answers until the other end closes the channel; then returns.
void serve(SigningDesk& desk, const ChildChannel& channel);

} // namespace quietus
