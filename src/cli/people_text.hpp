// Text for people: sizes, durations and tables.
#pragma once

#include "quietus/record/drive.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace quietus::cli {

/// Powers of ten, as vendors print them: "268 MB", "4.0 TB", "1.92 TB".
[[nodiscard]] std::string short_size(std::uint64_t bytes);
/// "268 MB (268435456 bytes)".
[[nodiscard]] std::string long_size(std::uint64_t bytes);
/// "0:03:10".
[[nodiscard]] std::string duration(std::uint64_t seconds);

/// Rows in columns as wide as their widest cell; the last one is not padded. Cells are escaped
/// here.
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows);

/// How wide a table may become, and to how few columns of the screen each of its own may be
/// narrowed for that; 0: as wide as it is. What does not fit is cut off, which shows as an
/// ellipsis, or, last of all and in columns that fold, goes on in the next line.
struct TableFit {
    std::size_t width = 0;
    std::vector<std::size_t> least;
    std::vector<bool> folds = {};

    [[nodiscard]] bool is_folded(std::size_t column) const {
        return column < folds.size() && folds[column];
    }
};
[[nodiscard]] std::string table(const std::vector<std::vector<std::string>>& rows,
                                const TableFit& fit);

/// The width of the screen, as exported by the shell in COLUMNS; 80 without that. Asking the
/// terminal takes an ioctl, which this module has none of.
[[nodiscard]] std::size_t screen_columns();
/// Its height in the same way, by LINES; 22 without that, and at least 4.
[[nodiscard]] std::size_t screen_lines();
/// The width for standard output, but 0 where no screen sets a limit: a file or a pipe, unless
/// COLUMNS is exported.
[[nodiscard]] std::size_t output_columns();

/// A part of a drive: "/dev/sda1, 512 MB (512000000 bytes)", "namespace 3, not attached, ...".
[[nodiscard]] std::string part_line(const Part& part);

/// "one, two" or `none` for an empty list.
[[nodiscard]] std::string joined(const std::vector<std::string>& words, const std::string& none);

/// The first `most` words and the number of the others: "mounted +2"; `none` for an empty list.
[[nodiscard]] std::string first_words(const std::vector<std::string>& words, std::size_t most,
                                      const std::string& none);

} // namespace quietus::cli
