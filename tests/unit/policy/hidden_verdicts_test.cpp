// What a drive hid, what became of it, and the verdict: by hand, every combination, of every
// technique. All else about these erasures is without fault. One block decides.
#include "good_erasure.hpp"
#include "good_run.hpp"

#include <gtest/gtest.h>

#include <array>

namespace quietus {
namespace {

/// What was read of areas: before, after they were lifted, and after the erasure.
enum class Read { absent, all, hides_one, unreadable };
constexpr std::array before_reads{Read::all, Read::hides_one, Read::unreadable};
constexpr std::array reads{Read::absent, Read::all, Read::hides_one, Read::unreadable};
constexpr std::array states{HiddenState::unknown, HiddenState::none, HiddenState::lifted,
                            HiddenState::power_cycle_needed, HiddenState::refused};
constexpr std::array own_techniques{
    Technique::ata_sanitize_crypto_scramble, Technique::ata_sanitize_block_erase,
    Technique::ata_sanitize_overwrite, Technique::ata_security_erase_enhanced,
    Technique::ata_security_erase};

constexpr std::uint64_t blocks = GoodErasure::blocks;

/// By whichever of its commands it is that the drive tells or does not tell.
std::optional<HiddenAreas> areas(Read read, unsigned command = 0) {
    const auto told = [&](HiddenAreas& some, std::uint64_t native) {
        (command == 0   ? some.protected_area
         : command == 1 ? some.accessible_max
                        : some.overlay) = native;
    };
    HiddenAreas some;
    some.accessible = blocks;
    switch (read) {
    case Read::absent:
        return std::nullopt;
    case Read::all:
        told(some, blocks);
        break;
    case Read::hides_one:
        some.accessible = blocks - 1;
        told(some, blocks);
        break;
    case Read::unreadable:
        some.unreadable = {"READ NATIVE MAX ADDRESS: the drive aborted it"};
        break;
    }
    return some;
}

struct Combination {
    HiddenState state;
    Read before;
    Read lifted;
    Read after;
    unsigned command = 0;
};

std::string spelled(const Combination& it) {
    const auto name = [](Read read) {
        return std::string(std::array{"absent", "all", "hides-one", "unreadable"}.at(
            static_cast<std::size_t>(read)));
    };
    return std::string(to_text(it.state)) + ", before " + name(it.before) + ", lifted " +
           name(it.lifted) + ", after " + name(it.after);
}

HiddenAreaRecord record_of(const Combination& it) {
    return {it.state, "", *areas(it.before, it.command), areas(it.lifted, it.command),
            areas(it.after, it.command)};
}

/// A verdict and the one finding that bears it out.
struct Expected {
    Verdict verdict;
    const char* code; ///< none: empty
};

constexpr Expected erased{Verdict::erased, ""};

/// What a row says of `before` and `lifted`, for the four things that `after` may be.
struct Row {
    HiddenState state;
    std::vector<Read> before;
    std::vector<Read> lifted;
    std::array<Expected, 4> after; ///< absent, all, hides-one, unreadable
};

const std::vector<Read> any_before(before_reads.begin(), before_reads.end());
const std::vector<Read> any_lifted(reads.begin(), reads.end());
const std::vector<Read> hidden_or_unreadable{Read::hides_one, Read::unreadable};
const std::vector<Read> not_all{Read::absent, Read::hides_one, Read::unreadable};

std::array<Expected, 4> always(Expected expected) {
    return {expected, expected, expected, expected};
}

template <typename Check>
void check_each(const std::vector<Row>& table, const Check& check) {
    const auto has = [](const std::vector<Read>& list, Read read) {
        return std::ranges::find(list, read) != list.end();
    };
    for (const HiddenState state : states)
        for (const Read before : before_reads)
            for (const Read lifted : reads) {
                std::vector<const Row*> fitting;
                for (const Row& row : table)
                    if (row.state == state && has(row.before, before) && has(row.lifted, lifted))
                        fitting.push_back(&row);
                ASSERT_EQ(fitting.size(), 1U) << "every combination stands there once";
                for (const Read after : reads)
                    for (const unsigned command : {0U, 1U, 2U})
                        check(Combination{state, before, lifted, after, command},
                              fitting.front()->after.at(static_cast<std::size_t>(after)));
            }
}

void expect(const Judgement& judged, const Expected& expected, const Combination& it) {
    EXPECT_EQ(judged.verdict, expected.verdict) << spelled(it);
    if (*expected.code == '\0') {
        EXPECT_TRUE(judged.findings.empty()) << spelled(it);
        return;
    }
    ASSERT_EQ(judged.findings.size(), 1U) << spelled(it);
    EXPECT_EQ(judged.findings.front().code, expected.code) << spelled(it);
    EXPECT_EQ(judged.level, Level::none);
    EXPECT_FALSE(judged.verdict == Verdict::erased);
}

// --- a drive that erased itself ---

constexpr Expected unknown{Verdict::indeterminate, "native-capacity-unknown"};
constexpr Expected hidden{Verdict::indeterminate, "hidden-area"};
constexpr Expected needs_power{Verdict::indeterminate, "power-cycle-needed"};
constexpr std::array<Expected, 4> by_the_end{unknown, erased, hidden, unknown};

const std::vector<Row> own_erasures{
    {HiddenState::unknown, any_before, any_lifted, always(unknown)},
    {HiddenState::none, {Read::all}, any_lifted, by_the_end},
    // It says that nothing was hidden, and what was read says otherwise.
    {HiddenState::none, hidden_or_unreadable, any_lifted, always(hidden)},
    {HiddenState::lifted, any_before, {Read::all}, by_the_end},
    {HiddenState::lifted, any_before, not_all, always(hidden)},
    {HiddenState::power_cycle_needed, any_before, any_lifted, always(needs_power)},
    {HiddenState::refused, any_before, any_lifted, always(hidden)},
};

GoodErasure erasure_of(Technique technique, const Combination& it) {
    GoodErasure run(technique);
    FirmwareEvidence& seen = *run.evidence.firmware;
    run.drive.size_bytes = GoodErasure::size;
    seen.hidden = record_of(it);
    const std::uint64_t border = seen.hidden.before.accessible * 512;
    CanaryRecord& canaries = *seen.canaries;
    canaries.hidden_from = it.state == HiddenState::lifted ? border : 0;
    canaries.written = {{0, 512}, {GoodErasure::size - 1024, 1024}};
    canaries.gone = canaries.written;
    return run;
}

TEST(HiddenVerdicts, OfADriveThatErasedItself) {
    for (const Technique technique : own_techniques)
        check_each(own_erasures, [&](const Combination& it, const Expected& expected) {
            expect(erasure_of(technique, it).judged(), expected, it);
        });
}

// Nothing is begun before a power cycle, and that is not what else a drive may refuse.
TEST(HiddenVerdicts, OfADriveThatWasToldNothing) {
    for (const Technique technique : own_techniques)
        for (const HiddenState state : states) {
            const Combination it{state, Read::hides_one, Read::absent, Read::absent};
            GoodErasure run = erasure_of(technique, it);
            FirmwareEvidence& seen = *run.evidence.firmware;
            seen.sanitize.reset();
            seen.security.reset();
            const char* code = state == HiddenState::power_cycle_needed ? "power-cycle-needed"
                                                                        : "firmware-refused";
            expect(run.judged(), {Verdict::failed, code}, it); // its canaries are on it
            seen.probe.reset();
            seen.canaries.reset();
            expect(run.judged(), {Verdict::refused, code}, it);
        }
}

// --- a host's overwrite of a drive that hides blocks ---

constexpr Expected untold{Verdict::indeterminate, "native-capacity-unknown"};
constexpr Expected hides_again{Verdict::failed, "hidden-area"};
constexpr std::array<Expected, 4> by_its_end{untold, erased, hides_again, untold};

// Written all the same, although not all was within reach: no honest run yields that.
const std::vector<Row> overwrites{
    {HiddenState::unknown, any_before, any_lifted,
     always({Verdict::failed, "native-capacity-unknown"})},
    {HiddenState::none, {Read::all}, any_lifted, by_its_end},
    {HiddenState::none, hidden_or_unreadable, any_lifted, always(hides_again)},
    {HiddenState::lifted, any_before, {Read::all}, by_its_end},
    {HiddenState::lifted, any_before, not_all, always(hides_again)},
    {HiddenState::power_cycle_needed, any_before, any_lifted,
     always({Verdict::failed, "power-cycle-needed"})},
    {HiddenState::refused, any_before, any_lifted, always(hides_again)},
};

// And where nothing was written, as it must be.
constexpr Expected refused{Verdict::refused, "hidden-area"};
constexpr Expected no_probe{Verdict::failed, ""}; // the records are missing, each a finding
const std::vector<Row> not_begun{
    {HiddenState::unknown, any_before, any_lifted, always(untold)},
    {HiddenState::none, {Read::all}, any_lifted, always(no_probe)},
    {HiddenState::none, hidden_or_unreadable, any_lifted, always(refused)},
    {HiddenState::lifted, any_before, {Read::all}, always(no_probe)},
    {HiddenState::lifted, any_before, not_all, always(refused)},
    {HiddenState::power_cycle_needed, any_before, any_lifted,
     always({Verdict::refused, "power-cycle-needed"})},
    {HiddenState::refused, any_before, any_lifted, always(refused)},
};

struct LiftingRun {
    Drive drive;
    Plan plan;
    Evidence evidence;

