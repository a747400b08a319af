// Verdicts on erasures by the drive itself: from evidence that proves everything, one thing at a
// time is taken away or spoilt.
#include "quietus/policy/judge_firmware.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/policy/firmware_expectation.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/policy/make_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace quietus {
namespace {

constexpr std::uint64_t blocks = 1000;
constexpr std::uint64_t size = blocks * 512;

FirmwareEvidence proven(Technique method) {
    FirmwareEvidence evidence;
    evidence.method = method;
    evidence.options.pattern = 0xA5A5A5A5;
    evidence.pass_through = {6, true, true, "ff", ""};
    evidence.identity_before = FirmwareIdentity{"MODEL", "SERIAL", blocks, 512, 0x21, "00"};
    evidence.identity_after = evidence.identity_before;
    evidence.hidden.state = HiddenState::none;
    evidence.hidden.before.accessible = blocks;
    evidence.hidden.after = evidence.hidden.before;
    evidence.health_before = HealthRecord{0, 0, 100, {}, {}, ""};
    evidence.health_after = evidence.health_before;
    evidence.probe.emplace();
    evidence.probe->completed = evidence.probe->flushed = true;
    CanaryRecord& canaries = evidence.canaries.emplace();
    canaries.written = {{0, 512}, {512 * 500, 512}, {size - 512, 512}};
    canaries.gone = canaries.written;
    canaries.checked = true;
    if (is_sanitize(method)) {
        SanitizeRecord& record = evidence.sanitize.emplace();
        record.phase = SanitizePhase::ended;
        record.before = SanitizeState::idle;
        record.accepted = record.seen_in_progress = true;
        record.after = SanitizeState::completed;
        record.outcome = FirmwareOutcome::succeeded;
    } else {
        SecurityRecord& record = evidence.security.emplace();
        record.phase = SecurityPhase::ended;
        record.enhanced = method == Technique::ata_security_erase_enhanced;
        record.word_before = record.word_after = 0x21;
        record.password_proven = record.command_succeeded = true;
        record.outcome = FirmwareOutcome::succeeded;
    }
    const EndState state = end_state(method, evidence.options);
    FirmwareReadBack& read_back = evidence.read_back.emplace();
    read_back.expectation = state.expectation;
    if (!state.patterns.empty()) read_back.bytes = "a5a5a5a5";
    read_back.matched = {{0, size}};
    read_back.completed = true;
    if (state.expectation == Expectation::host_pass) {
        PassRecord& pass = evidence.host_pass.emplace();
        pass.data = StepData::random_stream;
        pass.written = {{0, size}};
        pass.bytes_written = size;
        pass.completed = pass.flushed = true;
    }
    return evidence;
}

constexpr auto crypto = Technique::ata_sanitize_crypto_scramble;
constexpr auto block = Technique::ata_sanitize_block_erase;
constexpr auto overwrite = Technique::ata_sanitize_overwrite;
constexpr auto enhanced = Technique::ata_security_erase_enhanced;
constexpr auto normal = Technique::ata_security_erase;

TEST(JudgeFirmware, CallsErasedWhatIsProven) {
    for (const auto method : {crypto, block, overwrite, enhanced, normal}) {
        const auto judged = judge_firmware(proven(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << to_text(method);
        EXPECT_TRUE(judged.judgement.findings.empty());
        EXPECT_EQ(judged.judgement.level, Level::clear);
        EXPECT_EQ(judged.judgement.level_basis, LevelBasis::host_read_back);
        EXPECT_EQ(judged.reported, method == normal ? Level::clear : Level::purge);
        EXPECT_EQ(judged.judgement.bytes_proven, size);
        EXPECT_TRUE(judged.judgement.unproven.empty());
        EXPECT_EQ(judged.judgement.grade, "E3");
    }
}

TEST(JudgeFirmware, CallsNothingErasedWithoutEvidence) {
    const auto judged = judge_firmware({});
    EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
    EXPECT_EQ(judged.judgement.level, Level::none);
    EXPECT_EQ(judged.reported, Level::none);
}

struct Spoilt {
    const char* what;
    Technique method;
    std::function<void(FirmwareEvidence&)> spoil;
    Verdict verdict;
    const char* code;
};

const std::vector<Spoilt> cases{
    {"way_not_trusted", overwrite, [](auto& e) { e.pass_through->trusted = false; },
     Verdict::failed, "transport-untrusted"},
    {"drive_refused", overwrite, [](auto& e) { e.sanitize->outcome = FirmwareOutcome::refused; },
     Verdict::failed, "firmware-refused"},
    {"left_running", block, [](auto& e) { e.sanitize->outcome = FirmwareOutcome::under_way; },
     Verdict::interrupted, "firmware-under-way"},
    {"drive_failed", block, [](auto& e) { e.sanitize->outcome = FirmwareOutcome::failed; },
     Verdict::failed, "firmware-failed"},
    {"nobody_knows", enhanced,
     [](auto& e) { e.security->outcome = FirmwareOutcome::indeterminate; }, Verdict::indeterminate,
     "firmware-indeterminate"},
    {"mark_was_there_before", overwrite,
     [](auto& e) {
         e.sanitize->before = SanitizeState::completed;
         e.sanitize->seen_in_progress = false;
     },
     Verdict::indeterminate, "no-transition"},
    {"not_accepted_and_not_seen", crypto,
     [](auto& e) {
         e.sanitize->before = SanitizeState::completed;
         e.sanitize->accepted = false;
         e.sanitize->seen_in_progress = false;
     },
     Verdict::indeterminate, "no-transition"},
    {"success_without_mark", block, [](auto& e) { e.sanitize->after = SanitizeState::in_progress; },
     Verdict::failed, "inconsistent-evidence"},
    {"progress_backwards", block, [](auto& e) { e.sanitize->went_backwards = true; },
     Verdict::indeterminate, "progress-backwards"},
    {"password_left", normal, [](auto& e) { e.security->password_left = true; },
     Verdict::indeterminate, "password-left"},
    {"still_enabled", normal, [](auto& e) { e.security->word_after = 0x23; },
     Verdict::indeterminate, "password-left"},
    {"password_never_proven", normal, [](auto& e) { e.security->password_proven = false; },
     Verdict::failed, "inconsistent-evidence"},
    {"other_erasure_than_asked", normal, [](auto& e) { e.security->enhanced = true; },
     Verdict::failed, "inconsistent-evidence"},
    {"other_operation", block,
     [](auto& e) {
         e.sanitize.reset();
         e.security.emplace();
     },
     Verdict::failed, "inconsistent-evidence"},
    {"another_drive", block, [](auto& e) { e.identity_after->serial = "OTHER"; },
     Verdict::indeterminate, "drive-changed"},
    {"another_capacity", block, [](auto& e) { e.identity_after->sectors = blocks - 1; },
     Verdict::indeterminate, "drive-changed"},
    {"not_asked_again", block, [](auto& e) { e.identity_after.reset(); }, Verdict::indeterminate,
     "missing-record"},
    {"one_block_hidden_after", block, [](auto& e) { e.hidden.after->protected_area = blocks + 1; },
     Verdict::indeterminate, "hidden-area"},
    {"hidden_not_lifted", block,
     [](auto& e) {
         e.hidden.state = HiddenState::refused;
         e.hidden.before.overlay = blocks + 1;
         e.hidden.after->overlay = blocks + 1;
     },
     Verdict::indeterminate, "hidden-area"},
    {"native_capacity_unreadable", block,
     [](auto& e) { e.hidden.after->unreadable = {"READ NATIVE MAX ADDRESS: aborted"}; },
     Verdict::indeterminate, "native-capacity-unknown"},
    {"hidden_without_canary", block,
     [](auto& e) {
         e.hidden.state = HiddenState::lifted;
         e.hidden.before.accessible = blocks - 1;
         e.hidden.before.protected_area = blocks;
         e.hidden.lifted = e.hidden.after;
         e.canaries->hidden_from = size - 512;
     },
     Verdict::indeterminate, "canary-not-stored"},
    {"no_canaries", block, [](auto& e) { e.canaries.reset(); }, Verdict::indeterminate,
     "missing-record"},
    {"canaries_not_looked_for", block, [](auto& e) { e.canaries->checked = false; },
     Verdict::indeterminate, "missing-record"},
    {"canary_not_stored", block,
     [](auto& e) {
         e.canaries->not_stored = {{1024, 512}};
     },
     Verdict::indeterminate, "canary-not-stored"},
    {"another_canary_where_one_was_written", block,
     [](auto& e) {
         e.canaries->not_stored = {{1024, 512}};
         e.canaries->elsewhere = {{1024, 512}};
     },
     Verdict::failed, "address-aliasing"},
    {"aliases_before_anything_was_begun", block,
     [](auto& e) {
         e.sanitize.reset();
         e.canaries->not_stored = {{1024, 512}};
         e.canaries->elsewhere = {{1024, 512}};
     },
     Verdict::failed, "address-aliasing"},
    {"no_last_canary", block,
     [](auto& e) {
         e.canaries->written.pop_back();
         e.canaries->gone.pop_back();
     },
     Verdict::indeterminate, "canary-not-stored"},
    {"canary_left", crypto,
     [](auto& e) {
         e.canaries->left = {{0, 512}};
     },
     Verdict::failed, "canary-left"},
    {"canary_elsewhere", overwrite,
     [](auto& e) {
         e.canaries->elsewhere = {{5120, 512}};
     },
     Verdict::failed, "canary-left"},
    {"canary_neither_gone_nor_left", block, [](auto& e) { e.canaries->gone.pop_back(); },
     Verdict::failed, "inconsistent-evidence"},
    {"addresses_aliased", block,
     [](auto& e) {
         e.probe->wrong = {{0, 512}};
     },
     Verdict::failed, "address-aliasing"},
    {"addresses_not_tried", block, [](auto& e) { e.probe.reset(); }, Verdict::indeterminate,
     "incomplete-probe"},
    {"one_block_differs", overwrite,
     [](auto& e) {
         e.read_back->matched = {{0, size - 512}};
         e.read_back->mismatched = {{size - 512, 512}};
     },
     Verdict::failed, "mismatch"},
    {"one_block_unreadable", overwrite,
     [](auto& e) {
         e.read_back->matched = {{0, size - 512}};
         e.read_back->unreadable = {{size - 512, 512}};
     },
     Verdict::failed, "unreadable"},
    {"one_block_never_read", overwrite,
     [](auto& e) {
         e.read_back->matched = {{0, size - 512}};
     },
     Verdict::failed, "incomplete-read-back"},
    {"read_back_not_completed", overwrite, [](auto& e) { e.read_back->completed = false; },
     Verdict::failed, "incomplete-read-back"},
    {"nothing_read_back", overwrite, [](auto& e) { e.read_back.reset(); }, Verdict::indeterminate,
     "missing-record"},
    {"another_pattern", overwrite, [](auto& e) { e.read_back->bytes = "00000000"; },
     Verdict::failed, "inconsistent-evidence"},
    {"zeros_for_a_pattern", overwrite,
     [](auto& e) { e.read_back->expectation = Expectation::zeros_or_ones; }, Verdict::failed,
     "inconsistent-evidence"},
    {"host_pass_for_a_pattern", overwrite,
     [](auto& e) { e.read_back->expectation = Expectation::host_pass; }, Verdict::failed,
     "inconsistent-evidence"},
    {"no_host_pass", crypto, [](auto& e) { e.host_pass.reset(); }, Verdict::failed,
     "inconsistent-evidence"},
    {"host_pass_not_flushed", crypto, [](auto& e) { e.host_pass->flushed = false; },
     Verdict::failed, "flush-failed"},
    {"host_pass_left_out_a_block", enhanced,
     [](auto& e) {
         e.host_pass->unwritable = {{0, 512}};
     },
     Verdict::failed, "incomplete-pass"},
    {"extents_outside", block,
     [](auto& e) {
         e.read_back->matched = {{0, size + 512}};
     },
     Verdict::failed, "inconsistent-evidence"},
    {"extents_that_wrap", block,
     [](auto& e) {
         e.canaries->written = {{UINT64_MAX - 1, 512}};
     },
     Verdict::failed, "inconsistent-evidence"},
    {"no_capacity", block,
     [](auto& e) {
         e.identity_before->logical_bytes = 0;
         e.identity_after->logical_bytes = 0;
     },
     Verdict::failed, "inconsistent-evidence"},
    {"stopped_by_an_error", block,
     [](auto& e) {
         e.stopped = StopReason::io;
         e.stop_text = "gone";
     },
     Verdict::failed, "io-error"},
    {"stopped_by_request", block, [](auto& e) { e.stopped = StopReason::interrupted; },
     Verdict::interrupted, "interrupted"},
};

class JudgeFirmwareSpoilt : public testing::TestWithParam<Spoilt> {};

TEST_P(JudgeFirmwareSpoilt, NamesWhatIsWanting) {
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

INSTANTIATE_TEST_SUITE_P(Each, JudgeFirmwareSpoilt, testing::ValuesIn(cases),
                         [](const auto& each) { return std::string(each.param.what); });

// A new key may be made within the command itself: what shows it is that the canaries have gone.
TEST(JudgeFirmware, TakesAKeyThatWasMadeAtOnce) {
    FirmwareEvidence evidence = proven(crypto);
    evidence.sanitize->before = SanitizeState::completed;
    evidence.sanitize->seen_in_progress = false;
    EXPECT_EQ(judge_firmware(evidence).judgement.verdict, Verdict::erased);
}

// A run that was killed as it sent the command: the mark of success was not there before. Whose
// operation it was, and which, nobody has seen.
TEST(JudgeFirmware, TakesAMarkThatHasComeSinceButNotForPurge) {
    for (const auto method : {crypto, block, overwrite}) {
        FirmwareEvidence evidence = proven(method);
        evidence.sanitize->accepted = evidence.sanitize->seen_in_progress = false;
        EXPECT_EQ(judge_firmware(evidence).judgement.verdict, Verdict::erased);
        EXPECT_EQ(judge_firmware(evidence).reported, Level::clear);
        for (const auto before : {SanitizeState::completed, SanitizeState::unknown}) {
            evidence.sanitize->before = before;
            const Judgement judged = judge_firmware(evidence).judgement;
            EXPECT_EQ(judged.verdict, Verdict::indeterminate);
            EXPECT_EQ(judged.findings.at(0).code, "no-transition");
        }
    }
}

TEST(JudgeFirmware, ReportsNoPurgeOfADriveWithRemappedBlocks) {
    for (const HealthRecord& health : {HealthRecord{1, 0, 100, {}, {}, ""},
                                       HealthRecord{0, 1, 100, {}, {}, ""}, HealthRecord{}}) {
        FirmwareEvidence evidence = proven(overwrite);
        evidence.health_after = health;
        const auto judged = judge_firmware(evidence);
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased);
        EXPECT_EQ(judged.reported, Level::clear);
        const char* limit = health.reallocated ? "remapped-blocks-may-hold-data" : "health-unknown";
        EXPECT_NE(std::ranges::find(judged.judgement.limits, limit), judged.judgement.limits.end());
    }
}

TEST(JudgeFirmware, TakesUnreadableBlocksOfABlockEraseWhenTheHostHasWrittenThem) {
    FirmwareEvidence evidence = proven(block);
    evidence.read_back->expectation = Expectation::host_pass;
    evidence.canaries->unreadable = evidence.canaries->gone;
    evidence.canaries->gone.clear();
    evidence.host_pass = proven(crypto).host_pass;
    EXPECT_EQ(judge_firmware(evidence).judgement.verdict, Verdict::erased);
}

/// The evidence held against drive and plan.
class JudgeOwnErasure : public testing::Test {
  protected:
    JudgeOwnErasure() {
        drive.kind = DriveKind::ata;
        drive.medium = Medium::magnetic;
        drive.model = "MODEL";
        drive.serial = "SERIAL";
        drive.size_bytes = size;
        drive.ata_erasure.emplace().overwrite = true;
        drive.ata_erasure->sanitize = SanitizeState::idle;
        wish.technique = overwrite;
        wish.firmware = FirmwareOptions{.pattern = 0xA5A5A5A5};
        plan = make_plan(drive, wish).value();
        evidence.firmware = proven(overwrite);
    }
    [[nodiscard]] Judgement judged() const { return judge(drive, plan, evidence); }
    void expect(Verdict verdict, const std::string& code) const {
        const Judgement judgement = judged();
        EXPECT_EQ(judgement.verdict, verdict);
        EXPECT_EQ(judgement.level, Level::none);
        EXPECT_EQ(judgement.grade, "");
        const auto found = std::ranges::find(judgement.findings, code, &Finding::code);
        EXPECT_NE(found, judgement.findings.end()) << code;
    }

    Drive drive;
    PlanRequest wish;
    Plan plan;
    Evidence evidence;
};

TEST_F(JudgeOwnErasure, CallsPurgeTheDrivesOwnWord) {
    const Judgement judgement = judged();
    EXPECT_EQ(judgement.verdict, Verdict::erased);
    EXPECT_EQ(judgement.level, Level::purge);
    EXPECT_EQ(judgement.level_basis, LevelBasis::drive_reported);
    EXPECT_EQ(judgement.grade, "E4");
    EXPECT_EQ(judgement.bytes_proven, size);
    EXPECT_EQ(judgement.limits, (std::vector<std::string>{"level-reported-by-drive",
                                                          "technique-not-proven-on-hardware"}));
}

TEST_F(JudgeOwnErasure, ProvesNoMoreThanClear) {
    evidence.firmware->health_after = HealthRecord{1, 0, 100, {}, {}, ""};
    const Judgement judgement = judged();
    EXPECT_EQ(judgement.verdict, Verdict::erased);
    EXPECT_EQ(judgement.level, Level::clear);
    EXPECT_EQ(judgement.level_basis, LevelBasis::host_read_back);
    EXPECT_EQ(judgement.grade, "E3");
    drive.medium = Medium::flash; // for which the table has no overwrite by the drive
    evidence.firmware = proven(overwrite);
    EXPECT_EQ(judged().level, Level::clear);
}

// A rule that asks for purge is not content with less, also when the drive was erased.
TEST_F(JudgeOwnErasure, IsNoErasureWhenARuleAsksForMore) {
    plan.policy.decision.emplace().level = Level::purge;
    EXPECT_EQ(judged().verdict, Verdict::erased);
    evidence.firmware->health_before = HealthRecord{};
    expect(Verdict::indeterminate, "level-not-reached");
    plan.policy.decision->level = Level::clear;
    EXPECT_EQ(judged().verdict, Verdict::erased);
}

// A share of 50 per cent of 512000 bytes: of 8 sample blocks 4, of which one may be the short last.
constexpr std::uint64_t least_of_half = 3 * 65536 + (size - 7 * 65536);

void sample_half(FirmwareReadBack& read_back) {
    read_back.matched.clear();
    read_back.sample = FirmwareSample{50, "ab", 4, 65536, least_of_half};
}

TEST_F(JudgeOwnErasure, ComesToClearWithASample) {
    wish.verification = Verification{VerificationMode::sample, 50};
    plan = make_plan(drive, wish).value();
    EXPECT_EQ(plan.level, Level::clear);
    EXPECT_EQ(plan.not_reached,
              (std::vector<std::string>{"addressing-sampled", "spare-blocks-not-reached",
                                        "technique-not-proven-on-hardware"}));
    sample_half(*evidence.firmware->read_back);
    const Judgement judgement = judged();
    EXPECT_EQ(judgement.verdict, Verdict::erased);
    EXPECT_EQ(judgement.level, Level::clear);
    EXPECT_EQ(judgement.level_basis, LevelBasis::host_read_back);
    EXPECT_EQ(judgement.grade, "E2");
    EXPECT_EQ(judgement.bytes_proven, size);
    EXPECT_EQ(judgement.limits, plan.not_reached);
    plan.policy.decision.emplace().level = Level::purge;
    expect(Verdict::indeterminate, "level-not-reached");
    plan.policy.decision.reset();
    evidence.firmware = proven(overwrite); // more than was asked for
    EXPECT_EQ(judged().verdict, Verdict::erased);
    EXPECT_EQ(judged().grade, "E3");
}

// Whatever the plan says: a sample bears out no more than clear.
TEST_F(JudgeOwnErasure, ComesToNoPurgeWithASample) {
    plan.verification = {VerificationMode::sample, 50};
    ASSERT_EQ(plan.level, Level::purge);
    sample_half(*evidence.firmware->read_back);
    EXPECT_EQ(judged().level, Level::clear);
    EXPECT_EQ(judged().grade, "E2");
}

TEST_F(JudgeOwnErasure, IsNoErasureWithASmallerSampleThanAskedFor) {
    sample_half(*evidence.firmware->read_back);
    expect(Verdict::failed, "incomplete-read-back"); // all was asked for
    plan.verification = {VerificationMode::sample, 51};
    expect(Verdict::failed, "incomplete-read-back");
    plan.verification.percent = 49;
    EXPECT_EQ(judged().verdict, Verdict::erased);
    evidence.resumed.emplace_back(); // meanwhile it was out of our hands
    expect(Verdict::failed, "incomplete-read-back");
}

TEST_F(JudgeOwnErasure, IsNoErasureWithASampleThatFallsShort) {
    plan.verification = {VerificationMode::sample, 50};
    const auto spoilt = [&](const std::function<void(FirmwareReadBack&)>& spoil,
                            const std::string& code) {
        evidence.firmware = proven(overwrite);
        sample_half(*evidence.firmware->read_back);
        spoil(*evidence.firmware->read_back);
        expect(Verdict::failed, code);
        EXPECT_EQ(judged().bytes_proven, 0U) << code;
    };
    spoilt([](auto& r) { --r.sample->bytes_matched; }, "incomplete-read-back");
    spoilt([](auto& r) { r.sample->bytes_matched = size + 1; }, "incomplete-read-back");
    spoilt([](auto& r) { r.sample->strata = 3; }, "incomplete-read-back");
    spoilt([](auto& r) { r.sample->block_bytes = 512; }, "incomplete-read-back");
    spoilt([](auto& r) { r.completed = false; }, "incomplete-read-back");
    spoilt([](auto& r) { r.sample->percent = 0; }, "inconsistent-evidence");
    spoilt([](auto& r) { r.sample->percent = 100; }, "inconsistent-evidence");
    spoilt([](auto& r) { r.matched = {{0, size}}; }, "inconsistent-evidence");
    spoilt([](auto& r) { r.bytes = "00000000"; }, "inconsistent-evidence");
    spoilt([](auto& r) { r.mismatched = {{512, 512}}; }, "mismatch");
    spoilt([](auto& r) { r.unreadable = {{512, 512}}; }, "unreadable");
}

// A drive that has kept everything is one finding, and not one for each canary.
TEST_F(JudgeOwnErasure, FoldsCanariesThatAreLeft) {
    CanaryRecord& canaries = *evidence.firmware->canaries;
    canaries.left = canaries.written;
    canaries.left.insert(canaries.left.begin() + 1, {512 * 9, 1024});
    canaries.gone.clear();
    canaries.elsewhere = {{512 * 7, 512}};
    const auto findings = judged().findings;
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].code, "canary-left");
    EXPECT_EQ(findings[0].text, "afterwards: canary-left: 5 blocks, at 0, 9, 500 and further on");
    EXPECT_FALSE(findings[0].first_block);
    EXPECT_FALSE(findings[0].blocks);
    EXPECT_EQ(findings[1].code, "canary-left");
    EXPECT_EQ(findings[1].first_block, 7U);
    EXPECT_EQ(findings[1].blocks, 1U);
    EXPECT_EQ(judged().verdict, Verdict::failed);
}

// One canary that is left outweighs any number of sample blocks.
TEST_F(JudgeOwnErasure, LooksForEachCanaryBesidesASample) {
    plan.verification = {VerificationMode::sample, 50};
    sample_half(*evidence.firmware->read_back);
    evidence.firmware->canaries->left = {{512 * 500, 512}};
    expect(Verdict::failed, "canary-left");
    EXPECT_EQ(judged().bytes_proven, 0U);
}

TEST_F(JudgeOwnErasure, IsOfThisDriveAndThisPlan) {
    drive.serial = "ANOTHER";
    expect(Verdict::failed, "drive-changed");
    drive.serial = "SERIAL";
    drive.size_bytes += 512;
    expect(Verdict::failed, "drive-changed");
    drive.size_bytes -= 512;
    evidence.firmware->options.passes = 2;
    expect(Verdict::failed, "unexpected-record");
    evidence.firmware = proven(block);
    expect(Verdict::failed, "unexpected-record");
    evidence.firmware = proven(overwrite);
    evidence.passes.emplace_back();
    expect(Verdict::failed, "unexpected-record");
    evidence.passes.clear();
    evidence.firmware.reset();
    expect(Verdict::failed, "missing-record");
    evidence.stopped = StopReason::worker_lost;
    expect(Verdict::interrupted, "worker-lost");
}

TEST_F(JudgeOwnErasure, IsPlannedAsTheDriveCanBeToldAndReadBack) {
    for (const Verification& weak :
         {Verification{VerificationMode::none, 0}, Verification{VerificationMode::sample, 100}}) {
        wish.verification = weak;
        const auto refused = make_plan(drive, wish);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().fault, Fault::usage);
        plan.verification = weak;
        expect(Verdict::failed, "unsound-plan");
    }
    wish.verification.reset();
    for (const std::uint32_t passes : {0U, 17U}) {
        wish.firmware->passes = passes;
        EXPECT_FALSE(make_plan(drive, wish)) << passes;
    }
    wish.firmware->passes = 16;
    EXPECT_TRUE(make_plan(drive, wish));
    wish.technique = crypto; // which has no pattern, and this drive has it not
    EXPECT_FALSE(make_plan(drive, wish));
}

