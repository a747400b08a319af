// What a log's files hold, from anybody: checkpoints, tiles, bundles, entries, `pending` and
// `index`. Reading must end without a crash, and what is accepted must come back the same.
#include "log_state.hpp"
#include "pending.hpp"
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

void read_entry(std::string_view text) {
    const auto entry = parse_entry(text);
    if (!entry) return;
    const auto again =
        std::visit([](const auto& each) { return to_canonical(to_json(each)); }, *entry);
    check(again && again->size() <= text.size()); // shorter by members that begin with x_
}

void read_checkpoint(std::string_view text) {
    if (const auto checkpoint = parse_checkpoint_text(text))
        check(text.starts_with(checkpoint_text(*checkpoint)));
    const auto note = parse_note(text);
    const auto checkpoint = parse_checkpoint(text);
    check(note || !checkpoint);
}

void read_tile(std::string_view text) {
    const auto hashes = parse_tile(text, text.size() / 32);
    check(!hashes || tile_content(*hashes) == text);
}

void read_index(std::string_view text) {
    const auto json = parse_json(text);
    if (!json) return;
    const auto state = LogState::from_json(*json);
    if (!state) return;
    const auto again = LogState::from_json(state->to_json());
    check(again && *again == *state);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    read_bundle_of(text);
    read_entry(text);
    read_checkpoint(text);
    read_tile(text);
    (void)parse_pending(text);
    read_index(text);
    return 0;
}
