// What is written to an emulated drive lasts; its faults begin anew.
#include "quietus/emulator/emulated_host.hpp"

#include "quietus/emulator/ata_drive.hpp"
#include "quietus/emulator/nvme_drive.hpp"
#include "quietus/emulator/scsi_drive.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "quietus/transport/nvme/commands.hpp"
#include "quietus/transport/scsi/commands.hpp"

#include <gmock/gmock.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace quietus::emulator {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::uint64_t size = 1U << 20U;
constexpr std::uint64_t blocks = size / 512;

class EmulatedHosts : public testing::Test {
  protected:
    ~EmulatedHosts() override { std::filesystem::remove_all(base); }
    EmulatedHost host(const std::string& more = "") {
        auto scenario = parse_scenario(
            "title = \"t\"\n[[drive]]\nname = \"a\"\nserial = \"S1\"\nsize = 1048576\n"
            "secret = \"kept\"\n" +
            more);
        EXPECT_TRUE(scenario) << scenario.error().message;
        return {std::move(*scenario), base + "/drives", std::make_shared<SimulatedClock>()};
    }
    static Drive only_drive(EmulatedHost& host) { return host.detect({})->front(); }
    static int write_block(BlockPort& port, std::uint64_t number) {
        std::ranges::fill(port.slot(0), std::uint8_t{0});
        port.start(Direction::write, 0, {number * 512, 512});
        const auto done = port.wait(1h);
        return done && *done ? (*done)->error : -1;
    }
    static std::string new_directory() {
        std::string pattern = testing::TempDir() + "quietus-emulated-XXXXXX";
        return mkdtemp(pattern.data());
    }
    const std::string base = new_directory();
    const std::string medium = base + "/drives/REHEARSAL-S1.medium";
};

TEST_F(EmulatedHosts, KeepWhatWasFlushedForTheNextRun) {
    {
        EmulatedHost one = host();
        auto link = one.open(only_drive(one));
        ASSERT_TRUE(link);
        for (std::uint64_t block = 10; block < 15; ++block)
            EXPECT_EQ(write_block(*link->block, block), 0);
        EXPECT_FALSE(std::filesystem::exists(medium));
        EXPECT_EQ(link->block->flush(1s), 0);
        EXPECT_EQ(std::filesystem::file_size(medium), size);
    }
    EmulatedHost next = host();
    EXPECT_EQ(*next.residue("rehearsal:a"), blocks - 5);
}

// Hidden blocks, and what a knob of single blocks does, are those of a drive with firmware.
TEST_F(EmulatedHosts, KeepTheHiddenBlocksOfADriveWithFirmware) {
    const std::string firmware = "native_size = 1114112\n[drive.ata]\n";
    {
        EmulatedHost one = host(firmware);
        EXPECT_EQ(*one.residue("rehearsal:a"), blocks + 128);
        auto link = one.open(only_drive(one));
        ASSERT_TRUE(link);
        EXPECT_EQ(link->block->geometry().size_bytes, size);
        EXPECT_EQ(write_block(*link->block, 10), 0);
        EXPECT_EQ(link->block->flush(1s), 0);
        EXPECT_EQ(std::filesystem::file_size(medium), 1114112u);
    }
    EmulatedHost next = host(firmware);
    EXPECT_EQ(*next.residue("rehearsal:a"), blocks + 127);
    EmulatedHost deaf = host("knobs = [\"drops-writes\"]\n" + firmware);
    auto link = deaf.open(only_drive(deaf));
    EXPECT_EQ(write_block(*link->block, 11), 0);
    EXPECT_EQ(*deaf.residue("rehearsal:a"), blocks + 127);
}

TEST_F(EmulatedHosts, LetNobodyReadALockedDrive) {
    EmulatedHost locked = host("[drive.ata]\nuser_password = \"theirs\"\n");
    auto link = locked.open(only_drive(locked));
    ASSERT_TRUE(link);
    EXPECT_EQ(write_block(*link->block, 0), EIO);
    EXPECT_EQ(*locked.residue("rehearsal:a"), blocks);
}

