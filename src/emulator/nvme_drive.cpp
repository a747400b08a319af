#include "quietus/emulator/nvme_drive.hpp"

#include "nvme_firmware.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/transport/joined_block_port.hpp"

#include <utility>
#include <vector>

namespace quietus::emulator {

/// The blocks of one namespace as a kernel knows them.
class NvmeDrive::BlockFace final : public BlockPort {
  public:
    BlockFace(Firmware& firmware, Media& media) : firmware_(firmware), media_(media) {}

    [[nodiscard]] BlockGeometry geometry() const override { return media_.geometry(); }
    [[nodiscard]] unsigned slots() const override { return media_.slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return media_.slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        firmware_.catch_up();
        if (direction == Direction::write) firmware_.machine().wrote();
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
    [[nodiscard]] Result<PortState> state() override { return media_.state(); }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    Firmware& firmware_;
    Media& media_;
};

NvmeDrive::NvmeDrive(const NvmeTraits& traits, SimulatedClock& clock)
    : firmware_(std::make_unique<Firmware>(traits, clock)) {}

NvmeDrive::~NvmeDrive() = default;

void NvmeDrive::turn(Knob knob) {
    firmware_->turn(knob);
}

void NvmeDrive::hold(ByteView secret) {
    firmware_->hold(secret);
}

void NvmeDrive::power_cycle() {
    firmware_->power_cycle();
}

void NvmeDrive::controller_reset() {
    firmware_->reset();
}

void NvmeDrive::disable_memory_region() {
    firmware_->disable_memory_region();
}

std::uint64_t NvmeDrive::residue(ByteView secret) {
    firmware_->catch_up();
    return firmware_->residue(secret);
}

const NvmeTraits& NvmeDrive::traits() const {
    return firmware_->traits();
}

Media& NvmeDrive::media(std::uint32_t nsid) {
    Media* media = firmware_->media(nsid);
    QUIETUS_ENSURE(media != nullptr);
    return *media;
}

void NvmeDrive::recall(const NvmeMemory& memory) {
    firmware_->recall(memory);
}

NvmeMemory NvmeDrive::memory() {
    return firmware_->memory();
}

std::vector<Media*> NvmeDrive::all_media() {
    return firmware_->all_media();
}

unsigned NvmeDrive::sanitize_state() {
    firmware_->catch_up();
    return static_cast<unsigned>(firmware_->machine().state());
}

Result<NvmeReply> NvmeDrive::execute(const NvmeCommand& command) {
    return firmware_->execute(command);
}

Result<NvmeReply> NvmeDrive::execute_io(const NvmeCommand& command) {
    return firmware_->execute_io(command);
}

Result<std::uint32_t> NvmeDrive::namespace_id() {
    return Error{Fault::io, "the emulated node is that of a controller"};
}

std::unique_ptr<BlockPort> NvmeDrive::open_block(std::uint32_t nsid) {
    firmware_->catch_up();
    Media* media = firmware_->media(nsid);
    if (media == nullptr || !firmware_->is_attached(nsid)) return nullptr;
    return std::make_unique<BlockFace>(*firmware_, *media);
}

std::unique_ptr<BlockPort> NvmeDrive::open_joined() {
    std::vector<std::unique_ptr<BlockPort>> parts;
    for (const NvmeNamespaceTraits& each : traits().namespaces)
        if (each.attached) parts.push_back(open_block(each.nsid));
    auto joined = join_blocks(std::move(parts));
    QUIETUS_ENSURE(joined);
    return std::move(*joined);
}

} // namespace quietus::emulator
