// The table of ata_verdicts.hpp once more, through the whole corridor: planned as the drive tells
// of itself, confirmed, committed, carried out, and judged as the record is that a document is made
// of.
#include "ata_host.hpp"
#include "ata_verdicts.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/policy/make_plan.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using test::AtaHost;
using test::codes_of;
using test::Knob;
using test::methods;
using test::Row;

PlanRequest wish_for(Technique technique) {
    PlanRequest wish;
    wish.technique = technique;
    if (technique == Technique::ata_sanitize_overwrite)
        wish.firmware = FirmwareOptions{.pattern = 0xA5A5A5A5, .passes = 1};
    return wish;
}

// What the drive's own word is worth when nothing contradicts it. A normal erasure leaves remapped
// blocks, and of a drive whose health is not known nobody knows whether there are any; a SANITIZE
// overwrite was made for magnetic media, a block erase for flash.
Level level_of(Technique technique, bool rotates, std::optional<Knob> knob) {
    const bool normal = technique == Technique::ata_security_erase;
    const bool for_another = technique == (rotates ? Technique::ata_sanitize_block_erase
                                                   : Technique::ata_sanitize_overwrite);
    return normal || for_another || knob == Knob::log_unreadable ? Level::clear : Level::purge;
}

class AtaCarriedOut : public testing::TestWithParam<Row> {};

TEST_P(AtaCarriedOut, IsJudgedAsTheTableSays) {
    const Row& row = GetParam();
    for (const auto& [name, traits] : test::kinds_of_drive())
        for (std::size_t at = 0; at < methods.size(); ++at) {
            SCOPED_TRACE(testing::Message() << to_text(methods[at]) << " of " << name);
            AtaHost host(traits);
            if (row.knob) host.drive.turn(*row.knob);
            const std::uint64_t before = host.residue();
            if (row.knob == Knob::frozen) {
                const auto plan = make_plan(host.told(), wish_for(methods[at]));
                ASSERT_FALSE(plan);
                EXPECT_THAT(plan.error().message, testing::HasSubstr("frozen"));
                EXPECT_EQ(host.residue(), before);
                continue;
            }
            const auto record = host.erase(wish_for(methods[at]));
            ASSERT_TRUE(record);
            const Judgement& judged = record->judgement;
            EXPECT_EQ(to_text(judged.verdict), to_text(row.verdicts[at]))
                << row.why << "\n"
                << to_line(to_json(judged.findings));
            if (judged.verdict == Verdict::refused) {
                EXPECT_EQ(host.residue(), before) << "nothing was begun";
            }
            if (judged.verdict != Verdict::erased) {
                EXPECT_EQ(judged.level, Level::none);
                EXPECT_FALSE(judged.findings.empty());
                continue;
            }
            EXPECT_EQ(judged.level, level_of(methods[at], traits.rotates, row.knob));
            EXPECT_EQ(judged.level_basis, judged.level == Level::purge
                                              ? LevelBasis::drive_reported
                                              : LevelBasis::host_read_back);
            EXPECT_EQ(judged.grade, judged.level == Level::purge ? "E4" : "E3");
            EXPECT_EQ(judged.bytes_proven, std::uint64_t{256} * traits.logical_bytes);
            EXPECT_TRUE(judged.unproven.empty());
        }
}

INSTANTIATE_TEST_SUITE_P(Knobs, AtaCarriedOut, testing::ValuesIn(test::table), test::name_of);

// MODE SELECT to a translator: the host sees fewer blocks than the drive has by its own word. No
// command of ATA lifts that.
TEST(ShortenedCapacity, IsNoErasureByTheDriveItself) {
    for (const Technique method : methods) {
        SCOPED_TRACE(to_text(method));
        AtaHost host({.blocks = 512, .scsi_blocks = 511});
        const std::uint64_t before = host.residue();
        const auto record = host.erase(wish_for(method));
        ASSERT_TRUE(record);
        EXPECT_EQ(record->judgement.verdict, Verdict::failed);
        EXPECT_THAT(codes_of(*record), testing::Contains("drive-changed"));
        EXPECT_EQ(record->judgement.level, Level::none);
        EXPECT_EQ(host.residue(), before) << "nothing was begun";
    }
}

TEST(ShortenedCapacity, IsAHiddenAreaOfAnOverwrite) {
    AtaHost host({.blocks = 512, .scsi_blocks = 511});
    const auto record = host.overwrite();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->judgement.verdict, Verdict::failed);
    EXPECT_THAT(codes_of(*record), testing::Contains("hidden-area"));
    EXPECT_EQ(host.residue(), 1U);
    EXPECT_EQ(record->judgement.level, Level::none);
}

} // namespace
} // namespace quietus
