// Media: an emulated drive behind the block port that knows where data hides.
//
// It stores what it is told, unless a fault says otherwise, and can be asked afterwards in how many
// of its blocks a secret is left, whatever address leads there and whatever the drive has answered.
// There are more blocks than those with an address: hidden ones beyond the last, retired ones whose
// address leads to a spare, stale copies of what was overwritten. Time is simulated. Transfers that
// are due at the same time end last-started-first, so that nothing can rely on their order.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/cells.hpp"
#include "quietus/emulator/media_fault.hpp"
#include "quietus/emulator/simulated_clock.hpp"
#include "quietus/transport/block_port.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace quietus::emulator {

/// What kind of drive it is when it works.
struct MediaTraits {
    std::uint64_t size_bytes = 0;
    std::uint32_t block_bytes = 512;
    unsigned slots = 12;
    std::size_t slot_bytes = std::size_t{1} << 20U;
    unsigned cached_writes = 0;       ///< so many writes may wait for a flush; 0: no volatile cache
    std::uint64_t bytes_a_second = 0; ///< 0: transfers take no time
    std::uint64_t hidden_bytes = 0;   ///< behind those that have an address
    std::uint64_t spare_blocks = 0;   ///< that retired ones can be replaced by
    std::uint64_t stale_copies = 0; ///< so many overwritten blocks leave their content in the flash
    bool encrypts = false;          ///< all that is stored, with a key of the drive
};

class Media final : public BlockPort {
  public:
    /// `clock` outlives it.
    Media(const MediaTraits& traits, SimulatedClock& clock);

    // What a test or a scenario does to it.
    /// Every block, with an address or hidden, holds it from now on; there are no stale copies.
    void hold(ByteView secret);
    /// What the blocks held when it was last saved, hidden ones included: past faults, cache and
    /// stale copies.
    void restore(ByteView content);
    /// Such blocks, one behind the other, are there without an address: see unmapped_with.
    void restore_unmapped(ByteView blocks);
    void add(const MediaFault& fault) { faults_.push_back({fault, 0, 0}); }
    void set(std::uint64_t offset, std::uint8_t octet) { cells_.write(offset, {&octet, 1}); }
    void heal() { faults_.clear(); }
    /// The block at this address moves to a spare one and leaves its content behind. Nothing when
    /// no spare one is left.
    void retire(std::uint64_t offset);

    // What the firmware of a drive does to it. Offsets go on behind the last address.
    /// So many bytes have an address from now on; the others are hidden.
    void set_accessible(std::uint64_t bytes);
    /// Fills blocks wherever they lead to, past the cache, leaving no stale copies.
    void fill(Extent where, ByteView text);
    /// Fills retired and spare blocks and forgets stale copies and what waits in the cache.
    void fill_reserve(ByteView text);
    /// Whatever was stored before is noise now.
    void change_key();
    /// No address leads to anything that is stored any more: all read as zeros. It is all there.
    void unmap();
    void forget_cache() { cache_.clear(); }
    /// Every transfer fails with `error`, or none any more.
    void refuse(std::optional<int> error) { refused_ = error; }

    // What it knows.
    /// The oracle: blocks in which the secret is left, anywhere, for who has the drive's key now.
    [[nodiscard]] std::uint64_t residue(ByteView secret) const;
    [[nodiscard]] Bytes at(std::uint64_t offset, std::size_t length) const;
    /// What was unmapped and holds the text, block by block.
    [[nodiscard]] Bytes unmapped_with(ByteView text) const;
    [[nodiscard]] std::uint64_t native_bytes() const { return native_bytes_; }
    [[nodiscard]] std::uint64_t retired() const { return retired_.size(); }
    struct Counts {
        std::uint64_t writes = 0;
        std::uint64_t reads = 0;
        std::uint64_t flushes = 0;
        std::uint64_t bytes_written = 0; ///< acknowledged
        std::uint64_t struck = 0;        ///< commands that met a fault
        unsigned most_in_flight = 0;
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }
    /// Every transfer as it was started.
    struct Command {
        Direction direction = Direction::read;
        Extent extent;
    };
    [[nodiscard]] const std::vector<Command>& trace() const { return trace_; }

    // BlockPort
    [[nodiscard]] BlockGeometry geometry() const override;
    [[nodiscard]] unsigned slots() const override { return traits_.slots; }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override { return buffers_[index]; }
    void start(Direction direction, unsigned slot, Extent extent) override;
    [[nodiscard]] Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) override;
    [[nodiscard]] std::optional<int> flush(std::chrono::milliseconds at_most) override;
    [[nodiscard]] Result<PortState> state() override;
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    struct ArmedFault {
        MediaFault fault;
        std::uint64_t met;
        std::uint64_t struck;
    };
    /// What a command will do, decided when it arrives.
    struct Transfer {
        Completion completion;
        std::chrono::nanoseconds due{};
        std::vector<MediaFault> faults;
    };
    struct CachedWrite {
        std::uint64_t offset;
        Bytes data;
    };

    [[nodiscard]] std::vector<MediaFault> strike(Direction direction, Extent extent);
    [[nodiscard]] bool strikes(ArmedFault& armed, Extent extent);
    void change(const MediaFault& fault);
    [[nodiscard]] std::chrono::nanoseconds due(const Transfer& transfer);
    [[nodiscard]] int perform(const Transfer& transfer);
    [[nodiscard]] int refusal(const Completion& completion) const;
    [[nodiscard]] int write(const Transfer& transfer, ByteView data);
    [[nodiscard]] int read(const Transfer& transfer, std::span<std::uint8_t> into);
    void store(std::uint64_t offset, ByteView data);
    void store_at_place(std::uint64_t offset, ByteView data);
    void load(std::uint64_t offset, std::span<std::uint8_t> into) const;
    /// Calls visit(place, from, length) for each run of the extent that lies in one piece.
    template <typename Visit>
    void each_place(Extent extent, Visit visit) const;
    void empty_cache();
    /// Calls visit(which cells, offset there, from, length) for each run of stored octets.
    template <typename Visit>
    void each_run(Extent extent, Visit visit) const;
    void put(std::uint64_t place, ByteView data);
    void get(std::uint64_t place, std::span<std::uint8_t> into) const;
    void keep_stale(std::uint64_t place, std::uint64_t length);
    [[nodiscard]] std::uint64_t stale_holding(ByteView secret) const;

    MediaTraits traits_;
    std::uint64_t native_bytes_;
    std::uint64_t key_;
    SimulatedClock& clock_;
    Cells cells_;
    Cells spares_;
    std::map<std::uint64_t, std::uint64_t>
        retired_; ///< a block's offset: of its spare in `spares_`
    struct StaleCopy {
        std::uint64_t place;
        Bytes stored; ///< enciphered
    };
    std::deque<StaleCopy> stale_;
    std::vector<Cells> unmapped_; ///< what was stored when it was unmapped
    std::vector<Bytes> buffers_;
    std::vector<CachedWrite> cache_;
    std::vector<ArmedFault> faults_;
    std::vector<Transfer> in_flight_;
    std::chrono::nanoseconds free_at_{};
    PortState now_;
    std::optional<int> gone_; ///< the error of every command since it vanished or went offline
    std::optional<int> read_only_;
    std::optional<int> refused_;
    bool flushing_ = false; ///< in a flush that hangs
    Counts counts_;
    std::vector<Command> trace_;
    bool flicker_ = false;
};

} // namespace quietus::emulator
