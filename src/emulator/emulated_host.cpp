#include "quietus/emulator/emulated_host.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"
#include "quietus/drive/ata/facts.hpp"
#include "quietus/emulator/ata_drive.hpp"
#include "quietus/emulator/sat_face.hpp"
#include "quietus/transport/ata_over_scsi.hpp"
#include "quietus/transport/traced_scsi.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace quietus::emulator {

/// A drive's medium, and the file that keeps it.
class EmulatedHost::StoredMedium {
  public:
    StoredMedium(const ScenarioDrive& drive, std::string path, SimulatedClock& clock)
        : drive_(drive), path_(std::move(path)), ata_(make_ata_drive(drive, clock)) {
        if (ata_) return;
        plain_ = std::make_unique<Media>(drive.traits, clock);
        plain_->hold(as_bytes(drive.secret));
    }

    Status load() {
        std::error_code failure;
        if (std::filesystem::exists(path_, failure)) {
            const auto content = read_regular_file(path_, drive_limit);
            if (!content) return content.error();
            if (content->size() != media().native_bytes())
                return Error{Fault::invalid, path_ + ": of a drive of another size",
                             "remove it: the drive is then as the scenario has it"};
            media().restore(as_bytes(*content));
            if (auto status = load_memory(); !status) return status;
            if (auto status = load_unmapped(); !status) return status;
        }
        for (const MediaFault& fault : drive_.faults)
            media().add(fault);
        return {};
    }

    // An operation that is under way goes on from the later of two saves, or from the earlier with
    // what was done since done again.
    [[nodiscard]] bool save() const {
        const std::string memory = ata_ ? written(ata_->memory()) : std::string();
        if (!save_unmapped()) return false;
        if (!put(path_, as_text(media().at(0, media().native_bytes())))) return false;
        return memory.empty() || put(memory_path(), memory);
    }

    [[nodiscard]] Media& media() const { return ata_ ? ata_->media() : *plain_; }
    [[nodiscard]] std::unique_ptr<BlockPort> open_block() {
        return ata_ ? ata_->open_scsi_block() : nullptr;
    }
    [[nodiscard]] AtaDrive* ata() { return ata_.get(); }
    [[nodiscard]] std::uint64_t residue() const { return media().residue(as_bytes(drive_.secret)); }

  private:
    [[nodiscard]] std::string memory_path() const {
        return std::filesystem::path(path_).replace_extension(".firmware");
    }

    Status load_memory() {
        std::error_code failure;
        if (!ata_ || !std::filesystem::exists(memory_path(), failure)) return {};
        const auto text = read_regular_file(memory_path(), memory_limit);
        if (!text) return text.error();
        const auto memory = read_ata_memory(*text, ata_->traits().blocks);
        if (!memory)
            return Error{Fault::invalid, memory_path() + ": " + memory.error().message,
                         "remove it, and the .medium beside it: the drive is then as the scenario "
                         "has it"};
        ata_->recall(*memory);
        return {};
    }

    [[nodiscard]] std::string unmapped_path() const {
        return std::filesystem::path(path_).replace_extension(".unmapped");
    }

    // Of what no address leads to any more nobody but the oracle asks, and it for the secret alone.
    [[nodiscard]] bool save_unmapped() const {
        const Bytes left = media().unmapped_with(as_bytes(drive_.secret));
        std::error_code failure;
        if (!left.empty()) return put(unmapped_path(), as_text(left));
        std::filesystem::remove(unmapped_path(), failure);
        return !failure;
    }

    Status load_unmapped() {
        std::error_code failure;
        if (!std::filesystem::exists(unmapped_path(), failure)) return {};
        const auto left = read_regular_file(unmapped_path(), drive_limit);
        if (!left) return left.error();
        if (left->size() > media().native_bytes() || left->size() % drive_.traits.block_bytes != 0)
            return Error{Fault::invalid, unmapped_path() + ": no blocks of this drive",
                         "remove it, and the .medium beside it: the drive is then as the scenario "
                         "has it"};
        media().restore_unmapped(as_bytes(*left));
        return {};
    }

