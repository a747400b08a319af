#include "worker_bay.hpp"

#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/linux/open_block.hpp"
#include "quietus/transport/linux/open_firmware.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace quietus {
namespace {

using std::chrono::seconds;

/// Says beforehand for how long nothing will be heard: the process waits within the kernel for the
/// end of a command, which for a drive that erases itself is hours away.
class Announcing {
  public:
    explicit Announcing(WorkerLine& line) : line_(line) {}
    void announce(std::chrono::milliseconds timeout) {
        constexpr seconds worth_saying{10};
        const auto lasts = std::chrono::ceil<seconds>(timeout);
        // Twice: what did not come back whole is asked for once more.
        if (lasts >= worth_saying)
            line_.tell({.word = WorkerWord::waiting,
                        .silent_seconds = static_cast<std::uint32_t>(2 * lasts.count())});
    }

  private:
    WorkerLine& line_;
};

class AnnouncingPort final : public AtaPort {
  public:
    AnnouncingPort(AtaPort& port, WorkerLine& line) : port_(port), line_(line) {}
    Result<AtaReply> execute(const AtaCommand& command) override {
        line_.announce(command.timeout);
        return port_.execute(command);
    }

  private:
    AtaPort& port_;
    Announcing line_;
};

class AnnouncingNvmePort final : public NvmePort {
  public:
    AnnouncingNvmePort(NvmePort& port, WorkerLine& line) : port_(port), line_(line) {}
    Result<NvmeReply> execute(const NvmeCommand& command) override {
        line_.announce(command.timeout);
        return port_.execute(command);
    }
    Result<std::uint32_t> namespace_id() override { return port_.namespace_id(); }

  private:
    NvmePort& port_;
    Announcing line_;
};

/// The drive's bay, with what only somebody outside may ask of the kernel.
class LookedAtBay final : public FirmwareBay {
  public:
    LookedAtBay(std::unique_ptr<FirmwareBay> bay, Bay& outside, WorkerLine& line)
        : bay_(std::move(bay)), outside_(outside) {
        if (AtaPort* port = bay_->ata()) ata_.emplace(*port, line);
        if (NvmePort* port = bay_->nvme()) nvme_.emplace(*port, line);
    }
    NvmePort* nvme() override { return nvme_ ? &*nvme_ : nullptr; }
    NvmeIoPort* nvme_io() override { return bay_->nvme_io(); }
    AtaPort* ata() override { return ata_ ? &*ata_ : nullptr; }
    // What was hidden and is not any more the kernel does not know of by itself.
    Result<std::unique_ptr<BlockPort>> open_blocks() override {
        auto blocks = bay_->open_blocks();
        if (!blocks) return blocks;
        if (!ata_) return blocks;
        const auto words = ata::read_identify(*ata_);
        if (!words || words->sectors() * words->logical_bytes() == (*blocks)->geometry().size_bytes)
            return blocks;
        blocks->reset();
        if (auto status = outside_.rescan(); !status) return Error(status.error());
        return bay_->open_blocks();
    }
    bool reset() override { return outside_.reset().has_value(); }
    std::string take_transcript() override { return bay_->take_transcript(); }

  private:
    std::unique_ptr<FirmwareBay> bay_;
    Bay& outside_;
    std::optional<AnnouncingPort> ata_;
    std::optional<AnnouncingNvmePort> nvme_;
};

} // namespace

Result<DriveLink> RemoteBay::open() {
    auto link = host_.open(drive_);
    if (!link) return link;
    if (!commands_) link->firmware.reset();
    auto confined = confine_to_transfers(allowance());
    if (!confined)
        return std::move(confined)
            .error()
            .during("the worker cannot be confined")
            .during(drive_.node);
    if (link->firmware)
        link->firmware = std::make_unique<LookedAtBay>(std::move(link->firmware), *this, line_);
    return link;
}

TransferAllowance RemoteBay::allowance() const {
    const auto requests = block_node_requests();
    TransferAllowance allowance{.channel = line_.channel(),
                                .requests = {requests.begin(), requests.end()},
                                .largest_file = drive_.size_bytes};
    if (!commands_) return allowance;
    const auto commands = firmware_requests(drive_);
    allowance.requests.insert(allowance.requests.end(), commands.begin(), commands.end());
    allowance.privileges.push_back(drive_.nvme_erasure ? Privilege::administrate
                                                       : Privilege::raw_io);
    allowance.largest_file = std::max(drive_.size_bytes, drive_.native_size_bytes.value_or(0));
    return allowance;
}

} // namespace quietus
