// Every knob: what is seen from outside, and what the oracle knows. Those of the way to the drive
// are in sat_knob_test.cpp.
#include "ata_bench.hpp"

namespace quietus::emulator {
namespace {

constexpr unsigned completed = 0x8000;
constexpr unsigned in_progress = 0x4000;

AtaTraits full() {
    AtaTraits traits;
    traits.accessible_blocks = 2000; // of 2048
    traits.retired_blocks = 3;
    return traits;
}

class KnobOf : public AtaBench, public testing::Test {
  protected:
    KnobOf() : AtaBench(full()) {}
    /// A keyed password, an erase of the unit, and how that ended.
    AtaRegisters erase(std::uint16_t word_0) {
        EXPECT_TRUE(set_password("p").succeeded());
        return erase_unit("p", word_0);
    }
    /// Every block reads as zeros.
    bool reads_as_zeros(std::uint64_t first, std::uint64_t end) {
        for (std::uint64_t block = first; block < end; ++block)
            if (read(block).data != Bytes(512, 0)) return false;
        return true;
    }
};

// What an honest drive of this kind does, for the others to be compared with.
TEST_F(KnobOf, HonestDriveErasesAllThatThereIs) {
    EXPECT_EQ(residue(), 2048U + 3U);
    (void)send(block_erase);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(KnobOf, HonestNormalEraseLeavesRetiredBlocks) {
    EXPECT_TRUE(erase(0).succeeded());
    EXPECT_EQ(residue(), 3U);
}

TEST_F(KnobOf, HonestEnhancedEraseReachesRetiredBlocks) {
    EXPECT_TRUE(erase(2).succeeded());
    EXPECT_EQ(residue(), 0U);
}

TEST_F(KnobOf, DoneButNothing) {
    drive.turn(Knob::done_but_nothing);
    for (const Registers& operation : {block_erase, crypto_scramble, overwrite(1, 0xA5A5A5A5)}) {
        EXPECT_EQ(send(operation).count, in_progress);
        EXPECT_EQ(sanitized().count, completed);
    }
    EXPECT_TRUE(erase(2).succeeded());
    EXPECT_EQ(word(128) & 2U, 0U);
    EXPECT_TRUE(holds_secret(0));
    EXPECT_EQ(residue(), 2048U + 3U);
}

TEST_F(KnobOf, AddressableOnly) {
    drive.turn(Knob::addressable_only);
    (void)send(block_erase);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_TRUE(reads_as_zeros(0, 2000));
    EXPECT_EQ(residue(), 48U + 3U);
}

TEST_F(KnobOf, AddressableOnlyWhenItScrambles) {
    drive.turn(Knob::addressable_only);
    (void)send(crypto_scramble);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_FALSE(holds_secret(0));
    EXPECT_EQ(residue(), 48U + 3U);
}

TEST_F(KnobOf, HiddenAreaLeft) {
    drive.turn(Knob::hidden_area_left);
    EXPECT_TRUE(erase(2).succeeded());
    EXPECT_TRUE(reads_as_zeros(0, 2000));
    EXPECT_EQ(residue(), 48U);
    (void)send({0x27, 0, 0, 0});
    EXPECT_TRUE(send({0x37, 0, 0, 2047}).succeeded());
    EXPECT_FALSE(holds_secret(1999));
    EXPECT_TRUE(holds_secret(2000));
}

TEST_F(KnobOf, CryptoKeepsKey) {
    drive.turn(Knob::crypto_keeps_key);
    (void)send(crypto_scramble);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_TRUE(holds_secret(1234));
    EXPECT_EQ(residue(), 2048U + 3U);
}

TEST_F(KnobOf, ZerosWithoutErasing) {
    drive.turn(Knob::zeros_without_erasing);
    (void)send(crypto_scramble);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_TRUE(reads_as_zeros(0, 2000)); // after a scramble an honest drive returns noise
    EXPECT_EQ(residue(), 2048U + 3U);
    (void)send(overwrite(1, 0x55555555));
    (void)sanitized();
    EXPECT_TRUE(reads_as_zeros(0, 2000)); // and after an overwrite the pattern
    EXPECT_EQ(residue(), 2048U + 3U);
}

TEST_F(KnobOf, OneBlockStays) {
    drive.turn(Knob::one_block_stays);
    (void)send(overwrite(3, 0));
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_TRUE(holds_secret(1000));
    EXPECT_TRUE(reads_as_zeros(0, 1000));
    EXPECT_TRUE(reads_as_zeros(1001, 2000));
    EXPECT_EQ(residue(), 1U);
}

TEST_F(KnobOf, OneBlockStaysThoughTheKeyHasChanged) {
    drive.turn(Knob::one_block_stays);
    (void)send(crypto_scramble);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_TRUE(holds_secret(1000));
    EXPECT_EQ(residue(), 1U);
}

TEST_F(KnobOf, LastBlockSpared) {
    drive.turn(Knob::last_block_spared);
    EXPECT_TRUE(erase(0).succeeded());
    EXPECT_TRUE(holds_secret(1999));
    EXPECT_TRUE(reads_as_zeros(0, 1999));
    EXPECT_EQ(residue(), 1U + 3U);
}

TEST_F(KnobOf, StaleCompletedBit) {
    drive.turn(Knob::stale_completed_bit);
    EXPECT_EQ(send(sanitize_status).count, completed);
    const AtaRegisters begun = send(block_erase);
    EXPECT_TRUE(begun.succeeded());
    EXPECT_EQ(begun.count, completed); // and never in progress
    EXPECT_EQ(begun.lba, 0xFFFFU);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_TRUE(holds_secret(0));
    EXPECT_EQ(residue(), 2048U + 3U);
}

TEST_F(KnobOf, StuckAt99) {
    drive.turn(Knob::stuck_at_99);
    (void)send(block_erase);
    clock.advance(std::chrono::hours(1000));
    const AtaRegisters status = send(sanitize_status);
    EXPECT_EQ(status.count, in_progress);
    EXPECT_EQ(status.lba, 65536U * 99 / 100);
    EXPECT_GT(residue(), 3U);
    EXPECT_LT(residue(), 100U);
    drive.power_cycle();
    EXPECT_EQ(send(sanitize_status).count, in_progress);
}

TEST_F(KnobOf, StuckAt99OfEraseUnitNeverAnswers) {
    drive.turn(Knob::stuck_at_99);
    EXPECT_TRUE(is_lost(erase(0)));
    EXPECT_TRUE(is_lost(send({0xE5, 0, 0, 0})));
    drive.power_cycle();
    EXPECT_EQ(word(128) & 0x7U, 0x7U); // enabled and locked
}

TEST_F(KnobOf, ProgressBackwards) {
    drive.turn(Knob::progress_backwards);
    (void)send(block_erase);
    clock.advance(std::chrono::seconds(29));
    const auto before = send(sanitize_status).lba;
    clock.advance(std::chrono::seconds(2));
    const auto after = send(sanitize_status).lba;
    EXPECT_LT(after, before);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(KnobOf, ResetInMiddleOfSanitize) {
    drive.turn(Knob::reset_in_middle);
    (void)send(block_erase);
    EXPECT_FALSE(drive.take_reset());
    clock.advance(std::chrono::seconds(31));
    EXPECT_TRUE(drive.take_reset());
    EXPECT_EQ(send(sanitize_status).count, in_progress);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(KnobOf, ResetInMiddleOfEraseUnit) {
    drive.turn(Knob::reset_in_middle);
    EXPECT_TRUE(is_lost(erase(0)));
    EXPECT_TRUE(drive.take_reset());
    EXPECT_EQ(word(128) & 0x7U, 0x3U); // still enabled
    EXPECT_TRUE(holds_secret(1999));
    EXPECT_EQ(residue(), 1024U + 3U);
}

TEST_F(KnobOf, PowerLossInSanitize) {
    drive.turn(Knob::power_loss);
    (void)send(block_erase);
    clock.advance(std::chrono::seconds(31));
    EXPECT_TRUE(is_lost(send(sanitize_status)));
    EXPECT_EQ(send(sanitize_status).count, in_progress);
    EXPECT_EQ(sanitized().count, completed);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(KnobOf, PowerLossInEraseUnit) {
    drive.turn(Knob::power_loss);
    EXPECT_TRUE(is_lost(erase(2)));
    EXPECT_EQ(word(128) & 0x7U, 0x7U); // enabled and locked
    EXPECT_NE(read(0).error, 0);
    EXPECT_TRUE(unlock("p").succeeded());
    EXPECT_TRUE(reads_as_zeros(0, 1000));
    EXPECT_TRUE(holds_secret(1999));
    EXPECT_EQ(residue(), 1024U + 3U);
}

TEST_F(KnobOf, FailsAtEndRestricted) {
    drive.turn(Knob::fails_at_end);
    (void)send(block_erase);
    for (int i = 0; i < 3; ++i) {
        const AtaRegisters failed = sanitized();
        EXPECT_TRUE(is_aborted(failed));
        EXPECT_EQ(failed.lba, 1U);
        drive.power_cycle();
    }
    EXPECT_TRUE(is_aborted(send(sanitize_clear)));
    EXPECT_TRUE(is_aborted(send(unrestricted(block_erase))));
    EXPECT_NE(read(0).error, 0); // nothing can be read of it any more
    EXPECT_EQ(residue(), 256U + 3U);
}

TEST_F(KnobOf, FailsAtEndUnrestricted) {
    drive.turn(Knob::fails_at_end);
    (void)send(unrestricted(block_erase));
    EXPECT_TRUE(is_aborted(sanitized()));
    EXPECT_TRUE(send(sanitize_clear).succeeded());
    EXPECT_EQ(send(sanitize_status).count, 0U);
    EXPECT_TRUE(reads_as_zeros(0, 1792));
    EXPECT_TRUE(holds_secret(1999));
    EXPECT_EQ(residue(), 256U + 3U);
}

TEST_F(KnobOf, FailsAtEndOfEraseUnit) {
    drive.turn(Knob::fails_at_end);
    EXPECT_TRUE(is_aborted(erase(0)));
    EXPECT_EQ(word(128) & 0x7U, 0x3U);
    EXPECT_EQ(residue(), 256U + 3U);
}

TEST_F(KnobOf, FailsAtEndOfCryptoScrambleKeepsTheKey) {
    drive.turn(Knob::fails_at_end);
    (void)send(unrestricted(crypto_scramble));
    EXPECT_TRUE(is_aborted(sanitized()));
    EXPECT_TRUE(send(sanitize_clear).succeeded());
    EXPECT_TRUE(holds_secret(0));
    EXPECT_EQ(residue(), 2048U + 3U);
}

TEST_F(KnobOf, FailsThenSaysOk) {
    drive.turn(Knob::fails_then_says_ok);
    (void)send(block_erase);
    EXPECT_TRUE(is_aborted(sanitized()));
    EXPECT_EQ(send(sanitize_status).count, completed);
    EXPECT_EQ(send(sanitize_status).count, completed);
    EXPECT_TRUE(holds_secret(1999));
    EXPECT_EQ(residue(), 256U + 3U);
}

TEST_F(KnobOf, FailsThenSaysOkOfEraseUnit) {
    drive.turn(Knob::fails_then_says_ok);
    EXPECT_TRUE(is_aborted(erase(0)));
    EXPECT_EQ(word(128) & 0x7U, 0x1U); // as after one that ended well
    EXPECT_EQ(residue(), 256U + 3U);
}

TEST_F(KnobOf, TimeoutWhileRunningOfSanitize) {
    drive.turn(Knob::timeout_while_running);
    (void)send(block_erase);
    EXPECT_TRUE(is_lost(send(sanitize_status)));
    clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(send(sanitize_status).count, completed);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(KnobOf, TimeoutWhileRunningOfEraseUnit) {
    drive.turn(Knob::timeout_while_running);
    (void)set_password("p");
    (void)send({0xF3, 0, 0, 0});
    // Twice what word 90 announces: two minutes.
    const auto end = send({0xF4, 0, 1, 0}, password_block(2, "p"), std::chrono::minutes(4));
    EXPECT_TRUE(is_lost(end));
    EXPECT_TRUE(is_lost(send({0xE5, 0, 0, 0})));
    clock.advance(std::chrono::minutes(2));
    EXPECT_EQ(word(128) & 0x7U, 0x1U);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(KnobOf, IdentityChanges) {
    const auto serial = [&] {
        const Bytes page = identify();
        return Bytes(page.begin() + 20, page.begin() + 40);
    };
    drive.turn(Knob::identity_changes);
    const Bytes before = serial();
    (void)send(block_erase);
    EXPECT_EQ(serial(), before);
    (void)sanitized();
    EXPECT_NE(serial(), before);
    EXPECT_EQ(residue(), 0U);
}

TEST_F(KnobOf, LogUnreadable) {
    EXPECT_EQ(fetch({0x2F, 0, 1, 0x30}).size(), 512U);
    EXPECT_EQ(fetch({0xB0, 0xD0, 1, 0xC24F00}).size(), 512U);
    drive.turn(Knob::log_unreadable);
    EXPECT_TRUE(is_aborted(send({0x2F, 0, 1, 0x30})));
    EXPECT_TRUE(is_aborted(send({0xB0, 0xD0, 1, 0xC24F00})));
    EXPECT_EQ(identify().size(), 512U);
}

TEST_F(KnobOf, Frozen) {
    drive.turn(Knob::frozen);
    for (int i = 0; i < 2; ++i) {
        EXPECT_TRUE(is_aborted(set_password("p")));
        EXPECT_TRUE(is_aborted(send(block_erase)));
        EXPECT_EQ(send(sanitize_status).count, 0x2000U);
        EXPECT_EQ(word(128) & 0x8U, 0x8U);
        drive.power_cycle();
    }
    EXPECT_EQ(residue(), 2048U + 3U);
}

TEST_F(KnobOf, PasswordLeft) {
    drive.turn(Knob::password_left);
    EXPECT_TRUE(erase(2).succeeded());
    EXPECT_EQ(word(128) & 0x7U, 0x3U);
    EXPECT_EQ(residue(), 0U);
    drive.power_cycle();
    EXPECT_NE(read(0).error, 0);
    EXPECT_TRUE(unlock("p").succeeded());
    EXPECT_TRUE(disable("p").succeeded());
}

TEST_F(KnobOf, DropsWrites) {
    drive.turn(Knob::drops_writes);
    EXPECT_EQ(write(5, "canary"), 0);
    EXPECT_TRUE(holds_secret(5));
    EXPECT_EQ(residue(), 2048U + 3U);
}

TEST_F(KnobOf, Aliases) {
    drive.turn(Knob::aliases);
    EXPECT_EQ(write(0, "first"), 0);
    EXPECT_EQ(write(1000, "second"), 0);
    EXPECT_EQ(read(0).data, read(1000).data);
    EXPECT_EQ(as_text(read(0).data).substr(0, 6), "second");
    EXPECT_EQ(residue(), 2047U + 3U);
}

TEST_F(KnobOf, ReadsDifferTwice) {
    drive.turn(Knob::reads_differ_twice);
    EXPECT_NE(read(3).data, read(3).data);
}

TEST(KnobNames, AreThoseOfScenarios) {
    const auto names = knob_names();
    EXPECT_EQ(names.size(), static_cast<std::size_t>(Knob::reads_differ_twice) + 1);
    for (const char* name : {"done-but-nothing",
                             "addressable-only",
                             "hidden-area-left",
                             "crypto-keeps-key",
                             "zeros-without-erasing",
                             "stale-completed-bit",
                             "stuck-at-99",
                             "progress-backwards",
                             "reset-in-middle",
                             "power-loss",
                             "fails-at-end",
                             "fails-then-says-ok",
                             "no-return-descriptor",
                             "fixed-sense",
                             "sense-cut-to-18",
                             "count-zeroed",
                             "lba-swapped",
                             "log-unreadable",
                             "frozen",
                             "password-left",
                             "timeout-while-running",
                             "identity-changes",
                             "one-block-stays",
                             "last-block-spared",
                             "drops-writes",
                             "aliases",
                             "reads-differ-twice"})
        EXPECT_TRUE(from_text<Knob>(name)) << name;
}

} // namespace
} // namespace quietus::emulator
