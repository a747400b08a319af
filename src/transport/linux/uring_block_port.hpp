// UringBlockPort: BlockPort over io_uring on descriptors that are already open.
#pragma once

#include "file_block_port.hpp"
#include "opened_block.hpp"
#include "ring.hpp"
#include "slot_memory.hpp"

#include <array>
#include <memory>
#include <optional>

namespace quietus {

class UringBlockPort final : public FileBlockPort {
  public:
    /// Takes what was opened; Fault::io when the kernel gives no ring, and then leaves it.
    static Result<std::unique_ptr<UringBlockPort>> make(OpenedBlock& opened);
    ~UringBlockPort() override;

    [[nodiscard]] BlockGeometry geometry() const override { return opened_.geometry; }
    [[nodiscard]] unsigned slots() const override { return memory_.slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return memory_.slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override;
    [[nodiscard]] std::span<std::uint8_t> common() override { return memory_.tile(); }
    void start_common(unsigned slot, Extent extent) override;
    [[nodiscard]] Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) override;
    [[nodiscard]] std::optional<int> flush(std::chrono::milliseconds at_most) override;
    [[nodiscard]] Result<PortState> state() override { return state_of(opened_); }
    [[nodiscard]] bool used_page_cache() const override { return used_page_cache_; }
    [[nodiscard]] int descriptor() const override { return opened_.direct.get(); }
    [[nodiscard]] Status measure() override { return measure_again(opened_); }

  private:
    struct InFlight {
        Direction direction = Direction::read;
        Extent extent;
        bool common = false; ///< its data is in the buffer that is no slot's
        std::uint64_t moved = 0;
    };

    UringBlockPort(OpenedBlock opened, SlotMemory memory, std::unique_ptr<Ring> ring);
    void start(unsigned slot, const InFlight& flight);
    void start_rest(unsigned slot);
    [[nodiscard]] unsigned worth_waking_for() const;
    /// Nothing when the transfer goes on.
    [[nodiscard]] std::optional<Completion> take(const RingResult& result);
    void start_sync(RingFile file);

    OpenedBlock opened_;
    SlotMemory memory_;
    std::unique_ptr<Ring> ring_;
    std::array<InFlight, Transfers::most> in_flight_{};
    unsigned moving_ = 0;             ///< transfers started and not yet returned by wait()
    std::optional<RingFile> syncing_; ///< of a flush under way
    bool used_page_cache_ = false;
};

} // namespace quietus
