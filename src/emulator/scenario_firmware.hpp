// The keys of a scenario that make a drive one with firmware: knobs, and a table of its language.
#pragma once

#include "table_reader.hpp"

#include "quietus/emulator/scenario.hpp"

namespace quietus {
namespace emulator {

/// What the operations of SANITIZE and Sanitize are called in a scenario; of SATA drives see there.
enum class OwnErasure : std::uint8_t { crypto_erase, block_erase, overwrite };

/// Takes these keys of the drive's table. All else of the drive has been read.
void read_firmware(TableReader& reader, ScenarioDrive& drive);

// The traits are there; `table` is null when nothing is said of them.
[[nodiscard]] Status read_ata(const Toml* table, ScenarioDrive& drive);
[[nodiscard]] Status read_scsi(const Toml* table, ScenarioDrive& drive);
[[nodiscard]] Status read_nvme(const Toml* table, ScenarioDrive& drive);

} // namespace emulator

template <>
inline constexpr auto enum_texts<emulator::OwnErasure> = spellings("crypto-erase", "block-erase",
                                                                   "overwrite");

} // namespace quietus
