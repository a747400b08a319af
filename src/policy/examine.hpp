// Examination: the evidence held against the plan, record by record.
#pragma once

#include "findings.hpp"

#include "quietus/core/extent.hpp"
#include "quietus/record/erasure_record.hpp"

namespace quietus {

/// What the evidence shows of the final state.
struct Proof {
    ExtentSet written; ///< by the last pass, flushed
    ExtentSet proven;  ///< of that, what the final read-back confirms
    /// How the final state was read back; none when that, or anything before it, is not clean.
    VerificationMode read_back = VerificationMode::none;
};

/// Adds a finding for everything that speaks against the drive. A plan with a flaw yields no proof.
[[nodiscard]] Proof examine(const Drive& drive, const Plan& plan, const Evidence& evidence,
                            Findings& findings);

} // namespace quietus
