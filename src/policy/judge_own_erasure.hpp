// The verdict on a drive that was to erase itself, with the plan that it was to be done by.
#pragma once

#include "quietus/record/erasure_record.hpp"

namespace quietus {

/// judge() for plans by firmware: judge_firmware() on the evidence, when that is of this drive and
/// this plan. Purge is the drive's own word (`drive_reported`, grade E4), and what was read back
/// proves clear in any case; without such a word it is clear (`host_read_back`).
[[nodiscard]] Judgement judge_own_erasure(const Drive& drive, const Plan& plan,
                                          const Evidence& evidence);

} // namespace quietus
