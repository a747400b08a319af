// Drives that erase themselves, and drives that say so: each technique against each way to fail and
// to lie, with the verdict that it must end in. The verdicts are written by hand, from what the
// knob does and from what a host can see of it.
//
// Whatever is turned: nothing ends in `erased` while a block with an address still holds the
// secret, and no drive is left with a password that nobody is told of.
#include "ata_scene.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace quietus {
namespace {

using emulator::Knob;
using test::findings_of;
using test::methods;
using test::overwriting;
using test::Scene;

// --- the table ---

constexpr auto erased = Verdict::erased;
constexpr auto failed = Verdict::failed;
constexpr auto unknown = Verdict::indeterminate;
constexpr auto refused = Verdict::refused;

struct Row {
    std::optional<Knob> knob;
    std::array<Verdict, 5> verdicts; ///< as `methods`: crypto, block, overwrite, enhanced, normal
    const char* why;
};

const std::vector<Row> table{
    {std::nullopt, {erased, erased, erased, erased, erased}, "an honest drive"},
    {Knob::done_but_nothing, {failed, failed, failed, failed, failed}, "canaries are left"},
    {Knob::addressable_only,
     {erased, erased, erased, erased, erased},
     "clear is all that is proven"},
    {Knob::hidden_area_left, {erased, erased, erased, erased, erased}, "nothing was hidden"},
    {Knob::crypto_keeps_key, {failed, erased, erased, erased, erased}, "canaries are left"},
    {Knob::zeros_without_erasing,
     {erased, erased, failed, erased, erased},
     "zeros are what a block erase leaves; an overwrite leaves its pattern"},
    {Knob::one_block_stays,
     {failed, failed, failed, failed, failed},
     "the middle block holds a canary"},
    {Knob::last_block_spared, {failed, failed, failed, failed, failed}, "as does the last"},
    {Knob::stale_completed_bit,
     {failed, failed, failed, erased, erased},
     "canaries are left; security has no such bit"},
    {Knob::stuck_at_99, {unknown, unknown, unknown, unknown, unknown}, "it never ends"},
    {Knob::progress_backwards,
     {erased, unknown, unknown, erased, erased},
     "it contradicts itself; "
     "a new key takes too "
     "short a time to see it"},
    {Knob::fails_at_end, {failed, failed, failed, failed, failed}, "by its own word"},
    {Knob::fails_then_says_ok, {failed, failed, failed, failed, failed}, "the first word counts"},
    {Knob::timeout_while_running,
     {erased, erased, erased, erased, erased},
     "it is waited for, and has ended well"},
    {Knob::reset_in_middle,
     {erased, erased, erased, failed, failed},
     "a sanitize goes on after a reset; it ends a security erasure"},
    {Knob::power_loss,
     {erased, erased, erased, failed, failed},
     "a sanitize goes on; a security erasure is over, and the drive locked"},
    {Knob::identity_changes,
     {unknown, unknown, unknown, unknown, unknown},
     "another drive answers"},
    {Knob::no_return_descriptor,
     {refused, refused, refused, refused, refused},
     "nothing can be known"},
    {Knob::fixed_sense, {erased, erased, erased, erased, erased}, "the results log has the rest"},
    {Knob::fixed_sense_shifted,
     {erased, erased, erased, erased, erased},
     "the response information has the rest"},
    {Knob::sense_cut_to_18,
     {erased, erased, erased, erased, erased},
     "the response information has the rest"},
    {Knob::count_zeroed, {refused, refused, refused, refused, refused}, "the NOP shows it"},
    {Knob::lba_swapped, {refused, refused, refused, refused, refused}, "the NOP shows it"},
    {Knob::log_unreadable, {erased, erased, erased, erased, erased}, "its health is not known"},
    {Knob::frozen, {refused, refused, refused, refused, refused}, "until a power cycle"},
    {Knob::password_left,
     {erased, erased, erased, unknown, unknown},
     "a drive that erased would have security off"},
    {Knob::drops_writes, {failed, failed, failed, failed, failed}, "stamps are not there"},
    {Knob::aliases, {failed, failed, failed, failed, failed}, "stamps overwrite each other"},
    {Knob::reads_differ_twice, {failed, failed, failed, failed, failed}, "stamps read as others"},
};

class AtaErase : public testing::TestWithParam<Row> {};

TEST_P(AtaErase, EndsInTheVerdictOfTheTable) {
    const Row& row = GetParam();
    for (std::size_t at = 0; at < methods.size(); ++at) {
        SCOPED_TRACE(to_text(methods[at]));
        Scene scene({.blocks = 512});
        if (row.knob) scene.drive.turn(*row.knob);
        const auto judged = scene.erase(methods[at], overwriting());
        EXPECT_EQ(to_text(judged.judgement.verdict), to_text(row.verdicts[at]))
            << row.why << "\n"
            << findings_of(judged);
        if (judged.judgement.verdict == Verdict::erased) {
            EXPECT_EQ(judged.judgement.level, Level::clear);
            EXPECT_EQ(scene.readable_residue(), 0U);
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

std::string name_of(const testing::TestParamInfo<Row>& info) {
    std::string name = info.param.knob ? std::string(to_text(*info.param.knob)) : "honest";
    std::ranges::replace(name, '-', '_');
    return name;
}
INSTANTIATE_TEST_SUITE_P(Knobs, AtaErase, testing::ValuesIn(table), name_of);

// What the drive alone says (FirmwareJudgement::reported) nobody can check: these two lies no
// command shows, and so purge is never what is proven. Every other lie costs the drive that word
// too.
TEST(AtaEraseTable, HasTheLiesThatNoHostCanSee) {
    const std::set<Knob> out_of_sight{Knob::addressable_only, Knob::zeros_without_erasing};
    std::set<Knob> believed;
    for (const Row& row : table)
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
    for (const Row& row : table)
        if (row.knob) seen.insert(*row.knob);
    EXPECT_EQ(seen.size(), emulator::knob_names().size());
}

} // namespace
} // namespace quietus
