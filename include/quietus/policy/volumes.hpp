// Volumes: what luks-erase leaves alone, and what it takes for that.
//
// A LUKS volume is erased by overwriting what opens it. Left alone is its ciphertext and nothing
// else: whatever lies outside of all ciphertext is overwritten and read back, both headers of each
// volume and every key slot, partition tables, gaps, and other partitions. Where anything about a
// volume is unclear the technique is not on offer, and an overwrite is.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// Ciphertext that is left begins and ends on a multiple of this: what it loses by that at both
/// ends is written to, as every block of any drive lies wholly on one side.
inline constexpr std::uint64_t kept_unit_bytes = 65536;
/// A volume that claims more before its data is none that cryptsetup makes.
inline constexpr std::uint64_t most_before_data = std::uint64_t{1} << 30U;

/// The volumes of the drive, ascending, as far as their headers tell of them.
[[nodiscard]] std::vector<LuksVolume> volumes_on(const Drive& drive);

/// Why its volumes cannot be erased by their keys, one clause; nothing when they can.
[[nodiscard]] std::optional<std::string> luks_obstacle(const Drive& drive);

/// Why no honest plan has these: empty, out of order, on top of one another, keys behind the data.
[[nodiscard]] std::optional<std::string> flaw_of(const std::vector<LuksVolume>& volumes);

/// The ciphertext that is left alone: of each volume what lies from its data to its end, in whole
/// units. Empty for volumes with a flaw, and total: a document may claim any.
[[nodiscard]] ExtentSet kept_extents(const std::vector<LuksVolume>& volumes);

/// Letters, digits and `:_().,-` alone, at most 64: so it can stand on a document as it is.
[[nodiscard]] bool is_plain_cipher(const std::string& cipher);

} // namespace quietus
