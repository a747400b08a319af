#include "quietus/emulator/scsi_drive.hpp"

#include "scsi_firmware.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/transport/joined_block_port.hpp"

#include <cerrno>
#include <functional>
#include <utility>
#include <vector>

namespace quietus::emulator {
namespace {

/// The blocks of one unit as a kernel knows them.
class ScsiBlockFace final : public BlockPort {
  public:
    ScsiBlockFace(std::function<void()> catch_up, ScsiUnit& unit)
        : catch_up_(std::move(catch_up)), unit_(unit), media_(unit.media()),
          opened_(media_.geometry()) {}

    [[nodiscard]] BlockGeometry geometry() const override { return opened_; }
    [[nodiscard]] unsigned slots() const override { return media_.slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return media_.slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        catch_up_();
        media_.start(direction, slot, extent);
    }
    [[nodiscard]] Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) override {
        catch_up_();
        auto done = media_.wait(at_most);
        if (done && *done) settle(**done);
        return done;
    }
    [[nodiscard]] std::optional<int> flush(std::chrono::milliseconds at_most) override {
        catch_up_();
        return media_.flush(at_most);
    }
    [[nodiscard]] Result<PortState> state() override {
        auto state = media_.state();
        if (state) state->size_bytes = opened_.size_bytes;
        return state;
    }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    // Blocks that have to be written first: 3/11h/15h, which a kernel tells as ENODATA.
    void settle(Completion& done) {
        if (done.error != 0) return;
        if (done.direction == Direction::write) return unit_.unwritten.subtract(done.extent);
        ExtentSet asked({done.extent});
        asked.subtract(unit_.unwritten);
        if (asked.bytes() != done.extent.length) done.error = ENODATA;
    }

    std::function<void()> catch_up_;
    ScsiUnit& unit_;
    Media& media_;
    BlockGeometry opened_;
};

} // namespace

ScsiDrive::ScsiDrive(const ScsiTraits& traits, SimulatedClock& clock)
    : firmware_(std::make_unique<Firmware>(traits, clock)) {}

ScsiDrive::~ScsiDrive() = default;

void ScsiDrive::turn(Knob knob) {
    firmware_->turn(knob);
}

void ScsiDrive::hold(ByteView secret) {
    for (ScsiUnit& unit : firmware_->units())
        unit.media().hold(secret);
}

void ScsiDrive::power_cycle() {
    firmware_->power_cycle();
}

void ScsiDrive::hard_reset() {
    firmware_->hard_reset();
}

void ScsiDrive::recall(const ScsiMemory& memory) {
    firmware_->recall(memory);
}

ScsiMemory ScsiDrive::memory() {
    return firmware_->memory();
}

std::uint64_t ScsiDrive::residue(ByteView secret) {
    firmware_->catch_up();
    std::uint64_t blocks = 0;
    for (ScsiUnit& unit : firmware_->units())
        blocks += unit.media().residue(secret);
    return blocks;
}

bool ScsiDrive::is_turned(Knob knob) const {
    return firmware_->is_turned(knob);
}

Media& ScsiDrive::media(unsigned unit) {
    return firmware_->units().at(unit).media();
}

const ScsiTraits& ScsiDrive::traits() const {
    return firmware_->traits();
}

ScsiPort& ScsiDrive::commands(unsigned unit) {
    return firmware_->port(unit);
}

std::unique_ptr<BlockPort> ScsiDrive::open_block(unsigned unit) {
    firmware_->catch_up();
    const bool opens = traits().block_bytes % 512 == 0;
    if (!opens) return nullptr;
    Firmware& firmware = *firmware_;
    return std::make_unique<ScsiBlockFace>([&firmware] { firmware.catch_up(); },
                                           firmware.units().at(unit));
}

std::unique_ptr<BlockPort> ScsiDrive::open_joined() {
    std::vector<std::unique_ptr<BlockPort>> parts;
    for (unsigned unit = 0; unit < traits().units; ++unit) {
        parts.push_back(open_block(unit));
        if (parts.back() == nullptr) return nullptr;
    }
    auto joined = join_blocks(std::move(parts));
    QUIETUS_ENSURE(joined);
    return std::move(*joined);
}

} // namespace quietus::emulator
