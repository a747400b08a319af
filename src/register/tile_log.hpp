// TileLog: a log as a directory of tiles, bundles and one signed checkpoint (C2SP tlog-tiles), and
// how it grows without ever being wrong, whenever the power goes.
//
// An append goes through these steps, each on stable storage before the next begins:
//   1. `pending`: what is to be appended, and its digest;
//   2. bundles and tiles: written beside, renamed, their directories synced;
//   3. `checkpoint`: written beside, renamed, the directory synced.
// Only then is it acknowledged. A crash in step 1 leaves a `pending` whose digest does not hold:
// nothing was signed, it is dropped. After step 1 the next writer carries the append out from
// `pending`, to the same tiles and the same signature; so two different checkpoints of one size are
// never signed, not even when somebody has seen the first one.
//
// Not for several writers at once: whoever appends holds the log's lock.
#pragma once

#include "log_files.hpp"
#include "merkle.hpp"
#include "tile_names.hpp"

#include "quietus/core/result.hpp"
#include "quietus/register/checkpoint.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

class TileLog {
  public:
    /// What is told of each entry: its index and its octets.
    using Take = std::function<Status(std::uint64_t index, std::string_view entry)>;

    explicit TileLog(LogFiles& files) : files_(files) {}

    /// Reads the checkpoint. Fault::invalid when it is no checkpoint, and when it is of a smaller
    /// tree than one read before.
    [[nodiscard]] Status read_checkpoint();
    /// Whether the checkpoint is there; then whose it is and what it says.
    [[nodiscard]] bool exists() const { return checkpoint_.has_value(); }
    [[nodiscard]] const Checkpoint& checkpoint() const { return *checkpoint_; }
    [[nodiscard]] const std::string& note() const { return note_; }

    /// Begins at a size up to the checkpoint's, from the tiles alone; the root they give.
    [[nodiscard]] Result<Hash> start_at(std::uint64_t size);
    /// Reads on to the checkpoint and tells of each entry; the entries must give its root
    /// (Fault::invalid).
    [[nodiscard]] Status advance(const Take& take);
    /// The entries told of or appended so far.
    [[nodiscard]] std::uint64_t known() const { return frontier_.size(); }

    /// The first checkpoint, of the empty tree.
    [[nodiscard]] Status create(const CheckpointSigner& signer);
    /// Carries out what a crash interrupted; what was done, as a clause for people, or nothing.
    /// Fault::invalid when `pending` does not follow the checkpoint: somebody put back an older
    /// one. Needs advance() to have come to the checkpoint.
    [[nodiscard]] Result<std::optional<std::string>> recover(const CheckpointSigner& signer);
    /// Appends at the checkpoint, to which advance() must have come. Fault::evidence; nothing is
    /// acknowledged then, and it is in the log at the next recover() or never.
    [[nodiscard]] Status append(const std::vector<std::string>& entries,
                                const CheckpointSigner& signer);

  private:
    struct Growth;

    [[nodiscard]] Status carry_out(const std::vector<std::string_view>& entries,
                                   const CheckpointSigner& signer);
    [[nodiscard]] Growth grow(const std::vector<std::string_view>& entries) const;
    [[nodiscard]] Status write_all_of(const Growth& growth);
    [[nodiscard]] Status publish(const TreeHead& head, const CheckpointSigner& signer);
    void drop_partials(const Growth& growth);
    [[nodiscard]] Status start_bundle(std::uint64_t size,
                                      const std::vector<Frontier::Level>& levels);
    [[nodiscard]] Status take_bundle(std::uint64_t index, const Take& take);

    LogFiles& files_;
    std::optional<Checkpoint> checkpoint_;
    std::string note_;
    Frontier frontier_;
    std::string bundle_; ///< of the entries after the last full bundle
};

/// A tile of a tree of this size: the partial one, or as much of the full one. Fault::invalid names
/// it when it is missing or of another size.
[[nodiscard]] Result<std::vector<Hash>> read_tile(LogFiles& files, std::uint64_t tree_size,
                                                  unsigned level, std::uint64_t index);
/// The same of a bundle; its entries are not hashed. `content` is what parse_bundle() reads.
[[nodiscard]] Result<std::string> read_bundle(LogFiles& files, std::uint64_t tree_size,
                                              std::uint64_t index);

} // namespace quietus
