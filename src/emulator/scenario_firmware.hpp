// The keys of a scenario that make a drive one with firmware: knobs, and a table of its language.
#pragma once

#include "table_reader.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/scenario.hpp"
#include "quietus/emulator/tcg_traits.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

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

namespace emulator {

/// Which operations SANITIZE, or Sanitize, has: the key `sanitize`.
template <typename SanitizeTraits>
void read_operations(TableReader& reader, SanitizeTraits& sanitize) {
    const std::vector<OwnErasure> operations = reader.choice<OwnErasure>("sanitize");
    const auto offers = [&](OwnErasure operation) {
        return std::ranges::find(operations, operation) != operations.end();
    };
    sanitize.crypto_erase = offers(OwnErasure::crypto_erase);
    sanitize.block_erase = offers(OwnErasure::block_erase);
    sanitize.overwrite = offers(OwnErasure::overwrite);
}

/// What it says of its locks and keys: the keys `tcg`, `media_encryption`, `locking_enabled` and
/// `removal`. Nothing where no rules are named.
inline void read_tcg(TableReader& reader, std::optional<TcgTraits>& tcg) {
    TcgTraits told;
    told.subsystems.clear();
    reader.words("tcg", told.subsystems);
    reader.flag("media_encryption", told.media_encryption);
    reader.flag("locking_enabled", told.locking_enabled);
    reader.words("removal", told.removal);
    if (!told.subsystems.empty()) tcg = std::move(told);
}

/// A drive of these traits, full of its secret, with its knobs turned.
template <typename Emulated, typename Traits>
std::unique_ptr<Emulated> make_filled(const Traits& traits, const ScenarioDrive& drive,
                                      SimulatedClock& clock) {
    auto made = std::make_unique<Emulated>(traits, clock);
    made->hold(as_bytes(drive.secret));
    for (const Knob knob : drive.knobs)
        made->turn(knob);
    return made;
}

} // namespace emulator
} // namespace quietus
