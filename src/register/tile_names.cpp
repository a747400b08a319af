#include "tile_names.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace quietus {
namespace {

std::string padded(std::uint64_t group) {
    const std::string digits = std::to_string(group);
    return std::string(3 - digits.size(), '0') + digits;
}

std::string index_path(std::uint64_t index, std::uint64_t width) {
    std::string path = padded(index % 1000);
    for (index /= 1000; index != 0; index /= 1000)
        path.insert(0, "x" + padded(index % 1000) + "/");
    return width == tile_width ? path : path + ".p/" + std::to_string(width);
}

Error invalid(std::string message) {
    return {Fault::invalid, std::move(message)};
}

// The line without its newline, removed from the text; nothing when there is no newline.
std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == text.npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

} // namespace

std::string tile_name(unsigned level, std::uint64_t index, std::uint64_t width) {
    return "tile/" + std::to_string(level) + "/" + index_path(index, width);
}

std::string bundle_name(std::uint64_t index, std::uint64_t width) {
    return "tile/entries/" + index_path(index, width);
}

std::uint64_t width_in(std::uint64_t hashes, std::uint64_t index) {
    const std::uint64_t first = index * tile_width;
    return hashes <= first ? 0 : std::min(tile_width, hashes - first);
}

std::string tile_content(std::span<const Hash> hashes) {
    std::string content;
    for (const Hash& hash : hashes)
        content += as_text(hash);
    return content;
}

Result<std::vector<Hash>> parse_tile(std::string_view content, std::uint64_t width) {
    constexpr std::size_t octets = std::tuple_size_v<Hash>;
    if (content.size() != width * octets)
        return invalid(std::to_string(content.size()) + " octets where " +
                       std::to_string(width * octets) + " belong");
    std::vector<Hash> hashes;
    for (std::size_t at = 0; at < content.size(); at += octets)
        hashes.push_back(*to_hash(as_bytes(content.substr(at, octets))));
    return hashes;
}

std::string bundled(std::string_view entry) {
    QUIETUS_ENSURE(entry.size() <= entry_octets_max);
    std::string text{static_cast<char>(entry.size() >> 8U), static_cast<char>(entry.size() & 255U)};
    return text += entry;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view content) {
    std::vector<std::string_view> entries;
    while (!content.empty()) {
        if (content.size() < 2) return invalid("a bundle that ends within a length");
        const ByteView octets = as_bytes(content);
        const std::size_t length = std::size_t{octets[0]} << 8U | octets[1];
        if (content.size() < 2 + length) return invalid("a bundle that ends within an entry");
        entries.push_back(content.substr(2, length));
        content.remove_prefix(2 + length);
    }
    return entries;
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
    return checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
           to_base64(checkpoint.head.root) + "\n";
}

Result<Checkpoint> parse_checkpoint_text(std::string_view text) {
    const auto origin = take_line(text);
    const auto size = take_line(text);
    const auto root = take_line(text);
    if (!root || origin->empty()) return invalid("not a checkpoint");
    const auto number = parse_decimal(*size);
    const auto octets = from_base64(*root);
    const auto hash = octets ? to_hash(*octets) : std::nullopt;
    if (!number || !hash) return invalid("a checkpoint without size or root");
    while (!text.empty())
        if (const auto line = take_line(text); !line || line->empty())
            return invalid("a checkpoint with an empty line");
    return Checkpoint{std::string(*origin), {*number, *hash}};
}

Result<Checkpoint> parse_checkpoint(std::string_view note) {
    auto parsed = parse_note(note);
    if (!parsed) return std::move(parsed).error();
    return parse_checkpoint_text(parsed->text);
}

Result<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& log) {
    auto text = open_note(note, log);
    if (!text) return std::move(text).error();
    return parse_checkpoint_text(*text);
}

Result<std::uint64_t> parse_decimal(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() ||
        (text.size() > 1 && text.front() == '0'))
        return invalid("not a decimal number");
    return value;
}

} // namespace quietus
