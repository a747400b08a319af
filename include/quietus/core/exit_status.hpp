// ExitStatus: what both programs tell the shell.
#pragma once

#include "quietus/core/error.hpp"

#include <cstdint>
#include <span>

namespace quietus {

enum class ExitStatus : std::uint8_t {
    success = 0,         ///< all that was asked is done and proven
    failed = 1,          ///< it ran, and a drive failed / a document or register does not hold
    usage = 2,           ///< unknown option or name, bad or missing value; nothing was touched
    refused = 3,         ///< by an interlock, by the operator, or for a wrong code
    unsupported = 4,     ///< nothing this drive offers satisfies the request
    evidence = 5,        ///< evidence could not be saved; `quietus certify JOB` finishes it
    not_established = 6, ///< verdict indeterminate or unverified
    interrupted = 7,
    preflight = 8,      ///< system, device or preflight error before anything was written
    not_an_erasure = 9, ///< quietus-audit: genuine, but no certificate of erasure
    internal_error = 70,
};

/// The status of an Error that ended a run before anything was written to a drive.
[[nodiscard]] ExitStatus exit_status(Fault fault);

/// The status of a run over several drives: the first of 70, 1, 6, 5, 7, 8, 4, 3 that any earned.
[[nodiscard]] ExitStatus worst_of_drives(std::span<const ExitStatus> drives);
/// The status of an audit over several documents: the first of 70, 1, 9, 6 that any earned.
[[nodiscard]] ExitStatus worst_of_documents(std::span<const ExitStatus> documents);

} // namespace quietus
