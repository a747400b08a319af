// The bay of a real machine: commands by SG_IO and blocks of one descriptor, where the kernel's
// answers to SG_IO come from an emulated drive whose medium is the file that is opened.
#include "quietus/transport/linux/open_firmware.hpp"

#include "ata_scene.hpp"
#include "quietus/core/descriptor.hpp"
#include "quietus/emulator/sat_face.hpp"
#include "support/replay_ports.hpp"
#include "support/sg_io.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <scsi/sg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace quietus {
namespace {

using emulator::AtaDrive;
using emulator::AtaTraits;

/// A drive in a file: what the host wrote is there when a command comes, and what the command did
/// is there when it ends.
class DriveInAFile {
  public:
    explicit DriveInAFile(const AtaTraits& traits)
        : drive(traits, clock), sat_(drive),
          path(testing::TempDir() + "quietus-bay-" + std::to_string(::getpid())) {
        drive.hold(as_bytes(test::secret));
        put_down();
        struct stat facts {};
        EXPECT_EQ(::stat(path.c_str(), &facts), 0);
        described.node = "image:" + path;
        described.kind = DriveKind::image;
        described.size_bytes = static_cast<std::uint64_t>(facts.st_size);
        described.device_number = image_number(facts.st_dev, facts.st_ino);
    }
    DriveInAFile(const DriveInAFile&) = delete;
    DriveInAFile& operator=(const DriveInAFile&) = delete;
    ~DriveInAFile() { std::filesystem::remove(path); }

    Result<DriveLink> open() {
        return open_firmware_link(described,
                                  {.paths = {path}, .clock = clock, .ioctl = [this](auto... all) {
                                       return answer(all...);
                                   }});
    }
    [[nodiscard]] std::string content() const {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    emulator::SimulatedClock clock;
    AtaDrive drive;
    std::vector<Bytes> sent; ///< the CDBs as the kernel was given them

  private:
    int answer(int descriptor, unsigned long request, void* argument) {
        EXPECT_EQ(request, static_cast<unsigned long>(SG_IO));
        EXPECT_NE(::fcntl(descriptor, F_GETFL) & O_DIRECT, 0);
        auto& header = *static_cast<sg_io_hdr_t*>(argument);
        const ScsiCommand command = test::command_in(header);
        sent.push_back(command.cdb);
        drive.media().restore(as_bytes(content()));
        const auto reply = sat_.execute(command);
        put_down();
        test::put_answer(command, reply, header);
        return 0;
    }
    // In place: the file is open.
    void put_down() {
        const Bytes all = drive.media().at(0, drive.media().native_bytes());
        const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        EXPECT_EQ(::pwrite(file.get(), all.data(), all.size(), 0),
                  static_cast<ssize_t>(all.size()));
    }

    emulator::SatFace sat_;

  public:
    std::string path;
    Drive described;
};

const AtaTraits traits{.blocks = 256, .logical_bytes = 4096, .physical_bytes = 4096};

TEST(AtaBay, ErasesADriveByTheCommandsThatTheKernelIsGiven) {
    DriveInAFile disk(traits);
    ASSERT_NE(disk.content().find(test::secret), std::string::npos);
    auto link = disk.open();
    ASSERT_TRUE(link) << link.error().message;
    ASSERT_TRUE(link->firmware);
    link->block.reset();
    test::WaitingRunWatch watch(disk.clock);
    FirmwareBench bench{*link->firmware, disk.clock, watch};
    const auto evidence = erase_by_firmware(
        {Technique::ata_sanitize_block_erase, {}, Bytes(32, 0x5C), {}, std::nullopt}, bench);
    EXPECT_EQ(evidence.stop_text, "");
    ASSERT_TRUE(evidence.sanitize && evidence.canaries);
    EXPECT_EQ(evidence.sanitize->outcome, FirmwareOutcome::succeeded) << evidence.sanitize->text;
    EXPECT_TRUE(evidence.canaries->left.empty());
    EXPECT_FALSE(evidence.was_reset); // that is for somebody with more rights
    EXPECT_EQ(disk.drive.residue(as_bytes(test::secret)), 0U);
    EXPECT_EQ(disk.content().find(test::secret), std::string::npos);
    const std::string transcript = link->firmware->take_transcript();
    std::size_t at = 0;
    for (const Bytes& cdb : disk.sent) {
        at = transcript.find("scsi " + to_hex(cdb), at);
        ASSERT_NE(at, std::string::npos) << to_hex(cdb);
        ++at;
    }
    // SANITIZE DEVICE, BLOCK ERASE EXT: FEATURE 0012h, LBA 426B4572h.
    EXPECT_EQ(std::ranges::count_if(disk.sent,
                                    [](const Bytes& cdb) {
                                        return cdb.size() == 16 && cdb[14] == 0xB4 &&
                                               cdb[4] == 0x12 && cdb[8] == 0x72 &&
                                               cdb[10] == 0x45 && cdb[12] == 0x6B && cdb[7] == 0x42;
                                    }),
              1);
}

TEST(AtaBay, WritesDownWhatPlaysAgain) {
    DriveInAFile disk(traits);
    auto link = disk.open();
    ASSERT_TRUE(link) << link.error().message;
    const auto told = ata::read_identify(*link->firmware->ata());
    ASSERT_TRUE(told);
    const std::string text = link->firmware->take_transcript();
    EXPECT_EQ(link->firmware->take_transcript(), "");
    test::Transcript transcript(text);
    test::ReplayScsiPort replay(transcript);
    AtaOverScsi again(replay);
    const auto retold = ata::read_identify(again);
    ASSERT_TRUE(retold);
    EXPECT_EQ(retold->octets(), told->octets());
}

// Closed and opened anew it is the same descriptor: whoever waits for it to be free waits on.
TEST(AtaBay, KeepsTheDriveLockedBetweenItsOpenings) {
    DriveInAFile disk(traits);
    auto link = disk.open();
    ASSERT_TRUE(link) << link.error().message;
    const Descriptor other(::open(disk.path.c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_NE(::flock(other.get(), LOCK_EX | LOCK_NB), 0);
    EXPECT_FALSE(link->firmware->open_blocks()); // the first is still there
    link->block.reset();
    EXPECT_NE(::flock(other.get(), LOCK_EX | LOCK_NB), 0);
    {
        auto blocks = link->firmware->open_blocks();
        ASSERT_TRUE(blocks) << blocks.error().message;
        EXPECT_EQ((*blocks)->geometry().size_bytes, disk.described.size_bytes);
    }
    link->firmware.reset();
    EXPECT_EQ(::flock(other.get(), LOCK_EX | LOCK_NB), 0);
}

// What somebody left in flight would come back to the next.
TEST(AtaBay, OpensNothingOverTransfersThatHaveNotComeBack) {
    DriveInAFile disk(traits);
    auto link = disk.open();
    ASSERT_TRUE(link) << link.error().message;
    link->block->start(Direction::read, 0, {0, 4096});
    link->block.reset();
    EXPECT_FALSE(link->firmware->open_blocks());
}

} // namespace
} // namespace quietus
