// Altered evidence: whatever one changes, takes away or adds, nothing ends `erased` that should
// not.
#include "good_run.hpp"

#include "quietus/core/json_fields.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace quietus {
namespace {

constexpr std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t size = GoodRun::size;

struct Alteration {
    const char* name;
    const char* finding;
    std::function<void(GoodRun&)> apply;
};

void PrintTo(const Alteration& alteration, std::ostream* out) {
    *out << alteration.name;
}

class EveryAlteration : public testing::TestWithParam<Alteration> {};

TEST_P(EveryAlteration, EndsFailedAndSaysWhy) {
    GoodRun run;
    GetParam().apply(run);
    const Judgement judgement = run.judged();
    EXPECT_EQ(judgement.verdict, Verdict::failed);
    EXPECT_EQ(judgement.level, Level::none);
    EXPECT_EQ(judgement.grade, "");
    EXPECT_TRUE(has_finding(judgement, GetParam().finding)) << to_line(to_json(judgement));
}

TEST_P(EveryAlteration, IsNoLessFailedOnAPhysicalDrive) {
    GoodRun run;
    run.physical();
    run.drive.native_size_bytes.reset();
    GetParam().apply(run);
    EXPECT_EQ(run.judged().verdict, Verdict::failed);
}

// Those that have nothing to do with reading back must not hide behind a plan that asks for none.
class EveryUnreadAlteration : public testing::TestWithParam<Alteration> {};

TEST_P(EveryUnreadAlteration, StaysFailedWhenNoReadBackIsAsked) {
    GoodRun run;
    run.no_verification();
    ASSERT_EQ(run.judged().verdict, Verdict::unverified);
    GetParam().apply(run);
    EXPECT_EQ(run.judged().verdict, Verdict::failed);
}

Alteration on(const char* name, const char* finding, std::function<void(GoodRun&)> apply) {
    return {name, finding, std::move(apply)};
}
Alteration on_pass(const char* name, const char* finding,
                   const std::function<void(PassRecord&)>& apply) {
    return on(name, finding, [apply](GoodRun& run) { apply(run.evidence.passes.back()); });
}
Alteration on_first_pass(const char* name, const char* finding,
                         const std::function<void(PassRecord&)>& apply) {
    return on(name, finding, [apply](GoodRun& run) { apply(run.evidence.passes.front()); });
}
Alteration on_final(const char* name, const char* finding,
                    const std::function<void(ReadBackRecord&)>& apply) {
    return on(name, finding, [apply](GoodRun& run) { apply(run.evidence.read_backs.back()); });
}
Alteration on_middle(const char* name, const char* finding,
                     const std::function<void(ReadBackRecord&)>& apply) {
    return on(name, finding, [apply](GoodRun& run) { apply(run.evidence.read_backs.front()); });
}
Alteration on_probe(const char* name, const char* finding,
                    const std::function<void(ProbeRecord&)>& apply) {
    return on(name, finding, [apply](GoodRun& run) { apply(*run.evidence.probe); });
}
Alteration on_plan(const char* name, const char* finding, const std::function<void(Plan&)>& apply) {
    return on(name, finding, [apply](GoodRun& run) { apply(run.plan); });
}

const std::vector<Alteration> stops = {
    on("vanished", "drive-vanished",
       [](auto& run) { run.evidence.stopped = StopReason::drive_vanished; }),
    on("changed", "drive-changed",
       [](auto& run) { run.evidence.stopped = StopReason::drive_changed; }),
    on("io", "io-error", [](auto& run) { run.evidence.stopped = StopReason::io; }),
    on("probe", "probe-stopped", [](auto& run) { run.evidence.stopped = StopReason::probe; }),
    on("hidden", "hidden-area", [](auto& run) { run.drive.native_size_bytes = size * 2; }),
    on("empty drive", "inconsistent-evidence", [](auto& run) { run.drive.size_bytes = 0; }),
    on("endless drive", "inconsistent-evidence", [](auto& run) { run.drive.size_bytes = huge; }),
    on("no blocks", "inconsistent-evidence", [](auto& run) { run.drive.logical_block_bytes = 0; }),
    on("larger drive", "incomplete-pass", [](auto& run) { run.drive.size_bytes = size + 1; }),
    on("smaller drive", "inconsistent-evidence",
       [](auto& run) { run.drive.size_bytes = size - 1; }),
};
INSTANTIATE_TEST_SUITE_P(StopAndDrive, EveryAlteration, testing::ValuesIn(stops));
INSTANTIATE_TEST_SUITE_P(StopAndDrive, EveryUnreadAlteration, testing::ValuesIn(stops));

const std::vector<Alteration> probes = {
    on("none", "missing-record", [](auto& run) { run.evidence.probe.reset(); }),
    on_probe("step", "unexpected-record", [](auto& probe) { probe.step = 2; }),
    on_probe("step 0", "unexpected-record", [](auto& probe) { probe.step = 0; }),
    on_probe("step beyond", "unexpected-record", [](auto& probe) { probe.step = 99; }),
    on_probe("no stamp", "incomplete-probe", [](auto& probe) { probe.stamps = 0; }),
    on_probe("incomplete", "incomplete-probe", [](auto& probe) { probe.completed = false; }),
    on_probe("unflushed", "flush-failed", [](auto& probe) { probe.flushed = false; }),
    on_probe("aliasing", "address-aliasing",
             [](auto& probe) {
                 probe.wrong = {{0, 512}};
             }),
    on_probe("unwritable", "unwritable",
             [](auto& probe) {
                 probe.unwritable = {{512, 512}};
             }),
    on_probe("unreadable", "unreadable",
             [](auto& probe) {
                 probe.unreadable = {{512, 512}};
             }),
    on_probe("wrapping", "address-aliasing",
             [](auto& probe) {
                 probe.wrong = {{huge, huge}};
             }),
    on_probe("empty extent", "address-aliasing",
             [](auto& probe) {
                 probe.wrong = {{0, 0}};
             }),
};
INSTANTIATE_TEST_SUITE_P(Probe, EveryAlteration, testing::ValuesIn(probes));
INSTANTIATE_TEST_SUITE_P(Probe, EveryUnreadAlteration, testing::ValuesIn(probes));

const std::vector<Alteration> passes = {
    on("no pass", "missing-record", [](auto& run) { run.evidence.passes.clear(); }),
    on("last missing", "missing-record", [](auto& run) { run.evidence.passes.pop_back(); }),
    on("first missing", "unexpected-record",
       [](auto& run) { run.evidence.passes.erase(run.evidence.passes.begin()); }),
    on("out of order", "unexpected-record",
       [](auto& run) { std::swap(run.evidence.passes[0], run.evidence.passes[1]); }),
    on("duplicate", "unexpected-record",
       [](auto& run) { run.evidence.passes[2] = run.evidence.passes[1]; }),
    on("one more", "unexpected-record",
       [](auto& run) { run.evidence.passes.push_back(run.evidence.passes.back()); }),
    on_pass("unflushed", "flush-failed", [](auto& pass) { pass.flushed = false; }),
    on_first_pass("first unflushed", "flush-failed", [](auto& pass) { pass.flushed = false; }),
    on_first_pass("first unwritable", "unwritable",
                  [](auto& pass) {
                      pass.unwritable = {{0, 512}};
                  }),
    on_first_pass("first incomplete", "incomplete-pass",
                  [](auto& pass) { pass.completed = false; }),
    on_pass("incomplete", "incomplete-pass", [](auto& pass) { pass.completed = false; }),
    on_pass("gap of one byte", "incomplete-pass",
            [](auto& pass) {
                pass.written = {{0, 511}, {512, size - 512}};
                pass.bytes_written = size - 1;
            }),
    on_pass("nothing", "incomplete-pass",
            [](auto& pass) {
                pass.written.clear();
                pass.bytes_written = 0;
            }),
    on_pass("unwritable", "unwritable",
            [](auto& pass) {
                pass.unwritable = {{0, 512}};
            }),
    on_pass("unwritable nowhere", "unwritable",
            [](auto& pass) {
                pass.unwritable = {{huge - 1, huge}};
            }),
    on_pass("count too low", "inconsistent-evidence", [](auto& pass) { --pass.bytes_written; }),
    on_pass("count too high", "inconsistent-evidence",
            [](auto& pass) { pass.bytes_written = std::uint64_t{1} << 53; }),
    on_pass("overlapping", "inconsistent-evidence",
            [](auto& pass) {
                pass.written = {{0, size - 512}, {0, 512}};
            }),
    on_pass("beyond the drive", "inconsistent-evidence",
            [](auto& pass) {
                pass.written = {{0, size + 1}};
            }),
    on_pass("at 2^53", "inconsistent-evidence",
            [](auto& pass) {
                pass.written.push_back({std::uint64_t{1} << 53, 512});
            }),
    on_pass("wrapping", "inconsistent-evidence",
            [](auto& pass) {
                pass.written = {{512, huge}};
            }),
    on_pass("descending", "inconsistent-evidence",
            [](auto& pass) { std::swap(pass.written[0], pass.written[1]); }),
    on_pass("empty extent", "inconsistent-evidence",
            [](auto& pass) {
                pass.written.push_back({size, 0});
            }),
    on_pass("other data", "wrong-pattern", [](auto& pass) { pass.data = StepData::fixed; }),
    on_pass("bytes of a stream", "wrong-pattern", [](auto& pass) { pass.bytes = "00"; }),
    on_first_pass("other byte", "wrong-pattern", [](auto& pass) { pass.bytes = "01"; }),
    on_first_pass("no byte", "wrong-pattern", [](auto& pass) { pass.bytes = ""; }),
    on("char not drawn", "wrong-pattern", [](auto& run) { run.evidence.passes[1].bytes = ""; }),
    on("char not hex", "wrong-pattern", [](auto& run) { run.evidence.passes[1].bytes = "zz"; }),
    on("char of two", "wrong-pattern", [](auto& run) { run.evidence.passes[1].bytes = "5a5a"; }),
    on("no complement", "wrong-pattern", [](auto& run) { run.evidence.passes[2].bytes = "5a"; }),
};
INSTANTIATE_TEST_SUITE_P(Passes, EveryAlteration, testing::ValuesIn(passes));
INSTANTIATE_TEST_SUITE_P(Passes, EveryUnreadAlteration, testing::ValuesIn(passes));

const std::vector<Alteration> read_backs = {
    on("only the middle one", "missing-record",
       [](auto& run) {
           run.plan.verification = {VerificationMode::full, 100};
           run.evidence.read_backs.resize(1);
       }),
    on("only the final one", "unexpected-record",
       [](auto& run) { run.evidence.read_backs.erase(run.evidence.read_backs.begin()); }),
    on("swapped", "unexpected-record",
       [](auto& run) { std::swap(run.evidence.read_backs[0], run.evidence.read_backs[1]); }),
    on("one more", "unexpected-record",
       [](auto& run) { run.evidence.read_backs.push_back(run.evidence.read_backs.back()); }),
    on_final("mismatch", "mismatch",
             [](auto& record) {
                 record.mismatched = {{0, 1}};
             }),
    on_final("mismatch nowhere", "mismatch",
             [](auto& record) {
                 record.mismatched = {{huge, 2}};
             }),
    on_final("unreadable", "unreadable",
             [](auto& record) {
                 record.unreadable = {{0, 512}};
             }),
    on_middle("middle mismatch", "mismatch",
              [](auto& record) {
                  record.mismatched = {{0, 1}};
              }),
    on_middle("middle unreadable", "unreadable",
              [](auto& record) {
                  record.unreadable = {{0, 1}};
              }),
    on_middle("middle incomplete", "incomplete-read-back",
              [](auto& record) { record.completed = false; }),
    on_middle("middle of another", "unexpected-record", [](auto& record) { record.of_step = 4; }),
};
INSTANTIATE_TEST_SUITE_P(ReadBacks, EveryAlteration, testing::ValuesIn(read_backs));

const std::vector<Alteration> plans = {
    on_plan("no step", "unsound-plan", [](auto& plan) { plan.steps.clear(); }),
    on_plan("no probe", "unsound-plan",
            [](auto& plan) { plan.steps[0] = {.kind = StepKind::verify, .of = 2}; }),
    on_plan("two probes", "unsound-plan",
            [](auto& plan) { plan.steps[1] = {.kind = StepKind::address_probe}; }),
    on_plan("write of nothing", "unsound-plan",
            [](auto& plan) { plan.steps[1].data = StepData::none; }),
    on_plan("empty pattern", "unsound-plan", [](auto& plan) { plan.steps[1].bytes = ""; }),
    on_plan("pattern in capitals", "unsound-plan", [](auto& plan) { plan.steps[1].bytes = "FF"; }),
    on_plan("complement of itself", "unsound-plan", [](auto& plan) { plan.steps[4].of = 5; }),
    on_plan("complement of the future", "unsound-plan", [](auto& plan) { plan.steps[4].of = 6; }),
    on_plan("complement of nothing", "unsound-plan", [](auto& plan) { plan.steps[4].of = 0; }),
    on_plan("complement of a verify", "unsound-plan", [](auto& plan) { plan.steps[4].of = 3; }),
    on_plan("verify of the overwritten", "unsound-plan",
            [](auto& plan) {
                plan.steps.push_back(
                    {.kind = StepKind::verify, .of = 2, .verification = plan.verification});
            }),
    on_plan("verify of nothing", "unsound-plan",
            [](auto& plan) {
                plan.steps[2].verification = {VerificationMode::none, 0};
            }),
    on_plan("one write fewer", "unexpected-record", [](auto& plan) { plan.steps.pop_back(); }),
    on_plan("one write more", "missing-record",
            [](auto& plan) { plan.steps.push_back(plan.steps[1]); }),
    on_plan("sample of 0", "unsound-plan",
            [](auto& plan) {
                plan.verification = {VerificationMode::sample, 0};
            }),
    on_plan("sample of 100", "unsound-plan",
            [](auto& plan) {
                plan.verification = {VerificationMode::sample, 100};
            }),
    on_plan("full of 3", "unsound-plan",
            [](auto& plan) {
                plan.verification = {VerificationMode::full, 3};
            }),
};
INSTANTIATE_TEST_SUITE_P(Plans, EveryAlteration, testing::ValuesIn(plans));

// What no other verification mode could excuse: the final read-back's own fields.
class EveryFinalReadBack : public testing::TestWithParam<Alteration> {};

TEST_P(EveryFinalReadBack, EndsFailedAndSaysWhy) {
    GoodRun run;
    GetParam().apply(run);
    EXPECT_EQ(run.judged().verdict, Verdict::failed);
    EXPECT_TRUE(has_finding(run.judged(), GetParam().finding));
}

const std::vector<Alteration> finals = {
    on_final("of an earlier pass", "unexpected-record", [](auto& record) { record.of_step = 5; }),
    on_final("before the pass", "unexpected-record", [](auto& record) { record.step = 5; }),
    on_final("sample for full", "incomplete-read-back",
             [](auto& record) {
                 record.verification = {VerificationMode::sample, 99};
                 record.sample_seed = "00";
                 record.strata = 1;
             }),
    on_final("none for full", "incomplete-read-back",
             [](auto& record) {
                 record.verification = {VerificationMode::none, 0};
             }),
    on_final("incomplete", "incomplete-read-back", [](auto& record) { record.completed = false; }),
    on_final("one byte short", "incomplete-read-back",
             [](auto& record) {
                 record.matched = {{0, size - 1}};
                 record.bytes_read = record.bytes_matched = size - 1;
             }),
    on_final("count alone", "incomplete-read-back", [](auto& record) { record.matched.clear(); }),
    on_final("read more than equal", "incomplete-read-back",
             [](auto& record) { ++record.bytes_read; }),
    on_final("read less than equal", "incomplete-read-back",
             [](auto& record) { --record.bytes_read; }),
    on_final("equal beyond the drive", "inconsistent-evidence",
             [](auto& record) {
                 record.matched = {{0, huge}};
             }),
    on_final("overlapping", "inconsistent-evidence",
             [](auto& record) {
                 record.matched = {{0, size}, {0, size}};
             }),
};
INSTANTIATE_TEST_SUITE_P(Finals, EveryFinalReadBack, testing::ValuesIn(finals));

// --- property: any one value of the evidence, set to something else ---

// Visits every scalar, list and optional of a record; the one whose turn it is gets altered.
struct Alterer {
    std::mt19937& random;
    std::size_t turn;
    std::size_t seen = 0;
    std::string path = {};
    std::string altered = {};

