// The bay of a real machine for NVMe: commands by the nodes of namespaces and blocks of the same
// descriptors, where the kernel's answers come from an emulated drive whose media are the files
// that are opened.
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
#include <set>
#include <string>
#include <utility>
#include <vector>

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

/// Of three sizes, and the first is of another number than the first node would suggest.
NvmeTraits three_namespaces() {
    NvmeTraits traits = one_namespace();
    traits.namespaces = {{.nsid = 2, .blocks = 130, .format = 1},
                         {.nsid = 3, .blocks = 256, .format = 1},
                         {.nsid = 9, .blocks = 97, .format = 1}};
    return traits;
}

/// A file for each namespace. What the host wrote is there when a command comes, and what it did
/// when it ends.
class NvmeDriveInFiles {
  public:
    explicit NvmeDriveInFiles(const NvmeTraits& traits) : drive(traits, clock) {
        drive.hold(as_bytes(test::nvme_secret));
        const std::string stem =
            testing::TempDir() + "quietus-nvme-bay-" + std::to_string(::getpid()) + "-";
        for (const auto& each : traits.namespaces) {
            spaces_.push_back(each.nsid);
            paths.push_back(stem + std::to_string(each.nsid));
        }
        put_down();
        described.kind = DriveKind::image;
        for (const std::string& path : paths) {
            struct stat facts {};
            EXPECT_EQ(::stat(path.c_str(), &facts), 0);
            described.members.push_back({"image:" + path, static_cast<std::uint64_t>(facts.st_size),
                                         image_number(facts.st_dev, facts.st_ino), 0});
            described.size_bytes += described.members.back().size_bytes;
        }
        described.node = described.members.front().node;
        described.device_number = described.members.front().device_number;
        if (paths.size() == 1) described.members.clear();
        nvme::tell(nvme::ask_facts(drive).value(), described);
    }
    NvmeDriveInFiles(const NvmeDriveInFiles&) = delete;
    NvmeDriveInFiles& operator=(const NvmeDriveInFiles&) = delete;
    ~NvmeDriveInFiles() {
        for (const std::string& path : paths)
            std::filesystem::remove(path);
    }

    Result<DriveLink> open() {
        std::vector<std::string> nodes;
        for (const Drive& node : opened_nodes(described))
            nodes.push_back(node.node.substr(std::string("image:").size()));
        return open_firmware_link(described,
                                  {.paths = nodes, .clock = clock, .ioctl = [this](auto... all) {
                                       return answer(all...);
                                   }});
    }
    [[nodiscard]] std::string content() const {
        std::string all;
        for (const std::string& path : paths)
            all += content_of(path);
        return all;
    }

    emulator::SimulatedClock clock;
    emulator::NvmeDrive drive;
    std::vector<NvmeCommand> sent; ///< to the controller, as the kernel was given them
    std::set<std::uint32_t> read_past_the_blocks; ///< the namespaces of which so was read

