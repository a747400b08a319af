// The columns of `list`.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quietus::cli {

struct Column {
    std::string_view name; ///< as in --columns; its heading is the same in capitals
    std::string (*cell)(const Drive& drive);
    std::size_t least = 0; ///< columns of the screen that it may be narrowed to; 0: never
    bool folds = false;    ///< it goes on in the next line then, and is not cut off
};

/// All that there are, those of the default first and in their order.
[[nodiscard]] const std::vector<Column>& all_columns();
/// Those shown without --columns.
[[nodiscard]] std::vector<Column> default_columns();
/// "node,size": Fault::usage with the list of names when one is unknown, twice there or empty.
[[nodiscard]] Result<std::vector<Column>> chosen_columns(std::string_view names);

/// A heading and a row a drive. Escaped; shortened where needed and possible to `width` columns, 0
/// for any width. A serial is never cut off: it goes on in the next
/// line.
[[nodiscard]] std::string list_text_of(const std::vector<Drive>& drives,
                                       const std::vector<Column>& columns, std::size_t width);

} // namespace quietus::cli
