// What a log's files hold, from anybody: bundles, tiles, checkpoints, notes, proofs, `pending` and
// `index`. Reading must end without a crash, and what is accepted must come back the same.
#include "log_state.hpp"
#include "pending.hpp"
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

void read_bundle_of(std::string_view text) {
    const auto entries = parse_bundle(text);
    if (!entries) return;
    std::string again;
    LogState state;
    for (const std::string_view each : *entries) {
        again += bundled(each);
        const auto entry = parse_entry(each);
        if (entry && state.apply(*entry)) state.take_as_it_is(*entry);
    }
    check(again == text);
}

void read_note(std::string_view text) {
    const auto note = parse_note(text);
    if (!note) return;
    check(!note->signatures.empty() && text.starts_with(note->text));
    if (const auto checkpoint = parse_checkpoint_text(note->text))
        check(note->text.starts_with(checkpoint_text(*checkpoint)));
}

void read_proof(std::string_view text) {
    const auto proof = parse_proof(text);
    if (!proof) return;
    const auto again = parse_proof(proof_text(*proof));
    check(again && again->path == proof->path && again->note == proof->note);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    read_bundle_of(text);
    read_note(text);
    read_proof(text);
    (void)parse_pending(text);
    (void)parse_tile(text, size / 32);
    (void)log_keys_in(text);
    if (const auto json = parse_json(text))
        if (const auto state = LogState::from_json(*json)) (void)state->to_json();
    return 0;
}
