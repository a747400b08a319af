#include "quietus/crypto/note.hpp"

#include "openssl_handles.hpp"

#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace quietus {
namespace {

constexpr std::uint8_t ed25519_type = 1;
constexpr std::size_t ed25519_key_octets = 32;
constexpr std::size_t ed25519_signature_octets = 64;
constexpr std::string_view line_start = "\xE2\x80\x94 "; // em dash, space

using ContextPtr = std::unique_ptr<EVP_MD_CTX, Releasing<EVP_MD_CTX_free>>;

// White_Space of Unicode beyond ASCII.
constexpr std::array<std::string_view, 19> wide_spaces{
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

Error invalid(std::string message) {
    return {Fault::invalid, "note: " + std::move(message)};
}

bool is_note_text(std::string_view text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
    return is_utf8(text) && std::ranges::none_of(text, control);
}

std::uint32_t big_endian(ByteView octets) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8U | octets[i];
    return value;
}

std::uint32_t key_id(std::string_view name, ByteView key) {
    Digest digest(DigestKind::sha256);
    digest.update(as_bytes(name));
    const std::array<std::uint8_t, 2> type{'\n', ed25519_type};
    digest.update(type);
    digest.update(key);
    return big_endian(digest.finish());
}

Bytes octets_of(std::uint32_t id) {
    Bytes octets;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        octets.push_back(static_cast<std::uint8_t>(id >> shift));
    return octets;
}

std::optional<NoteSignature> parse_line(std::string_view line) {
    if (!line.starts_with(line_start)) return std::nullopt;
    line.remove_prefix(line_start.size());
    const auto space = line.find(' ');
    if (space == line.npos || !is_note_name(line.substr(0, space))) return std::nullopt;
    auto octets = from_base64(line.substr(space + 1));
    if (!octets || octets->size() < 5) return std::nullopt;
    return NoteSignature{std::string(line.substr(0, space)), big_endian(*octets),
                         Bytes(octets->begin() + 4, octets->end())};
}

} // namespace

bool is_note_name(std::string_view text) {
    const auto wide = [text](std::string_view space) { return text.find(space) != text.npos; };
    const auto plain = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != '+'; };
    return !text.empty() && is_utf8(text) && std::ranges::all_of(text, plain) &&
           std::ranges::none_of(wide_spaces, wide);
}

NoteVerifier::NoteVerifier(std::string name, Bytes key)
    : name_(std::move(name)), key_(std::move(key)), id_(key_id(name_, key_)) {}

Result<NoteVerifier> NoteVerifier::from_text(std::string_view text) {
    const auto first = text.find('+');
    const auto second = first == text.npos ? text.npos : text.find('+', first + 1);
    if (second == text.npos) return invalid("a verifier key is NAME+ID+KEY");
    const auto octets = from_base64(text.substr(second + 1));
    if (!is_note_name(text.substr(0, first)) || !octets ||
        octets->size() != 1 + ed25519_key_octets || octets->front() != ed25519_type)
        return invalid("a verifier key that is no named Ed25519 key");
    NoteVerifier verifier(std::string(text.substr(0, first)),
                          Bytes(octets->begin() + 1, octets->end()));
    if (to_hex(octets_of(verifier.id_)) != text.substr(first + 1, second - first - 1))
        return invalid("a verifier key whose id is not the key's");
    return verifier;
}

Result<NoteVerifier> NoteVerifier::of(std::string_view name, const PrivateKey& key) {
    if (!is_note_name(name)) return invalid("\"" + escaped(name) + "\" cannot name a key");
    Bytes octets(ed25519_key_octets);
    std::size_t size = octets.size();
    EVP_PKEY* raw = key.state().key.get();
    if (EVP_PKEY_id(raw) != EVP_PKEY_ED25519 ||
        EVP_PKEY_get_raw_public_key(raw, octets.data(), &size) != 1 || size != octets.size())
        return openssl_error(Fault::invalid, "note: not an Ed25519 key");
    return NoteVerifier(std::string(name), std::move(octets));
}

