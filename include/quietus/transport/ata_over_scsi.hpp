// AtaOverScsi: ATA commands through a SCSI to ATA translator: libata, a host adapter, a USB bridge.
//
// SAT-4 clause 12.2: ATA PASS-THROUGH (16), and (12) where a translator does not know the former.
// Registers are believed only when they came as the ATA Status Return the command asked for
// (CK_COND), in either sense format; success is read in them and in nothing else.
#pragma once

#include "quietus/transport/ata_port.hpp"
#include "quietus/transport/scsi_port.hpp"
#include "quietus/transport/sense.hpp"

#include <optional>

namespace quietus {

/// The registers in the sense data of a pass-through command, if it carries them: the ATA Status
/// Return descriptor (SAT-4 clause 12.2), its fixed form (ASC/ASCQ 00h/1Dh), or one of the two
/// fixed forms in which Linux reports an aborted command. Nothing for deferred or cut sense data.
[[nodiscard]] std::optional<AtaRegisters> ata_registers(ByteView sense);

/// One translator. Not for optical drives: there the operation code A1h is BLANK (MMC-6).
class AtaOverScsi final : public AtaPort {
  public:
    explicit AtaOverScsi(ScsiPort& scsi) : scsi_(scsi) {}

    /// Commands that bring no data set CK_COND, those that take some among them. Commands that
    /// bring data do not: translators drop it when a command ends with CHECK CONDITION, so a reply
    /// to one that succeeded has no registers. What it says must prove itself, as IDENTIFY DEVICE
    /// does with its checksum. Registers that did not come back whole are asked for once more, as
    /// SAT-4 provides. Commands that read are sent again after a UNIT ATTENTION.
    [[nodiscard]] Result<AtaReply> execute(const AtaCommand& command) override;

  private:
    Result<ScsiReply> pass_through(const AtaCommand& command);
    ScsiPort& scsi_;
    bool twelve_ = false; ///< the translator has refused the 16-octet form
};

} // namespace quietus
