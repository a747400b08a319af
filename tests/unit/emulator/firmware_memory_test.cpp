// What the firmware of emulated SAS and NVMe drives knows lasts: an operation goes on from where it
// was, in another run and in another drive of the same traits.
#include "nvme_bench.hpp"
#include "scsi_bench.hpp"

#include "quietus/emulator/emulated_host.hpp"
#include "quietus/emulator/scenario.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

namespace quietus::emulator {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// SANITIZE BLOCK ERASE and OVERWRITE with IMMED, of one pass of zeros.
const std::string block_erase = "48820000000000000000";
const std::string overwrite = "48810000000000000800";
const std::string one_pass = "0100000400000000";

using Changes = std::vector<std::pair<std::string, std::string>>;

std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " in " << text;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(ScsiMemory, HasAnotherDriveGoOn) {
    ScsiBench one;
    ASSERT_EQ(one.tell(overwrite, one_pass), "good");
    one.clock.advance(300s); // of 600
    const ScsiMemory memory = one.drive.memory();
    const auto half = one.residue();
    EXPECT_GT(half, 900u);
    EXPECT_LT(half, 1100u);

    ScsiBench other;
    other.clock.advance(1h);
    other.drive.recall(read_scsi_memory(written(memory), {}).value());
    EXPECT_EQ(other.sense(), "2/04h/1bh");
    EXPECT_GE(other.progress().value_or(0), 65536 / 2);
    EXPECT_EQ(other.read(0).first, EIO);
    other.clock.advance(301s);
    EXPECT_EQ(other.tell("000000000000"), "good");
    EXPECT_EQ(other.residue(), 0u);
}

TEST(ScsiMemory, KeepsAFailureAndAShortenedCapacity) {
    ScsiTraits traits;
    traits.shown_blocks = 1000;
    ScsiBench one(traits);
    one.drive.turn(Knob::fails_at_end);
    ASSERT_EQ(one.tell(block_erase), "good");
    EXPECT_EQ(one.ended(), "3/31h/03h");
    ScsiBench other(traits);
    other.drive.recall(one.drive.memory());
    EXPECT_EQ(other.sense(), "3/31h/03h");
    EXPECT_EQ(other.drive.media().geometry().size_bytes, 512'000u);
    EXPECT_EQ(other.tell("489f0000000000000000"), "5/24h/00h") << "it was restricted";
}

TEST(ScsiMemory, IsReadAsStrictlyAsAStrangers) {
    ScsiBench bench;
    ASSERT_EQ(bench.tell(overwrite, one_pass), "good");
    const std::string good = written(bench.drive.memory());
    ASSERT_TRUE(read_scsi_memory(good, {}));
    EXPECT_EQ(written(*read_scsi_memory(good, {})), good);
    ScsiTraits other;
    other.blocks = 2047;
    EXPECT_FALSE(read_scsi_memory(good, other)) << "of a larger drive";
    other = {};
    other.units = 2;
    EXPECT_FALSE(read_scsi_memory(good, other));
    for (const auto& [from, to] :
         Changes{{"\"state\":1", "\"state\":7"},
                 {"\"state\":1", "\"state\":0"},
                 {"\"state\":1", "\"state\":4"},
                 {"\"shown_blocks\":2048", "\"shown_blocks\":0"},
                 {"\"shown_blocks\":2048", "\"shown_blocks\":2049"},
                 {"\"addressed_bytes\":1048576", "\"addressed_bytes\":1048577"},
                 {"\"passes\":[\"00000000\"]", "\"passes\":[\"\"]"},
                 {"\"takes_ns\":600000000000", "\"takes_ns\":0"}})
        EXPECT_FALSE(read_scsi_memory(changed(good, from, to), {})) << to;
}

TEST(NvmeMemory, HasAnotherDriveGoOn) {
    NvmeBench one;
    ASSERT_EQ(one.sanitize(0x13, 0), 0); // overwrite, one pass
    one.clock.advance(300s);
    const NvmeMemory memory = one.drive.memory();
    NvmeBench other;
    other.clock.advance(1h);
    other.drive.recall(read_nvme_memory(written(memory), {}).value());
    EXPECT_EQ(other.sstat() & 7U, 2u);
    EXPECT_GE(other.sprog(), 65536u / 2);
    EXPECT_EQ(other.echo(), 0x13u);
    other.clock.advance(301s);
    EXPECT_EQ(other.sstat() & 7U, 1u);
    EXPECT_EQ(other.sstat() >> 3U & 0x1FU, 1u) << "passes";
    EXPECT_EQ(other.drive.residue(as_bytes(nvme_secret)), 0u) << "what no namespace has, too";
}

TEST(NvmeMemory, KeepsAFailureAndWhatIsShown) {
    NvmeBench failing;
    failing.drive.turn(Knob::fails_at_end);
    ASSERT_EQ(failing.sanitize(0x02), 0);
    failing.clock.advance(2min);
    NvmeBench other;
    other.drive.recall(failing.drive.memory());
    EXPECT_EQ(other.sstat() & 7U, 3u);
    EXPECT_EQ(other.sanitize(0x01), 0x1C) << "it was restricted";

    NvmeBench shown;
    ASSERT_EQ(shown.sanitize(0x402), 0); // block erase, then its medium is shown
    shown.clock.advance(2min);
    NvmeBench later;
    later.drive.recall(shown.drive.memory());
    EXPECT_EQ(later.drive.sanitize_state(), 5u);
    ASSERT_EQ(later.sanitize(0x05), 0); // exit
    const NvmeMemory deallocating = later.drive.memory();
    NvmeBench last;
    last.drive.recall(read_nvme_memory(written(deallocating), {}).value());
    EXPECT_EQ(last.drive.sanitize_state(), 6u);
    last.clock.advance(6s);
    EXPECT_EQ(last.drive.sanitize_state(), 0u);
}

TEST(NvmeMemory, IsReadAsStrictlyAsAStrangers) {
    NvmeBench bench;
    ASSERT_EQ(bench.sanitize(0x13, 0), 0);
    const std::string good = written(bench.drive.memory());
    ASSERT_TRUE(read_nvme_memory(good, {}));
    EXPECT_EQ(written(*read_nvme_memory(good, {})), good);
    NvmeTraits without;
    without.unallocated_blocks = 0;
    EXPECT_FALSE(read_nvme_memory(good, without));
    for (const auto& [from, to] :
         Changes{{"\"state\":1", "\"state\":7"},
                 {"\"state\":1", "\"state\":0"},
                 {"\"state\":1", "\"state\":6"}, // nothing is deallocated
                 {"\"medium\":1", "\"medium\":2"},
                 {"\"passes\":1", "\"passes\":17"},
                 {"\"addressed_bytes\":1048576", "\"addressed_bytes\":1048577"},
                 {"\"takes_ns\":600000000000", "\"takes_ns\":0"}})
        EXPECT_FALSE(read_nvme_memory(changed(good, from, to), {})) << to;
}

/// A host with one drive, and the files that keep it.
class StoredDrives : public testing::TestWithParam<std::string> {
  protected:
    ~StoredDrives() override { std::filesystem::remove_all(base); }
    EmulatedHost host(const std::string& more = "") {
        auto scenario = parse_scenario(
            "title = \"t\"\n[[drive]]\nname = \"a\"\nserial = \"S1\"\nsize = 1048576\n"
            "model = \"M\"\nsecret = \"kept\"\nkind = \"" +
            GetParam() + "\"\n" + more + "[drive." + GetParam() + "]\n");
        EXPECT_TRUE(scenario) << scenario.error().message;
        return {std::move(*scenario), base + "/drives", std::make_shared<SimulatedClock>()};
    }
    static bool begin(FirmwareBay& bay) {
        if (bay.scsi() != nullptr) {
            const auto reply = bay.scsi()->execute({from_hex(block_erase).value(), 0, 15s, {}});
            return reply && reply->status == 0;
        }
        const auto reply = bay.nvme()->execute({0x84, 0, {0x02}, 0, 15s});
        return reply && reply->status == 0;
    }
    static std::string new_directory() {
        std::string pattern = testing::TempDir() + "quietus-stored-XXXXXX";
        return mkdtemp(pattern.data());
    }
    const std::string base = new_directory();
};

INSTANTIATE_TEST_SUITE_P(Languages, StoredDrives, testing::Values("scsi", "nvme"),
                         [](const auto& language) { return language.param; });

TEST_P(StoredDrives, TellWhatTheyAre) {
    EmulatedHost one = host();
    const Drive drive = one.detect({})->front();
    EXPECT_EQ(drive.scsi_erasure.has_value(), GetParam() == "scsi");
    EXPECT_EQ(drive.nvme_erasure.has_value(), GetParam() == "nvme");
    EXPECT_FALSE(drive.ata_erasure);
    EXPECT_EQ(drive.size_bytes, 1048576u);
    EXPECT_EQ(drive.native_size_bytes, std::nullopt) << "nobody asks such a drive for it";
    auto link = one.open(drive);
    ASSERT_TRUE(link && link->firmware);
    EXPECT_EQ(link->firmware->ata(), nullptr);
    EXPECT_EQ(link->block->geometry().size_bytes, 1048576u);
    ASSERT_TRUE(begin(*link->firmware));
    EXPECT_THAT(link->firmware->take_transcript(), HasSubstr(GetParam() + " "));
}

// The files are there as soon as the command is answered: who sent it may be killed.
TEST_P(StoredDrives, GoOnInTheNextRun) {
    EmulatedHost one = host("native_size = 1056768\n"); // 16 blocks more
    auto link = one.open(one.detect({})->front());
    ASSERT_TRUE(link && link->firmware);
    EXPECT_EQ(*one.residue("rehearsal:a"), 2048u + 16u);
    ASSERT_TRUE(begin(*link->firmware));
    EXPECT_EQ(std::filesystem::file_size(base + "/drives/REHEARSAL-S1.medium"), 1056768u);

    EmulatedHost next = host("native_size = 1056768\n");
    const Drive drive = next.detect({})->front();
    const bool under_way =
        (drive.scsi_erasure && drive.scsi_erasure->condition == ScsiCondition::sanitizing) ||
        (drive.nvme_erasure && drive.nvme_erasure->sanitize == NvmeSanitizeState::in_progress);
    EXPECT_TRUE(under_way);
    EXPECT_GT(*next.residue("rehearsal:a"), 1024u);
}

TEST_P(StoredDrives, DoNotTakeTheMemoryOfAnother) {
    {
        EmulatedHost one = host();
        auto link = one.open(one.detect({})->front());
        ASSERT_TRUE(link && link->firmware);
        ASSERT_TRUE(begin(*link->firmware));
    }
    std::ofstream(base + "/drives/REHEARSAL-S1.firmware") << "{}\n";
    EmulatedHost broken = host();
    const auto told = broken.detect({});
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().fault, Fault::invalid);
    EXPECT_THAT(told.error().message, HasSubstr("REHEARSAL-S1.firmware"));
}

} // namespace
} // namespace quietus::emulator
