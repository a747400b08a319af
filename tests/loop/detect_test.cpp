// Detection of real loop devices and images, against losetup, lsblk and blkid.
#include "loop_fixture.hpp"

#include "quietus/core/json.hpp"
#include "quietus/drive/host.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace quietus::rig {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr std::uint64_t mebibyte = 1U << 20U;

std::vector<std::string> lines_of(const Drive& drive) {
    std::vector<std::string> lines;
    for (const Guard& guard : drive.guards)
        lines.push_back(std::string(to_text(guard.interlock)) + ": " + guard.reason + " [" +
                        guard.release + "]");
    return lines;
}

void must(const std::vector<std::string>& words) {
    const ProgramRun ran = run(words);
    ASSERT_EQ(ran.exit_status, 0) << words[0] << ": " << ran.output;
}

std::string trim_newline(std::string line) {
    if (line.ends_with('\n')) line.pop_back();
    return line;
}

/// Another process that has a file open, and maybe locked, as long as this lives.
class OpenInAChild {
  public:
    OpenInAChild(const std::string& path, int flags, int lock = 0) {
        std::array<int, 2> ready{};
        if (::pipe(ready.data()) != 0) throw std::runtime_error("pipe");
        child_ = ::fork();
        if (child_ == 0) {
            const int file = ::open(path.c_str(), flags);
            if (file < 0 || (lock != 0 && ::flock(file, lock) != 0)) ::_exit(1);
            if (::write(ready[1], "x", 1) != 1) ::_exit(1);
            for (;;)
                ::pause();
        }
        ::close(ready[1]);
        char signal = 0;
        const bool opened = ::read(ready[0], &signal, 1) == 1;
        ::close(ready[0]);
        if (!opened) throw std::runtime_error("child cannot open " + path);
    }
    OpenInAChild(const OpenInAChild&) = delete;
    OpenInAChild& operator=(const OpenInAChild&) = delete;
    ~OpenInAChild() {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    [[nodiscard]] std::string release() const { return "kill " + std::to_string(child_); }
    [[nodiscard]] std::string title() const {
        return "process " + std::to_string(child_) + " (loop_detect)";
    }

  private:
    pid_t child_ = -1;
};

class Mounted {
  public:
    Mounted(const std::string& node, std::string point) : point_(std::move(point)) {
        std::filesystem::create_directories(point_);
        const ProgramRun ran = run({"mount", node, point_});
        if (ran.exit_status != 0) throw std::runtime_error(ran.output);
    }
    Mounted(const Mounted&) = delete;
    Mounted& operator=(const Mounted&) = delete;
    ~Mounted() { ::umount2(point_.c_str(), MNT_DETACH); }

