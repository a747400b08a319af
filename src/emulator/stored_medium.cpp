#include "stored_medium.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr std::size_t memory_limit = std::size_t{1} << 20U;

Error not_of_this_drive(const std::string& what) {
    return Error{Fault::invalid, what,
                 "remove it, and the .medium beside it: the drive is then as the scenario has it"};
}

// In its place at once: whoever looks at it finds the old content or the new one.
bool put(const std::string& path, std::string_view content) {
    std::error_code failure;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failure);
    const std::string fresh = path + ".new";
    {
        std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
        file << content << std::flush;
        if (!file) return false;
    }
    std::filesystem::rename(fresh, path, failure);
    return !failure;
}

bool is_there(const std::string& path) {
    std::error_code failure;
    return std::filesystem::exists(path, failure);
}

// The first goes without a number.
std::string unmapped_extension(std::size_t medium) {
    return medium == 0 ? ".unmapped" : ".unmapped-" + std::to_string(medium + 1);
}

} // namespace

EmulatedHost::StoredMedium::StoredMedium(const ScenarioDrive& drive, std::string path,
                                         SimulatedClock& clock)
    : drive_(drive), path_(std::move(path)), firmware_(make_firmware_drive(drive, clock)) {
    if (firmware_) return;
    plain_ = std::make_unique<Media>(drive.traits, clock);
    plain_->hold(as_bytes(drive.secret));
}

std::vector<Media*> EmulatedHost::StoredMedium::media() {
    return firmware_ ? firmware_->media() : std::vector<Media*>{plain_.get()};
}

std::string EmulatedHost::StoredMedium::beside(const std::string& extension) const {
    return std::filesystem::path(path_).replace_extension(extension);
}

Status EmulatedHost::StoredMedium::load() {
    if (is_there(path_)) {
        if (auto status = load_blocks(); !status) return status;
        if (auto status = load_memory(); !status) return status;
        if (auto status = load_unmapped(); !status) return status;
    }
    for (const MediaFault& fault : drive_.faults)
        media().front()->add(fault);
    return {};
}

// One medium behind the other.
Status EmulatedHost::StoredMedium::load_blocks() {
    const auto content = read_regular_file(path_, drive_limit);
    if (!content) return content.error();
    std::uint64_t all = 0;
    for (const Media* each : media())
        all += each->native_bytes();
    if (content->size() != all)
        return Error{Fault::invalid, path_ + ": of a drive of another size",
                     "remove it: the drive is then as the scenario has it"};
    std::size_t at = 0;
    for (Media* each : media()) {
        each->restore(as_bytes(*content).subspan(at, each->native_bytes()));
        at += each->native_bytes();
    }
    return {};
}

Status EmulatedHost::StoredMedium::load_memory() {
    const std::string path = beside(".firmware");
    if (!firmware_ || !is_there(path)) return {};
    const auto text = read_regular_file(path, memory_limit);
    if (!text) return text.error();
    const auto status = firmware_->recall(*text);
    return status ? Status{} : not_of_this_drive(path + ": " + status.error().message);
}

Status EmulatedHost::StoredMedium::load_unmapped() {
    const std::vector<Media*> all = media();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string path = beside(unmapped_extension(i));
        if (!is_there(path)) continue;
        const auto left = read_regular_file(path, drive_limit);
        if (!left) return left.error();
        if (left->size() > all[i]->native_bytes() ||
            left->size() % all[i]->geometry().block_bytes != 0)
            return not_of_this_drive(path + ": no blocks of this drive");
        all[i]->restore_unmapped(as_bytes(*left));
    }
    return {};
}

// An operation that is under way goes on from the later of two saves, or from the earlier with what
// was done since done again.
bool EmulatedHost::StoredMedium::save() {
    const std::string memory = firmware_ ? firmware_->memory() : std::string();
    if (!save_unmapped()) return false;
    Bytes content;
    for (const Media* each : media()) {
        const Bytes blocks = each->at(0, each->native_bytes());
        content.insert(content.end(), blocks.begin(), blocks.end());
    }
    if (!put(path_, as_text(content))) return false;
    return memory.empty() || put(beside(".firmware"), memory);
}

// Of what no address leads to any more nobody but the oracle asks, and it for the secret alone.
bool EmulatedHost::StoredMedium::save_unmapped() {
    const std::vector<Media*> all = media();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string path = beside(unmapped_extension(i));
        const Bytes left = all[i]->unmapped_with(as_bytes(drive_.secret));
        std::error_code failure;
        if (left.empty()) std::filesystem::remove(path, failure);
        if (failure || (!left.empty() && !put(path, as_text(left)))) return false;
    }
    return true;
}

