// How far a drive's own operation has come, and what it came to, in whatever language it was told.
#pragma once

#include "quietus/core/enum_text.hpp"

#include <cstdint>

namespace quietus {

enum class SanitizePhase : std::uint8_t { none, starting, running, ended };
template <>
inline constexpr auto enum_texts<SanitizePhase> = spellings("none", "starting", "running", "ended");

/// What the drive's own operation came to, by what it has answered. `not_started` is first: it is
/// what a record says until something more is known.
enum class FirmwareOutcome : std::uint8_t {
    not_started,
    refused,       ///< by us, or by the drive, before anything was begun
    under_way,     ///< left running: it goes on without us
    succeeded,     ///< said by the drive, in answer to what we asked
    failed,        ///< the same
    indeterminate, ///< nobody knows
};
template <>
inline constexpr auto enum_texts<FirmwareOutcome> = spellings("not-started", "refused", "under-way",
                                                              "succeeded", "failed",
                                                              "indeterminate");

} // namespace quietus