  private:
    std::string point_;
};

class Detect : public LoopTest {
  protected:
    void SetUp() override {
        LoopTest::SetUp();
        if (!IsSkipped()) file = scratch.make_file("disk.img", 64 * mebibyte);
    }
    [[nodiscard]] Drive find(const std::string& node, const DetectRequest& request = {}) const {
        auto drives = host->detect(request);
        if (!drives) throw std::runtime_error(drives.error().message);
        for (const Drive& drive : *drives)
            if (drive.node == node) return drive;
        throw std::runtime_error("no drive " + node);
    }
    [[nodiscard]] Drive image(const std::string& path) const {
        auto drive = host->image(path, {});
        if (!drive) throw std::runtime_error(drive.error().message);
        return *drive;
    }
    std::unique_ptr<Host> host = make_linux_host();
    std::string file;
};

TEST_F(Detect, AgreesWithLsblkAboutALoopDevice) {
    const LoopDrive loop(file, {.block_bytes = 4096});
    const Drive drive = find(loop.node());
    const auto table = parse_json(
        run({"lsblk", "-J", "-b", "-o", "NAME,SIZE,LOG-SEC,PHY-SEC", loop.node()}).output);
    ASSERT_TRUE(table);
    const Json& row = table->find("blockdevices")->as<Json::Array>()->at(0);
    const auto number = [&](const char* name) { return *row.find(name)->as<std::int64_t>(); };
    EXPECT_EQ(drive.kind, DriveKind::loop);
    EXPECT_EQ(drive.medium, Medium::virtual_medium);
    EXPECT_EQ(static_cast<std::int64_t>(drive.size_bytes), number("size"));
    EXPECT_EQ(drive.logical_block_bytes, number("log-sec"));
    EXPECT_EQ(drive.physical_block_bytes, number("phy-sec"));
    struct stat node {};
    ASSERT_EQ(::stat(loop.node().c_str(), &node), 0);
    EXPECT_EQ(drive.device_number, node.st_rdev);
    EXPECT_THAT(lines_of(drive), IsEmpty());
    EXPECT_THAT(drive.contents, IsEmpty());
}

TEST_F(Detect, OpensWhatItDetectedAndNothingElse) {
    const LoopDrive loop(file);
    Drive drive = find(loop.node());
    {
        const auto link = host->open(drive);
        ASSERT_TRUE(link) << link.error().message;
        EXPECT_EQ(link->block->geometry().size_bytes, 64 * mebibyte);
        EXPECT_EQ(host->open(drive).error().fault, Fault::refused) << "opened twice";
        EXPECT_THAT(lines_of(find(loop.node())),
                    Contains(StartsWith("open-elsewhere: somebody holds")));
    }
    ++drive.diskseq;
    EXPECT_EQ(host->open(drive).error().fault, Fault::refused);
}

TEST_F(Detect, RecognisesWhatBlkidRecognises) {
    const std::vector<std::vector<std::string>> makers{
        {"mkfs.ext4", "-q", "-L", "rescue \x1b[1m", "-F", file},
        {"mkfs.vfat", "-n", "EFI", file},
        {"mkswap", "-L", "spare", file},
        {"mkfs.btrfs", "-q", "-f", "-L", "pool", "-m", "single", "-M", file},
    };
    for (const auto& maker : makers) {
        std::filesystem::resize_file(file, 0);
        std::filesystem::resize_file(file, 128 * mebibyte);
        must(maker);
        const LoopDrive loop(file);
        const Drive drive = find(loop.node());
        ASSERT_FALSE(drive.contents.empty()) << maker[0];
        const Content& found = drive.contents.front();
        const auto told = [&](const char* tag) {
            return run({"blkid", "-p", "-o", "value", "-s", tag, loop.node()}).output;
        };
        EXPECT_EQ(found.type + "\n", told("TYPE"));
        EXPECT_EQ(found.uuid + "\n", told("UUID"));
        EXPECT_EQ(found.usage + "\n", told("USAGE"));
        EXPECT_EQ(found.node, loop.node());
        // blkid prints control characters in its own way; ours are those on the drive.
        const bool hostile = maker[0] == "mkfs.ext4";
        EXPECT_EQ(found.label, hostile ? "rescue \x1b[1m" : trim_newline(told("LABEL")));
    }
}

TEST_F(Detect, SeesFileSystemsInPartitionsThatHaveNoNodes) {
    std::ofstream(scratch.path("script")) << "label: gpt\nstart=2048,size=32768\nsize=16384\n";
    must({"sh", "-c", "sfdisk -q " + file + " < " + scratch.path("script")});
    must({"mkfs.ext4", "-q", "-L", "first", "-E", "offset=1048576", file, "16M"});
    const std::string fat = scratch.make_file("fat", 8 * mebibyte);
    must({"mkfs.vfat", "-n", "SECOND", fat});
    must({"dd", "if=" + fat, "of=" + file, "bs=1M", "seek=17", "conv=notrunc", "status=none"});
    for (const Drive& drive : {find(LoopDrive(file).node()), image(file)}) {
        std::vector<std::string> seen;
        for (const Content& content : drive.contents)
            seen.push_back(content.type + "@" + std::to_string(content.offset_bytes) + " " +
                           content.label);
        EXPECT_THAT(seen, Contains("gpt@0 "));
        EXPECT_THAT(seen, Contains("ext4@1048576 first"));
        EXPECT_THAT(seen, Contains("vfat@17825792 SECOND"));
        ASSERT_EQ(drive.parts.size(), 2u);
        EXPECT_EQ(drive.parts[0].size_bytes, 16 * mebibyte);
        EXPECT_EQ(drive.parts[1].size_bytes, 8 * mebibyte);
    }
}

TEST_F(Detect, SeesLogicalPartitionsOfAnOldTable) {
    std::ofstream(scratch.path("script"))
        << "label: dos\nstart=2048,size=8192\nstart=10240,type=5\nstart=12288,size=16384\n";
    must({"sh", "-c", "sfdisk -q " + file + " < " + scratch.path("script")});
    must({"mkfs.ext4", "-q", "-L", "inner", "-E", "offset=6291456", file, "8M"});
    const Drive drive = image(file);
    const auto inner = std::find_if(drive.contents.begin(), drive.contents.end(),
                                    [](const Content& each) { return each.label == "inner"; });
    ASSERT_NE(inner, drive.contents.end());
    EXPECT_EQ(inner->offset_bytes, 6 * mebibyte);
}

// In a chroot the first process knows each mount by another name as well.
TEST_F(Detect, GuardsMountsAndTheStateDirectoryAndTheFilesBeneath) {
    must({"mkfs.ext4", "-q", "-F", file});
    const LoopDrive loop(file);
    const std::string point = scratch.path("a b");
    const Mounted mount(loop.node(), point);
    EXPECT_THAT(lines_of(find(loop.node(), {point + "/not/yet/there", false})),
                AllOf(Contains("state-on-drive: it holds the state directory " + point +
                               "/not/yet/there [choose a state directory on another drive]"),
                      Contains("mounted: " + loop.node() + " is mounted at " + point +
                               " [umount '" + point + "']"),
                      Each(AnyOf(StartsWith("state-on-drive: "), StartsWith("mounted: ")))));
    EXPECT_THAT(lines_of(image(file)),
                AllOf(Contains(StartsWith("mounted: ")),
                      Contains("open-elsewhere: " + file + " is attached as " + loop.node() +
                               " [losetup --detach " + loop.node() + "]")));
    // A drive on a file on this drive, and what is mounted from it.
    const std::string inner_file = point + "/inner.img";
    std::ofstream(inner_file).close();
    std::filesystem::resize_file(inner_file, 8 * mebibyte);
    must({"mkfs.ext4", "-q", "-F", inner_file});
    const LoopDrive inner(inner_file);
    const Mounted inner_mount(inner.node(), scratch.path("inner"));
    EXPECT_THAT(lines_of(find(loop.node())),
                AllOf(Contains(HasSubstr(inner.node() + " is mounted at")),
                      Contains(HasSubstr(inner_file + " is attached as " + inner.node()))));
    EXPECT_THAT(lines_of(find(inner.node())),
                AllOf(Not(IsEmpty()), Each(HasSubstr(inner.node() + " is mounted at"))));
}

TEST_F(Detect, GuardsSwapOnTheDriveAndInAFileOnIt) {
    must({"mkswap", file});
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    const LoopDrive loop(file);
    if (::swapon(loop.node().c_str(), 0) != 0) GTEST_SKIP() << "this kernel cannot swap";
    const auto lines = lines_of(find(loop.node()));
    const auto under = lines_of(image(file));
    ::swapoff(loop.node().c_str());
    EXPECT_THAT(lines, ElementsAre("swap: " + loop.node() + " is swapped on [swapoff " +
                                   loop.node() + "]"));
    EXPECT_THAT(under, Contains(StartsWith("swap: ")));
    EXPECT_THAT(lines_of(find(loop.node())), IsEmpty());
}

TEST_F(Detect, GuardsALoopDeviceBeneathAnother) {
    const LoopDrive lower(file);
    const LoopDrive upper(lower.node());
    EXPECT_THAT(lines_of(find(lower.node())),
                Contains("holder: " + upper.node() + " (loop) stands on it [losetup --detach " +
                         upper.node() + "]"));
    must({"mkfs.ext4", "-q", "-F", upper.node()});
    const Mounted mount(upper.node(), scratch.path("point"));
    EXPECT_THAT(lines_of(find(lower.node())), Contains(StartsWith("mounted: " + upper.node())));
}

TEST_F(Detect, NamesTheProcessThatHasADriveOpenForWriting) {
    const LoopDrive loop(file);
    {
        const OpenInAChild reader(loop.node(), O_RDONLY);
        EXPECT_THAT(lines_of(find(loop.node())), IsEmpty());
    }
    {
        const OpenInAChild writer(loop.node(), O_RDWR);
        EXPECT_THAT(lines_of(find(loop.node())),
                    ElementsAre("open-elsewhere: " + loop.node() + " is open for writing in " +
                                writer.title() + " [" + writer.release() + "]"));
    }
    {
        const std::string other = scratch.path("another node");
        struct stat node {};
        ASSERT_EQ(::stat(loop.node().c_str(), &node), 0);
        ASSERT_EQ(::mknod(other.c_str(), S_IFBLK | 0600, node.st_rdev), 0);
        const OpenInAChild writer(other, O_WRONLY);
        EXPECT_THAT(lines_of(find(loop.node())), Contains(HasSubstr(writer.title())));
    }
    EXPECT_THAT(lines_of(find(loop.node())), IsEmpty());
}

TEST_F(Detect, NamesALockOnTheNode) {
    const LoopDrive loop(file);
    const OpenInAChild lock(loop.node(), O_RDONLY, LOCK_EX);
    EXPECT_THAT(lines_of(find(loop.node())), ElementsAre(StartsWith("open-elsewhere: it is locked "
                                                                    "by process ")));
}

TEST_F(Detect, GuardsAReadOnlyLoopDevice) {
    const LoopDrive loop(file, {.access = LoopAccess::read_only});
    EXPECT_THAT(lines_of(find(loop.node())),
                ElementsAre("read-only: " + loop.node() + " is read-only [losetup --detach " +
                            loop.node() + "; losetup " + loop.node() + " " + file + "]"));
}

TEST_F(Detect, GuardsTwoLoopDevicesOverOneFileAgainstEachOther) {
    const LoopDrive first(file);
    const LoopDrive second(file);
    EXPECT_THAT(lines_of(find(first.node())),
                Contains(HasSubstr("is attached as " + second.node())));
    EXPECT_THAT(lines_of(find(second.node())),
                Contains(HasSubstr("is attached as " + first.node())));
}

TEST_F(Detect, ListsADriveWhoseFirstBlocksCannotBeReadAndRefusesIt) {
    if (const auto reason = why_no_fuse(); !reason.empty()) GTEST_SKIP() << reason;
    const LyingDrive drive(16 * mebibyte, "eio-on-read offset=0 length=4096");
    const LoopDrive loop(drive.file());
    EXPECT_THAT(lines_of(find(loop.node())),
                Contains(StartsWith("unknown-holder: what it holds cannot be read: ")));
}

TEST_F(Detect, ResolvesALinkToTheNode) {
    const LoopDrive loop(file);
    std::filesystem::create_symlink(loop.node(), scratch.path("link"));
    const auto name = resolve_node(scratch.path("link"));
    ASSERT_TRUE(name) << name.error().message;
    EXPECT_EQ(name->node, loop.node());
    EXPECT_EQ(name->whole, loop.node());
    EXPECT_FALSE(name->partition);
    EXPECT_EQ(resolve_node(file).error().hint, "a disk image is named image:" + file);
}

TEST_F(Detect, ListsEverythingInLessThanTwoSeconds) {
    const LoopDrive loop(file);
    const auto start = std::chrono::steady_clock::now();
    ASSERT_TRUE(host->detect({"/var/lib/quietus", true}));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2))
        << "asking included";
}

