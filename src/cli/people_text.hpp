// Text for people: sizes, durations and tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace quietus::cli {

/// Powers of ten, as vendors print them: "268 MB", "1.92 TB".
[[nodiscard]] std::string short_size(std::uint64_t bytes);
/// "268 MB (268435456 bytes)".
[[nodiscard]] std::string long_size(std::uint64_t bytes);
/// "0:03:10".
[[nodiscard]] std::string duration(std::uint64_t seconds);

/// Rows in columns as wide as their widest cell; the last one is not padded. Cells are escaped
/// here.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

/// "one, two" or `none` for an empty list.
[[nodiscard]] std::string joined(const std::vector<std::string>& words, const std::string& none);

/// The first `most` words and the number of the others: "mounted +2"; `none` for an empty list.
[[nodiscard]] std::string first_words(const std::vector<std::string>& words, std::size_t most,
                                      const std::string& none);

} // namespace quietus::cli
