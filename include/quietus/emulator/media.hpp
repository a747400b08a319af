// Media: an emulated drive behind the block port that knows where data hides.
//
// It stores what it is told, unless a fault says otherwise, and can be asked afterwards in how many
// of its blocks a secret is left, whatever address leads there and whatever the drive has answered.
// Time is simulated. Transfers that are due at the same time end last-started-first, so that
// nothing can rely on their order.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/media_fault.hpp"
#include "quietus/emulator/simulated_clock.hpp"
#include "quietus/transport/block_port.hpp"

#include <chrono>
#include <cstdint>
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
};

/// The blocks themselves; holds only pages that were written.
class Cells {
  public:
    Cells(std::uint64_t size, std::uint32_t block_bytes)
        : size_(size), block_bytes_(block_bytes), initial_(block_bytes, 0) {}

    /// From now on every block holds the text, repeated, and nothing else.
    void hold(ByteView text);
    void write(std::uint64_t offset, ByteView data);
    void read(std::uint64_t offset, std::span<std::uint8_t> into) const;
    /// In how many blocks the text is found.
    [[nodiscard]] std::uint64_t holding(ByteView text) const;

  private:
    static constexpr std::size_t page = 65536;
    [[nodiscard]] Bytes& page_at(std::uint64_t number);
    [[nodiscard]] std::uint64_t count(ByteView octets, ByteView text) const;

    std::uint64_t size_;
    std::uint32_t block_bytes_;
    Bytes initial_; ///< what a block holds that was never written
    std::map<std::uint64_t, Bytes> pages_;
};

class Media final : public BlockPort {
  public:
    /// `clock` outlives it.
    Media(const MediaTraits& traits, SimulatedClock& clock);

    // What a test or a scenario does to it.
    void hold(ByteView secret) { cells_.hold(secret); }
    void add(const MediaFault& fault) { faults_.push_back({fault, 0, 0}); }
    void set(std::uint64_t offset, std::uint8_t octet) { cells_.write(offset, {&octet, 1}); }
    void heal() { faults_.clear(); }

    // What it knows.
    /// The oracle: blocks in which the secret is left, anywhere.
    [[nodiscard]] std::uint64_t residue(ByteView secret) const { return cells_.holding(secret); }
    [[nodiscard]] Bytes at(std::uint64_t offset, std::size_t length) const;
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

    MediaTraits traits_;
    SimulatedClock& clock_;
    Cells cells_;
    std::vector<Bytes> buffers_;
    std::vector<CachedWrite> cache_;
    std::vector<ArmedFault> faults_;
    std::vector<Transfer> in_flight_;
    std::chrono::nanoseconds free_at_{};
    PortState now_;
    std::optional<int> gone_; ///< the error of every command since it vanished or went offline
    std::optional<int> read_only_;
    bool flushing_ = false; ///< in a flush that hangs
    Counts counts_;
    std::vector<Command> trace_;
    bool flicker_ = false;
};

} // namespace quietus::emulator
