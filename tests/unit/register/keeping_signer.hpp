// KeepingSigner: the log's key in the hands of somebody who remembers what it signed.
#pragma once

#include "quietus/register/checkpoint.hpp"

#include <string>

namespace quietus {

/// With a new key.
class KeepingSigner final : public CheckpointSigner {
  public:
    explicit KeepingSigner(const std::string& origin)
        : keeper_(PrivateKey::generate(KeyKind::ed25519).value()),
          verifier_(keeper_.verifier(origin).value()) {}
    [[nodiscard]] const NoteVerifier& verifier() const override { return verifier_; }
    [[nodiscard]] Result<std::string> sign(std::string_view text,
                                           const GrowthProof& proof) const override {
        const auto hashes = proof(keeper_.entries());
        return hashes ? keeper_.sign(text, *hashes) : hashes.error();
    }

  private:
    mutable CheckpointKeeper keeper_;
    NoteVerifier verifier_;
};

} // namespace quietus
