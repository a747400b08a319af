// What each pass of each scheme leaves on a drive, octet for octet, beside traces.txt, which a
// script makes from the catalogue without this program's code.

#include "steps.hpp"
#include "traces.hpp"

#include "support/quiet_watch.hpp"

#include "quietus/emulator/media.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/schemes.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/technique/overwrite.hpp"
#include "quietus/verify/read_back.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

namespace quietus {
namespace {

using emulator::Media;
using test::QuietWatch;
using test::TraceDrive;
using test::traces;
using test::TraceStep;

Plan plan_of(const std::string& scheme, std::uint64_t size) {
    Drive drive;
    drive.kind = DriveKind::ata;
    drive.size_bytes = size;
    auto plan = make_plan(drive, {Technique::overwrite, scheme, std::nullopt});
    EXPECT_TRUE(plan) << plan.error().message;
    return plan.value_or(Plan{});
}

/// Gives out what the script drew, in the order of the steps that draw.
class Draws {
  public:
    explicit Draws(const std::vector<TraceStep>& steps) {
        for (const TraceStep& step : steps)
            if (!step.draw.empty()) left_.push_back(step.draw);
    }
    Bytes next(std::size_t count) {
        if (left_.empty() || left_.front().size() != count) {
            ADD_FAILURE() << "draws " << count << " octets where the scheme asks for none or other";
            return Bytes(count);
        }
        Bytes drawn = std::move(left_.front());
        left_.pop_front();
        return drawn;
    }
    [[nodiscard]] bool all_used() const { return left_.empty(); }

  private:
    std::deque<Bytes> left_;
};

/// One scheme over one drive, pass after pass.
class TraceRun {
  public:
    TraceRun(const std::string& scheme, const TraceDrive& drive)
        : drive_(drive), steps_(traces().steps.at(scheme).at(drive.name)),
          plan_(plan_of(scheme, drive.size_bytes)), draws_(steps_),
          patterns_(plan_, drive.block_bytes, [this](std::size_t n) { return draws_.next(n); }) {}

    void check() {
        EXPECT_TRUE(draws_.all_used()) << "fewer random passes than the scheme has";
        check_order();
        if (HasFailure()) return;
        for (const TraceStep& step : steps_)
            if (step.does != "verify") drive_.slot_bytes == 0 ? check_far(step) : check_pass(step);
    }

  private:
    static bool HasFailure() { return testing::Test::HasFailure(); }
    // The address probe comes before the scheme's own steps.
    static std::uint32_t in_plan(const TraceStep& step) { return step.number + 1; }

    /// The plan does what the scheme says and no more; its last verify is the plan's own.
    void check_order() {
        std::vector<std::string> planned;
        for (const PlanStep& step : plan_.steps)
            planned.emplace_back(step.kind == StepKind::write ? "write" : to_text(step.kind));
        std::vector<std::string> expected{"address-probe"};
        for (const TraceStep& step : steps_)
            expected.emplace_back(step.does == "verify" ? "verify" : "write");
        if (expected.back() == "verify") expected.pop_back();
        EXPECT_EQ(planned, expected);
        EXPECT_EQ(plan_.verification, (Verification{VerificationMode::full, 100}));
    }

    void check_pass(const TraceStep& step) {
        Media media({.size_bytes = drive_.size_bytes,
                     .block_bytes = drive_.block_bytes,
                     .slots = 9,
                     .slot_bytes = drive_.slot_bytes},
                    clock_);
        Surface surface{media, *media.state(), watch_, clock_};
        Pattern pattern = patterns_.pattern(in_plan(step));
        PassRecord pass;
        EXPECT_EQ(write_pass(surface, pattern, pass).reason, StopReason::none);
        EXPECT_EQ(to_hex(digest(DigestKind::sha256, media.at(0, drive_.size_bytes))), step.sha256);
        for (const auto& [offset, octets] : step.places) {
            EXPECT_EQ(to_hex(media.at(offset, octets.size() / 2)), octets) << offset;
        }
        check_read_back(surface, step);
    }

    // What was compared with the script's octets is what a read-back takes for right, at every
    // place.
    void check_read_back(Surface& surface, const TraceStep& step) {
        Pattern expected = patterns_.pattern(in_plan(step));
        ReadBackRecord record;
        record.verification = {VerificationMode::full, 100};
        EXPECT_EQ(read_back(surface, expected, record).reason, StopReason::none);
        EXPECT_EQ(record.matched, (std::vector<Extent>{{0, drive_.size_bytes}}));
        EXPECT_TRUE(record.mismatched.empty());
    }

    void check_far(const TraceStep& step) {
        Pattern pattern = patterns_.pattern(in_plan(step));
        for (const auto& [offset, octets] : step.places) {
            Bytes there(octets.size() / 2);
            pattern.fill(there, offset);
            EXPECT_EQ(to_hex(there), octets) << offset;
            EXPECT_TRUE(pattern.matches(there, offset)) << offset;
        }
    }

    const TraceDrive& drive_;
    const std::vector<TraceStep>& steps_;
    Plan plan_;
    Draws draws_;
    StepPatterns patterns_;
    QuietWatch watch_;
    emulator::SimulatedClock clock_;
};

std::string spelled(const testing::TestParamInfo<std::string>& scheme) {
    std::string name = scheme.param;
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, EveryPassWritesTheOctetsOfItsScheme) {
    for (const TraceDrive& drive : traces().drives) {
        SCOPED_TRACE(GetParam() + " over the drive " + drive.name);
        TraceRun(GetParam(), drive).check();
    }
}

INSTANTIATE_TEST_SUITE_P(Schemes, Golden, testing::ValuesIn(traces().schemes), spelled);

TEST(GoldenTraces, AreOfEverySchemeInTheCatalogue) {
    std::vector<std::string> ids;
    for (const Scheme& scheme : schemes())
        ids.push_back(scheme.id);
    EXPECT_EQ(ids, traces().schemes);
    EXPECT_EQ(ids.size(), 32u);
}

// Without a hand on the draws: no random pass repeats another, of this drive or of the next.
TEST(GoldenTraces, NoTwoRandomPassesShareAKey) {
    std::set<std::string> keys;
    std::size_t passes = 0;
    for (int drive = 0; drive < 2; ++drive) {
        const Plan plan = plan_of("x.pfitzner33", 1U << 20U);
        const StepPatterns patterns(plan, 512);
        for (std::uint32_t step = 2; step <= plan.steps.size(); ++step, ++passes)
            keys.insert(patterns.seed(step));
    }
    EXPECT_EQ(passes, 66u);
    EXPECT_EQ(keys.size(), passes);
}

} // namespace
} // namespace quietus
