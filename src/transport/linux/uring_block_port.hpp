// UringBlockPort: BlockPort over io_uring on descriptors that are already open.
#pragma once

#include "ring.hpp"
#include "slot_memory.hpp"

#include "quietus/core/descriptor.hpp"
#include "quietus/transport/block_port.hpp"

#include <array>
#include <memory>

namespace quietus {

/// What the port works on: a node or an image opened O_DIRECT, and for an image with an odd tail a
/// second, buffered descriptor of the same file.
struct OpenedBlock {
    Descriptor direct;
    Descriptor buffered;
    BlockGeometry geometry;
    bool image = false;
    bool read_only = false; ///< opened for nothing but reading
};

class UringBlockPort final : public BlockPort {
  public:
    /// Fault::io when the kernel gives no ring.
    static Result<std::unique_ptr<BlockPort>> make(OpenedBlock opened);

    [[nodiscard]] BlockGeometry geometry() const override { return opened_.geometry; }
    [[nodiscard]] unsigned slots() const override { return SlotMemory::slots; }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return memory_.slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override;
    [[nodiscard]] Result<Completion> wait() override;
    [[nodiscard]] int flush() override;
    [[nodiscard]] Result<PortState> state() override;
    [[nodiscard]] bool used_page_cache() const override { return used_page_cache_; }

  private:
    struct InFlight {
        Direction direction = Direction::read;
        Extent extent;
        std::uint64_t moved = 0;
    };

    UringBlockPort(OpenedBlock opened, SlotMemory memory);
    void start_rest(unsigned slot);
    [[nodiscard]] unsigned worth_waking_for() const;
    [[nodiscard]] int sync(RingFile file);
    [[nodiscard]] bool in_tail(Extent extent) const;

    OpenedBlock opened_;
    SlotMemory memory_;
    Ring ring_;
    std::array<InFlight, SlotMemory::slots> in_flight_{};
    unsigned moving_ = 0; ///< transfers started and not yet returned by wait()
    bool used_page_cache_ = false;
};

} // namespace quietus
