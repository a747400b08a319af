// Words: how the two ends of the signer's channel talk. A message is its length in 8 octets, and
// then words, each with its length in 8 octets in front; big-endian.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/job/journal.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

using Words = std::vector<std::string>;

inline constexpr std::size_t length_octets = 8;
/// A journal and a document, with room for the rest.
inline constexpr std::size_t message_limit = journal_limit + (std::size_t{16} << 20U);

[[nodiscard]] std::string to_message(const Words& words);
/// How much follows the length. Fault::invalid beyond message_limit.
[[nodiscard]] Result<std::size_t> message_length(std::string_view length);
/// The words in what follows it. Fault::invalid when their lengths do not add up.
[[nodiscard]] Result<Words> parse_words(std::string_view body);

/// An answer: "ok" and words, or why not.
[[nodiscard]] Words refusal(const Error& error);
/// The words of an answer without its "ok", or the Error that it is.
[[nodiscard]] Result<Words> parse_answer(Words words);

} // namespace quietus