  private:
    static std::string content_of(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] std::uint32_t space_of(int descriptor) const {
        const auto path =
            std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor));
        const auto found = std::ranges::find(paths, path.string());
        return spaces_.at(static_cast<std::size_t>(found - paths.begin()));
    }
    int answer(int descriptor, unsigned long request, void* argument) {
        if (request == NVME_IOCTL_ID) return static_cast<int>(space_of(descriptor));
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
        if (!admin) {
            // As the kernel does.
            if (command.nsid != space_of(descriptor)) {
                errno = EINVAL;
                return -1;
            }
            read_past_the_blocks.insert(command.nsid);
        }
        // What it was at work on may have ended since, and is not in the files yet.
        if (idle_)
            for (std::size_t i = 0; i < paths.size(); ++i)
                drive.media(spaces_[i]).restore(as_bytes(content_of(paths[i])));
        const auto reply = admin ? drive.execute(command) : drive.execute_io(command);
        idle_ = drive.sanitize_state() == 0;
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
        for (std::size_t i = 0; i < paths.size(); ++i) {
            auto& medium = drive.media(spaces_[i]);
            const Bytes all = medium.at(0, medium.native_bytes());
            const Descriptor file(::open(paths[i].c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
            EXPECT_EQ(::pwrite(file.get(), all.data(), all.size(), 0),
                      static_cast<ssize_t>(all.size()));
        }
    }
    std::vector<std::uint32_t> spaces_; ///< their numbers
    bool idle_ = true;                  ///< when the last command was answered

  public:
    std::vector<std::string> paths; ///< of the same
    Drive described;
};

FirmwareEvidence erased(NvmeDriveInFiles& disk, DriveLink& link, Technique method) {
    link.block.reset();
    test::WaitingRunWatch watch(disk.clock);
    FirmwareBench bench{*link.firmware, disk.clock, watch};
    return erase_by_firmware({method, {}, Bytes(32, 0x5C), {}, std::nullopt}, bench);
}

void expect_erased(NvmeDriveInFiles& disk, const FirmwareEvidence& evidence) {
    EXPECT_EQ(evidence.stop_text, "");
    const auto judged = judge_firmware(evidence);
    EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << test::findings_of(judged.judgement);
    EXPECT_EQ(disk.drive.residue(as_bytes(test::nvme_secret)), 0U);
    EXPECT_EQ(disk.content().find(test::nvme_secret), std::string::npos);
}

TEST(NvmeBay, ErasesADriveByTheCommandsThatTheKernelIsGiven) {
    NvmeDriveInFiles disk(one_namespace());
    ASSERT_NE(disk.content().find(test::nvme_secret), std::string::npos);
    auto link = disk.open();
    ASSERT_TRUE(link) << link.error().message;
    const auto evidence = erased(disk, *link, Technique::nvme_sanitize_block_erase);
    expect_erased(disk, evidence);
    ASSERT_TRUE(evidence.nvme_sanitize && evidence.medium_read);
    EXPECT_EQ(evidence.nvme_sanitize->outcome, FirmwareOutcome::succeeded)
        << evidence.nvme_sanitize->text;
    EXPECT_TRUE(evidence.medium_read->read_back.completed);
    EXPECT_THAT(disk.read_past_the_blocks, testing::ElementsAre(1U));
    const std::string transcript = link->firmware->take_transcript();
    // Sanitize (84h), block erase with the Media Verification state; and to leave that.
    EXPECT_THAT(transcript, testing::HasSubstr("nvme 84 nsid 00000000 cdw 00000402 00000000 "
                                               "00000000 00000000 00000000 00000000 -> 0000 "));
    EXPECT_THAT(transcript, testing::HasSubstr("nvme 84 nsid 00000000 cdw 00000005 "));
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(transcript, '#')), disk.sent.size());
    EXPECT_EQ(transcript.find(to_hex(as_bytes(test::nvme_secret))), std::string::npos);
}

TEST(NvmeBay, ErasesAllNamespacesOfADriveByTheirOwnNodes) {
    for (const Technique method :
         {Technique::nvme_sanitize_block_erase, Technique::nvme_sanitize_overwrite,
          Technique::nvme_sanitize_crypto_erase, Technique::nvme_format_user_data}) {
        SCOPED_TRACE(to_text(method));
        NvmeDriveInFiles disk(three_namespaces());
        auto link = disk.open();
        ASSERT_TRUE(link) << link.error().message;
        EXPECT_EQ(link->block->geometry().size_bytes, (130U + 256 + 97) * 4096);
        const auto evidence = erased(disk, *link, method);
        expect_erased(disk, evidence);
        if (evidence.medium_read) {
            EXPECT_THAT(disk.read_past_the_blocks, testing::ElementsAre(2U, 3U, 9U));
            EXPECT_TRUE(evidence.medium_read->read_back.completed);
        }
        EXPECT_TRUE(evidence.medium_read || method == Technique::nvme_sanitize_overwrite ||
                    method == Technique::nvme_format_user_data);
    }
}

TEST(NvmeBay, OneNamespaceThatIsLeftIsFound) {
    NvmeDriveInFiles disk(three_namespaces());
    disk.drive.turn(emulator::Knob::one_namespace_left);
    auto link = disk.open();
    ASSERT_TRUE(link) << link.error().message;
    const auto evidence = erased(disk, *link, Technique::nvme_sanitize_block_erase);
    EXPECT_EQ(judge_firmware(evidence).judgement.verdict, Verdict::failed);
    EXPECT_NE(disk.drive.residue(as_bytes(test::nvme_secret)), 0U);
}

TEST(NvmeBay, IsNotOpenedWhereANamespaceCouldNotBeReadBack) {
    NvmeDriveInFiles disk(one_namespace());
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

TEST(NvmeBay, IsNotOpenedWhereANodeStandsForAnotherNamespace) {
    NvmeDriveInFiles disk(three_namespaces());
    std::swap(disk.described.members[1], disk.described.members[2]);
    const auto swapped = disk.open();
    ASSERT_FALSE(swapped);
    EXPECT_EQ(swapped.error().fault, Fault::refused);
    EXPECT_TRUE(disk.sent.empty());
}

} // namespace
} // namespace quietus
