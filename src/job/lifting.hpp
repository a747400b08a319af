// Lifting: what a drive keeps out of reach is put within reach before it is overwritten, and asked
// for again when all was done.
#pragma once

#include "transcript.hpp"

#include "quietus/job/carry_out.hpp"
#include "quietus/job/order.hpp"
#include "quietus/record/erasure_record.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/firmware_bay.hpp"

#include <memory>
#include <string>

namespace quietus {

class Lifting {
  public:
    /// They outlive it. The drive's blocks must not be open.
    Lifting(const CommittedPlan& order, FirmwareBay& bay, Bench& bench)
        : order_(order), bay_(bay), bench_(bench), transcript_(bay, bench.journal) {}

    /// Lifts, also when an earlier run has: then there is nothing to do. Opens the blocks anew, of
    /// the size that the drive has now; nullptr when nothing may be written, and `evidence` says
    /// why.
    [[nodiscard]] std::unique_ptr<BlockPort> lift(Evidence& evidence);

    /// Asks again what is hidden.
    void look_again(Evidence& evidence);

  private:
    [[nodiscard]] std::string flaw_of_the_way();
    [[nodiscard]] HiddenAreaRecord lifted(const Evidence& evidence);
    /// In the journal, behind what was sent and answered.
    [[nodiscard]] bool keep(Evidence& evidence);

    const CommittedPlan& order_;
    FirmwareBay& bay_;
    Bench& bench_;
    Transcript transcript_;
};

} // namespace quietus
