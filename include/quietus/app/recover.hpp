// recover: undoes what an interrupted erasure by a drive's own firmware has left behind, without
// any saved state, on any station.
//
// A temporary password is a function of what the drive says of itself
// (technique/ata/temporary_password.hpp). The state of a SANITIZE that has failed, in which a drive
// takes next to nothing else, is ended by the command for it, or, where the drive does not allow
// that, by an operation which succeeds. What then is on the drive is not known, so that no document
// comes of it: it is to be erased once more.
#pragma once

#include "quietus/app/site.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/carry_out.hpp"
#include "quietus/job/undo.hpp"

#include <string>
#include <vector>

namespace quietus {

struct RecoverRequest {
    std::string target;
    std::vector<std::string> overrides = {};
    JobWatch& watch; ///< told while an operation of the drive is waited for
};

struct Recovery {
    Drive drive;                    ///< as it was found
    std::vector<Leftover> undone;   ///< proven to be gone; empty: there was nothing
    bool carried_out_again = false; ///< to end the failed state an operation was begun
    bool let_go = false;            ///< stopped on request: the drive goes on with that by itself
};

/// Every interlock is judged first. Fault::usage for a target that is none; Fault::refused for
/// interlocks, a password that is none of ours, a drive that is frozen or still at it;
/// Fault::unsupported when it takes no ATA, SCSI or NVMe commands here; Fault::io and Fault::drive
/// when it cannot be proven that the leftovers are gone.
[[nodiscard]] Result<Recovery> recover(const RecoverRequest& request, const Site& site);

} // namespace quietus
