// NVMe drives that erase themselves, and drives that say so: each technique against each way to
// fail and to lie, with the verdict of nvme_verdicts.hpp.
//
// Whatever is turned: nothing ends in `erased` while a block with an address still holds the
// secret.
#include "nvme_run.hpp"
#include "nvme_verdicts.hpp"

#include <gtest/gtest.h>

#include <set>

namespace quietus {
namespace {

using test::findings_of;
using test::Knob;
using test::nvme_methods;
using test::NvmeRow;
using test::NvmeRun;
using test::NvmeTraits;
using test::options_for;
using test::two_namespaces;

class NvmeVerdicts : public testing::TestWithParam<NvmeRow> {};

TEST_P(NvmeVerdicts, AreThoseOfTheTable) {
    const NvmeRow& row = GetParam();
    for (const auto& [name, traits] : test::kinds_of_nvme_drive())
        for (std::size_t at = 0; at < nvme_methods.size(); ++at) {
            SCOPED_TRACE(testing::Message() << to_text(nvme_methods[at]) << " of " << name);
            NvmeRun run(traits);
            if (row.knob) run.drive.turn(*row.knob);
            const std::uint64_t before = run.residue();
            const auto judged = run.erase(nvme_methods[at], options_for(nvme_methods[at]));
            EXPECT_EQ(to_text(judged.judgement.verdict), to_text(row.verdicts[at]))
                << row.why << "\n"
                << findings_of(judged.judgement);
            if (judged.judgement.verdict == Verdict::erased) {
                EXPECT_EQ(test::readable_residue(run.drive), 0U);
                EXPECT_EQ(judged.judgement.level, Level::clear) << "no more is proven";
            } else {
                EXPECT_EQ(judged.reported, Level::none);
            }
            if (judged.judgement.verdict == Verdict::refused) {
                EXPECT_EQ(run.residue(), before) << "nothing was begun";
            }
        }
}

INSTANTIATE_TEST_SUITE_P(Knobs, NvmeVerdicts, testing::ValuesIn(test::nvme_table),
                         test::name_of_row);

TEST(NvmeVerdictTable, HasEveryKnobThatAnNvmeDriveCanHave) {
    std::set<Knob> seen{Knob::no_return_descriptor, Knob::fixed_sense,  Knob::fixed_sense_shifted,
                        Knob::sense_cut_to_18,      Knob::count_zeroed, Knob::lba_swapped,
                        Knob::password_left,        Knob::lun_left};
    for (const NvmeRow& row : test::nvme_table)
        if (row.knob) seen.insert(*row.knob);
    EXPECT_EQ(seen.size(), enum_texts<Knob>.size());
}

// What the drive alone says nobody can check: these lies no command shows, and so purge is never
// what is proven. Every other lie costs the drive that word too.
TEST(NvmeVerdictTable, HasTheLiesThatNoHostCanSee) {
    const std::set<Knob> out_of_sight{Knob::addressable_only, Knob::hidden_area_left,
                                      Knob::zeros_without_erasing};
    std::set<Knob> believed;
    for (const NvmeRow& row : test::nvme_table)
        for (const Technique method : nvme_methods) {
            NvmeTraits traits = two_namespaces();
            traits.stale_copies = 8;
            NvmeRun run(traits);
            if (row.knob) run.drive.turn(*row.knob);
            const auto judged = run.erase(method, options_for(method));
            const bool contradicted = judged.reported == Level::purge && run.residue() != 0;
            if (contradicted && row.knob) believed.insert(*row.knob);
            EXPECT_TRUE(row.knob || !contradicted);
        }
    EXPECT_EQ(believed, out_of_sight);
}

} // namespace
} // namespace quietus
