// FirmwareJob: a committed plan by which the drive erases itself, carried out.
#pragma once

#include "quietus/job/carry_out.hpp"
#include "quietus/job/order.hpp"
#include "quietus/record/erasure_record.hpp"
#include "quietus/transport/firmware_bay.hpp"

namespace quietus {

/// Tells watch and journal of the bench; the transcript goes into the journal before what it led
/// to. Never fails: what goes wrong is in the evidence.
[[nodiscard]] Evidence erase_itself(const CommittedPlan& order, FirmwareBay& bay, Bench& bench);

} // namespace quietus