TEST_F(EmulatedHosts, KeepWhatWasStoredBeforeTheDriveVanished) {
    const std::string fault = "[[drive.fault]]\nkind = \"vanish\"\nafter = 2\nerror = \"ENODEV\"\n";
    {
        EmulatedHost one = host(fault);
        auto link = one.open(only_drive(one));
        ASSERT_TRUE(link);
        EXPECT_EQ(write_block(*link->block, 0), 0);
        EXPECT_EQ(write_block(*link->block, 1), 0);
        EXPECT_EQ(write_block(*link->block, 2), ENODEV);
        EXPECT_FALSE(link->block->state());
    }
    // It is back, as it was left, and vanishes once more in its time.
    EmulatedHost next = host(fault);
    EXPECT_EQ(*next.residue("rehearsal:a"), blocks - 2);
    auto link = next.open(only_drive(next));
    EXPECT_EQ(write_block(*link->block, 0), 0);
    EXPECT_EQ(write_block(*link->block, 1), 0);
    EXPECT_EQ(write_block(*link->block, 2), ENODEV);
}

TEST_F(EmulatedHosts, LeaveADriveThatIsOnlyReadAsItWas) {
    {
        EmulatedHost one = host();
        auto link = one.open_to_read(only_drive(one));
        link->block->start(Direction::read, 0, {0, 512});
        EXPECT_TRUE(link->block->wait(1s));
    }
    EXPECT_FALSE(std::filesystem::exists(medium));
}

TEST_F(EmulatedHosts, DoNotTakeTheMediumOfADriveOfAnotherSize) {
    std::filesystem::create_directories(base + "/drives");
    std::ofstream(medium) << "short";
    EmulatedHost one = host();
    const auto link = one.open(only_drive(one));
    ASSERT_FALSE(link);
    EXPECT_EQ(link.error().fault, Fault::invalid);
    EXPECT_THAT(link.error().message, HasSubstr(medium));
}

TEST_F(EmulatedHosts, FailAFlushThatTheyCannotKeep) {
    std::ofstream(base + "/drives") << "a file where the directory should be";
    EmulatedHost one = host();
    auto link = one.open(only_drive(one));
    ASSERT_TRUE(link);
    EXPECT_EQ(write_block(*link->block, 0), 0);
    EXPECT_EQ(link->block->flush(1s), EIO);
}

TEST_F(EmulatedHosts, KnowNoImagesAndNoOtherDrives) {
    EmulatedHost one = host();
    EXPECT_EQ(one.image("/etc/passwd", {}).error().fault, Fault::usage);
    EXPECT_EQ(one.residue("rehearsal:b").error().fault, Fault::usage);
    Drive other = only_drive(one);
    other.node = "/dev/sda";
    EXPECT_EQ(one.open(other).error().fault, Fault::usage);
    EXPECT_TRUE(one.detect({.only = "/dev/sda"})->empty());
}

// ACS-4: SANITIZE DEVICE goes on without its host; SANITIZE STATUS EXT tells how far it is.
TEST_F(EmulatedHosts, KeepWhatTheFirmwareOfADriveIsAt) {
    const std::string sata = "kind = \"ata\"\n[drive.ata]\n";
    {
        EmulatedHost one = host(sata);
        auto link = one.open(only_drive(one));
        ASSERT_TRUE(link && link->firmware);
        const auto begun =
            link->firmware->ata()->execute(ata::sanitize(ata::SanitizeKind::block_erase, {}));
        ASSERT_TRUE(begun && begun->registers && begun->registers->succeeded());
    }
    EmulatedHost next = host(sata);
    EXPECT_EQ(only_drive(next).ata_erasure->sanitize, quietus::SanitizeState::in_progress);
    EXPECT_GT(*next.residue("rehearsal:a"), blocks / 2);
    std::ofstream(base + "/drives/REHEARSAL-S1.firmware") << "{}\n";
    EmulatedHost broken = host(sata);
    const auto told = broken.detect({});
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().fault, Fault::invalid);
    EXPECT_THAT(told.error().message, HasSubstr("REHEARSAL-S1.firmware"));
}

