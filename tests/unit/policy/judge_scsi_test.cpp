// Verdicts on erasures by a SCSI drive itself: from evidence that proves everything, one thing at a
// time is taken away or spoilt.
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/policy/judge_firmware.hpp"
#include "quietus/policy/make_plan.hpp"

#include "quietus/core/json_fields.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace quietus {
namespace {

constexpr std::uint64_t blocks = 1000;
constexpr std::uint64_t size = blocks * 512;
constexpr auto crypto = Technique::scsi_sanitize_crypto_erase;
constexpr auto block = Technique::scsi_sanitize_block_erase;
constexpr auto overwrite = Technique::scsi_sanitize_overwrite;
constexpr auto format = Technique::scsi_format_unit;

void write_by_host(FirmwareEvidence& evidence) {
    PassRecord& pass = evidence.host_pass.emplace();
    pass.data = StepData::random_stream;
    pass.written = {{0, size}};
    pass.bytes_written = size;
    pass.completed = pass.flushed = true;
    evidence.read_back->expectation = Expectation::host_pass;
}

FirmwareEvidence proven(Technique method) {
    FirmwareEvidence evidence;
    evidence.method = method;
    if (method == overwrite) evidence.options.pattern = 0x0A0B0C0D;
    evidence.identity_before = FirmwareIdentity{"MAKER MODEL", "SERIAL", blocks, 512, 0, "00"};
    evidence.identity_after = evidence.identity_before;
    evidence.hidden.state = HiddenState::none;
    evidence.hidden.before.accessible = blocks;
    evidence.hidden.lifted = evidence.hidden.before;
    evidence.hidden.after = evidence.hidden.before;
    evidence.health_before.emplace().reallocated = 0;
    evidence.health_after = evidence.health_before;
    evidence.probe.emplace();
    evidence.probe->completed = evidence.probe->flushed = true;
    CanaryRecord& canaries = evidence.canaries.emplace();
    canaries.written = {{0, 512}, {512 * 500, 512}, {size - 512, 512}};
    canaries.gone = canaries.written;
    canaries.checked = true;
    ScsiOperationRecord& record = evidence.scsi.emplace_back();
    record.blocks = blocks;
    record.phase = SanitizePhase::ended;
    record.before = record.after = ScsiCondition::idle;
    record.accepted = record.seen_in_progress = true;
    record.asked = 3;
    record.outcome = FirmwareOutcome::succeeded;
    FirmwareReadBack& read_back = evidence.read_back.emplace();
    read_back.matched = {{0, size}};
    read_back.completed = true;
    if (method == overwrite) read_back.bytes = "0a0b0c0d";
    if (method == block) read_back.expectation = Expectation::zeros_or_ones;
    if (method == crypto || method == format) write_by_host(evidence);
    return evidence;
}

TEST(JudgeScsi, CallsErasedWhatIsProven) {
    for (const auto method : {crypto, block, overwrite, format}) {
        const auto judged = judge_firmware(proven(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased)
            << to_text(method) << to_line(to_json(judged.judgement));
        EXPECT_EQ(judged.judgement.level, Level::clear);
        EXPECT_EQ(judged.reported, method == format ? Level::clear : Level::purge);
        EXPECT_EQ(judged.judgement.bytes_proven, size);
        EXPECT_EQ(judged.judgement.grade, "E3");
    }
}

struct Spoilt {
    const char* what;
    Technique method;
    std::function<void(FirmwareEvidence&)> spoil;
    Verdict verdict;
    const char* code;
};

const std::vector<Spoilt> cases{
    {"never_seen_at_work", overwrite, [](auto& e) { e.scsi.front().seen_in_progress = false; },
     Verdict::indeterminate, "no-transition"},
    {"accepted_is_not_seen", block, [](auto& e) { e.scsi.front().seen_in_progress = false; },
     Verdict::indeterminate, "no-transition"},
    {"ordered_again_without_an_end", crypto,
     [](auto& e) {
         e.scsi.front().seen_in_progress = false;
         e.scsi.front().ordered_again = true;
     },
     Verdict::indeterminate, "no-transition"},
    {"an_end_of_what_was_not_ordered", crypto,
     [](auto& e) { e.scsi.front().ended_with_command = true; }, Verdict::failed,
     "inconsistent-evidence"},
    {"an_overwrite_ordered_again", overwrite,
     [](auto& e) { e.scsi.front().ordered_again = e.scsi.front().ended_with_command = true; },
     Verdict::failed, "inconsistent-evidence"},
    {"a_format_ordered_again", format,
     [](auto& e) { e.scsi.front().ordered_again = e.scsi.front().ended_with_command = true; },
     Verdict::failed, "inconsistent-evidence"},
    {"ordered_again_and_never_accepted", crypto,
     [](auto& e) {
         e.scsi.front().accepted = false;
         e.scsi.front().ordered_again = e.scsi.front().ended_with_command = true;
     },
     Verdict::failed, "inconsistent-evidence"},
    {"still_at_work", overwrite, [](auto& e) { e.scsi.front().after = ScsiCondition::sanitizing; },
     Verdict::failed, "inconsistent-evidence"},
    {"at_work_before", overwrite,
     [](auto& e) { e.scsi.front().before = ScsiCondition::sanitizing; }, Verdict::failed,
     "inconsistent-evidence"},
    {"more_resets_than_attentions", overwrite, [](auto& e) { e.scsi.front().resets = 1; },
     Verdict::failed, "inconsistent-evidence"},
    {"more_silence_than_questions", overwrite, [](auto& e) { e.scsi.front().unanswered = 4; },
     Verdict::failed, "inconsistent-evidence"},
    {"not_ended", overwrite, [](auto& e) { e.scsi.front().phase = SanitizePhase::running; },
     Verdict::failed, "inconsistent-evidence"},
    {"progress_backwards", overwrite, [](auto& e) { e.scsi.front().went_backwards = true; },
     Verdict::indeterminate, "progress-backwards"},
    {"drive_failed", format, [](auto& e) { e.scsi.front().outcome = FirmwareOutcome::failed; },
     Verdict::failed, "firmware-failed"},
    {"nobody_knows", format,
     [](auto& e) { e.scsi.front().outcome = FirmwareOutcome::indeterminate; },
     Verdict::indeterminate, "firmware-indeterminate"},
    {"left_running", overwrite,
     [](auto& e) { e.scsi.front().outcome = FirmwareOutcome::under_way; }, Verdict::interrupted,
     "firmware-under-way"},
    {"refused", overwrite, [](auto& e) { e.scsi.front().outcome = FirmwareOutcome::refused; },
     Verdict::failed, "firmware-refused"},
    {"nothing_begun", overwrite, [](auto& e) { e.scsi.clear(); }, Verdict::failed,
     "firmware-refused"},
    {"an_operation_of_ATA", overwrite,
     [](auto& e) {
         e.scsi.clear();
         e.sanitize.emplace();
     },
     Verdict::failed, "inconsistent-evidence"},
    {"two_operations", overwrite, [](auto& e) { e.sanitize.emplace(); }, Verdict::failed,
     "inconsistent-evidence"},
    {"a_test_of_registers", overwrite, [](auto& e) { e.pass_through.emplace(); }, Verdict::failed,
     "inconsistent-evidence"},
    {"the_pattern_in_the_other_order", overwrite, [](auto& e) { e.read_back->bytes = "0d0c0b0a"; },
     Verdict::failed, "inconsistent-evidence"},
    {"the_pattern_inverted", overwrite,
     [](auto& e) {
         e.options.invert_between = true;
         e.options.passes = 2;
         e.read_back->bytes = "f5f4f3f2";
     },
     Verdict::failed, "inconsistent-evidence"},
    {"capacity_shorter_afterwards", block, [](auto& e) { e.hidden.after->accessible = blocks - 1; },
     Verdict::indeterminate, "hidden-area"},
    {"capacity_not_lifted", block, [](auto& e) { e.hidden.state = HiddenState::refused; },
     Verdict::indeterminate, "hidden-area"},
    {"unreadable_after_a_format", format,
     [](auto& e) {
         e.read_back->matched = {{512, size - 512}};
         e.read_back->unreadable = {{0, 512}};
     },
     Verdict::failed, "unreadable"},
    {"canary_left", format,
     [](auto& e) {
         e.canaries->left = {{0, 512}};
     },
     Verdict::failed, "canary-left"},
};

class JudgeScsiSpoilt : public testing::TestWithParam<Spoilt> {};

TEST_P(JudgeScsiSpoilt, NamesWhatIsWanting) {
    const Spoilt& spoilt = GetParam();
    FirmwareEvidence evidence = proven(spoilt.method);
    spoilt.spoil(evidence);
    const auto judged = judge_firmware(evidence);
    EXPECT_EQ(to_text(judged.judgement.verdict), to_text(spoilt.verdict));
    EXPECT_EQ(judged.judgement.level, Level::none);
    EXPECT_EQ(judged.reported, Level::none);
    const bool named = std::ranges::any_of(
        judged.judgement.findings, [&](const Finding& each) { return each.code == spoilt.code; });
    EXPECT_TRUE(named) << to_line(to_json(judged.judgement));
}

INSTANTIATE_TEST_SUITE_P(Each, JudgeScsiSpoilt, testing::ValuesIn(cases),
                         [](const auto& each) { return std::string(each.param.what); });

/// Of two logical units, the first of which has a quarter of the blocks.
FirmwareEvidence proven_of_two(Technique method) {
    FirmwareEvidence evidence = proven(method);
    evidence.scsi.push_back(evidence.scsi.front());
    evidence.scsi.front().blocks = blocks / 4;
    evidence.scsi.back().blocks = blocks - blocks / 4;
    CanaryRecord& canaries = *evidence.canaries;
    canaries.written.insert(canaries.written.begin() + 1, {blocks / 4 * 512 - 512, 1024});
    canaries.gone = canaries.written;
    return evidence;
}

TEST(JudgeScsi, CallsErasedWhatAllUnitsHaveDone) {
    for (const auto method : {crypto, block, overwrite, format}) {
        const auto judged = judge_firmware(proven_of_two(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << to_line(to_json(judged.judgement));
        EXPECT_EQ(judged.judgement.bytes_proven, size);
    }
}

const std::vector<Spoilt> unit_cases{
    {"second_never_at_work", overwrite, [](auto& e) { e.scsi.back().seen_in_progress = false; },
     Verdict::indeterminate, "no-transition"},
    {"second_failed", overwrite, [](auto& e) { e.scsi.back().outcome = FirmwareOutcome::failed; },
     Verdict::failed, "firmware-failed"},
    {"second_under_way", overwrite,
     [](auto& e) { e.scsi.back().outcome = FirmwareOutcome::under_way; }, Verdict::interrupted,
     "firmware-under-way"},
    {"second_refused", overwrite, [](auto& e) { e.scsi.back().outcome = FirmwareOutcome::refused; },
     Verdict::failed, "firmware-refused"},
    {"second_not_idle", overwrite, [](auto& e) { e.scsi.back().after = ScsiCondition::sanitizing; },
     Verdict::failed, "inconsistent-evidence"},
    {"second_not_there", overwrite, [](auto& e) { e.scsi.pop_back(); }, Verdict::failed,
     "inconsistent-evidence"},
    {"one_without_blocks", overwrite,
     [](auto& e) {
         e.scsi.push_back(e.scsi.back());
         e.scsi.back().blocks = 0;
     },
     Verdict::failed, "inconsistent-evidence"},
    {"blocks_that_overflow", overwrite,
     [](auto& e) {
         e.scsi.front().blocks = ~std::uint64_t{0};
         e.scsi.back().blocks = blocks + 1;
     },
     Verdict::failed, "inconsistent-evidence"},
    {"no_canary_between_them", overwrite,
     [](auto& e) {
         e.canaries->written.erase(e.canaries->written.begin() + 1);
         e.canaries->gone = e.canaries->written;
     },
     Verdict::indeterminate, "canary-not-stored"},
};

class JudgeScsiUnits : public testing::TestWithParam<Spoilt> {};

TEST_P(JudgeScsiUnits, NamesWhatIsWanting) {
    const Spoilt& spoilt = GetParam();
    FirmwareEvidence evidence = proven_of_two(spoilt.method);
    spoilt.spoil(evidence);
    const Judgement judged = judge_firmware(evidence).judgement;
    EXPECT_EQ(to_text(judged.verdict), to_text(spoilt.verdict));
    EXPECT_TRUE(std::ranges::any_of(judged.findings, [&](const Finding& each) {
        return each.code == spoilt.code;
    })) << to_line(to_json(judged));
}

INSTANTIATE_TEST_SUITE_P(Each, JudgeScsiUnits, testing::ValuesIn(unit_cases),
                         [](const auto& each) { return std::string(each.param.what); });

TEST(JudgeScsi, TakesACommandThatEndedWithTheOperation) {
    for (const auto method : {crypto, block}) {
        FirmwareEvidence evidence = proven(method);
        evidence.scsi.front().seen_in_progress = false;
        evidence.scsi.front().ordered_again = evidence.scsi.front().ended_with_command = true;
        EXPECT_EQ(judge_firmware(evidence).judgement.verdict, Verdict::erased);
    }
}

TEST(JudgeScsi, TakesResetsThatTheOperationHasOutlived) {
    FirmwareEvidence evidence = proven(overwrite);
    evidence.scsi.front().resets = evidence.scsi.front().attentions = 2;
    EXPECT_EQ(judge_firmware(evidence).judgement.verdict, Verdict::erased);
}

// Where no block can be read before the host has written it, nobody has seen what the drive did.
TEST(JudgeScsi, ReportsNoPurgeOfWhatNobodyHasSeen) {
    for (const auto method : {crypto, block}) {
        FirmwareEvidence evidence = proven(method);
        evidence.canaries->unreadable = evidence.canaries->gone;
        evidence.canaries->gone.clear();
        write_by_host(evidence);
        const auto judged = judge_firmware(evidence);
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased);
        EXPECT_EQ(judged.reported, Level::clear);
    }
}

TEST(JudgeScsi, ReportsNoPurgeOfADriveWithRemappedBlocks) {
    FirmwareEvidence evidence = proven(overwrite);
    evidence.health_after->reallocated = 1;
    const auto judged = judge_firmware(evidence);
    EXPECT_EQ(judged.reported, Level::clear);
    EXPECT_EQ(judged.judgement.limits, std::vector<std::string>{"remapped-blocks-may-hold-data"});
}

// Whatever INVERT and the number of passes are: of an even number the first is inverted.
TEST(ScsiEndState, IsThePatternInTheOrderOfTheCommand) {
    for (const std::uint32_t passes : {1U, 2U, 31U})
        for (const bool inverts : {false, true}) {
            const EndState state = end_state(
                overwrite, {.pattern = 0x01020304, .passes = passes, .invert_between = inverts});
            EXPECT_EQ(state.expectation, Expectation::pattern);
            EXPECT_EQ(state.patterns, (std::vector<Bytes>{{1, 2, 3, 4}}));
        }
    EXPECT_EQ(end_state(block, {}).expectation, Expectation::zeros_or_ones);
    EXPECT_EQ(end_state(crypto, {}).expectation, Expectation::host_pass);
    EXPECT_EQ(end_state(format, {}).expectation, Expectation::host_pass);
}

class ScsiPlan : public testing::Test {
  protected:
    ScsiPlan() {
        drive.kind = DriveKind::scsi;
        drive.medium = Medium::magnetic;
        drive.size_bytes = size;
        ScsiErasure& told = drive.scsi_erasure.emplace();
        told.overwrite = told.block_erase = told.crypto_erase = told.format = ScsiOffer::yes;
        told.condition = ScsiCondition::idle;
        ScsiUnitFacts& unit = drive.scsi_unit.emplace();
        unit.blocks = blocks;
        unit.block_bytes = 512;
        unit.units = 1;
    }
    [[nodiscard]] Result<Plan> plan(Technique technique, const FirmwareOptions& options) const {
        PlanRequest wish;
        wish.technique = technique;
        wish.firmware = options;
        return make_plan(drive, wish);
    }
    Drive drive;
};

TEST_F(ScsiPlan, HasOneToThirtyOnePasses) {
    for (const std::uint32_t passes : {1U, 15U, 16U, 17U, 31U})
        EXPECT_TRUE(plan(overwrite, {.passes = passes})) << passes;
    for (const std::uint32_t passes : {0U, 32U, 256U})
        EXPECT_FALSE(plan(overwrite, {.passes = passes})) << passes;
    EXPECT_FALSE(plan(overwrite, {.passes = 2, .definitive_end = true})) << "of ATA alone";
    EXPECT_TRUE(plan(overwrite, {.passes = 2, .invert_between = true}));
}

TEST_F(ScsiPlan, HasNoOptionsWhereNoneMeanAnything) {
    for (const auto technique : {crypto, block, format}) {
        EXPECT_EQ(plan(technique, {.may_leave_failed = true}).has_value(), technique != format);
        EXPECT_EQ(plan(technique, {.zoned_no_reset = true}).has_value(), false)
            << "it has no zones";
        EXPECT_FALSE(plan(technique, {.pattern = 1}));
        EXPECT_FALSE(plan(technique, {.passes = 2}));
    }
}

// By the usage map of SANITIZE (REPORT SUPPORTED OPERATION CODES).
TEST_F(ScsiPlan, IsRefusedWhereTheDriveDoesNotLookAtABit) {
    EXPECT_TRUE(plan(crypto, {.may_leave_failed = true})) << "not told";
    drive.scsi_erasure->may_leave_failed = ScsiOffer::no;
    EXPECT_FALSE(plan(crypto, {.may_leave_failed = true}));
    EXPECT_TRUE(plan(crypto, {}));
    drive.zoned = Zoned::host_managed;
    EXPECT_TRUE(plan(overwrite, {.zoned_no_reset = true})) << "not told";
    drive.scsi_erasure->zoned_no_reset = ScsiOffer::no;
    EXPECT_FALSE(plan(overwrite, {.zoned_no_reset = true}));
}

TEST_F(ScsiPlan, ReachesWhatTheTableSays) {
    EXPECT_EQ(plan(overwrite, {})->level, Level::purge);
    EXPECT_EQ(plan(crypto, {})->level, Level::purge);
    EXPECT_EQ(plan(block, {})->level, Level::clear) << "of flash alone";
    EXPECT_EQ(plan(format, {})->level, Level::clear);
    drive.medium = Medium::flash;
    EXPECT_EQ(plan(block, {})->level, Level::purge);
    EXPECT_EQ(plan(overwrite, {})->level, Level::clear);
    EXPECT_EQ(plan(format, {})->level, Level::clear) << "possible purge stays clear";
}

TEST(ScsiEvidence, ComesBackFromItsJson) {
    for (const auto method : {overwrite, format}) {
        const Json json = to_json(proven(method));
        const auto read = from_json<FirmwareEvidence>(json);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(to_json(*read), json);
    }
}

} // namespace
} // namespace quietus
