// Every knob that comes to bear on an NVMe drive: what is seen from outside, and what the oracle
// knows.
#include "nvme_bench.hpp"

namespace quietus::emulator {
namespace {

constexpr std::uint32_t user_data = 0x200;

NvmeTraits two() {
    NvmeTraits traits;
    traits.namespaces = {{.nsid = 1, .blocks = 256, .retired_blocks = 3},
                         {.nsid = 2, .blocks = 128}};
    return traits;
}
constexpr std::uint64_t all = 256 + 3 + 128 + 64;

class NvmeKnobOf : public NvmeBench, public testing::Test {
  protected:
    NvmeKnobOf() : NvmeBench(two()) {}
};

TEST_F(NvmeKnobOf, HonestDriveErasesAllThatThereIs) {
    EXPECT_EQ(residue(), all);
    (void)sanitize(nvme_block_erase);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(NvmeKnobOf, HonestFormatLeavesRetiredBlocks) {
    EXPECT_EQ(format(1, user_data), 0);
    EXPECT_EQ(format(2, user_data), 0);
    EXPECT_EQ(residue(), 3U + 64);
}

TEST_F(NvmeKnobOf, DoneButNothing) {
    drive.turn(Knob::done_but_nothing);
    for (const std::uint32_t word :
         {nvme_block_erase, nvme_crypto_erase, nvme_overwrite_once | nvme_ndas}) {
        EXPECT_EQ(sanitize(word), 0);
        EXPECT_EQ(sanitized() & 0x107U, nvme_done);
        EXPECT_EQ(echo(), word);
    }
    EXPECT_EQ(format(1, user_data), 0);
    EXPECT_TRUE(holds_secret(0));
    EXPECT_EQ(residue(), all);
}

TEST_F(NvmeKnobOf, AddressableOnly) {
    drive.turn(Knob::addressable_only);
    (void)sanitize(nvme_block_erase);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(residue(), 3U + 64);
}

TEST_F(NvmeKnobOf, HiddenAreaLeft) {
    drive.turn(Knob::hidden_area_left);
    (void)sanitize(nvme_block_erase);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(residue(), 64U); // what no namespace has
}

TEST_F(NvmeKnobOf, CryptoKeepsKey) {
    drive.turn(Knob::crypto_keeps_key);
    (void)sanitize(nvme_crypto_erase | nvme_ndas);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_TRUE(holds_secret(0));
    EXPECT_EQ(residue(), all);
}

TEST_F(NvmeKnobOf, ZerosWithoutErasing) {
    drive.turn(Knob::zeros_without_erasing);
    (void)sanitize(nvme_block_erase | nvme_ndas);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(read(0).data, Bytes(512, 0));
    EXPECT_GE(residue(), all);
}

TEST_F(NvmeKnobOf, OneBlockStaysInEach) {
    drive.turn(Knob::one_block_stays);
    (void)sanitize(nvme_block_erase | nvme_ndas);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_TRUE(holds_secret(128));
    EXPECT_TRUE(holds_secret(64, 2));
    EXPECT_FALSE(holds_secret(0));
}

TEST_F(NvmeKnobOf, LastBlockSpared) {
    drive.turn(Knob::last_block_spared);
    (void)sanitize(nvme_block_erase | nvme_ndas);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_TRUE(holds_secret(255));
    EXPECT_TRUE(holds_secret(127, 2));
}

TEST_F(NvmeKnobOf, StaleCompletedBit) {
    drive.turn(Knob::stale_completed_bit);
    EXPECT_EQ(sstat(), nvme_done);
    EXPECT_EQ(sanitize(nvme_crypto_erase), 0);
    EXPECT_EQ(sstat(), nvme_done);
    EXPECT_EQ(echo(), nvme_crypto_erase);
    EXPECT_EQ(residue(), all);
}

TEST_F(NvmeKnobOf, LogOfAnotherOperation) {
    drive.turn(Knob::log_of_another_operation);
    EXPECT_EQ(sanitize(nvme_crypto_erase), 0);
    EXPECT_EQ(sstat(), nvme_done);
    EXPECT_EQ(echo(), 0xAU);
    EXPECT_EQ(residue(), all);
}

TEST_F(NvmeKnobOf, IdleWithoutStart) {
    drive.turn(Knob::idle_without_start);
    EXPECT_EQ(sanitize(nvme_crypto_erase), 0);
    EXPECT_EQ(sstat(), 0U);
    EXPECT_EQ(format(1, user_data), 0);
    EXPECT_EQ(residue(), all);
}

TEST_F(NvmeKnobOf, OneNamespaceLeft) {
    drive.turn(Knob::one_namespace_left);
    (void)sanitize(nvme_block_erase | nvme_ndas);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_FALSE(holds_secret(0));
    EXPECT_TRUE(holds_secret(0, 2));
    EXPECT_EQ(residue(), 128U);
    (void)sanitize(nvme_block_erase);
    (void)sanitized();
    EXPECT_TRUE(holds_secret(0, 2)) << "it is not deallocated either";
}

TEST_F(NvmeKnobOf, GdeNeverSet) {
    drive.turn(Knob::gde_never_set);
    (void)sanitize(nvme_block_erase);
    EXPECT_EQ(sanitized(), 0x001U);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(NvmeKnobOf, StuckAt99) {
    drive.turn(Knob::stuck_at_99);
    (void)sanitize(nvme_block_erase);
    clock.advance(std::chrono::hours(100));
    EXPECT_EQ(sstat(), nvme_running);
    EXPECT_NEAR(sprog(), 0.99 * 65536, 2);
    EXPECT_NE(read(0).error, 0);
}

TEST_F(NvmeKnobOf, ProgressBackwards) {
    drive.turn(Knob::progress_backwards);
    (void)sanitize(nvme_block_erase);
    clock.advance(std::chrono::seconds(29));
    const unsigned before = sprog();
    clock.advance(std::chrono::seconds(2));
    EXPECT_LT(sprog(), before);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(NvmeKnobOf, FailsThenSaysOk) {
    drive.turn(Knob::fails_then_says_ok);
    (void)sanitize(nvme_block_erase);
    clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(sstat(), nvme_failed);
    EXPECT_EQ(sstat(), nvme_done);
    EXPECT_GT(residue(), 0U);
}

TEST_F(NvmeKnobOf, TimeoutWhileRunning) {
    drive.turn(Knob::timeout_while_running);
    NvmeCommand slow = command_of(0x02, 0xFFFFFFFF, 0x81, 512);
    slow.timeout = std::chrono::seconds(10);
    (void)sanitize(nvme_block_erase);
    EXPECT_EQ(status_of(slow), 0xFFFF);
    clock.advance(std::chrono::seconds(55));
    EXPECT_EQ(status_of(slow), 0);
}

TEST_F(NvmeKnobOf, ResetInMiddle) {
    drive.turn(Knob::reset_in_middle);
    (void)sanitize(nvme_block_erase | nvme_emvs);
    EXPECT_EQ(sanitized(), 0x301U);
    EXPECT_EQ(residue(), 0U);
    drive.hold(as_bytes(nvme_secret));
    EXPECT_EQ(format(1, user_data), 0xFFFF);
    EXPECT_GT(drive.media(1).residue(as_bytes(nvme_secret)), 0U);
}

TEST_F(NvmeKnobOf, IdentityChanges) {
    drive.turn(Knob::identity_changes);
    const Bytes before = identify(1);
    (void)sanitize(nvme_block_erase);
    (void)sanitized();
    EXPECT_NE(identify(1), before);
}

TEST_F(NvmeKnobOf, LogUnreadable) {
    drive.turn(Knob::log_unreadable);
    EXPECT_EQ(status_of(command_of(0x02, 0xFFFFFFFF, 0x81, 512)), 0x02);
    EXPECT_EQ(status_of(command_of(0x02, 0xFFFFFFFF, 0x02, 512)), 0x02);
}

// As computers do: TCG Block SID, and the commands are not known any more.
TEST_F(NvmeKnobOf, Frozen) {
    drive.turn(Knob::frozen);
    EXPECT_EQ(sanitize(nvme_block_erase), 0x01);
    EXPECT_EQ(format(1, user_data), 0x01);
    EXPECT_EQ(fetch(0x82, 0, 0x01000100, 512).at(52), 2);
    EXPECT_EQ(residue(), all);
}

TEST_F(NvmeKnobOf, FormatNothingDone) {
    drive.turn(Knob::format_nothing_done);
    EXPECT_EQ(format(1, user_data), 0);
    EXPECT_EQ(format(1, 0x400), 0);
    EXPECT_TRUE(holds_secret(0));
    EXPECT_EQ(residue(), all);
    (void)sanitize(nvme_block_erase);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(NvmeKnobOf, DropsWrites) {
    drive.turn(Knob::drops_writes);
    EXPECT_EQ(write(3, 0x5A), 0);
    EXPECT_TRUE(holds_secret(3));
}

TEST_F(NvmeKnobOf, Aliases) {
    drive.turn(Knob::aliases);
    EXPECT_EQ(write(0, 0x5A), 0);
    EXPECT_EQ(read(128).data, Bytes(512, 0x5A));
}

TEST_F(NvmeKnobOf, ReadsDifferTwice) {
    drive.turn(Knob::reads_differ_twice);
    EXPECT_NE(read(3).data, read(3).data);
}

} // namespace
} // namespace quietus::emulator
