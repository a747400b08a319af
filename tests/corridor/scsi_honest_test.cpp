// Honest SAS drives of many kinds: each ends in `erased`, with nothing left anywhere.
#include "scsi_scene.hpp"

#include "quietus/core/bytes.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using emulator::ScsiTraits;
using test::findings_text;
using test::options_for;
using test::scsi_methods;
using test::ScsiScene;

void expect_erased(ScsiScene& scene, Technique method, const FirmwareOptions& options) {
    SCOPED_TRACE(to_text(method));
    const auto judged = scene.erase(method, options);
    EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << findings_text(judged.judgement);
    EXPECT_EQ(judged.judgement.level, Level::clear);
    EXPECT_EQ(judged.judgement.bytes_proven,
              scene.drive.traits().blocks * scene.drive.traits().block_bytes);
    EXPECT_EQ(scene.readable_residue(), 0U);
    if (method != Technique::scsi_format_unit) {
        EXPECT_EQ(scene.residue(), 0U);
    }
}

TEST(HonestSasDrive, ReportsPurgeByAllButAFormat) {
    for (const Technique method : scsi_methods) {
        ScsiScene scene;
        const auto judged = scene.erase(method, options_for(method));
        const bool format = method == Technique::scsi_format_unit;
        EXPECT_EQ(judged.reported, format ? Level::clear : Level::purge) << to_text(method);
        EXPECT_EQ(judged.judgement.limits, std::vector<std::string>{});
        EXPECT_FALSE(scene.evidence.pass_through) << "registers are of ATA";
    }
}

TEST(HonestSasDrive, ReportsNoPurgeWithRemappedBlocks) {
    for (const Technique method : scsi_methods) {
        ScsiScene scene({.retired_blocks = 3});
        const auto judged = scene.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased);
        EXPECT_EQ(judged.reported, Level::clear);
        EXPECT_EQ(judged.judgement.limits.at(0), "remapped-blocks-may-hold-data");
        EXPECT_EQ(scene.evidence.health_before->reallocated, 3U);
        EXPECT_EQ(scene.evidence.health_before->power_on_hours, 1234U);
    }
}

TEST(HonestSasDrive, EndsInErasedWhateverItsBlocksAre) {
    for (const ScsiTraits& traits :
         {ScsiTraits{.block_bytes = 4096}, ScsiTraits{.block_bytes = 1024, .physical_exponent = 2},
          ScsiTraits{.blocks = 100, .rotates = false, .encrypts = false},
          ScsiTraits{.descriptor_sense = true, .cached_writes = 16}})
        for (const Technique method : scsi_methods) {
            if (!traits.encrypts && method == Technique::scsi_sanitize_crypto_erase) continue;
            ScsiScene scene(traits);
            expect_erased(scene, method, options_for(method));
        }
}

// A single block that is out of reach counts.
TEST(HonestSasDrive, HasItsShortenedCapacityLiftedAndErased) {
    for (const std::uint64_t hidden : {1U, 700U})
        for (const Technique method : scsi_methods) {
            ScsiScene scene({.shown_blocks = 2048 - hidden});
            expect_erased(scene, method, options_for(method));
            EXPECT_EQ(scene.evidence.hidden.state, HiddenState::lifted);
            EXPECT_EQ(scene.evidence.hidden.before.accessible, 2048 - hidden);
            EXPECT_EQ(scene.evidence.identity_after->sectors, 2048U);
            EXPECT_EQ(scene.evidence.canaries->hidden_from, (2048 - hidden) * 512);
        }
}

// 1, 2, 15, 16, 30 and 31 passes, inverted or not: the pattern is left, in the order of the
// command.
TEST(HonestSasDrive, EndsAnOverwriteInItsPattern) {
    for (const std::uint32_t passes : {1U, 2U, 15U, 16U, 30U, 31U})
        for (const bool invert : {false, true}) {
            SCOPED_TRACE(testing::Message() << passes << invert);
            ScsiTraits traits{.blocks = 64};
            traits.sanitize.pass_takes = std::chrono::minutes(1);
            ScsiScene scene(traits);
            expect_erased(scene, Technique::scsi_sanitize_overwrite,
                          {.pattern = 0x01020304, .passes = passes, .invert_between = invert});
            EXPECT_EQ(scene.evidence.read_back->bytes, "01020304");
            EXPECT_EQ(scene.drive.media().at(63 * 512, 4), (Bytes{1, 2, 3, 4}));
        }
}

TEST(HonestSasDrive, EndsInErasedASecondTime) {
    for (const Technique method : scsi_methods) {
        ScsiScene scene;
        expect_erased(scene, method, options_for(method));
        scene.drive.hold(as_bytes(test::secret));
        expect_erased(scene, method, options_for(method));
    }
}

// Blocks that must be written before they can be read are no failure: the host writes them, and
// reads them back.
TEST(HonestSasDrive, IsWrittenToBeforeItIsReadWhereItSaysSo) {
    for (const auto reads : {ScsiReadAfterErase::fails, ScsiReadAfterErase::write_required})
        for (const Technique method :
             {Technique::scsi_sanitize_block_erase, Technique::scsi_sanitize_crypto_erase}) {
            ScsiScene scene(
                {.rotates = false, .after_block_erase = reads, .after_crypto_erase = reads});
            expect_erased(scene, method, {});
            EXPECT_TRUE(scene.evidence.host_pass);
            EXPECT_EQ(scene.evidence.canaries->unreadable, scene.evidence.canaries->written);
            EXPECT_EQ(judge_firmware(scene.evidence).reported, Level::clear)
                << "nobody has seen it";
        }
    ScsiScene readable({.rotates = false});
    expect_erased(readable, Technique::scsi_sanitize_block_erase, {});
    EXPECT_FALSE(readable.evidence.host_pass);
}

} // namespace
} // namespace quietus
