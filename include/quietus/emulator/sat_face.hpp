// SatFace: an emulated SATA drive as a SCSI logical unit, behind the translation of SAT-4.
//
// It knows TEST UNIT READY, REQUEST SENSE, INQUIRY with VPD pages 00h, 80h, 83h, 89h and B1h, READ
// CAPACITY, LOG SENSE page 16h, ATA PASS-THROUGH, and MODE SENSE and MODE SELECT (10) as far as a
// shorter capacity can be selected by them. Whatever else it is sent it refuses (5/20h/00h). How it
// brings registers back is a trait; how it gets them wrong are knobs of the drive.
#pragma once

#include "quietus/emulator/ata_drive.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <chrono>
#include <cstdint>
#include <map>

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
    struct PassThrough;
    [[nodiscard]] static PassThrough taken_apart(const ScsiCommand& command);
    [[nodiscard]] Result<ScsiReply> perform(const ScsiCommand& command);
    [[nodiscard]] Result<ScsiReply> pass_through(const ScsiCommand& command);
    [[nodiscard]] ScsiReply brought_back(const PassThrough& pass, AtaReply reply);
    [[nodiscard]] Result<ScsiReply> inquiry(const ScsiCommand& command);
    [[nodiscard]] Result<ScsiReply> read_capacity(const ScsiCommand& command);
    [[nodiscard]] ScsiReply log_sense(const ScsiCommand& command) const;
    [[nodiscard]] ScsiReply mode_sense(const ScsiCommand& command);
    [[nodiscard]] ScsiReply mode_select(const ScsiCommand& command);
    [[nodiscard]] Result<Bytes> identify(std::chrono::milliseconds timeout);
    [[nodiscard]] bool has_log() const;

    AtaDrive& drive_;
    SatTraits traits_;
    Bytes last_;                            ///< ATA Status Return of the last pass-through command
    std::map<std::uint8_t, Bytes> results_; ///< the same of the last 15, by their log index
    std::uint8_t log_index_ = 0;            ///< of the last; 1 to 15, round and round
};

} // namespace quietus::emulator
