#include "worker_bay.hpp"

#include "quietus/drive/scsi/capacity.hpp"
#include "quietus/transport/ata/identify_words.hpp"
#include "quietus/transport/linux/open_block.hpp"
#include "quietus/transport/linux/open_firmware.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace quietus {
namespace {

using std::chrono::seconds;

/// Says beforehand for how long nothing will be heard: the process waits within the kernel for the
/// end of a command, which for a drive that erases itself is hours away.
template <typename Port, typename Command, typename Reply>
class AnnouncingPort : public Port {
  public:
    AnnouncingPort(Port& port, WorkerLine& line) : port_(port), line_(line) {}
    Result<Reply> execute(const Command& command) override {
        const auto lasts = std::chrono::ceil<seconds>(command.timeout);
        // Twice: what did not come back whole is asked for once more.
        if (lasts >= worth_saying)
            line_.tell({.word = WorkerWord::waiting,
                        .silent_seconds = static_cast<std::uint32_t>(2 * lasts.count())});
        return port_.execute(command);
    }

  protected:
    [[nodiscard]] Port& port() { return port_; }

  private:
    static constexpr seconds worth_saying{10};
    Port& port_;
    WorkerLine& line_;
};
using AnnouncingAta = AnnouncingPort<AtaPort, AtaCommand, AtaReply>;
using AnnouncingScsi = AnnouncingPort<ScsiPort, ScsiCommand, ScsiReply>;

class AnnouncingNvme final : public AnnouncingPort<NvmePort, NvmeCommand, NvmeReply> {
  public:
    using AnnouncingPort::AnnouncingPort;
    Result<std::uint32_t> namespace_id() override { return port().namespace_id(); }
};

/// The drive's bay, with what only somebody outside may ask of the kernel.
class LookedAtBay final : public FirmwareBay {
  public:
    LookedAtBay(std::unique_ptr<FirmwareBay> bay, Bay& outside, WorkerLine& line)
        : bay_(std::move(bay)), outside_(outside) {
        if (AtaPort* port = bay_->ata()) ata_.emplace(*port, line);
        for (ScsiPort* port : bay_->scsi_units())
            units_.push_back(std::make_unique<AnnouncingScsi>(*port, line));
        if (NvmePort* port = bay_->nvme()) nvme_.emplace(*port, line);
    }
    NvmePort* nvme() override { return nvme_ ? &*nvme_ : nullptr; }
    NvmeIoPort* nvme_io() override { return bay_->nvme_io(); }
    AtaPort* ata() override { return ata_ ? &*ata_ : nullptr; }
    ScsiPort* scsi() override { return units_.empty() ? nullptr : units_.front().get(); }
    std::vector<ScsiPort*> scsi_units() override { return ports_of(units_); }
    // What was hidden and is not any more the kernel does not know of by itself.
    Result<std::unique_ptr<BlockPort>> open_blocks() override {
        auto blocks = bay_->open_blocks();
        if (!blocks) return blocks;
        const auto size = own_size();
        if (!size || *size == (*blocks)->geometry().size_bytes) return blocks;
        blocks->reset();
        if (auto status = outside_.rescan(); !status) return Error(status.error());
        return bay_->open_blocks();
    }
    bool reset() override { return outside_.reset().has_value(); }
    std::string take_transcript() override { return bay_->take_transcript(); }

  private:
    /// By the drive's own word, in the language that it speaks: to a SCSI drive ATA commands are
    /// none.
    std::optional<std::uint64_t> own_size() {
        if (ata_)
            if (const auto words = ata::read_identify(*ata_))
                return words->sectors() * words->logical_bytes();
        std::optional<std::uint64_t> size;
        for (const auto& each : units_) {
            const auto format = scsi::read_unit_format(*each);
            if (!format) return std::nullopt;
            size = size.value_or(0) + format->blocks * format->block_bytes;
        }
        return size;
    }

    std::unique_ptr<FirmwareBay> bay_;
    Bay& outside_;
    std::optional<AnnouncingAta> ata_;
    std::vector<std::unique_ptr<AnnouncingScsi>> units_; ///< logical ones
    std::optional<AnnouncingNvme> nvme_;
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
    allowance.privileges.push_back(
        language_of(drive_) == CommandLanguage::nvme ? Privilege::administrate : Privilege::raw_io);
    allowance.largest_file = std::max(drive_.size_bytes, drive_.native_size_bytes.value_or(0));
    return allowance;
}

} // namespace quietus
