// Honest drives of many kinds: each ends in `erased`, with nothing left anywhere.
#include "ata_scene.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/extent.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/verify/sampling.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using emulator::MaxAddress;
using test::AtaTraits;
using test::findings_of;
using test::methods;
using test::overwriting;
using test::Scene;
using test::secret;

void expect_erased(Scene& scene, Technique method, const FirmwareOptions& options) {
    SCOPED_TRACE(to_text(method));
    const auto judged = scene.erase(method, options);
    EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << findings_of(judged);
    EXPECT_EQ(judged.judgement.level, Level::clear);
    EXPECT_EQ(judged.judgement.bytes_proven, scene.evidence.identity_after->sectors *
                                                 scene.evidence.identity_after->logical_bytes);
    EXPECT_EQ(scene.drive.residue(as_bytes(secret)), 0U);
    EXPECT_FALSE(scene.security_enabled());
}

bool has(const AtaTraits& traits, Technique method) {
    if (method == Technique::ata_sanitize_crypto_scramble) return traits.sanitize.crypto_scramble;
    return traits.sanitize.supported || !is_sanitize(method);
}

void expect_all_erased(const AtaTraits& traits) {
    for (const Technique method : methods) {
        if (!has(traits, method)) continue;
        Scene scene(traits);
        expect_erased(scene, method, overwriting());
    }
}

TEST(HonestAtaDrive, ReportsPurgeByAllButTheNormalErasure) {
    for (const Technique method : methods) {
        Scene scene;
        const auto judged = scene.erase(method, overwriting());
        const bool normal = method == Technique::ata_security_erase;
        EXPECT_EQ(judged.reported, normal ? Level::clear : Level::purge) << to_text(method);
        EXPECT_EQ(judged.judgement.level_basis, LevelBasis::host_read_back);
        EXPECT_EQ(judged.judgement.limits, std::vector<std::string>{});
    }
}

// Blocks that were remapped, or are about to be, may hold data that nobody can look for.
TEST(HonestAtaDrive, ReportsNoPurgeWithRemappedBlocks) {
    for (const Technique method : methods) {
        Scene retired({.retired_blocks = 3});
        EXPECT_EQ(retired.erase(method, overwriting()).reported, Level::clear);
        Scene pending({.pending_blocks = 1});
        const auto judged = pending.erase(method, overwriting());
        EXPECT_EQ(judged.reported, Level::clear);
        EXPECT_EQ(judged.judgement.limits.at(0), "remapped-blocks-may-hold-data");
        EXPECT_EQ(pending.evidence.health_before->pending, 1U);
        EXPECT_EQ(pending.evidence.health_before->power_on_hours, 1234U);
    }
}

TEST(HonestAtaDrive, EndsInErasedWhateverItsBlocksAre) {
    expect_all_erased({.logical_bytes = 4096, .physical_bytes = 4096});
    expect_all_erased({.blocks = 100,
                       .rotates = false,
                       .encrypts = false,
                       .sanitize = {.crypto_scramble = false}});
    expect_all_erased({.seek_complete = false, .cached_writes = 16});
    expect_all_erased(
        {.extended = false, .sanitize = {.supported = false, .crypto_scramble = false}});
}

// A hidden area of one block counts.
TEST(HonestAtaDrive, HasItsHiddenAreaLiftedAndErased) {
    for (const MaxAddress how : {MaxAddress::hpa, MaxAddress::ama})
        for (const std::uint64_t hidden : {1U, 700U}) {
            SCOPED_TRACE(hidden);
            const AtaTraits traits{.accessible_blocks = 2048 - hidden, .max_address = how};
            for (const Technique method : methods) {
                Scene scene(traits);
                expect_erased(scene, method, overwriting());
                EXPECT_EQ(scene.evidence.hidden.state, HiddenState::lifted);
                EXPECT_EQ(scene.evidence.hidden.before.accessible, 2048 - hidden);
                EXPECT_EQ(native_sectors(scene.evidence.hidden.before), 2048U);
                EXPECT_EQ(scene.evidence.identity_after->sectors, 2048U);
                EXPECT_EQ(scene.evidence.canaries->hidden_from, (2048 - hidden) * 512);
            }
        }
}

