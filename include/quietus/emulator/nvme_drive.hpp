// NvmeDrive: an emulated NVM subsystem with one controller: namespaces, attached and not, what its
// firmware keeps, and the lies that it tells.
//
// It takes admin commands, reads as commands, and the blocks of each attached namespace can be
// opened as the kernel opens them. All see one drive. Time is simulated, as for AtaDrive. What is
// deallocated after a sanitize operation reads as zeros.
#pragma once

#include "quietus/emulator/knob.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/emulator/nvme_memory.hpp"
#include "quietus/emulator/nvme_traits.hpp"
#include "quietus/transport/nvme_io_port.hpp"
#include "quietus/transport/nvme_port.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace quietus::emulator {

class NvmeDrive final : public NvmePort, public NvmeIoPort {
  public:
    /// Powered on. `clock` outlives it.
    NvmeDrive(const NvmeTraits& traits, SimulatedClock& clock);
    NvmeDrive(const NvmeDrive&) = delete;
    NvmeDrive& operator=(const NvmeDrive&) = delete;
    ~NvmeDrive() override;

    // What a test does to it.
    void turn(Knob knob);
    /// Every block holds it from now on, of all namespaces, retired and unallocated ones included.
    void hold(ByteView secret);
    void power_cycle();
    /// As a host does when a command times out.
    void controller_reset();
    void disable_memory_region();
    /// Goes on as it was when it was asked for its memory, which is of a drive of these traits and
    /// knobs. What its blocks held is restored apart from that.
    void recall(const NvmeMemory& memory);

    // What it knows.
    /// The oracle: in how many blocks the secret is left, now, anywhere.
    [[nodiscard]] std::uint64_t residue(ByteView secret);
    [[nodiscard]] const NvmeTraits& traits() const;
    [[nodiscard]] NvmeMemory memory();
    /// Of all namespaces as the traits have them, and then of what no namespace has.
    [[nodiscard]] std::vector<Media*> all_media();
    /// Of a namespace that is there.
    [[nodiscard]] Media& media(std::uint32_t nsid);
    /// Sanitize State as the log would have it (SANS), whether or not it tells.
    [[nodiscard]] unsigned sanitize_state();

    // Its faces.
    /// Fault::io when the timeout passes before it is done with the command, which it then goes on
    /// with.
    [[nodiscard]] Result<NvmeReply> execute(const NvmeCommand& command) override;
    [[nodiscard]] Result<NvmeReply> execute_io(const NvmeCommand& command) override;
    /// Fault::io: it is the node of a controller.
    [[nodiscard]] Result<std::uint32_t> namespace_id() override;
    /// Of an attached namespace; else nothing. The drive outlives the port; one at a time.
    [[nodiscard]] std::unique_ptr<BlockPort> open_block(std::uint32_t nsid);
    /// All attached namespaces one behind the other: at least one, of blocks of one size
    /// (QUIETUS_ENSURE).
    [[nodiscard]] std::unique_ptr<BlockPort> open_joined();

  private:
    class BlockFace;
    class Firmware;
    std::unique_ptr<Firmware> firmware_;
};

} // namespace quietus::emulator