    template <typename T>
    void operator()(std::string_view name, T& member) {
        const std::string outer = path;
        path += "/" + std::string(name);
        if constexpr (Fact<T>)
            T::each_field(member, *this);
        else if constexpr (detail::is_optional<T>)
            visit_optional(member);
        else if constexpr (detail::is_vector<T>)
            visit_list(member);
        else if (is_my_turn())
            alter(member);
        path = outer;
    }

    template <typename T>
    void visit_optional(std::optional<T>& member) {
        if (is_my_turn()) {
            if (member)
                member.reset();
            else
                member.emplace();
        } else if (member) {
            (*this)("value", *member);
        }
    }

    template <typename T>
    void visit_list(std::vector<T>& member) {
        if (is_my_turn()) {
            if (!member.empty() && random() % 2 == 0)
                member.erase(member.begin() + random() % member.size());
            else
                member.push_back(member.empty() ? T{} : member[random() % member.size()]);
        }
        if constexpr (Fact<T>)
            for (T& each : member)
                T::each_field(each, *this);
    }

    bool is_my_turn() {
        if (seen++ != turn) return false;
        altered = path;
        return true;
    }

    void alter(bool& value) const { value = !value; }
    void alter(std::string& value) const { value += "0"; }
    template <typename T>
    void alter(T& value) const {
        if constexpr (std::is_enum_v<T>) {
            constexpr auto count = enum_texts<T>.size();
            if constexpr (count > 1)
                value = static_cast<T>(
                    (static_cast<std::size_t>(value) + 1 + random() % (count - 1)) % count);
        } else {
            const T before = value;
            const T choices[] = {static_cast<T>(0),
                                 static_cast<T>(value + 1),
                                 static_cast<T>(value - 1),
                                 static_cast<T>(random()),
                                 static_cast<T>(std::uint64_t{1} << 53),
                                 std::numeric_limits<T>::max()};
            while (value == before)
                value = choices[random() % std::size(choices)];
        }
    }
};

// The whole list of what may change without consequence for the verdict, and why.
bool is_irrelevant(const std::string& path) {
    const auto ends = [&](std::string_view end) { return path.ends_with(end); };
    return path.find("/timing/") != std::string::npos // clocks jump; the audit looks at them
           || ends("/stop_text")                      // only read when stopped
           || ends("/page_cache")                     // a limit, not a failure
           || ends("/health_after")                   // limits

           || ends("/seed") || ends("/seed/value")            // for a later recheck
           || ends("/sample_seed") || ends("/strata")         // of a sample; these runs are full
           || ends("/sample_block_bytes") || ends("/stamps"); // any number above 0
}

TEST(Judge, KeepsNothingErasedWhenAnyOneValueOfTheEvidenceChanges) {
    std::mt19937 random(11);
    std::size_t fields = 0;
    std::size_t irrelevant = 0;
    for (std::size_t turn = 0;; ++turn) {
        for (int round = 0; round < 20; ++round) {
            GoodRun run;
            Alterer alterer{random, turn};
            Evidence::each_field(run.evidence, alterer);
            if (alterer.altered.empty()) {
                EXPECT_GT(fields, 60u);
                EXPECT_GT(irrelevant, 10u);
                return;
            }
            const Judgement judgement = run.judged();
            if (is_irrelevant(alterer.altered)) {
                ++irrelevant;
            } else {
                ++fields;
                EXPECT_NE(judgement.verdict, Verdict::erased) << alterer.altered;
            }
            EXPECT_FALSE(to_line(to_json(judgement)).empty()); // every number fits into JSON
        }
    }
}

TEST(Judge, NeverMindsWhatIsIrrelevant) {
    GoodRun run;
    for (PassRecord& pass : run.evidence.passes)
        pass.timing = {"not a time", "", 0};
    run.evidence.passes.back().seed = "0011";
    run.evidence.stop_text = "nonsense";
    run.evidence.probe->stamps = 1;
    EXPECT_EQ(run.judged().verdict, Verdict::erased);
}

// Many values at once, drive and plan included: the verdict may be anything but the judge must
// answer, and `erased` must still mean that every byte was written and found equal.
TEST(Judge, AnswersWhateverItIsGiven) {
    std::mt19937 random(13);
    for (int round = 0; round < 3000; ++round) {
        GoodRun run;
        for (int change = 0; change < 4; ++change) {
            Alterer in_evidence{random, random() % 160};
            Evidence::each_field(run.evidence, in_evidence);
            Alterer in_plan{random, random() % 70};
            Plan::each_field(run.plan, in_plan);
        }
        if (random() % 4 == 0) run.drive.size_bytes = random();
        if (random() % 8 == 0) run.drive.logical_block_bytes = static_cast<std::uint32_t>(random());
        const Judgement judgement = run.judged();
        ASSERT_FALSE(to_line(to_json(judgement)).empty());
        if (judgement.verdict == Verdict::erased) {
            ASSERT_EQ(judgement.bytes_proven, run.drive.size_bytes);
            ASSERT_TRUE(judgement.unproven.empty());
        }
    }
}

} // namespace
} // namespace quietus