// Which octets an overwrite may leave: the pattern in either order; inverted when the drive
// chooses.
TEST(FirmwareEndState, FollowsFromWhatTheDriveWasTold) {
    const FirmwareOptions one{.pattern = 0x01020304, .passes = 1, .invert_between = true};
    EXPECT_EQ(end_state(overwrite, one).expectation, Expectation::pattern);
    EXPECT_EQ(end_state(overwrite, one).patterns, (std::vector<Bytes>{{4, 3, 2, 1}, {1, 2, 3, 4}}));
    FirmwareOptions two = one;
    two.passes = 2;
    EXPECT_EQ(end_state(overwrite, two).expectation, Expectation::either);
    EXPECT_EQ(end_state(overwrite, two).patterns.size(), 4U);
    EXPECT_EQ(end_state(overwrite, two).patterns[2], (Bytes{0xFB, 0xFC, 0xFD, 0xFE}));
    two.definitive_end = true;
    EXPECT_EQ(end_state(overwrite, two).expectation, Expectation::pattern);
    EXPECT_EQ(end_state(block, one).expectation, Expectation::zeros_or_ones);
    EXPECT_EQ(end_state(crypto, one).expectation, Expectation::host_pass);
    EXPECT_EQ(end_state(normal, one).expectation, Expectation::host_pass);
}

TEST(FirmwareEndState, HasTheLevelsOfTheShippedTable) {
    EXPECT_EQ(reported_level(crypto), Level::purge);
    EXPECT_EQ(reported_level(block), Level::purge);
    EXPECT_EQ(reported_level(overwrite), Level::purge);
    EXPECT_EQ(reported_level(enhanced), Level::purge);
    EXPECT_EQ(reported_level(normal), Level::clear);
}

TEST(FirmwareEvidence, ComesBackFromItsJson) {
    for (const auto method : {overwrite, enhanced}) {
        const FirmwareEvidence evidence = proven(method);
        const Json json = to_json(evidence);
        const auto read = from_json<FirmwareEvidence>(json);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(to_json(*read), json);
    }
}

} // namespace
} // namespace quietus
