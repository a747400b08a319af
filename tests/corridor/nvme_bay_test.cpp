// The bay of a real machine for NVMe: commands by the node of a namespace and blocks of one
// descriptor, where the kernel's answers come from an emulated drive whose medium is the file that
// is opened.
#include "quietus/transport/linux/open_firmware.hpp"

#include "nvme_run.hpp"
#include "quietus/core/descriptor.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace quietus {
namespace {

using emulator::NvmeTraits;

NvmeTraits one_namespace() {
    NvmeTraits traits;
    traits.namespaces = {{.nsid = 1, .blocks = 256, .format = 1}}; // of 4096 bytes: O_DIRECT
    traits.spare_blocks = 0;
    traits.unallocated_blocks = 0;
    traits.sanitize.block_takes = std::chrono::seconds(5);
    return traits;
}

/// What the host wrote is there when a command comes, and what it did when it ends.
class NvmeDriveInAFile {
  public:
    explicit NvmeDriveInAFile(const NvmeTraits& traits)
        : drive(traits, clock),
          path(testing::TempDir() + "quietus-nvme-bay-" + std::to_string(::getpid())) {
        drive.hold(as_bytes(test::nvme_secret));
        put_down();
        struct stat facts {};
        EXPECT_EQ(::stat(path.c_str(), &facts), 0);
        described.node = "image:" + path;
        described.kind = DriveKind::image;
        described.size_bytes = static_cast<std::uint64_t>(facts.st_size);
        described.device_number = image_number(facts.st_dev, facts.st_ino);
        nvme::tell(nvme::ask_facts(drive).value(), described);
    }
    NvmeDriveInAFile(const NvmeDriveInAFile&) = delete;
    NvmeDriveInAFile& operator=(const NvmeDriveInAFile&) = delete;
    ~NvmeDriveInAFile() { std::filesystem::remove(path); }

    Result<DriveLink> open() {
        return open_firmware_link(described,
                                  {.path = path, .clock = clock, .ioctl = [this](auto... all) {
                                       return answer(all...);
                                   }});
    }
    [[nodiscard]] std::string content() const {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    emulator::SimulatedClock clock;
    emulator::NvmeDrive drive;
    std::vector<NvmeCommand> sent; ///< to the controller, as the kernel was given them
    unsigned read_past_the_blocks = 0;

  private:
    int answer(int /*descriptor*/, unsigned long request, void* argument) {
        if (request == NVME_IOCTL_ID) return 1;
        auto& packed = *static_cast<nvme_passthru_cmd*>(argument);
        const NvmeCommand command{
            packed.opcode,
            packed.nsid,
            {packed.cdw10, packed.cdw11, packed.cdw12, packed.cdw13, packed.cdw14, packed.cdw15},
            packed.data_len,
            std::chrono::milliseconds(packed.timeout_ms)};
        const bool admin = request == NVME_IOCTL_ADMIN_CMD;
        EXPECT_TRUE(admin || request == NVME_IOCTL_IO_CMD);
        if (admin) sent.push_back(command);
        if (!admin) ++read_past_the_blocks;
        if (drive.sanitize_state() == 0) drive.media(1).restore(as_bytes(content()));
        const auto reply = admin ? drive.execute(command) : drive.execute_io(command);
        put_down();
        if (!reply) {
            errno = ETIMEDOUT;
            return -1;
        }
        packed.result = reply->result;
        // The kernel's own protocol: an address as a number.
        auto* const data = reinterpret_cast<std::uint8_t*>(packed.addr);
        std::ranges::copy(reply->data, data);
        return reply->status;
    }
    void put_down() {
        const Bytes all = drive.media(1).at(0, drive.media(1).native_bytes());
        const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        EXPECT_EQ(::pwrite(file.get(), all.data(), all.size(), 0),
                  static_cast<ssize_t>(all.size()));
    }

  public:
    std::string path;
    Drive described;
};

TEST(NvmeBay, ErasesADriveByTheCommandsThatTheKernelIsGiven) {
    NvmeDriveInAFile disk(one_namespace());
    ASSERT_NE(disk.content().find(test::nvme_secret), std::string::npos);
    auto link = disk.open();
    ASSERT_TRUE(link) << link.error().message;
    ASSERT_TRUE(link->firmware);
    link->block.reset();
    test::WaitingRunWatch watch(disk.clock);
    FirmwareBench bench{*link->firmware, disk.clock, watch};
    const auto evidence = erase_by_firmware(
        {Technique::nvme_sanitize_block_erase, {}, Bytes(32, 0x5C), {}, std::nullopt}, bench);
    EXPECT_EQ(evidence.stop_text, "");
    ASSERT_TRUE(evidence.nvme_sanitize && evidence.medium_read);
    EXPECT_EQ(evidence.nvme_sanitize->outcome, FirmwareOutcome::succeeded)
        << evidence.nvme_sanitize->text;
    EXPECT_TRUE(evidence.medium_read->read_back.completed);
    EXPECT_GT(disk.read_past_the_blocks, 0U);
    const auto judged = judge_firmware(evidence);
    EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << test::findings_of(judged.judgement);
    EXPECT_EQ(disk.drive.residue(as_bytes(test::nvme_secret)), 0U);
    EXPECT_EQ(disk.content().find(test::nvme_secret), std::string::npos);
    const std::string transcript = link->firmware->take_transcript();
    // Sanitize (84h), block erase with the Media Verification state; and to leave that.
    EXPECT_THAT(transcript, testing::HasSubstr("nvme 84 nsid 00000000 cdw 00000402 00000000 "
                                               "00000000 00000000 00000000 00000000 -> 0000 "));
    EXPECT_THAT(transcript, testing::HasSubstr("nvme 84 nsid 00000000 cdw 00000005 "));
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(transcript, '#')), disk.sent.size());
    EXPECT_EQ(transcript.find(to_hex(as_bytes(test::nvme_secret))), std::string::npos);
}

TEST(NvmeBay, IsNotOpenedWhereANamespaceCouldNotBeReadBack) {
    NvmeDriveInAFile disk(one_namespace());
    disk.described.nvme_scope->namespaces[0].nsid = 2;
    const auto another = disk.open();
    ASSERT_FALSE(another);
    EXPECT_EQ(another.error().fault, Fault::refused);
    disk.described.nvme_scope->namespaces.resize(2);
    const auto several = disk.open();
    ASSERT_FALSE(several);
    EXPECT_EQ(several.error().fault, Fault::unsupported);
    EXPECT_TRUE(disk.sent.empty());
}

} // namespace
} // namespace quietus
