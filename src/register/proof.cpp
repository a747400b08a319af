#include "proof.hpp"

#include "tile_names.hpp"

namespace quietus {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1\n";
constexpr std::size_t path_max = 64;

Error invalid(std::string message) {
    return {Fault::invalid, "log proof: " + std::move(message)};
}

// Removes what the text begins with, and a whole line after it, which it returns.
Result<std::string_view> take_line(std::string_view& text, std::string_view beginning) {
    const auto end = text.find('\n');
    if (end == text.npos || !text.starts_with(beginning) || end < beginning.size())
        return invalid("no line \"" + std::string(beginning) + "...\"");
    const auto rest = text.substr(beginning.size(), end - beginning.size());
    text.remove_prefix(end + 1);
    return rest;
}

} // namespace

std::string proof_text(const LogProof& proof) {
    std::string text(first_line);
    if (!proof.entry.empty()) text += "extra " + to_base64(as_bytes(proof.entry)) + "\n";
    text += "index " + std::to_string(proof.index) + "\n";
    for (const Hash& hash : proof.path)
        text += to_base64(hash) + "\n";
    return text + "\n" + proof.note;
}

Result<LogProof> parse_proof(std::string_view text) {
    if (text.size() > note_limit) return invalid("over 1 MiB");
    if (!text.starts_with(first_line)) return invalid("another first line");
    text.remove_prefix(first_line.size());
    std::string entry;
    if (text.starts_with("extra ")) {
        const auto extra = take_line(text, "extra ");
        const auto octets = extra ? from_base64(*extra) : Result<Bytes>(extra.error());
        if (!octets) return invalid("an extra line that is not base 64");
        entry = as_text(*octets);
    }
    const auto number = take_line(text, "index ");
    if (!number) return number.error();
    const auto index = parse_decimal(*number);
    if (!index) return invalid("an index that is no number");
    LogProof proof{*index, {}, {}, std::move(entry)};
    while (!text.starts_with('\n')) {
        const auto line = take_line(text, "");
        const auto octets = line ? from_base64(*line) : Result<Bytes>(line.error());
        const auto hash = octets ? to_hash(*octets) : std::nullopt;
        if (!hash) return invalid("a line that is no hash");
        if (proof.path.size() == path_max) return invalid("too many hashes");
        proof.path.push_back(*hash);
    }
    proof.note = text.substr(1);
    return proof;
}

Status check_proof(const LogProof& proof, std::string_view entry, const NoteVerifier& log) {
    auto checkpoint = open_checkpoint(proof.note, log);
    if (!checkpoint) return std::move(checkpoint).error();
    if (checkpoint->origin != log.name()) return invalid("a checkpoint of another log");
    if (proves_inclusion(proof.path, leaf_hash(entry), proof.index, checkpoint->head)) return {};
    return invalid("the entry is not in the tree that the checkpoint signs");
}

} // namespace quietus
