// SAS drives of more blocks than 32 bits count: READ CAPACITY (10) gives up, (16) does not.
#include "scsi_scene.hpp"

#include "quietus/policy/make_plan.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using test::options_for;
using test::scsi_methods;
using test::ScsiHost;
using test::ScsiScene;

constexpr std::uint64_t beyond = (std::uint64_t{1} << 32U) + 8;
constexpr std::uint64_t bytes = beyond * 512; // 2 TiB and a page

// Nothing of it is stored but what is written singly. It fails at the end, so that nobody reads two
// tebibytes: what is looked at is where the last blocks were looked for.
emulator::ScsiTraits large() {
    emulator::ScsiTraits traits;
    traits.blocks = beyond;
    traits.spare_blocks = 0;
    return traits;
}

TEST(LargeSasDrive, IsPlannedInFullSize) {
    ScsiHost host(large());
    const Drive told = host.told();
    EXPECT_EQ(told.scsi_unit->blocks, beyond);
    EXPECT_EQ(told.size_bytes, bytes);
    for (const Technique method : scsi_methods) {
        const auto plan = make_plan(told, test::scsi_wish(method));
        EXPECT_TRUE(plan) << plan.error().message;
    }
}

TEST(LargeSasDrive, HasItsLastBlocksLookedAt) {
    for (const Technique method : scsi_methods) {
        SCOPED_TRACE(to_text(method));
        ScsiScene scene(large());
        scene.drive.turn(emulator::Knob::fails_at_end);
        const auto judged = scene.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::failed);
        EXPECT_EQ(scene.evidence.identity_before->sectors, beyond);
        ASSERT_TRUE(scene.evidence.canaries);
        EXPECT_EQ(scene.evidence.canaries->written.back().end(), bytes);
        EXPECT_TRUE(scene.evidence.canaries->not_stored.empty());
    }
}

// The last block of all is behind 2^32, and it alone keeps its content.
TEST(LargeSasDrive, IsNotErasedWhoseLastBlockIsLeft) {
    ScsiScene scene(large());
    scene.drive.turn(emulator::Knob::last_block_spared);
    scene.drive.turn(emulator::Knob::fails_at_end);
    EXPECT_NE(scene.erase(Technique::scsi_sanitize_block_erase).judgement.verdict, Verdict::erased);
}

} // namespace
} // namespace quietus