class Image : public Detect {};

TEST_F(Image, IsADriveOfItsSize) {
    std::filesystem::resize_file(file, mebibyte + 7);
    const Drive drive = image(file);
    EXPECT_EQ(drive.node, "image:" + file);
    EXPECT_EQ(drive.kind, DriveKind::image);
    EXPECT_EQ(drive.size_bytes, mebibyte + 7);
    EXPECT_EQ(drive.logical_block_bytes, 512u);
    EXPECT_THAT(lines_of(drive), IsEmpty());
    EXPECT_TRUE(host->open(drive)) << host->open(drive).error().message;
    EXPECT_NE(drive.device_number, image(scratch.make_file("other", 512)).device_number);
}

TEST_F(Image, OfALinkIsTheFileThatItLeadsTo) {
    std::filesystem::create_symlink(file, scratch.path("link"));
    EXPECT_EQ(image(scratch.path("link")).node, "image:" + file);
    EXPECT_EQ(image(scratch.path("link")).device_number, image(file).device_number);
}

TEST_F(Image, RefusesWhatIsNoRegularFile) {
    const LoopDrive loop(file);
    for (const std::string& path :
         {scratch.path("missing"), scratch.path(), loop.node(), std::string("/dev/null")})
        EXPECT_EQ(host->image(path, {}).error().fault, Fault::usage) << path;
    EXPECT_EQ(host->image(loop.node(), {}).error().hint, "name the drive by its node alone");
}

