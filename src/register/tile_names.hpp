// The names and the form of a log's files (C2SP tlog-tiles, tlog-checkpoint).
#pragma once

#include "merkle.hpp"

#include "quietus/core/result.hpp"
#include "quietus/crypto/note.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

inline constexpr auto checkpoint_name = "checkpoint";
/// A bundle gives an entry's length in 16 bits.
inline constexpr std::size_t entry_octets_max = 65535;

/// "tile/1/x001/234", with ".p/17" for a partial one of 17 hashes; `width` from 1 to tile_width.
[[nodiscard]] std::string tile_name(unsigned level, std::uint64_t index, std::uint64_t width);
/// "tile/entries/x001/234.p/17".
[[nodiscard]] std::string bundle_name(std::uint64_t index, std::uint64_t width);
/// How much of the tile or bundle a tree of that many hashes at its level has: 0 to tile_width.
[[nodiscard]] std::uint64_t width_in(std::uint64_t hashes, std::uint64_t index);

[[nodiscard]] std::string tile_content(std::span<const Hash> hashes);
/// Fault::invalid unless it is exactly `width` hashes.
[[nodiscard]] Result<std::vector<Hash>> parse_tile(std::string_view content, std::uint64_t width);

/// The entry with its length in front; at most entry_octets_max octets (QUIETUS_ENSURE).
[[nodiscard]] std::string bundled(std::string_view entry);
/// The entries of a bundle, valid as long as `content` is. Fault::invalid when the lengths do not
/// add up.
[[nodiscard]] Result<std::vector<std::string_view>> parse_bundle(std::string_view content);

/// What a checkpoint says, whoever signed it.
struct Checkpoint {
    std::string origin;
    TreeHead head;
};

/// The text of a checkpoint, before it is signed.
[[nodiscard]] std::string checkpoint_text(const Checkpoint& checkpoint);
/// Fault::invalid. Extension lines are passed over.
[[nodiscard]] Result<Checkpoint> parse_checkpoint_text(std::string_view text);
/// The checkpoint in a note, whoever signed it; and in one that `log` signed. Fault::invalid.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view note);
[[nodiscard]] Result<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& log);

/// Decimal digits without leading zeroes, nothing else. Fault::invalid.
[[nodiscard]] Result<std::uint64_t> parse_decimal(std::string_view text);

} // namespace quietus