TEST(HonestAtaDrive, HasItsOverlayRestoredAndErased) {
    const AtaTraits traits{.dco_blocks = 2000, .accessible_blocks = 1500};
    for (const Technique method : methods) {
        Scene scene(traits);
        expect_erased(scene, method, overwriting());
        EXPECT_EQ(scene.evidence.hidden.before.overlay, 2048U);
        EXPECT_EQ(scene.evidence.identity_after->sectors, 2048U);
    }
}

TEST(HonestAtaDrive, HasAHiddenAreaOnADriveOf28Bits) {
    const AtaTraits traits{.accessible_blocks = 2047, .extended = false};
    for (const Technique method :
         {Technique::ata_security_erase_enhanced, Technique::ata_security_erase}) {
        Scene scene(traits);
        expect_erased(scene, method, {});
    }
}

// 1, 15 and 16 passes, of which the command says 0; inverted or not; ended as the drive likes or as
// it is told.
TEST(HonestAtaDrive, EndsAnOverwriteInItsPattern) {
    for (const std::uint32_t passes : {1U, 2U, 15U, 16U})
        for (const bool invert : {false, true})
            for (const bool definitive : {false, true}) {
                SCOPED_TRACE(testing::Message() << passes << invert << definitive);
                Scene scene({.blocks = 64});
                expect_erased(scene, Technique::ata_sanitize_overwrite,
                              {.pattern = 0x01020304,
                               .passes = passes,
                               .invert_between = invert,
                               .definitive_end = definitive});
            }
}

// What was read follows from the seed on record, and is the share that was asked for and little
// more.
TEST(HonestAtaDrive, IsReadBackByASampleThatCanBeDrawnAgain) {
    constexpr std::uint64_t blocks = 65536;
    for (const Technique method : methods) {
        SCOPED_TRACE(to_text(method));
        Scene scene({.blocks = blocks});
        const auto judged = scene.erase(method, overwriting(), {VerificationMode::sample, 5});
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << findings_of(judged);
        EXPECT_EQ(judged.judgement.level, Level::clear);
        EXPECT_EQ(judged.judgement.grade, "E2");
        EXPECT_EQ(judged.reported, Level::clear);
        const FirmwareReadBack& read_back = *scene.evidence.read_back;
        ASSERT_TRUE(read_back.sample);
        EXPECT_TRUE(read_back.matched.empty());
        EXPECT_EQ(read_back.sample->percent, 5U);
        EXPECT_EQ(read_back.sample->strata, 26U); // of 512 sample blocks
        const auto drawn = draw_sample({blocks * 512, 512, blocks * 512}, 5,
                                       from_hex(read_back.sample->seed).value());
        EXPECT_EQ(read_back.sample->bytes_matched, ExtentSet(drawn.extents).bytes());
        EXPECT_LT(read_back.sample->bytes_matched, blocks * 512 / 10);
        EXPECT_EQ(drawn.extents.front().offset, 0U);
        EXPECT_EQ(drawn.extents.back().end(), blocks * 512);
        EXPECT_EQ(scene.evidence.canaries->gone, scene.evidence.canaries->written);
    }
}

// The mark of an earlier operation, that of years ago: this one is seen to run, or its canaries go.
TEST(HonestAtaDrive, EndsInErasedASecondTime) {
    for (const Technique method : methods) {
        Scene scene;
        expect_erased(scene, method, overwriting());
        scene.drive.hold(as_bytes(secret));
        expect_erased(scene, method, overwriting());
        if (is_sanitize(method)) {
            EXPECT_EQ(scene.evidence.sanitize->before, SanitizeState::completed);
        }
    }
}

} // namespace
} // namespace quietus
