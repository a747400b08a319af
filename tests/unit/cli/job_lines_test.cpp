// The progress of jobs for people: a line each on a terminal, a line now and then elsewhere.
#include "job_lines.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace quietus::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class SetClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return 1; }
    std::chrono::nanoseconds monotonic() override { return now; }
    std::chrono::nanoseconds now{};
};

class JobLines : public testing::Test {
  protected:
    ~JobLines() override {
        unsetenv("LINES");
        unsetenv("COLUMNS");
    }
    /// What is said on stderr meanwhile.
    template <typename Act>
    static std::string said(Act act) {
        testing::internal::CaptureStderr();
        act();
        return testing::internal::GetCapturedStderr();
    }
    JobWatch& begin(FollowedJobs& lines, const std::string& node) {
        Drive drive;
        drive.node = node;
        drive.serial = "S-" + node;
        return lines.committed("JOB-" + node, drive);
    }
    [[nodiscard]] static Progress half() {
        return {1, 2, StepKind::write, 500'000'000, 1'000'000'000};
    }
    SetClock clock;
};

TEST_F(JobLines, TellWhenADrivePausesAndGoesOn) {
    const auto lines = make_plain_lines(clock, false);
    const std::string text = said([&] {
        JobWatch& watch = begin(*lines, "/dev/sdb");
        watch.step_started({1, 2, StepKind::write, 0, 1'000'000'000});
        clock.now += std::chrono::seconds(5);
        watch.progressed(half());
        watch.measured({55, false});
        watch.measured({61, true});
        watch.measured({60, true});
        watch.measured({49, false});
    });
    EXPECT_EQ(text, "/dev/sdb: job JOB-/dev/sdb\n"
                    "/dev/sdb: step 1 of 2, write, 50 % of 1.0 GB, 100 MB/s, 0:00:05 left, 61 C, "
                    "paused until it is cooler\n"
                    "/dev/sdb: step 1 of 2, write, 50 % of 1.0 GB, 100 MB/s, 0:00:05 left, 49 C\n");
}

TEST_F(JobLines, AreOneForEachDriveOnATerminal) {
    setenv("COLUMNS", "80", 1);
    const auto bars = make_bars(clock, false);
    std::vector<JobWatch*> watches;
    const std::string begun = said([&] {
        for (const char* node : {"/dev/sdb", "/dev/sdc", "/dev/sdd"})
            watches.push_back(&begin(*bars, node));
        for (JobWatch* each : watches)
            each->step_started({1, 2, StepKind::write, 0, 1'000'000'000});
    });
    clock.now += std::chrono::seconds(5);
    const std::string drawn = said([&] {
        watches[1]->measured({48, false});
        for (JobWatch* each : watches)
            each->progressed(half());
        clock.now += std::chrono::seconds(1);
        watches[0]->progressed(half());
    });
    const std::string last = drawn.substr(drawn.rfind("\033[2A"));
    EXPECT_THAT(last, testing::ContainsRegex("/dev/sdb step 1 of 2 write \\[#+\\.+\\]  50 %.*\n"
                                             ".*/dev/sdc step 1 of 2 write .* 48 C\n"
                                             ".*/dev/sdd step 1 of 2 write "));
    std::size_t at = 0;
    for (std::string rest = last; (at = rest.find('\n')) != rest.npos; rest.erase(0, at + 1))
        EXPECT_LE(at, 80u + std::string("\033[2A\r\033[K").size()) << rest;
}

TEST_F(JobLines, AreNoMoreThanTheScreenHas) {
    setenv("LINES", "5", 1);
    const auto bars = make_bars(clock, false);
    const std::string drawn = said([&] {
        std::vector<JobWatch*> watches;
        for (char letter = 'b'; letter < 'l'; ++letter)
            watches.push_back(&begin(*bars, std::string("/dev/sd") + letter));
        for (JobWatch* each : watches) {
            clock.now += std::chrono::seconds(1);
            each->step_started(half());
        }
    });
    EXPECT_THAT(drawn, EndsWith("7 more"));
    EXPECT_THAT(drawn.substr(drawn.rfind("\033[3A")), Not(HasSubstr("/dev/sde")));
    EXPECT_THAT(drawn, Not(HasSubstr("\033[4A")));
}

} // namespace
} // namespace quietus::cli
