// AtaDrive: an emulated SATA drive: one Media, what its firmware keeps, and the lies that it tells.
//
// It takes ATA commands as registers, its blocks can be opened as the kernel opens them, and behind
// a SatFace it is a SCSI logical unit. All faces see one drive. Time is simulated: an operation
// goes on as the clock does, and each command is a millisecond of it.
#pragma once

#include "quietus/emulator/ata_memory.hpp"
#include "quietus/emulator/ata_traits.hpp"
#include "quietus/emulator/knob.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/transport/ata_port.hpp"

#include <memory>
#include <optional>

namespace quietus::emulator {

class AtaDrive final : public AtaPort {
  public:
    /// Powered on. `clock` outlives it.
    AtaDrive(const AtaTraits& traits, SimulatedClock& clock);
    AtaDrive(const AtaDrive&) = delete;
    AtaDrive& operator=(const AtaDrive&) = delete;
    ~AtaDrive() override;

    // What a test or a scenario does to it.
    void turn(Knob knob);
    /// Every block holds it from now on, those beyond the accessible ones and the retired included.
    void hold(ByteView secret);
    /// Off and on again: what was not flushed is forgotten, volatile settings too.
    void power_cycle();
    /// MODE SELECT to a translator: so many of the accessible blocks are shown by SCSI; nothing:
    /// all. False, and all is as before, when there are not so many.
    bool shorten(std::optional<std::uint64_t> blocks);
    /// COMRESET, as a host does when a command times out. No setting is forgotten by it.
    void hard_reset();

    /// Goes on as it was when it was asked for its memory, which is of a drive of these traits.
    /// What its blocks held is restored apart from that.
    void recall(const AtaMemory& memory);

    // What it knows.
    [[nodiscard]] AtaMemory memory();
    /// The oracle: in how many blocks the secret is left, now, anywhere: accessible, hidden,
    /// retired, spare, stale or cached, as who holds the drive's own key can read them.
    [[nodiscard]] std::uint64_t residue(ByteView secret);
    [[nodiscard]] bool is_turned(Knob knob) const;
    [[nodiscard]] Media& media();
    [[nodiscard]] const AtaTraits& traits() const;
    /// As SCSI shows it now, in blocks.
    [[nodiscard]] std::uint64_t scsi_blocks();
    /// Whether it has been reset, or lost its power, since this was asked last: a translator tells
    /// of it once, as a unit attention.
    [[nodiscard]] bool take_reset();

    // Its faces.
    /// A drive that is busy is waited for, as a host does. Fault::io when the timeout passes
    /// meanwhile or before it is done with the command, which it then goes on with.
    [[nodiscard]] Result<AtaReply> execute(const AtaCommand& command) override;
    /// The blocks as a kernel knows them that has looked now: the port keeps this size, whatever
    /// becomes of the drive's. Transfers fail while the drive is locked or sanitizes. The drive
    /// outlives the port; one at a time.
    [[nodiscard]] std::unique_ptr<BlockPort> open_block();
    /// The same as SCSI shows them.
    [[nodiscard]] std::unique_ptr<BlockPort> open_scsi_block();

  private:
    class BlockFace;
    class Firmware;
    std::unique_ptr<Firmware> firmware_;
};

} // namespace quietus::emulator
