// Proofs from anybody (C2SP tlog-proof): what is read comes back the same, and a path that leads to
// a root leads to no other.
#include "proof.hpp"
#include "tile_names.hpp"

#include "quietus/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace quietus;

void check(bool holds) {
    if (!holds) abort();
}

// The entry is the proof's own text: any will do.
void follow(const LogProof& proof, const TreeHead& head, std::string_view entry) {
    const Hash leaf = leaf_hash(entry);
    if (!proves_inclusion(proof.path, leaf, proof.index, head)) return;
    check(proof.index < head.size && proof.path.size() <= 64);
    check(!proves_inclusion(proof.path, node_hash(leaf, leaf), proof.index, head));
    for (std::size_t i = 0; i < proof.path.size(); ++i) {
        auto other = proof.path;
        other[i][0] ^= 1U;
        check(!proves_inclusion(other, leaf, proof.index, head));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    const auto proof = parse_proof(text);
    if (!proof) return 0;
    const std::string written = proof_text(*proof);
    const auto again = parse_proof(written);
    check(again && again->index == proof->index && again->path == proof->path &&
          again->note == proof->note && proof_text(*again) == written);
    if (const auto checkpoint = parse_checkpoint(proof->note)) {
        follow(*proof, checkpoint->head, text);
        // And in the tree that this path does lead to, were it of one entry.
        follow(*proof, {1, leaf_hash(text)}, text);
    }
    return 0;
}
