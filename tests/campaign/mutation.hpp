// Mutation: one edit of a file's bytes, and all that there are at a position.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace quietus::campaign {

enum class Edit : std::uint8_t { flip, remove, insert, duplicate, truncate };

struct Mutation {
    Edit edit = Edit::flip;
    std::size_t at = 0;
    std::uint8_t octet = 0; ///< of a flip: the bits; of an insertion: what is put in
};

/// The bytes with this edit; as they are when there is no such position any more.
[[nodiscard]] std::string mutated(std::string bytes, const Mutation& mutation);

/// Every edit at a position: each bit flipped; the octet removed, doubled; 00, FF and a digit put
/// in before it; everything from it on cut off. Always as many, in the same order.
[[nodiscard]] std::vector<Mutation> edits_at(std::size_t position);

[[nodiscard]] Mutation random_edit(std::mt19937_64& random, std::size_t size);

/// For people: "flip 10 at 17".
[[nodiscard]] std::string words_for(const Mutation& mutation);

} // namespace quietus::campaign
