// The bay of a real machine for a SAS drive of two logical units: each has a node of its own, and
// what is sent by one reaches its own unit and no other. The kernel's answers to SG_IO come from an
// emulated drive whose units' media are the files that are opened.
#include "quietus/transport/linux/open_firmware.hpp"

#include "scsi_scene.hpp"

#include "quietus/core/descriptor.hpp"
#include "support/sg_io.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <scsi/sg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace quietus {
namespace {

using test::scsi_methods;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::uint64_t unit_blocks = 256;
constexpr std::uint32_t block_bytes = 4096; // O_DIRECT

/// A file for each unit. What the host wrote is there when a command comes, and what the command
/// did when it ends.
class ScsiDriveInFiles {
  public:
    explicit ScsiDriveInFiles(bool reaches_all)
        : drive({.blocks = unit_blocks,
                 .block_bytes = block_bytes,
                 .units = 2,
                 .sanitize = {.reaches_all_units = reaches_all}},
                clock) {
        drive.hold(as_bytes(test::secret));
        described.kind = DriveKind::image;
        for (unsigned unit = 0; unit < 2; ++unit) {
            paths.push_back(testing::TempDir() + "quietus-scsi-bay-" + std::to_string(::getpid()) +
                            "-" + std::to_string(unit));
            put_down(unit);
            struct stat facts {};
            EXPECT_EQ(::stat(paths.back().c_str(), &facts), 0);
            described.members.push_back({"image:" + paths.back(),
                                         static_cast<std::uint64_t>(facts.st_size),
                                         image_number(facts.st_dev, facts.st_ino), 0});
            described.size_bytes += described.members.back().size_bytes;
        }
        described.node = described.members.front().node;
        described.device_number = described.members.front().device_number;
        scsi::tell(scsi::ask_facts(drive.commands()).value(), described);
    }
    ScsiDriveInFiles(const ScsiDriveInFiles&) = delete;
    ScsiDriveInFiles& operator=(const ScsiDriveInFiles&) = delete;
    ~ScsiDriveInFiles() {
        for (const std::string& path : paths)
            std::filesystem::remove(path);
    }

    Result<DriveLink> open() {
        return open_firmware_link(described,
                                  {.paths = paths, .clock = clock, .ioctl = [this](auto... all) {
                                       return answer(all...);
                                   }});
    }
    [[nodiscard]] std::string content(unsigned unit) const {
        std::ifstream file(paths.at(unit), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    emulator::SimulatedClock clock;
    emulator::ScsiDrive drive;
    Drive described;
    std::vector<std::vector<Bytes>> sent{2}; ///< the CDBs to each, as the kernel was given them

  private:
    [[nodiscard]] unsigned unit_of(int descriptor) const {
        const auto path =
            std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor));
        return path.string() == paths.at(0) ? 0 : 1;
    }
    int answer(int descriptor, unsigned long request, void* argument) {
        EXPECT_EQ(request, static_cast<unsigned long>(SG_IO));
        const unsigned unit = unit_of(descriptor);
        auto& header = *static_cast<sg_io_hdr_t*>(argument);
        const ScsiCommand command = test::command_in(header);
        sent.at(unit).push_back(command.cdb);
        for (unsigned each = 0; each < 2; ++each)
            drive.media(each).restore(as_bytes(content(each)));
        const auto reply = drive.commands(unit).execute(command);
        for (unsigned each = 0; each < 2; ++each)
            put_down(each);
        test::put_answer(command, reply, header);
        return 0;
    }
    // In place: the file is open.
    void put_down(unsigned unit) {
        emulator::Media& media = drive.media(unit);
        const Bytes all = media.at(0, unit_blocks * block_bytes);
        const Descriptor file(::open(paths.at(unit).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        EXPECT_EQ(::pwrite(file.get(), all.data(), all.size(), 0),
                  static_cast<ssize_t>(all.size()));
    }

    std::vector<std::string> paths;
};

std::size_t sanitizes_in(const std::vector<Bytes>& sent) {
    constexpr std::uint8_t sanitize = 0x48;
    return static_cast<std::size_t>(
        std::ranges::count_if(sent, [](const Bytes& cdb) { return cdb.front() == sanitize; }));
}

TEST(ScsiLinuxBay, TellsEachUnitByItsOwnNode) {
    for (const bool reaches_all : {true, false}) {
        SCOPED_TRACE(reaches_all);
        ScsiDriveInFiles disk(reaches_all);
        for (const unsigned unit : {0U, 1U})
            ASSERT_THAT(disk.content(unit), HasSubstr(test::secret));
        auto link = disk.open();
        ASSERT_TRUE(link) << link.error().message;
        ASSERT_TRUE(link->firmware);
        ASSERT_THAT(link->firmware->scsi_units(), SizeIs(2));
        EXPECT_EQ(link->block->geometry().size_bytes, 2 * unit_blocks * block_bytes);
        link->block.reset();

        test::WaitingRunWatch watch(disk.clock);
        FirmwareBench bench{*link->firmware, disk.clock, watch};
        const auto evidence =
            erase_by_firmware({Technique::scsi_sanitize_overwrite,
                               test::options_for(Technique::scsi_sanitize_overwrite),
                               Bytes(32, 0x5C),
                               {},
                               std::nullopt},
                              bench);
        EXPECT_EQ(evidence.stop_text, "");
        EXPECT_EQ(judge_firmware(evidence).judgement.verdict, Verdict::erased)
            << test::findings_text(judge_firmware(evidence).judgement);
        ASSERT_THAT(evidence.scsi, SizeIs(2));
        for (const unsigned unit : {0U, 1U}) {
            EXPECT_EQ(sanitizes_in(disk.sent[unit]), 1U);
            const std::string content = disk.content(unit);
            for (std::size_t at = 0; at < content.size(); at += 4)
                ASSERT_EQ(content.compare(at, 4, "\xA1\xB2\xC3\xD4"), 0) << at;
        }
        EXPECT_EQ(disk.drive.residue(as_bytes(test::secret)), 0U);
        const std::string transcript = link->firmware->take_transcript();
        EXPECT_THAT(transcript, HasSubstr("scsi " + to_hex(disk.sent[1].back())));
    }
}

} // namespace
} // namespace quietus
