// What became of an operation that a drive was left with: it goes on without us, also over a
// restart of the machine, and is found again by who the drive is.
#pragma once

#include "quietus/app/select.hpp"
#include "quietus/app/site.hpp"
#include "quietus/record/ata_facts.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus {

struct OperationUnderWay {
    std::string node; ///< where the drive is now; empty: it is not attached
    SanitizeState state = SanitizeState::unknown;
    std::uint32_t progress = 0; ///< of 65536, while it is in progress
    std::string text = {};      ///< why nothing is known
};

/// Of a job that was interrupted while its drive erased itself by SANITIZE or FORMAT UNIT; nothing
/// for any other job, and for one whose journal cannot be read. Nothing is written to any drive.
[[nodiscard]] std::optional<OperationUnderWay> operation_of(const std::string& job,
                                                            const Site& site, OneLook& look);

} // namespace quietus