// What no address leads to any more is lost to every command, and not to the oracle of the next
// run.
TEST_F(EmulatedHosts, KeepWhatWasUnmappedAndNotErased) {
    const std::string sata = "kind = \"ata\"\nknobs = [\"zeros-without-erasing\"]\n";
    const std::string unmapped = base + "/drives/REHEARSAL-S1.unmapped";
    {
        EmulatedHost one = host(sata);
        auto link = one.open(only_drive(one));
        ASSERT_TRUE(link && link->firmware);
        EXPECT_EQ(write_block(*link->block, 7), 0);
        EXPECT_EQ(link->block->flush(1s), 0);
        EXPECT_FALSE(std::filesystem::exists(unmapped));
        auto& commands = *link->firmware->ata();
        ASSERT_TRUE(commands.execute(ata::sanitize(ata::SanitizeKind::crypto_scramble, {})));
        for (int i = 0; i < 5000; ++i) // a millisecond each
            ASSERT_TRUE(commands.execute(ata::sanitize_status()));
        EXPECT_EQ(*one.residue("rehearsal:a"), blocks - 1);
    }
    EXPECT_EQ(std::filesystem::file_size(unmapped), size - 512);
    EmulatedHost next = host(sata);
    EXPECT_EQ(*next.residue("rehearsal:a"), blocks - 1);
    auto link = next.open(only_drive(next));
    link->block->start(Direction::read, 0, {0, 512});
    ASSERT_TRUE(link->block->wait(1h));
    EXPECT_EQ(Bytes(link->block->slot(0).begin(), link->block->slot(0).begin() + 512),
              Bytes(512, 0));
    std::ofstream(unmapped) << "short";
    EmulatedHost broken = host(sata);
    const auto told = broken.residue("rehearsal:a");
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().fault, Fault::invalid);
    EXPECT_THAT(told.error().message, HasSubstr("REHEARSAL-S1.unmapped"));
}

TEST_F(EmulatedHosts, ShowWhatModeSelectHasLeft) {
    const std::string shortened =
        "kind = \"ata\"\nnative_size = 1114112\n[drive.ata]\nhidden_by = \"scsi\"\n";
    EmulatedHost one = host(shortened);
    const Drive told = only_drive(one);
    EXPECT_EQ(told.size_bytes, size);
    EXPECT_EQ(told.native_size_bytes, 1114112u);
    auto link = one.open(told);
    ASSERT_TRUE(link);
    EXPECT_EQ(link->block->geometry().size_bytes, size);
    EXPECT_EQ(write_block(*link->block, 0), 0);
    EXPECT_EQ(link->block->flush(1s), 0);
    EmulatedHost next = host(shortened);
    EXPECT_EQ(only_drive(next).size_bytes, size);
    EXPECT_EQ(*next.residue("rehearsal:a"), blocks + 128 - 1);
}

TEST(AtaMemory, IsReadAsStrictlyAsAStrangers) {
    SimulatedClock clock;
    AtaDrive drive({}, clock);
    const std::string good = written(drive.memory());
    const auto read = [](const std::string& text) { return read_ata_memory(text, AtaTraits{}); };
    ASSERT_TRUE(read(good)) << read(good).error().message;
    EXPECT_EQ(written(*read(good)), good);
    AtaTraits smaller;
    smaller.blocks = 2047;
    EXPECT_FALSE(read_ata_memory(good, smaller)) << "of a larger drive";
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"\"sanitize\":0", "\"sanitize\":6"},
             {"\"sanitize\":0", "\"sanitize\":2"}, // and nothing is running
             {"\"security\":0", "\"security\":5"},
             {"\"accessible\":2048", "\"accessible\":0"},
             {"\"kept\":2048", "\"kept\":4096"},
             {"\"user_password\":\"00", "\"user_password\":\""}}) {
        std::string text = good;
        ASSERT_NE(text.find(from), std::string::npos) << from;
        text.replace(text.find(from), from.size(), to);
        EXPECT_FALSE(read(text)) << to;
    }
}

} // namespace
} // namespace quietus::emulator
