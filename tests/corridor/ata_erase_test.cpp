// Drives that erase themselves, and drives that say so: each technique against each way to fail and
// to lie, with the verdict of ata_verdicts.hpp.
//
// Whatever is turned: nothing ends in `erased` while a block with an address still holds the
// secret, and no drive is left with a password that nobody is told of.
#include "ata_scene.hpp"

#include <gtest/gtest.h>

#include <set>

namespace quietus {
namespace {

using emulator::Knob;
using test::findings_of;
using test::methods;
using test::overwriting;
using test::Row;
using test::Scene;

class AtaErase : public testing::TestWithParam<Row> {};

TEST_P(AtaErase, EndsInTheVerdictOfTheTable) {
    const Row& row = GetParam();
    for (const auto& [name, traits] : test::kinds_of_drive())
        for (std::size_t at = 0; at < methods.size(); ++at) {
            SCOPED_TRACE(testing::Message() << to_text(methods[at]) << " of " << name);
            Scene scene(traits);
            if (row.knob) scene.drive.turn(*row.knob);
            const auto judged = scene.erase(methods[at], overwriting());
            EXPECT_EQ(to_text(judged.judgement.verdict), to_text(row.verdicts[at]))
                << row.why << "\n"
                << findings_of(judged);
            if (judged.judgement.verdict == Verdict::erased) {
                EXPECT_EQ(judged.judgement.level, Level::clear);
                EXPECT_EQ(scene.readable_residue(), 0U);
                EXPECT_EQ(scene.evidence.identity_after->sectors, 256U)
                    << "with all that was hidden";
                EXPECT_TRUE(judged.judgement.findings.empty()) << findings_of(judged);
            } else {
                EXPECT_EQ(judged.judgement.level, Level::none);
                EXPECT_EQ(judged.reported, Level::none);
                EXPECT_FALSE(judged.judgement.findings.empty());
            }
        }
}

// A sample sees less, and lies the same about no drive: the canaries are looked for one by one.
TEST_P(AtaErase, EndsInTheSameVerdictWithASample) {
    const Row& row = GetParam();
    for (std::size_t at = 0; at < methods.size(); ++at) {
        SCOPED_TRACE(to_text(methods[at]));
        Scene scene({.blocks = 8192});
        if (row.knob) scene.drive.turn(*row.knob);
        const auto judged = scene.erase(methods[at], overwriting(), {VerificationMode::sample, 10});
        EXPECT_EQ(to_text(judged.judgement.verdict), to_text(row.verdicts[at]))
            << row.why << "\n"
            << findings_of(judged);
        EXPECT_NE(judged.reported, Level::purge);
        if (judged.judgement.verdict != Verdict::erased) continue;
        EXPECT_EQ(judged.judgement.grade, "E2");
        EXPECT_EQ(scene.readable_residue(), 0U);
    }
}

INSTANTIATE_TEST_SUITE_P(Knobs, AtaErase, testing::ValuesIn(test::table), test::name_of);

// What the drive alone says (FirmwareJudgement::reported) nobody can check: these two lies no
// command shows, and so purge is never what is proven. Every other lie costs the drive that word
// too.
TEST(AtaEraseTable, HasTheLiesThatNoHostCanSee) {
    const std::set<Knob> out_of_sight{Knob::addressable_only, Knob::zeros_without_erasing};
    std::set<Knob> believed;
    for (const Row& row : test::table)
        for (const Technique method : methods) {
            Scene scene({.blocks = 128, .rotates = false, .stale_copies = 8});
            if (row.knob) scene.drive.turn(*row.knob);
            const auto judged = scene.erase(method, overwriting());
            const bool contradicted = scene.drive.residue(as_bytes(test::secret)) != 0;
            if (judged.reported == Level::purge && contradicted && row.knob)
                believed.insert(*row.knob);
            EXPECT_TRUE(row.knob || !contradicted);
        }
    EXPECT_EQ(believed, out_of_sight);
}

TEST(AtaEraseTable, HasEveryKnob) {
    std::set<Knob> seen;
    for (const Row& row : test::table)
        if (row.knob) seen.insert(*row.knob);
    EXPECT_EQ(seen.size(), emulator::knob_names().size());
}

} // namespace
} // namespace quietus
