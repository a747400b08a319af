// ScsiDrive: an emulated SAS drive: a Media for each logical unit, what its firmware keeps, and the
// lies that it tells.
//
// It takes SCSI commands, and its blocks can be opened as the kernel opens them. Time is simulated:
// an operation goes on as the clock does, and each command is a millisecond of it. It knows TEST
// UNIT READY, REQUEST SENSE, FORMAT UNIT, INQUIRY, READ CAPACITY, SYNCHRONIZE CACHE, SANITIZE, LOG
// SENSE, MODE SELECT and MODE SENSE (10), PERSISTENT RESERVE IN, REPORT LUNS, REPORT SUPPORTED
// OPERATION CODES and READ DEFECT DATA (12).
#pragma once

#include "quietus/emulator/knob.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/emulator/scsi_memory.hpp"
#include "quietus/emulator/scsi_traits.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/scsi_port.hpp"

#include <memory>
#include <optional>

namespace quietus::emulator {

class ScsiDrive {
  public:
    /// Powered on, and its unit attention told. `clock` outlives it.
    ScsiDrive(const ScsiTraits& traits, SimulatedClock& clock);
    ScsiDrive(const ScsiDrive&) = delete;
    ScsiDrive& operator=(const ScsiDrive&) = delete;
    ~ScsiDrive();

    // What a test or a scenario does to it.
    void turn(Knob knob);
    /// Every block of every unit holds it from now on, hidden and retired ones included.
    void hold(ByteView secret);
    /// Off and on again: a format that was under way is over, a sanitize operation goes on.
    void power_cycle();
    /// As a host does when a command times out. Every operation goes on.
    void hard_reset();
    /// Goes on as it was when it was asked for its memory, which is of a drive of these traits and
    /// knobs. What its blocks held is restored apart from that. Unit attentions are not kept.
    void recall(const ScsiMemory& memory);

    // What it knows.
    [[nodiscard]] ScsiMemory memory();
    /// The oracle: in how many blocks the secret is left, now, anywhere, as who holds the drive's
    /// own key can read them.
    [[nodiscard]] std::uint64_t residue(ByteView secret);
    [[nodiscard]] bool is_turned(Knob knob) const;
    [[nodiscard]] Media& media(unsigned unit = 0);
    [[nodiscard]] const ScsiTraits& traits() const;

    // Its faces.
    /// Fault::io when the timeout passes before it is done with the command, with which it then
    /// goes on. A unit that is not there answers too. The drive outlives the port.
    [[nodiscard]] ScsiPort& commands(unsigned unit = 0);
    /// The blocks as a kernel knows them that has looked now. Transfers fail while it works on an
    /// operation or has failed, and reads where a block has to be written first. Null where hosts
    /// take no blocks of such a size. The drive outlives the port; one at a time of each unit.
    [[nodiscard]] std::unique_ptr<BlockPort> open_block(unsigned unit = 0);
    /// Those of all units, one behind the other. The same.
    [[nodiscard]] std::unique_ptr<BlockPort> open_joined();

  private:
    class Firmware;
    std::unique_ptr<Firmware> firmware_;
};

} // namespace quietus::emulator
