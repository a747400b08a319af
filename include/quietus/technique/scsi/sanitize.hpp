// SANITIZE: block erase, cryptographic erase, overwrite.
//
// The command returns at once and the drive goes on by itself, through resets and power cycles,
// with its medium closed to everybody. What an operation of years ago came to it does not tell.
#pragma once

#include "quietus/technique/scsi/operation.hpp"
#include "quietus/transport/scsi/commands.hpp"

#include <cstdint>

namespace quietus::scsi {

struct SanitizeOrder {
    SanitizeKind kind = SanitizeKind::overwrite;
    SanitizeOptions options = {};
    std::uint64_t size_bytes = 0; ///< all of the drive, for how long it may take
    std::uint32_t block_bytes = 512;
};

/// Fault::invalid when its options cannot be.
[[nodiscard]] Result<Operation> sanitize_operation(const SanitizeOrder& order);

/// See run_operation. Options that cannot be end as refused.
void run_sanitize(const Desk& desk, const SanitizeOrder& order, ScsiOperationRecord& record);

/// Ends the state in which a failed operation has left a drive, in which it takes next to nothing
/// else: by EXIT FAILURE MODE, or, where that is not allowed, by `order`, carried out until it
/// succeeds. Done at once on a drive in another state. What then is on the drive is not known: it
/// is to be erased once more. Fault::drive when the state is the same afterwards.
[[nodiscard]] Status leave_failed_state(const Desk& desk, const SanitizeOrder& order,
                                        ScsiOperationRecord& record);

} // namespace quietus::scsi
