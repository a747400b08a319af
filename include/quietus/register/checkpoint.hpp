// Checkpoints: who signs what a log has come to. The key of a log may be in another process, which
// does not believe what it is told.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/note.hpp"
#include "quietus/crypto/private_key.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace quietus {

/// Shows that the tree to be signed begins with an earlier one of that many entries: the hashes of
/// RFC 6962 section 2.1.2, 32 octets each. Fault::invalid names a tile that does not hold.
using GrowthProof = std::function<Result<Bytes>(std::uint64_t earlier)>;

/// The door to the key of one log under its origin.
class CheckpointSigner {
  public:
    virtual ~CheckpointSigner() = default;
    [[nodiscard]] virtual const NoteVerifier& verifier() const = 0;
    /// The whole note. The same text gives the same note.
    [[nodiscard]] virtual Result<std::string> sign(std::string_view text,
                                                   const GrowthProof& proof) const = 0;
};

using OpenCheckpointSigner =
    std::function<Result<std::unique_ptr<CheckpointSigner>>(const std::string& origin)>;

/// With the key in this process, and no questions asked.
[[nodiscard]] OpenCheckpointSigner
sign_checkpoints_with(std::function<Result<PrivateKey>()> load_key);

/// Signs the checkpoints of one log and remembers the last: what it signs next contains all of it.
/// So nobody who is only given signatures can make it sign two histories.
class CheckpointKeeper {
  public:
    explicit CheckpointKeeper(PrivateKey key) : key_(std::move(key)) {}
    /// Goes on from a checkpoint that this key signed before; any other note changes nothing.
    void remember(std::string_view note);

    /// By what its signatures under this origin are to be checked. Fault::invalid for a name that
    /// cannot be one.
    [[nodiscard]] Result<NoteVerifier> verifier(std::string_view origin) const;
    /// Entries of the last checkpoint; 0 when there is none.
    [[nodiscard]] std::uint64_t entries() const;
    /// The origin of the last checkpoint; empty when there is none.
    [[nodiscard]] const std::string& origin() const { return origin_; }
    /// Fault::invalid when the text is no checkpoint; Fault::refused for one of another log, a
    /// smaller one, or one that is not shown to contain the last.
    [[nodiscard]] Result<std::string> sign(std::string_view text, ByteView proof);
    /// Signs what is no checkpoint, checks it, and forgets it.
    [[nodiscard]] Status try_out() const;

  private:
    PrivateKey key_;
    std::string origin_;
    std::string last_; ///< the text
};

} // namespace quietus
