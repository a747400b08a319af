// What must be read of a SCSI drive that has done what it was told.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/record/scsi_evidence.hpp"
#include "quietus/transport/scsi/commands.hpp"

#include <vector>

namespace quietus::scsi {

struct LeftBehind {
    Expectation expectation = Expectation::host_pass;
    std::vector<Bytes> patterns; ///< of a pattern: the one
    /// Reads of what was erased must fail until it is written (WABEREQ, WACEREQ).
    bool reads_fail = false;
};

/// An overwrite leaves its pattern, inverted or not and whatever the number of its passes is: the
/// octets stand in the parameter list in the order of the medium. A block erase leaves zeros or
/// ones, where it can be read at all; of a new key nothing is known. Then the host writes, and
/// reads that back.
[[nodiscard]] LeftBehind left_by_sanitize(SanitizeKind kind, const SanitizeOptions& options,
                                          const ScsiErasure& drive);

/// Its pattern; without one, whatever the drive likes.
[[nodiscard]] LeftBehind left_by_format(const Bytes& pattern);

} // namespace quietus::scsi