    // In its place at once: whoever looks at it finds the old content or the new one.
    static bool put(const std::string& path, std::string_view content) {
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

    static constexpr std::size_t memory_limit = std::size_t{1} << 20U;

    const ScenarioDrive& drive_;
    std::string path_;
    std::unique_ptr<AtaDrive> ata_; ///< or
    std::unique_ptr<Media> plain_;  ///< a drive without firmware

  public:
    /// The medium, lent to one run; what a flush promises is in the file when it returns.
    class Port final : public BlockPort {
      public:
        explicit Port(StoredMedium& medium)
            : medium_(medium), opened_(medium.open_block()),
              port_(opened_ ? *opened_ : static_cast<BlockPort&>(medium.media())) {}
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
};

/// Commands through a translator, as to most drives of a real machine. What the drive does with
/// them is in its file when the way to it is closed.
class EmulatedHost::Bay final : public FirmwareBay, private WireLog {
  public:
    Bay(StoredMedium& medium, SimulatedClock& clock)
        : medium_(medium), sat_(*medium.ata()), traced_(sat_, clock, *this), ata_(traced_),
          lasting_(medium, ata_) {}
    Bay(const Bay&) = delete;
    Bay& operator=(const Bay&) = delete;
    ~Bay() override { (void)medium_.save(); }
    AtaPort* ata() override { return &lasting_; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override {
        return std::unique_ptr<BlockPort>(std::make_unique<StoredMedium::Port>(medium_));
    }
    bool reset() override {
        medium_.ata()->hard_reset();
        return true;
    }
    std::string take_transcript() override { return std::exchange(transcript_, {}); }

  private:
    /// What a command has changed is in the file before anybody hears of it: this process may be
    /// killed, and the drive goes on.
    class LastingPort final : public AtaPort {
      public:
        LastingPort(StoredMedium& medium, AtaPort& port)
            : medium_(medium), port_(port), kept_(state()) {}
        Result<AtaReply> execute(const AtaCommand& command) override {
            auto reply = port_.execute(command);
            std::string now = state();
            if (now != kept_) (void)medium_.save();
            kept_ = std::move(now);
            return reply;
        }

      private:
        // All but how far an operation is: that is no news at every question.
        [[nodiscard]] std::string state() const {
            AtaMemory memory = medium_.ata()->memory();
            if (memory.running) memory.running->worked_ns = memory.running->passes_done = 0;
            return written(memory);
        }

        StoredMedium& medium_;
        AtaPort& port_;
        std::string kept_;
    };

    void add(const std::string& lines) override { transcript_ += lines; }

    StoredMedium& medium_;
    SatFace sat_;
    TracedScsi traced_;
    AtaOverScsi ata_;
    LastingPort lasting_;
    std::string transcript_;
};

EmulatedHost::EmulatedHost(Scenario scenario, std::string directory,
                           std::shared_ptr<SimulatedClock> clock)
    : scenario_(std::move(scenario)), directory_(std::move(directory)), clock_(std::move(clock)) {}

EmulatedHost::~EmulatedHost() = default;

Result<std::vector<Drive>> EmulatedHost::detect(const DetectRequest& request) {
    std::vector<Drive> drives;
    for (const ScenarioDrive& each : scenario_.drives) {
        if (!request.only.empty() && each.facts.node != request.only) continue;
        auto drive = told_by(each);
        if (!drive) return std::move(drive).error();
        drives.push_back(std::move(*drive));
    }
    return drives;
}

Result<Drive> EmulatedHost::image(const std::string& path, const DetectRequest&) {
    return Error{Fault::usage, "image:" + escaped(path) + ": a rehearsal touches no files",
                 "the drives of the scenario are listed by `quietus list`"};
}

const ScenarioDrive* EmulatedHost::find(const std::string& node) const {
    const auto found = std::ranges::find_if(
        scenario_.drives, [&](const ScenarioDrive& each) { return each.facts.node == node; });
    return found == scenario_.drives.end() ? nullptr : &*found;
}

Result<EmulatedHost::StoredMedium*> EmulatedHost::medium_of(const std::string& node) {
    const ScenarioDrive* drive = find(node);
    if (drive == nullptr) return Error{Fault::usage, escaped(node) + ": no such drive"};
    auto& medium = media_[node];
    if (!medium) {
        auto fresh = std::make_unique<StoredMedium>(
            *drive, directory_ + "/" + drive->facts.serial + ".medium", *clock_);
        if (auto status = fresh->load(); !status) return std::move(status).error();
        medium = std::move(fresh);
    }
    return medium.get();
}

// As a drive tells of itself now; one without firmware is as the scenario has it.
Result<Drive> EmulatedHost::told_by(const ScenarioDrive& drive) {
    Drive told = drive.facts;
    if (!drive.ata) return told;
    auto medium = medium_of(told.node);
    if (!medium) return std::move(medium).error();
    const auto facts = ata::ask_facts(*(*medium)->ata());
    if (!facts) return facts.error();
    ata::tell(*facts, told);
    if (drive.ata->zoned) told.zoned = Zoned::host_aware;
    told.size_bytes = (*medium)->ata()->scsi_blocks() * told.logical_block_bytes;
    return told;
}

Result<DriveLink> EmulatedHost::open(const Drive& drive) {
    auto medium = medium_of(drive.node);
    if (!medium) return std::move(medium).error();
    DriveLink link{std::make_unique<StoredMedium::Port>(**medium)};
    if ((*medium)->ata() != nullptr) link.firmware = std::make_unique<Bay>(**medium, *clock_);
    return link;
}

Result<DriveLink> EmulatedHost::open_to_read(const Drive& drive) {
    return open(drive);
}

Result<std::uint64_t> EmulatedHost::residue(const std::string& node) {
    auto medium = medium_of(node);
    if (!medium) return std::move(medium).error();
    return (*medium)->residue();
}

} // namespace quietus::emulator
