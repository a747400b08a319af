// Signed notes: text with Ed25519 signature lines, as logs sign their checkpoints.
//
// Format: C2SP signed-note, https://c2sp.org/signed-note. A note is one file of text; anybody may
// add a signature line, and lines of unknown keys are passed over.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/private_key.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// Whether it may name a key: not empty, UTF-8, no space of Unicode, no control character, no plus.
[[nodiscard]] bool is_note_name(std::string_view text);

/// Who may have signed: "NAME+ID+KEY", the spelling of Go's sumdb/note and of tlog-policy; ID is
/// the key id in hexadecimal, KEY is base 64 of the type (1: Ed25519) and the 32 octets of the key.
class NoteVerifier {
  public:
    /// Fault::invalid: no such text, another type of key, or an id that is not the key's.
    static Result<NoteVerifier> from_text(std::string_view text);
    /// The public half of an Ed25519 key under this name. Fault::invalid.
    static Result<NoteVerifier> of(std::string_view name, const PrivateKey& key);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::uint32_t id() const { return id_; }
    /// Whether these are the octets of its signature over the text.
    [[nodiscard]] bool verifies(std::string_view text, ByteView signature) const;

  private:
    NoteVerifier(std::string name, Bytes key);
    std::string name_;
    Bytes key_;
    std::uint32_t id_;
};

struct NoteSignature {
    std::string name;
    std::uint32_t id = 0;
    Bytes signature; ///< without the key id in front
};

struct SignedNote {
    std::string text; ///< with its last newline
    std::vector<NoteSignature> signatures;
};

/// The largest note that is read, in octets, and the most signature lines.
inline constexpr std::size_t note_limit = std::size_t{1} << 20U;
inline constexpr std::size_t note_signatures_max = 100;

/// Takes a note apart; nothing is verified. Fault::invalid.
[[nodiscard]] Result<SignedNote> parse_note(std::string_view note);

/// The text of a note that `verifier` signed. Fault::invalid when it is no note, when there is no
/// signature by that key, and when there is one that does not hold.
[[nodiscard]] Result<std::string> open_note(std::string_view note, const NoteVerifier& verifier);

/// The origin of a station's log, which names its key, when nobody chose another.
[[nodiscard]] std::string default_log_origin(const std::string& station);

/// The verifier keys in a file of trust anchors: its lines "log NAME+ID+KEY", as tlog-policy writes
/// them; every other line is somebody else's. Fault::invalid when one of them is no key.
[[nodiscard]] Result<std::vector<NoteVerifier>> log_keys_in(std::string_view trust);

/// The whole note: text, empty line, signature line, by the key of which `verifier` is the public
/// half. Fault::invalid when the text does not end in a newline or holds control characters.
[[nodiscard]] Result<std::string> sign_note(std::string_view text, const NoteVerifier& verifier,
                                            const PrivateKey& key);

/// Signs notes with one Ed25519 key under one name.
class NoteSigner {
  public:
    /// Fault::invalid when the name cannot be one or the key is of another kind.
    static Result<NoteSigner> make(std::string_view name, PrivateKey key);
    [[nodiscard]] const NoteVerifier& verifier() const { return verifier_; }
    /// As sign_note(). The same text gives the same note.
    [[nodiscard]] Result<std::string> sign(std::string_view text) const;

  private:
    NoteSigner(NoteVerifier verifier, PrivateKey key);
    NoteVerifier verifier_;
    PrivateKey key_;
};

} // namespace quietus
