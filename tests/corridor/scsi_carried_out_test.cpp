// The table of scsi_verdicts.hpp through the whole corridor: planned as the drive tells of itself,
// confirmed, committed, carried out, and judged as the record is that a document is made of.
//
// Whatever is turned: nothing ends in `erased` while a block with an address still holds the
// secret, nor at a level that what is left contradicts, but for the lies that no command shows.
#include "scsi_scene.hpp"
#include "scsi_verdicts.hpp"

#include "quietus/policy/make_plan.hpp"

#include <gmock/gmock.h>

#include <set>

namespace quietus {
namespace {

using emulator::Knob;
using test::scsi_methods;
using test::ScsiHost;
using test::ScsiScene;
using test::ScsiVerdicts;

// A SANITIZE overwrite was made for magnetic media, a block erase for flash; of a drive whose
// health is not known nobody knows whether blocks are remapped.
Level level_of(Technique method, const emulator::ScsiTraits& traits, std::optional<Knob> knob) {
    const bool for_another = method == (traits.rotates ? Technique::scsi_sanitize_block_erase
                                                       : Technique::scsi_sanitize_overwrite);
    const bool clear = method == Technique::scsi_format_unit || for_another ||
                       knob == Knob::log_unreadable || test::is_unreadable_after(method, traits);
    return clear ? Level::clear : Level::purge;
}

class ScsiCarriedOut : public testing::TestWithParam<ScsiVerdicts> {};

TEST_P(ScsiCarriedOut, IsJudgedAsTheTableSays) {
    const ScsiVerdicts& row = GetParam();
    for (const auto& [name, traits] : test::kinds_of_sas_drive())
        for (std::size_t at = 0; at < scsi_methods.size(); ++at) {
            const Technique method = scsi_methods[at];
            SCOPED_TRACE(testing::Message() << to_text(method) << " of " << name);
            ScsiHost host(traits);
            if (row.knob) host.drive.turn(*row.knob);
            const auto record = host.erase(test::scsi_wish(method));
            ASSERT_TRUE(record);
            const Judgement& judged = record->judgement;
            EXPECT_EQ(to_text(judged.verdict), to_text(test::verdict_of(row, at, method, traits)))
                << row.why << "\n"
                << test::findings_text(judged);
            if (judged.verdict != Verdict::erased) {
                EXPECT_EQ(judged.level, Level::none);
                EXPECT_FALSE(judged.findings.empty());
                continue;
            }
            EXPECT_EQ(judged.level, level_of(method, traits, row.knob));
            EXPECT_EQ(judged.level_basis, judged.level == Level::purge
                                              ? LevelBasis::drive_reported
                                              : LevelBasis::host_read_back);
            EXPECT_EQ(judged.grade, judged.level == Level::purge ? "E4" : "E3");
            EXPECT_EQ(judged.bytes_proven, std::uint64_t{256} * traits.block_bytes)
                << "with all that was out of reach";
            EXPECT_TRUE(judged.unproven.empty());
        }
}

// A sample sees less, and lies the same about no drive: the canaries are looked for one by one.
TEST_P(ScsiCarriedOut, EndsInTheSameVerdictWithASample) {
    const ScsiVerdicts& row = GetParam();
    for (std::size_t at = 0; at < scsi_methods.size(); ++at) {
        SCOPED_TRACE(to_text(scsi_methods[at]));
        ScsiScene scene({.blocks = 8192});
        if (row.knob) scene.drive.turn(*row.knob);
        const auto judged = scene.erase(scsi_methods[at], test::options_for(scsi_methods[at]),
                                        {VerificationMode::sample, 10});
        EXPECT_EQ(to_text(judged.judgement.verdict), to_text(row.verdicts[at]))
            << row.why << "\n"
            << test::findings_text(judged.judgement);
        EXPECT_NE(judged.reported, Level::purge);
        if (judged.judgement.verdict != Verdict::erased) continue;
        EXPECT_EQ(judged.judgement.grade, "E2");
        EXPECT_EQ(scene.readable_residue(), 0U);
    }
}

INSTANTIATE_TEST_SUITE_P(Knobs, ScsiCarriedOut, testing::ValuesIn(test::scsi_verdicts()),
                         test::scsi_row_name);

// These two lies no command shows, and so purge is never what is proven. Every other lie costs the
// drive that word too, also where its blocks cannot be read before they are written.
TEST(ScsiVerdictTable, HasTheLiesThatNoHostCanSee) {
    const std::set<Knob> out_of_sight{Knob::addressable_only, Knob::zeros_without_erasing};
    std::set<Knob> believed;
    for (const ScsiVerdicts& row : test::scsi_verdicts())
        for (const Technique method : scsi_methods)
            for (const auto& [name, traits] : test::kinds_of_sas_drive()) {
                emulator::ScsiTraits stale = traits;
                stale.stale_copies = 8;
                ScsiScene scene(stale);
                if (row.knob) scene.drive.turn(*row.knob);
                const auto judged = scene.erase(method, test::options_for(method));
                if (judged.judgement.verdict != Verdict::erased) continue;
                EXPECT_EQ(scene.readable_residue(), 0U);
                if (judged.reported != Level::purge || scene.residue() == 0) continue;
                ASSERT_TRUE(row.knob) << to_text(method) << " of " << name;
                believed.insert(*row.knob);
            }
    EXPECT_EQ(believed, out_of_sight);
}

TEST(ScsiVerdictTable, HasEveryKnobThatASasDriveCanHave) {
    std::set<Knob> seen = test::knobs_of_others();
    for (const ScsiVerdicts& row : test::scsi_verdicts())
        if (row.knob) seen.insert(*row.knob);
    for (std::size_t i = 0; i < enum_texts<Knob>.size(); ++i) {
        const auto knob = static_cast<Knob>(i);
        const bool of_nvme_alone = knob > Knob::format_nothing_done;
        EXPECT_TRUE(seen.contains(knob) || of_nvme_alone) << to_text(knob);
    }
}

// 520 and 528 octets no host reads back; protection information is kept.
TEST(ScsiFormats, AreRefusedWhereNoHostCanReadThemAndElseKept) {
    for (const std::uint32_t octets : {520U, 528U})
        for (const Technique method : scsi_methods) {
            ScsiHost host({.blocks = 256, .block_bytes = octets});
            Drive told = host.told();
            EXPECT_FALSE(make_plan(told, test::scsi_wish(method)));
            told.size_bytes = 0; // as Linux has it
            const auto offer = make_plan(told, test::scsi_wish(method));
            EXPECT_FALSE(offer);
        }
    for (const std::uint8_t type : Bytes{1, 2, 3})
        for (const Technique method : scsi_methods) {
            ScsiHost host({.blocks = 64, .protection = type});
            const auto record = host.erase(test::scsi_wish(method));
            ASSERT_TRUE(record);
            EXPECT_EQ(record->judgement.verdict, Verdict::erased)
                << test::findings_text(record->judgement);
            EXPECT_EQ(host.told().scsi_unit->protection, type);
            EXPECT_EQ(host.residue(), 0U);
        }
}

} // namespace
} // namespace quietus