TEST_F(Image, IsGuardedWhenItHasAnotherName) {
    std::filesystem::create_hard_link(file, scratch.path("other name"));
    EXPECT_THAT(lines_of(image(file)),
                ElementsAre(StartsWith("unknown-holder: the file has 2 hard links")));
}

TEST_F(Image, IsGuardedWhileSomebodyMayWriteToIt) {
    {
        const OpenInAChild writer(file, O_WRONLY);
        EXPECT_THAT(lines_of(image(file)),
                    ElementsAre("open-elsewhere: " + file + " is open for writing in " +
                                writer.title() + " [" + writer.release() + "]"));
    }
    {
        const OpenInAChild reader(file, O_RDONLY);
        EXPECT_THAT(lines_of(image(file)), IsEmpty());
    }
    const OpenInAChild lock(file, O_RDONLY, LOCK_EX);
    EXPECT_THAT(lines_of(image(file)), ElementsAre(StartsWith("open-elsewhere: it is locked by ")));
}

TEST_F(Image, IsGuardedWhileItIsALoopDevice) {
    const LoopDrive loop(file);
    EXPECT_THAT(lines_of(image(file)),
                ElementsAre("open-elsewhere: " + file + " is attached as " + loop.node() +
                            " [losetup --detach " + loop.node() + "]"));
}

TEST_F(Image, IsGuardedWhenItIsEmptyOrOnAReadOnlyFileSystem) {
    EXPECT_THAT(lines_of(image(scratch.make_file("empty", 0))),
                ElementsAre(HasSubstr("a size of 0")));
    must({"mkfs.ext4", "-q", "-F", file});
    const std::string point = scratch.path("point");
    const LoopDrive loop(file);
    const Mounted mount(loop.node(), point);
    std::ofstream(point + "/x.img") << "data";
    must({"mount", "-o", "remount,ro", point});
    EXPECT_THAT(lines_of(image(point + "/x.img")), Contains(StartsWith("read-only: ")));
}

} // namespace
} // namespace quietus::rig
