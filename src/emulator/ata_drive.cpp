#include "quietus/emulator/ata_drive.hpp"

#include "firmware.hpp"

#include <algorithm>
#include <cerrno>

namespace quietus::emulator {

/// The blocks as a kernel knows them.
class AtaDrive::BlockFace final : public BlockPort {
  public:
    /// Of its blocks it has the first `blocks`.
    BlockFace(Firmware& firmware, std::uint64_t blocks)
        : firmware_(firmware), media_(firmware.media()), opened_(media_.geometry()) {
        opened_.size_bytes = opened_.tail_offset = blocks * opened_.block_bytes;
    }

    [[nodiscard]] BlockGeometry geometry() const override { return opened_; }
    [[nodiscard]] unsigned slots() const override { return media_.slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return media_.slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        firmware_.catch_up();
        media_.start(direction, slot, extent);
    }
    [[nodiscard]] Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) override {
        firmware_.catch_up();
        return media_.wait(at_most);
    }
    [[nodiscard]] std::optional<int> flush(std::chrono::milliseconds at_most) override {
        firmware_.catch_up();
        return media_.flush(at_most);
    }
    // libata does not look again at a drive that has changed (seen with Linux 6.1 and 6.12).
    [[nodiscard]] Result<PortState> state() override {
        auto state = media_.state();
        if (state) state->size_bytes = opened_.size_bytes;
        return state;
    }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    Firmware& firmware_;
    Media& media_;
    BlockGeometry opened_;
};

AtaDrive::AtaDrive(const AtaTraits& traits, SimulatedClock& clock)
    : firmware_(std::make_unique<Firmware>(traits, clock)) {}

AtaDrive::~AtaDrive() = default;

void AtaDrive::turn(Knob knob) {
    firmware_->turn(knob);
}

void AtaDrive::hold(ByteView secret) {
    firmware_->media().hold(secret);
}

void AtaDrive::power_cycle() {
    firmware_->power_cycle();
}

void AtaDrive::hard_reset() {
    firmware_->hard_reset();
}

AtaMemory AtaDrive::memory() {
    return firmware_->memory();
}

void AtaDrive::recall(const AtaMemory& memory) {
    firmware_->recall(memory);
}

std::uint64_t AtaDrive::residue(ByteView secret) {
    firmware_->catch_up();
    return firmware_->media().residue(secret);
}

bool AtaDrive::is_turned(Knob knob) const {
    return firmware_->is_turned(knob);
}

Media& AtaDrive::media() {
    return firmware_->media();
}

const AtaTraits& AtaDrive::traits() const {
    return firmware_->traits();
}

bool AtaDrive::take_reset() {
    return firmware_->take_reset();
}

Result<AtaReply> AtaDrive::execute(const AtaCommand& command) {
    return firmware_->execute(command);
}

std::uint64_t AtaDrive::scsi_blocks() {
    firmware_->catch_up();
    return std::min(firmware_->accessible(), firmware_->scsi_blocks.value_or(~std::uint64_t{0}));
}

bool AtaDrive::shorten(std::optional<std::uint64_t> blocks) {
    firmware_->catch_up();
    if (blocks && *blocks > firmware_->accessible()) return false;
    firmware_->scsi_blocks = blocks;
    return true;
}

std::unique_ptr<BlockPort> AtaDrive::open_block() {
    firmware_->catch_up();
    return std::make_unique<BlockFace>(*firmware_, firmware_->accessible());
}

std::unique_ptr<BlockPort> AtaDrive::open_scsi_block() {
    const std::uint64_t blocks = scsi_blocks();
    return std::make_unique<BlockFace>(*firmware_, blocks);
}

} // namespace quietus::emulator
