// The block port on real loop devices and files: what the kernel does with its transfers.
#include "loop_fixture.hpp"

#include "quietus/transport/linux/open_block.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

namespace quietus {
namespace {

constexpr std::uint64_t piece = longest_transfer;

Drive described(const std::string& node) {
    struct stat facts {};
    EXPECT_EQ(stat(node.c_str(), &facts), 0);
    Drive drive;
    drive.node = node;
    drive.kind = DriveKind::loop;
    drive.device_number = facts.st_rdev;
    const int descriptor = open(node.c_str(), O_RDONLY | O_CLOEXEC);
    const auto node_facts = block_node_facts(descriptor);
    close(descriptor);
    EXPECT_TRUE(node_facts.has_value());
    drive.size_bytes = node_facts->size_bytes;
    drive.diskseq = node_facts->diskseq;
    drive.logical_block_bytes = node_facts->logical_block_bytes;
    return drive;
}

Drive described_image(const std::string& path) {
    Drive drive;
    drive.node = "image:" + path;
    drive.kind = DriveKind::image;
    struct stat facts {};
    EXPECT_EQ(stat(path.c_str(), &facts), 0);
    drive.size_bytes = static_cast<std::uint64_t>(facts.st_size);
    drive.device_number = image_number(facts.st_dev, facts.st_ino);
    return drive;
}

// Moves one extent and says how it ended.
int move(BlockPort& port, Direction direction, unsigned slot, Extent extent) {
    port.start(direction, slot, extent);
    const auto completion = port.wait(std::chrono::seconds(10));
    EXPECT_TRUE(completion.has_value() && completion->has_value());
    return completion && *completion ? (*completion)->error : -1;
}

std::string file_bytes(const std::string& path, std::uint64_t offset, std::size_t length) {
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    std::string bytes(length, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(length));
    return bytes;
}

using BlockPortOnLoop = rig::LoopTest;

TEST_F(BlockPortOnLoop, MovesBytesToTheMediumAndBack) {
    const auto file = scratch.make_file("medium", 8 * piece);
    rig::LoopDrive loop(file);
    auto port = open_block_port(described(loop.node()), loop.node());
    ASSERT_TRUE(port) << port.error().message;
    EXPECT_EQ((*port)->geometry().size_bytes, 8 * piece);
    std::ranges::fill((*port)->slot(2), 0x5A);
    EXPECT_EQ(move(**port, Direction::write, 2, {3 * piece, piece}), 0);
    EXPECT_EQ((*port)->flush(std::chrono::seconds(10)), 0);
    EXPECT_EQ(file_bytes(file, 3 * piece - 1, 3), std::string("\0ZZ", 3));
    EXPECT_EQ(file_bytes(file, 4 * piece - 1, 2), std::string("Z\0", 2));
    EXPECT_EQ(move(**port, Direction::read, 3, {3 * piece, piece}), 0);
    EXPECT_TRUE(std::ranges::equal((*port)->slot(3), (*port)->slot(2)));
    EXPECT_FALSE((*port)->used_page_cache());
}

TEST_F(BlockPortOnLoop, ReportsTheBlockSizeOfA4KnDrive) {
    rig::LoopDrive loop(scratch.make_file("medium", 8 * piece), {.block_bytes = 4096});
    auto port = open_block_port(described(loop.node()), loop.node());
    ASSERT_TRUE(port) << port.error().message;
    EXPECT_EQ((*port)->geometry().block_bytes, 4096u);
}

TEST_F(BlockPortOnLoop, LetsNobodyElseInAndIsNotLetInBesideOthers) {
    rig::LoopDrive loop(scratch.make_file("medium", piece));
    const Drive drive = described(loop.node());
    auto first = open_block_port(drive, loop.node());
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_TRUE(is_claimed(loop.node()).value());
    const auto second = open_block_port(drive, loop.node());
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().fault, Fault::refused);
    EXPECT_NE(second.error().message.find("open-elsewhere"), std::string::npos);
}

// As another quietus does that lists the drives just then.
TEST_F(BlockPortOnLoop, DoesNotTakeAPassingQuestionForAClaim) {
    rig::LoopDrive loop(scratch.make_file("medium", piece));
    const Drive drive = described(loop.node());
    const auto hold_for_a_moment = [&] {
        const int held = open(loop.node().c_str(), O_RDONLY | O_EXCL | O_CLOEXEC);
        EXPECT_GE(held, 0);
        return std::jthread([held] {
            std::this_thread::sleep_for(std::chrono::milliseconds(60));
            close(held);
        });
    };
    {
        const auto moment = hold_for_a_moment();
        EXPECT_FALSE(is_claimed(loop.node()).value());
    }
    const auto moment = hold_for_a_moment();
    EXPECT_TRUE(open_block_port(drive, loop.node()).has_value());
}

TEST_F(BlockPortOnLoop, ReleasesTheDriveAtOnce) {
    rig::LoopDrive loop(scratch.make_file("medium", piece));
    const Drive drive = described(loop.node());
    for (int round = 0; round < 50; ++round) {
        auto port = open_block_port(drive, loop.node());
        ASSERT_TRUE(port) << "round " << round << ": " << port.error().message;
        EXPECT_EQ(move(**port, Direction::write, 0, {0, piece}), 0);
        port->reset();
        const int held = open(loop.node().c_str(), O_RDONLY | O_EXCL | O_CLOEXEC);
        ASSERT_GE(held, 0) << "round " << round;
        close(held);
    }
}

TEST_F(BlockPortOnLoop, RefusesAnotherDriveUnderTheSameNode) {
    rig::LoopDrive loop(scratch.make_file("medium", piece));
    const Drive right = described(loop.node());
    for (const auto& alter :
         std::initializer_list<void (*)(Drive&)>{[](Drive& drive) { drive.diskseq += 1; },
                                                 [](Drive& drive) { drive.device_number += 1; },
                                                 [](Drive& drive) { drive.size_bytes += 512; }}) {
        Drive wrong = right;
        alter(wrong);
        const auto port = open_block_port(wrong, loop.node());
        ASSERT_FALSE(port.has_value());
        EXPECT_EQ(port.error().fault, Fault::refused);
        EXPECT_NE(port.error().message.find("identity-changed"), std::string::npos);
    }
}

TEST_F(BlockPortOnLoop, RefusesAReadOnlyDrive) {
    rig::LoopDrive loop(scratch.make_file("medium", piece), {.access = rig::LoopAccess::read_only});
    const auto port = open_block_port(described(loop.node()), loop.node());
    ASSERT_FALSE(port.has_value());
    EXPECT_NE(port.error().message.find("read-only"), std::string::npos);
}

TEST_F(BlockPortOnLoop, NeverCreatesAFileWhereTheNodeIsMissing) {
    Drive drive;
    drive.node = scratch.path("missing");
    EXPECT_FALSE(open_block_port(drive, drive.node).has_value());
    EXPECT_NE(access(drive.node.c_str(), F_OK), 0);
}

TEST_F(BlockPortOnLoop, NoticesThatTheDriveHasShrunk) {
    const auto file = scratch.make_file("medium", 8 * piece);
    rig::LoopDrive loop(file);
    auto port = open_block_port(described(loop.node()), loop.node());
    ASSERT_TRUE(port);
    ASSERT_EQ(truncate(file.c_str(), 4 * piece), 0);
    loop.refresh_capacity();
    EXPECT_EQ((*port)->state()->size_bytes, 4 * piece);
    EXPECT_NE(move(**port, Direction::write, 0, {6 * piece, piece}), 0);
}

TEST_F(BlockPortOnLoop, ReadsADriveThatOthersHoldOrThatIsReadOnly) {
    const auto file = scratch.make_file("medium", piece);
    std::ofstream(file, std::ios::in | std::ios::binary).seekp(4096) << "there";
    rig::LoopDrive loop(file, {.access = rig::LoopAccess::read_only});
    const int holder = open(loop.node().c_str(), O_RDONLY | O_EXCL | O_CLOEXEC);
    ASSERT_GE(holder, 0);
    auto port = open_reading_port(described(loop.node()), loop.node());
    close(holder);
    ASSERT_TRUE(port) << port.error().message;
    EXPECT_EQ(move(**port, Direction::read, 0, {0, piece}), 0);
    EXPECT_TRUE(std::ranges::equal((*port)->slot(0).subspan(4096, 5), std::string_view("there")));
    EXPECT_DEATH((*port)->start(Direction::write, 0, {0, 4096}), "read_only");
}

TEST_F(BlockPortOnLoop, LetsNobodyEraseWhatIsBeingRead) {
    rig::LoopDrive loop(scratch.make_file("medium", piece));
    const Drive drive = described(loop.node());
    const auto reading = open_reading_port(drive, loop.node());
    ASSERT_TRUE(reading) << reading.error().message;
    EXPECT_TRUE(open_reading_port(drive, loop.node()));
    EXPECT_EQ(open_block_port(drive, loop.node()).error().fault, Fault::refused);
}

// What follows needs no loop device, but a file system with direct I/O.
using BlockPortOnImage = rig::LoopTest;

TEST_F(BlockPortOnImage, ReachesAnOddTailAndSaysHow) {
    const std::uint64_t size = piece + 4096 + 777;
    const auto file = scratch.make_file("image", size);
    auto port = open_block_port(described_image(file), file);
    ASSERT_TRUE(port) << port.error().message;
    EXPECT_EQ((*port)->geometry().tail_offset, piece + 4096);
    std::ranges::fill((*port)->slot(0), 0x5A);
    EXPECT_EQ(move(**port, Direction::write, 0, {0, piece}), 0);
    EXPECT_FALSE((*port)->used_page_cache());
    EXPECT_EQ(move(**port, Direction::write, 0, {piece, 4096}), 0);
    EXPECT_EQ(move(**port, Direction::write, 0, {piece + 4096, 777}), 0);
    EXPECT_TRUE((*port)->used_page_cache());
    EXPECT_EQ((*port)->flush(std::chrono::seconds(10)), 0);
    EXPECT_EQ(file_bytes(file, 0, size), std::string(size, 'Z'));
    EXPECT_EQ(std::ifstream(file, std::ios::ate | std::ios::binary).tellg(),
              static_cast<std::streamoff>(size));
}

TEST_F(BlockPortOnImage, RefusesHardLinksAndOtherSizes) {
    const auto file = scratch.make_file("image", piece);
    Drive drive = described_image(file);
    drive.size_bytes -= 1;
    EXPECT_EQ(open_block_port(drive, file).error().fault, Fault::refused);
    drive.size_bytes += 1;
    ASSERT_EQ(link(file.c_str(), scratch.path("other").c_str()), 0);
    EXPECT_EQ(open_block_port(drive, file).error().fault, Fault::refused);
}

TEST_F(BlockPortOnImage, ReadsOneThatNobodyMayWriteToWithItsTail) {
    const std::uint64_t size = piece + 777;
    const auto file = scratch.make_file("image", size);
    std::ofstream(file, std::ios::in | std::ios::binary).seekp(piece + 700) << "there";
    ASSERT_EQ(chmod(file.c_str(), 0400), 0);
    auto port = open_reading_port(described_image(file), file);
    ASSERT_TRUE(port) << port.error().message;
    EXPECT_EQ(move(**port, Direction::read, 0, {piece, 777}), 0);
    EXPECT_TRUE(std::ranges::equal((*port)->slot(0).subspan(700, 5), std::string_view("there")));
    EXPECT_TRUE((*port)->used_page_cache());
    EXPECT_DEATH((*port)->start(Direction::write, 0, {piece, 777}), "read_only");
}

TEST_F(BlockPortOnImage, RefusesAnotherFileOfTheSameSizeUnderTheSameName) {
    const auto file = scratch.make_file("image", piece);
    const Drive drive = described_image(file);
    ASSERT_EQ(rename(file.c_str(), scratch.path("moved").c_str()), 0);
    scratch.make_file("image", piece);
    const auto port = open_block_port(drive, file);
    ASSERT_FALSE(port.has_value());
    EXPECT_NE(port.error().message.find("identity-changed"), std::string::npos);
}

TEST_F(BlockPortOnImage, FollowsNoSymbolicLink) {
    const auto file = scratch.make_file("image", piece);
    ASSERT_EQ(symlink(file.c_str(), scratch.path("link").c_str()), 0);
    EXPECT_EQ(open_block_port(described_image(file), scratch.path("link")).error().fault,
              Fault::refused);
}

} // namespace
} // namespace quietus