    explicit LiftingRun(const Combination& it) {
        constexpr std::uint64_t size = GoodErasure::size;
        drive.kind = DriveKind::ata;
        drive.medium = Medium::magnetic;
        drive.size_bytes = size;
        drive.native_size_bytes = size;
        plan.level = Level::clear;
        plan.steps = {{.kind = StepKind::lift_hidden_areas},
                      {.kind = StepKind::address_probe},
                      {.kind = StepKind::write, .data = StepData::random_stream}};
        evidence.hidden = record_of(it);
        evidence.probe = ProbeRecord{.step = 2, .stamps = 40, .flushed = true, .completed = true};
        evidence.passes = {GoodRun::pass(3, StepData::random_stream, "")};
        evidence.passes.front().written = {{0, size}};
        evidence.passes.front().bytes_written = size;
        evidence.read_backs = {GoodRun::read_back(4, 3)};
        evidence.read_backs.front().matched = {{0, size}};
        evidence.read_backs.front().bytes_read = size;
        evidence.read_backs.front().bytes_matched = size;
    }
    [[nodiscard]] Judgement judged() const { return judge(drive, plan, evidence); }
};

TEST(HiddenVerdicts, OfAnOverwriteThatLiftsFirst) {
    check_each(overwrites, [](const Combination& it, const Expected& expected) {
        expect(LiftingRun(it).judged(), expected, it);
    });
}

TEST(HiddenVerdicts, OfAnOverwriteThatBeganNothing) {
    check_each(not_begun, [](const Combination& it, const Expected& expected) {
        LiftingRun run(it);
        run.evidence.probe.reset();
        run.evidence.passes.clear();
        run.evidence.read_backs.clear();
        const Judgement judged = run.judged();
        EXPECT_EQ(judged.verdict, expected.verdict) << spelled(it);
        EXPECT_EQ(judged.level, Level::none);
        EXPECT_EQ(judged.bytes_proven, 0U);
        if (*expected.code != '\0') expect(judged, expected, it);
    });
}

// --- an overwrite whose plan lifts nothing ---

struct Native {
    std::optional<std::uint64_t> bytes;
    Verdict verdict;
};

TEST(HiddenVerdicts, OfAnOverwriteOfADriveThatWasSaidToHideNothing) {
    constexpr std::uint64_t size = GoodRun::size;
    for (const Native& native :
         {Native{size, Verdict::erased}, Native{std::nullopt, Verdict::indeterminate},
          Native{size + 512, Verdict::failed}, Native{size - 512, Verdict::failed}}) {
        GoodRun run;
        run.physical();
        run.drive.native_size_bytes = native.bytes;
        EXPECT_EQ(run.judged().verdict, native.verdict);
        EXPECT_EQ(has_finding(run.judged(), "hidden-area"), native.verdict == Verdict::failed);
    }
}

} // namespace
} // namespace quietus
