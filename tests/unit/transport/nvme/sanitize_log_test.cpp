// The Sanitize Status log. The first sample is what `nvme sanitize-log -H` shows of a real drive in
// the notes of nvme-cli's users (SPROG FFFFh, SSTAT 1h, SCDW10 4h, block erase 90 s, crypto 13 s);
// the others are put together from figure 291 of NVM Express Base 2.1.
#include "quietus/transport/nvme/sanitize_log.hpp"

#include "support/wire_samples.hpp"

#include <gtest/gtest.h>

namespace quietus::nvme {
namespace {

using std::chrono::seconds;

Bytes log(std::uint16_t progress, std::uint16_t status, std::uint8_t ssi = 0) {
    Bytes data(512);
    test::put_little(data, 0, 2, progress);
    test::put_little(data, 2, 2, status);
    data[36] = ssi;
    return data;
}

TEST(SanitizeStatusLog, OfARealDriveIsRead) {
    Bytes data = from_hex("ffff010004000000ffffffff5a0000000d000000").value();
    data.resize(512);
    const auto read = parse_sanitize_log(data);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->state, NvmeSanitizeState::sanitized);
    EXPECT_EQ(read->progress, 0xFFFF);
    EXPECT_FALSE(read->data_erased);
    EXPECT_EQ(read->command, 4U);
    EXPECT_FALSE(read->times.overwrite);
    EXPECT_EQ(read->times.block_erase, seconds(90));
    EXPECT_EQ(read->times.crypto_erase, seconds(13));
    EXPECT_EQ(read->times_kept.block_erase, seconds(0));
    EXPECT_EQ(read->stage, NvmeSanitizeStage::idle);
    EXPECT_EQ(announced(*read, SanitizeAction::crypto_erase, false), seconds(13));
    EXPECT_EQ(announced(*read, SanitizeAction::crypto_erase, true), seconds(13));
    EXPECT_EQ(announced(*read, SanitizeAction::overwrite, false), std::nullopt);
}

// SOS in bits 2:0, OPC in 7:3, GDE bit 8, MVCNCLD bit 9.
TEST(SanitizeStatusLog, HasStatesPassesAndMarks) {
    EXPECT_EQ(parse_sanitize_log(log(0xFFFF, 0))->state, NvmeSanitizeState::never);
    EXPECT_EQ(parse_sanitize_log(log(0x8000, 2))->state, NvmeSanitizeState::in_progress);
    EXPECT_EQ(parse_sanitize_log(log(0x8000, 2))->progress, 0x8000);
    EXPECT_EQ(parse_sanitize_log(log(0xFFFF, 3))->state, NvmeSanitizeState::failed);
    EXPECT_EQ(parse_sanitize_log(log(0xFFFF, 4))->state, NvmeSanitizeState::unexpected_deallocate);
    const auto all = parse_sanitize_log(log(0xFFFF, 0x0301 | 16U << 3U));
    EXPECT_EQ(all->state, NvmeSanitizeState::sanitized);
    EXPECT_EQ(all->passes, 16);
    EXPECT_TRUE(all->data_erased && all->verification_cancelled);
}

TEST(SanitizeStatusLog, HasTheStateOfTheMachine) {
    // SOS says "failed" of a drive that has left that state, too.
    EXPECT_TRUE(in_failed_state(*parse_sanitize_log(log(0xFFFF, 3, 2)), true));
    EXPECT_TRUE(in_failed_state(*parse_sanitize_log(log(0xFFFF, 3, 4)), true));
    EXPECT_FALSE(in_failed_state(*parse_sanitize_log(log(0xFFFF, 3, 0)), true));
    EXPECT_TRUE(in_failed_state(*parse_sanitize_log(log(0xFFFF, 3, 0)), false));
    EXPECT_FALSE(in_failed_state(*parse_sanitize_log(log(0xFFFF, 1, 0)), false));
    EXPECT_EQ(parse_sanitize_log(log(0, 2, 1))->stage, NvmeSanitizeStage::restricted_processing);
    EXPECT_EQ(parse_sanitize_log(log(0, 2, 3))->stage, NvmeSanitizeStage::unrestricted_processing);
    EXPECT_EQ(parse_sanitize_log(log(0, 3, 0x12))->stage, NvmeSanitizeStage::restricted_failure);
    EXPECT_EQ(parse_sanitize_log(log(0, 3, 0x12))->failed_in,
              NvmeSanitizeStage::restricted_processing);
    EXPECT_EQ(parse_sanitize_log(log(0, 3, 0x64))->stage, NvmeSanitizeStage::unrestricted_failure);
    EXPECT_EQ(parse_sanitize_log(log(0, 3, 0x64))->failed_in,
              NvmeSanitizeStage::post_verification_deallocation);
    EXPECT_EQ(parse_sanitize_log(log(0xFFFF, 2, 5))->stage, NvmeSanitizeStage::media_verification);
    EXPECT_EQ(parse_sanitize_log(log(0, 2, 7))->stage, NvmeSanitizeStage::unknown);
}

TEST(SanitizeStatusLog, GivesTheLongerTimeWhenMediaAreModified) {
    Bytes data = log(0xFFFF, 0);
    for (std::size_t i = 0; i < 7; ++i)
        test::put_little(data, 8 + 4 * i, 4,
                         100 * (i + 1));        // overwrite 100, block 200, crypto 300,
    const auto read = parse_sanitize_log(data); // kept 400, 500, 600; deallocation 700
    EXPECT_EQ(announced(*read, SanitizeAction::overwrite, false), seconds(100));
    EXPECT_EQ(announced(*read, SanitizeAction::overwrite, true), seconds(400));
    EXPECT_EQ(announced(*read, SanitizeAction::block_erase, true), seconds(500));
    EXPECT_EQ(announced(*read, SanitizeAction::crypto_erase, false), seconds(300));
    EXPECT_EQ(read->deallocation, seconds(700));
}

TEST(SanitizeStatusLog, ThatNoStandardHasIsAnError) {
    EXPECT_FALSE(parse_sanitize_log(log(0, 5)));
    EXPECT_FALSE(parse_sanitize_log(log(0, 7)));
    EXPECT_FALSE(parse_sanitize_log(Bytes(36)));
    EXPECT_TRUE(parse_sanitize_log(Bytes(37)));
    EXPECT_EQ(parse_sanitize_log({}).error().fault, Fault::drive);
}

} // namespace
} // namespace quietus::nvme
