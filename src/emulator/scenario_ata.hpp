// The keys of a scenario that make a drive one with firmware: [drive.ata] and knobs.
#pragma once

#include "table_reader.hpp"

#include "quietus/emulator/scenario.hpp"

namespace quietus::emulator {

/// Takes both keys of the drive's table. All else of the drive has been read.
void read_ata(TableReader& reader, ScenarioDrive& drive);

} // namespace quietus::emulator
