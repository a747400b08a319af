// What a drive tells of its locks and keys, as rows for people.
#pragma once

#include "ata_text.hpp"

#include "quietus/record/drive.hpp"

namespace quietus::cli {

/// With what a revert of the drive would do to what is on it.
[[nodiscard]] TextRows tcg_rows(const Drive& drive);

} // namespace quietus::cli