std::string NoteVerifier::text() const {
    Bytes typed{ed25519_type};
    typed.insert(typed.end(), key_.begin(), key_.end());
    return name_ + "+" + to_hex(octets_of(id_)) + "+" + to_base64(typed);
}

bool NoteVerifier::verifies(std::string_view text, ByteView signature) const {
    const KeyPtr key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key_.data(), key_.size()));
    const ContextPtr context(EVP_MD_CTX_new());
    const ByteView octets = as_bytes(text);
    const bool holds =
        key && context && signature.size() == ed25519_signature_octets &&
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), octets.data(),
                         octets.size()) == 1;
    ERR_clear_error();
    return holds;
}

Result<SignedNote> parse_note(std::string_view note) {
    if (note.size() > note_limit) return invalid("over 1 MiB");
    if (!is_note_text(note)) return invalid("not UTF-8, or with control characters");
    const auto split = note.rfind("\n\n");
    if (split == note.npos) return invalid("no empty line before the signatures");
    SignedNote result{std::string(note.substr(0, split + 1)), {}};
    std::string_view lines = note.substr(split + 2);
    if (lines.empty() || lines.back() != '\n') return invalid("no signature line at its end");
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        auto signature = parse_line(lines.substr(0, end));
        if (!signature) return invalid("a signature line that is none");
        if (result.signatures.size() == note_signatures_max) return invalid("too many signatures");
        result.signatures.push_back(std::move(*signature));
        lines.remove_prefix(end + 1);
    }
    return result;
}

Result<std::string> open_note(std::string_view note, const NoteVerifier& verifier) {
    auto parsed = parse_note(note);
    if (!parsed) return std::move(parsed).error();
    bool signed_by_it = false;
    for (const NoteSignature& each : parsed->signatures) {
        if (each.name != verifier.name() || each.id != verifier.id()) continue;
        if (!verifier.verifies(parsed->text, each.signature))
            return invalid("the signature of " + verifier.name() + " does not hold");
        signed_by_it = true;
    }
    if (!signed_by_it) return invalid("not signed by " + verifier.text());
    return std::move(parsed->text);
}

std::string default_log_origin(const std::string& station) {
    return "quietus/" + station;
}

Result<std::vector<NoteVerifier>> log_keys_in(std::string_view trust) {
    constexpr std::string_view start = "log ";
    std::vector<NoteVerifier> keys;
    while (!trust.empty()) {
        const auto end = std::min(trust.find('\n'), trust.size() - 1);
        std::string_view line = trust.substr(0, end + 1);
        trust.remove_prefix(end + 1);
        if (!line.starts_with(start)) continue;
        line.remove_prefix(start.size());
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
            line.remove_suffix(1);
        auto key = NoteVerifier::from_text(line);
        if (!key) return std::move(key).error();
        keys.push_back(std::move(*key));
    }
    return keys;
}

NoteSigner::NoteSigner(NoteVerifier verifier, PrivateKey key)
    : verifier_(std::move(verifier)), key_(std::move(key)) {}

Result<NoteSigner> NoteSigner::make(std::string_view name, PrivateKey key) {
    auto verifier = NoteVerifier::of(name, key);
    if (!verifier) return std::move(verifier).error();
    return NoteSigner(std::move(*verifier), std::move(key));
}

Result<std::string> NoteSigner::sign(std::string_view text) const {
    return sign_note(text, verifier_, key_);
}

Result<std::string> sign_note(std::string_view text, const NoteVerifier& verifier,
                              const PrivateKey& key) {
    if (text.empty() || text.back() != '\n' || !is_note_text(text))
        return invalid("a text that cannot be signed");
    Bytes signature = octets_of(verifier.id());
    signature.resize(4 + ed25519_signature_octets);
    std::size_t size = ed25519_signature_octets;
    const ContextPtr context(EVP_MD_CTX_new());
    const ByteView octets = as_bytes(text);
    if (!context ||
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.state().key.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data() + 4, &size, octets.data(), octets.size()) !=
            1)
        return openssl_error(Fault::evidence, "note: cannot be signed");
    return std::string(text) + "\n" + std::string(line_start) + verifier.name() + " " +
           to_base64(signature) + "\n";
}

} // namespace quietus