std::uint64_t EmulatedHost::StoredMedium::residue() {
    std::uint64_t blocks = 0;
    for (const Media* each : media())
        blocks += each->residue(as_bytes(drive_.secret));
    return blocks;
}

class EmulatedHost::StoredMedium::Port final : public BlockPort {
  public:
    explicit Port(StoredMedium& medium)
        : medium_(medium),
          opened_(medium.firmware() != nullptr ? medium.firmware()->open_block() : nullptr),
          port_(opened_ ? *opened_ : static_cast<BlockPort&>(*medium.media().front())) {}
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    /// What was stored without a flush is on the medium all the same, as far as it got there.
    ~Port() override {
        if (written_) (void)medium_.save();
    }
    [[nodiscard]] BlockGeometry geometry() const override { return port_.geometry(); }
    [[nodiscard]] unsigned slots() const override { return port_.slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return port_.slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        written_ = written_ || direction == Direction::write;
        port_.start(direction, slot, extent);
    }
    [[nodiscard]] Result<std::optional<Completion>>
    wait(std::chrono::milliseconds at_most) override {
        return port_.wait(at_most);
    }
    [[nodiscard]] std::optional<int> flush(std::chrono::milliseconds at_most) override {
        const auto flushed = port_.flush(at_most);
        if (flushed != 0 || !written_ || medium_.save()) return flushed;
        return EIO;
    }
    [[nodiscard]] Result<PortState> state() override { return port_.state(); }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    StoredMedium& medium_;
    std::unique_ptr<BlockPort> opened_; ///< of a drive with firmware
    BlockPort& port_;
    bool written_ = false;
};

/// This process may be killed, and the drive goes on: what it has done is in its files when a
/// command is answered, and when the way to it is closed.
class EmulatedHost::StoredMedium::Bay final : public FirmwareBay {
  public:
    explicit Bay(StoredMedium& medium)
        : medium_(medium), way_(medium.firmware()->open_commands()), ata_(*this), nvme_(*this),
          kept_(medium.firmware()->state()) {
        for (ScsiPort* port : way_->scsi_units())
            units_.push_back(std::make_unique<Scsi>(*this, *port));
    }
    Bay(const Bay&) = delete;
    Bay& operator=(const Bay&) = delete;
    ~Bay() override { (void)medium_.save(); }
    AtaPort* ata() override { return way_->ata() == nullptr ? nullptr : &ata_; }
    ScsiPort* scsi() override { return units_.empty() ? nullptr : units_.front().get(); }
    std::vector<ScsiPort*> scsi_units() override { return ports_of(units_); }
    NvmePort* nvme() override { return way_->nvme() == nullptr ? nullptr : &nvme_; }
    NvmeIoPort* nvme_io() override { return way_->nvme_io(); }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return medium_.open_block(); }
    bool reset() override { return way_->reset(); }
    std::string take_transcript() override { return way_->take_transcript(); }

  private:
    void keep() {
        std::string now = medium_.firmware()->state();
        if (now != kept_) (void)medium_.save();
        kept_ = std::move(now);
    }

    class Ata final : public AtaPort {
      public:
        explicit Ata(Bay& bay) : bay_(bay) {}
        Result<AtaReply> execute(const AtaCommand& command) override {
            auto reply = bay_.way_->ata()->execute(command);
            bay_.keep();
            return reply;
        }

      private:
        Bay& bay_;
    };
    class Scsi final : public ScsiPort {
      public:
        Scsi(Bay& bay, ScsiPort& port) : bay_(bay), port_(port) {}
        Result<ScsiReply> execute(const ScsiCommand& command) override {
            auto reply = port_.execute(command);
            bay_.keep();
            return reply;
        }

      private:
        Bay& bay_;
        ScsiPort& port_;
    };
    class Nvme final : public NvmePort {
      public:
        explicit Nvme(Bay& bay) : bay_(bay) {}
        Result<NvmeReply> execute(const NvmeCommand& command) override {
            auto reply = bay_.way_->nvme()->execute(command);
            bay_.keep();
            return reply;
        }
        Result<std::uint32_t> namespace_id() override { return bay_.way_->nvme()->namespace_id(); }

      private:
        Bay& bay_;
    };

    StoredMedium& medium_;
    std::unique_ptr<FirmwareBay> way_;
    Ata ata_;
    std::vector<std::unique_ptr<Scsi>> units_; ///< logical ones
    Nvme nvme_;
    std::string kept_;
};

std::unique_ptr<BlockPort> EmulatedHost::StoredMedium::open_block() {
    return std::make_unique<Port>(*this);
}

std::unique_ptr<FirmwareBay> EmulatedHost::StoredMedium::open_bay() {
    return firmware_ ? std::make_unique<Bay>(*this) : nullptr;
}

} // namespace quietus::emulator
