// SatFace: an emulated SATA drive as a SCSI logical unit, behind the translation of SAT-4.
//
// It knows TEST UNIT READY, REQUEST SENSE, INQUIRY with VPD pages 00h, 80h, 83h, 89h and B1h, READ
// CAPACITY, LOG SENSE page 16h and ATA PASS-THROUGH. Whatever else it is sent it refuses
// (5/20h/00h). How it brings registers back is a trait; how it gets them wrong are knobs of the
// drive.
#pragma once

#include "quietus/emulator/ata_drive.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <cstdint>
#include <deque>

namespace quietus::emulator {

/// A translator that works, as there are several.
struct SatTraits {
    bool sixteen = true;              ///< ATA PASS-THROUGH (16); (12) it always takes
    bool response_information = true; ///< protocol 15
    bool results_log = true;          ///< LOG SENSE page 16h
    bool sat_page = true;             ///< VPD page 89h
};

class SatFace final : public ScsiPort {
  public:
    /// `drive` outlives it.
    explicit SatFace(AtaDrive& drive, const SatTraits& traits = {});
    [[nodiscard]] Result<ScsiReply> execute(const ScsiCommand& command) override;

  private:
    AtaDrive& drive_;
    SatTraits traits_;
    std::deque<AtaRegisters> results_; ///< of pass-through commands, the last one last
};

} // namespace quietus::emulator
