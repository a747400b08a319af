// Signed notes from anybody, and files of trust. Nothing that the key below did not sign may open.
#include "quietus/core/bytes.hpp"
#include "quietus/crypto/note.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace quietus;

// The example of golang.org/x/mod/sumdb/note: key, and the one text that it is known to have
// signed.
constexpr auto key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view signed_text =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";

void check(bool holds) {
    if (!holds) abort();
}

void read_note(std::string_view text) {
    static const NoteVerifier verifier = NoteVerifier::from_text(key).value();
    const auto opened = open_note(text, verifier);
    check(!opened || *opened == signed_text);
    const auto note = parse_note(text);
    check(note || !opened);
    if (!note) return;
    check(!note->signatures.empty() && text.starts_with(note->text + "\n"));
    for (const NoteSignature& each : note->signatures)
        check(is_note_name(each.name) && !each.signature.empty());
}

void read_trust(std::string_view text) {
    const auto keys = log_keys_in(text);
    if (!keys) return;
    for (const NoteVerifier& each : *keys) {
        const auto again = NoteVerifier::from_text(each.text());
        check(again && again->id() == each.id() && again->name() == each.name());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    read_note(text);
    read_trust(text);
    return 0;
}
