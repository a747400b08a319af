#include "quietus/register/checkpoint.hpp"

#include "merkle.hpp"
#include "tile_names.hpp"

#include "quietus/core/ensure.hpp"

#include <utility>

namespace quietus {
namespace {

class KeyedSigner final : public CheckpointSigner {
  public:
    explicit KeyedSigner(NoteSigner signer) : signer_(std::move(signer)) {}
    [[nodiscard]] const NoteVerifier& verifier() const override { return signer_.verifier(); }
    [[nodiscard]] Result<std::string> sign(std::string_view text,
                                           const GrowthProof&) const override {
        return signer_.sign(text);
    }

  private:
    NoteSigner signer_;
};

std::optional<std::vector<Hash>> hashes_in(ByteView proof) {
    constexpr std::size_t octets = std::tuple_size_v<Hash>;
    if (proof.size() % octets != 0) return std::nullopt;
    std::vector<Hash> hashes;
    for (; !proof.empty(); proof = proof.subspan(octets))
        hashes.push_back(*to_hash(proof.first(octets)));
    return hashes;
}

// The empty tree is at the beginning of every other.
bool contains(const TreeHead& next, const TreeHead& last, ByteView proof) {
    if (last.size == 0 && next.size != 0) return true;
    const auto hashes = hashes_in(proof);
    return hashes && proves_consistency(*hashes, last, next);
}

} // namespace

OpenCheckpointSigner sign_checkpoints_with(std::function<Result<PrivateKey>()> load_key) {
    return [load_key = std::move(load_key)](
               const std::string& origin) -> Result<std::unique_ptr<CheckpointSigner>> {
        auto key = load_key();
        if (!key) return std::move(key).error();
        auto signer = NoteSigner::make(origin, std::move(*key));
        if (!signer) return std::move(signer).error();
        return std::make_unique<KeyedSigner>(std::move(*signer));
    };
}

void CheckpointKeeper::remember(std::string_view note) {
    const auto checkpoint = parse_checkpoint(note);
    const auto own =
        checkpoint ? verifier(checkpoint->origin) : Result<NoteVerifier>(checkpoint.error());
    auto text = own ? open_note(note, *own) : Result<std::string>(own.error());
    if (!text || checkpoint->head.size < entries()) return;
    origin_ = checkpoint->origin;
    last_ = std::move(*text);
}

Result<NoteVerifier> CheckpointKeeper::verifier(std::string_view origin) const {
    return NoteVerifier::of(origin, key_);
}

std::uint64_t CheckpointKeeper::entries() const {
    const auto last = parse_checkpoint_text(last_);
    return last ? last->head.size : 0;
}

Result<std::string> CheckpointKeeper::sign(std::string_view text, ByteView proof) {
    const auto next = parse_checkpoint_text(text);
    if (!next) return next.error();
    if (checkpoint_text(*next) != text)
        return Error{Fault::invalid, "checkpoint: more in it than origin, size and root"};
    if (!last_.empty()) {
        const auto last = parse_checkpoint_text(last_);
        QUIETUS_ENSURE(last.has_value());
        if (next->origin != last->origin)
            return Error{Fault::refused, "checkpoint: of another log than the last one"};
        if (next->head.size < last->head.size)
            return Error{Fault::refused, "checkpoint: of " + std::to_string(next->head.size) +
                                             " entries, after one of " +
                                             std::to_string(last->head.size)};
        if (!contains(next->head, last->head, proof))
            return Error{Fault::refused, "checkpoint: not shown to contain the last one"};
    }
    const auto own = verifier(next->origin);
    if (!own) return own.error();
    auto note = sign_note(text, *own, key_);
    if (note) {
        origin_ = next->origin;
        last_ = text;
    }
    return note;
}

Status CheckpointKeeper::try_out() const {
    constexpr std::string_view text = "a trial\n";
    const auto own = verifier("trial");
    if (!own) return own.error();
    const auto note = sign_note(text, *own, key_);
    const auto opened = note ? open_note(*note, *own) : note.error();
    return opened ? Status{} : Status(opened.error());
}

} // namespace quietus
