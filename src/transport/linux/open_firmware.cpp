// The blocks are read with O_DIRECT: the kernel drops what its cache has of a range before it reads
// it past the cache, so that nothing of before the erasure is seen in place of the medium.
#include "quietus/transport/linux/open_firmware.hpp"

#include "file_block_port.hpp"
#include "open_file_port.hpp"

#include "quietus/transport/ata_over_scsi.hpp"
#include "quietus/transport/traced_scsi.hpp"

#include <scsi/sg.h>

#include <array>
#include <utility>

namespace quietus {
namespace {

/// The one port there is, lent to one at a time.
struct SharedBlocks {
    std::unique_ptr<FileBlockPort> port;
    bool lent = false;
    bool spent = false; ///< somebody left with transfers that had not come back
};

class LentBlocks final : public BlockPort {
  public:
    explicit LentBlocks(std::shared_ptr<SharedBlocks> shared) : shared_(std::move(shared)) {
        shared_->lent = true;
    }
    LentBlocks(const LentBlocks&) = delete;
    LentBlocks& operator=(const LentBlocks&) = delete;
    ~LentBlocks() override {
        shared_->lent = false;
        shared_->spent = shared_->spent || in_flight_ != 0 || flushing_;
    }
    [[nodiscard]] BlockGeometry geometry() const override { return port().geometry(); }
    [[nodiscard]] unsigned slots() const override { return port().slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return port().slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        ++in_flight_;
        port().start(direction, slot, extent);
    }
    [[nodiscard]] Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) override {
        auto completion = port().wait(at_most);
        if (!completion) shared_->spent = true;
        if (completion && *completion) --in_flight_;
        return completion;
    }
    [[nodiscard]] std::optional<int> flush(std::chrono::milliseconds at_most) override {
        const auto flushed = port().flush(at_most);
        flushing_ = !flushed;
        return flushed;
    }
    [[nodiscard]] Result<PortState> state() override { return port().state(); }
    [[nodiscard]] bool used_page_cache() const override { return port().used_page_cache(); }

  private:
    [[nodiscard]] FileBlockPort& port() const { return *shared_->port; }

    std::shared_ptr<SharedBlocks> shared_;
    unsigned in_flight_ = 0;
    bool flushing_ = false;
};

class SgFirmwareBay final : public FirmwareBay, private WireLog {
  public:
    SgFirmwareBay(std::shared_ptr<SharedBlocks> blocks, const FirmwareOpening& opening)
        : blocks_(std::move(blocks)),
          scsi_(make_sg_io_port(blocks_->port->descriptor(), opening.ioctl)),
          traced_(*scsi_, opening.clock, *this), ata_(traced_) {}

    AtaPort* ata() override { return &ata_; }
    ScsiPort* scsi() override { return &traced_; }

    Result<std::unique_ptr<BlockPort>> open_blocks() override {
        if (blocks_->lent || blocks_->spent)
            return Error{Fault::io, "transfers to the drive have not come back"};
        if (auto status = blocks_->port->measure(); !status) return Error(status.error());
        return std::unique_ptr<BlockPort>(std::make_unique<LentBlocks>(blocks_));
    }

    bool reset() override { return false; }
    std::string take_transcript() override { return std::exchange(transcript_, {}); }

  private:
    void add(const std::string& lines) override { transcript_ += lines; }

    std::shared_ptr<SharedBlocks> blocks_;
    std::unique_ptr<ScsiPort> scsi_;
    TracedScsi traced_;
    AtaOverScsi ata_;
    std::string transcript_;
};

} // namespace

Result<DriveLink> open_firmware_link(const Drive& drive, const FirmwareOpening& opening) {
    auto port = open_file_port(drive, opening.path, opening.transfers);
    if (!port) return std::move(port).error();
    auto shared = std::make_shared<SharedBlocks>();
    shared->port = std::move(*port);
    return DriveLink{std::make_unique<LentBlocks>(shared),
                     std::make_unique<SgFirmwareBay>(shared, opening)};
}

std::span<const unsigned long> firmware_requests() {
    static constexpr std::array<unsigned long, 1> requests{SG_IO};
    return requests;
}

} // namespace quietus
