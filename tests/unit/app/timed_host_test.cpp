// The interlock `clock`: each thing that a clock can be behind, and what is said of it.
#include "quietus/app/timed_host.hpp"

#include "support/station.hpp"

#include "quietus/app/select.hpp"
#include "quietus/core/version.hpp"
#include "quietus/emulator/media.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace quietus {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class HandClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return utc; }
    std::chrono::nanoseconds monotonic() override { return passed; }
    void pass(std::chrono::seconds time) {
        utc += time.count();
        passed += time;
    }
    std::int64_t utc = SystemClock().utc_seconds();
    std::chrono::nanoseconds passed = 5h;
};

class TimedHostTest : public testing::Test {
  protected:
    void log_an_entry() {
        const auto intent =
            station.log->append_intent({"SERIAL", "overwrite", std::string(64, 'a'), "TEST01"});
        ASSERT_TRUE(intent) << intent.error().message;
    }
    /// Why drives are refused on a host that begins now.
    std::vector<std::string> reasons() {
        TimedHost host(machine, clock, *station.log);
        return reasons(host);
    }
    static std::vector<std::string> reasons(TimedHost& host) {
        const auto drive = host.image("/one", {});
        const auto drives = host.detect({});
        std::vector<std::string> found;
        for (const Guard& guard : drive->guards) {
            EXPECT_EQ(guard.interlock, Interlock::clock);
            found.push_back(guard.reason);
        }
        EXPECT_EQ(drives->front().guards.size(), found.size());
        const auto held = host.detect_held({{"image:/one", 0}}, {});
        EXPECT_EQ(held->front().guards.size(), found.size());
        return found;
    }

    emulator::SimulatedClock time;
    emulator::Media port{{.size_bytes = 1U << 20U}, time};
    test::OneDriveHost machine{port};
    HandClock clock;
    test::Station station;
};

TEST_F(TimedHostTest, AcceptsAClockThatIsRight) {
    log_an_entry();
    clock.utc = SystemClock().utc_seconds(); // by which the entry was logged
    EXPECT_TRUE(reasons().empty());
}

TEST_F(TimedHostTest, RefusesAClockBehindTheBuildToTheSecond) {
    clock.utc = source_seconds();
    EXPECT_TRUE(reasons().empty());
    --clock.utc;
    const auto why = reasons();
    ASSERT_EQ(why.size(), 1u);
    EXPECT_THAT(why.front(), AllOf(HasSubstr("the clock says " + to_rfc3339(source_seconds() - 1)),
                                   HasSubstr("built"), HasSubstr(to_rfc3339(source_seconds()))));
}

TEST_F(TimedHostTest, RefusesAClockBehindTheLastEntryOfTheLog) {
    HandClock ahead;
    ahead.utc += 10LL * 365 * 86400;
    auto log = open_log_register(
        {station.places.log(),
         [this](const std::string& origin) { return station.signer->checkpoint_signer(origin); }},
        ahead);
    ASSERT_TRUE(log->append_intent({"SERIAL", "overwrite", std::string(64, 'a'), "TEST01"}));
    const auto why = reasons();
    ASSERT_EQ(why.size(), 1u);
    EXPECT_THAT(why.front(), AllOf(HasSubstr("last entry of the log, " + to_rfc3339(ahead.utc)),
                                   HasSubstr("the clock says " + to_rfc3339(clock.utc))));
    clock.utc = ahead.utc;
    EXPECT_TRUE(reasons().empty());
}

TEST_F(TimedHostTest, RefusesAClockThatWasSetBackSinceTheRunBegan) {
    TimedHost host(machine, clock, *station.log);
    const std::string beginning = to_rfc3339(clock.utc);
    clock.pass(2h);
    EXPECT_TRUE(reasons(host).empty());
    clock.utc -= 60; // as whoever keeps a clock right may do
    EXPECT_TRUE(reasons(host).empty());
    --clock.utc; // still after the beginning, and behind what has passed since
    const auto why = reasons(host);
    ASSERT_EQ(why.size(), 1u);
    EXPECT_THAT(why.front(), AllOf(HasSubstr("set back"), HasSubstr("began at " + beginning)));
    EXPECT_TRUE(reasons().empty()); // a run that begins now knows nothing of it
}

TEST_F(TimedHostTest, RefusesAClockBehindTheBeginningOfTheRunFromItsFirstSecond) {
    TimedHost host(machine, clock, *station.log);
    --clock.utc;
    EXPECT_EQ(reasons(host).size(), 1u);
}

TEST_F(TimedHostTest, NamesAllThatTheClockIsBehindAndOneCommand) {
    log_an_entry();
    TimedHost host(machine, clock, *station.log);
    clock.utc = 0;
    const auto drive = host.image("/one", {});
    EXPECT_EQ(drive->guards.size(), 3u);
    EXPECT_EQ(release_commands(drive->guards), std::vector<std::string>{clock_release()});
    EXPECT_FALSE(check_guards(*drive, {"fabrics"}));
    EXPECT_TRUE(check_guards(*drive, {"clock"}));
}

TEST_F(TimedHostTest, KeepsTheOrderOfInterlocks) {
    machine.drive.guards = {{Interlock::mounted, "m", ""}, {Interlock::fabrics, "f", ""}};
    clock.utc = source_seconds() - 1;
    TimedHost host(machine, clock, *station.log);
    const auto drive = host.image("/one", {});
    std::vector<Interlock> order;
    for (const Guard& guard : drive->guards)
        order.push_back(guard.interlock);
    EXPECT_EQ(order, (std::vector{Interlock::mounted, Interlock::clock, Interlock::fabrics}));
}

// Whoever asks for either asks the machine, and hears what it answers.
TEST_F(TimedHostTest, PassesOnWhatIsAskedOfTheKernel) {
    TimedHost host(machine, clock, *station.log);
    const Status rescanned = host.rescan(machine.drive);
    const Status reset = host.reset(machine.drive);
    EXPECT_EQ(machine.asked, (std::vector<std::string>{"rescan image:/one", "reset image:/one"}));
    ASSERT_FALSE(rescanned || reset);
    EXPECT_EQ(rescanned.error().message, "no rescan");
    EXPECT_EQ(reset.error().message, "no reset");
}

TEST_F(TimedHostTest, LeavesALogThatCannotBeReadToPreflight) {
    log_an_entry();
    std::ofstream(station.places.log() + "/checkpoint") << "no checkpoint";
    EXPECT_TRUE(reasons().empty());
    EXPECT_FALSE(station.log->probe());
}

} // namespace
} // namespace quietus
