// Drives that are committed one right after another share a look at the machine, and none of them
// what happens after it.
#include "support/station.hpp"

#include "quietus/app/last_look.hpp"
#include "quietus/emulator/media.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace quietus {
namespace {

using namespace std::chrono_literals;
using test::NotingAudience;
using test::Station;
using testing::HasSubstr;

constexpr std::size_t drive_count = 4;
constexpr std::uint64_t drive_bytes = 1U << 20U;
const Guard mounted{Interlock::mounted, "/dev/two is mounted at /srv", "umount /srv"};

class FourDrivesHost final : public Host {
  public:
    explicit FourDrivesHost(emulator::SimulatedClock& clock) {
        for (const char* name : {"/dev/one", "/dev/two", "/dev/three", "/dev/four"}) {
            Drive drive;
            drive.node = name;
            drive.kind = DriveKind::loop;
            drive.medium = Medium::virtual_medium;
            drive.size_bytes = drive_bytes;
            drive.serial = std::string("SERIAL") + name;
            drive.diskseq = drives.size() + 1;
            drives.push_back(std::move(drive));
            ports.push_back(std::make_unique<emulator::Media>(
                emulator::MediaTraits{.size_bytes = drive_bytes}, clock));
        }
    }
    Result<std::vector<Drive>> detect(const DetectRequest& request) override {
        looks.push_back(request);
        at_look();
        std::vector<Drive> seen = drives;
        if (!request.only.empty())
            std::erase_if(seen, [&](const Drive& each) { return each.node != request.only; });
        return seen;
    }
    Result<Drive> image(const std::string& path, const DetectRequest&) override {
        return Error{Fault::usage, path};
    }
    Result<DriveLink> open(const Drive& drive) override {
        const auto found = std::ranges::find(drives, drive.node, &Drive::node);
        const auto place = static_cast<std::size_t>(found - drives.begin());
        return DriveLink{std::make_unique<test::LentPort>(*ports[place])};
    }
    Result<DriveLink> open_to_read(const Drive& drive) override { return open(drive); }

    /// Before anything is held: of all drives, or of one.
    [[nodiscard]] std::ptrdiff_t looks_at(bool all) const {
        return std::ranges::count_if(looks, [&](const DetectRequest& each) {
            return !each.held && each.only.empty() == all;
        });
    }

    std::vector<Drive> drives;
    std::vector<std::unique_ptr<emulator::Media>> ports;
    std::vector<DetectRequest> looks;
    std::function<void()> at_look = [] {};
};

/// Agrees to all; something has happened by the time of the last.
class Thoughtful final : public Operator {
  public:
    explicit Thoughtful(std::function<void()> meanwhile) : meanwhile_(std::move(meanwhile)) {}
    Status agree(const Proposal& proposal) override {
        if (proposal.drive.node == "/dev/four") meanwhile_();
        return {};
    }

  private:
    std::function<void()> meanwhile_;
};

class SharedLook : public testing::Test {
  protected:
    SharedLook() {
        request.plan.scheme = "generic.zero";
        for (const Drive& drive : host.drives)
            request.targets.push_back(drive.node);
    }
    std::vector<Disposal> run(std::function<void()> while_thinking = [] {}) {
        Thoughtful person(std::move(while_thinking));
        auto outcomes = dispose(request, station.site(host), person, audience);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        return outcomes ? std::move(*outcomes) : std::vector<Disposal>(drive_count);
    }
    /// Something happens when so many drives are committed.
    void when_committed(unsigned count, std::function<void()> happens) {
        audience.at_commit = [this, count, happens = std::move(happens)] {
            if (++committed == count) happens();
        };
    }
    static void expect_second_refused(const std::vector<Disposal>& outcomes) {
        ASSERT_EQ(outcomes.size(), drive_count);
        for (const Disposal& each : outcomes)
            EXPECT_EQ(each.verdict,
                      each.drive.node == "/dev/two" ? Verdict::refused : Verdict::erased)
                << each.drive.node;
        ASSERT_TRUE(outcomes[1].error);
        EXPECT_THAT(outcomes[1].error->message, HasSubstr("/dev/two is mounted at /srv"));
    }

    emulator::SimulatedClock time{Station::time_after_keys()};
    Station station{time};
    FourDrivesHost host{time};
    NotingAudience audience;
    DisposalRequest request;
    unsigned committed = 0;
};

TEST_F(SharedLook, IsOneForAllThatAreCommittedAtOnce) {
    for (const Disposal& each : run())
        EXPECT_EQ(each.verdict, Verdict::erased) << each.drive.node;
    EXPECT_EQ(host.looks_at(true), 2) << "one for the plans, one before the commits";
    EXPECT_EQ(host.looks_at(false), 0);
    for (const Drive& drive : host.drives)
        EXPECT_EQ(std::ranges::count_if(host.looks,
                                        [&](const DetectRequest& each) {
                                            return each.held && each.only == drive.node;
                                        }),
                  1)
            << drive.node << ": whatever was shared, it is looked at by itself once it is held";
}

TEST_F(SharedLook, IsMadeWhenEverybodyHasAgreed) {
    const auto outcomes = run([&] { host.drives[1].guards = {mounted}; });
    expect_second_refused(outcomes);
    EXPECT_TRUE(host.ports[1]->trace().empty());
    EXPECT_EQ(station.log->jobs()->size(), drive_count - 1) << "no number is taken for it";
}

TEST_F(SharedLook, SaysNothingOfWhatHappensAfterIt) {
    when_committed(1, [&] { host.drives[1].guards = {mounted}; });
    const auto outcomes = run();
    expect_second_refused(outcomes);
    EXPECT_TRUE(host.ports[1]->trace().empty()) << "it was seen when the drive was held";
    ASSERT_TRUE(outcomes[1].document) << "a number was taken, so there is an attempt record";
    EXPECT_THAT(outcomes[1].document->path, testing::EndsWith(".qar.json"));
}

TEST_F(SharedLook, IsMadeAnewAfterASecond) {
    when_committed(1, [&] {
        time.advance(last_look_holds);
        host.drives[1].guards = {mounted};
    });
    const auto outcomes = run();
    expect_second_refused(outcomes);
    EXPECT_EQ(station.log->jobs()->size(), drive_count - 1) << "no number is taken for it";
    EXPECT_EQ(host.looks_at(true), 3);
}

// A drive that is waited for until another is done is not judged by what was before.
TEST_F(SharedLook, IsMadeAnewWhenADriveWasWaitedFor) {
    request.jobs = 1;
    audience.at_step_end = [&](const Progress&) { host.drives[1].guards = {mounted}; };
    const auto outcomes = run();
    expect_second_refused(outcomes);
    EXPECT_EQ(station.log->jobs()->size(), drive_count - 1);
}

TEST_F(SharedLook, HoldsFourTimesAsLongAsItTook) {
    host.at_look = [&] { time.advance(host.looks.back().held ? 0s : 2s); };
    when_committed(3, [&] { time.advance(5s); });
    for (const Disposal& each : run())
        EXPECT_EQ(each.verdict, Verdict::erased) << each.drive.node;
    EXPECT_EQ(host.looks_at(true), 2) << "7 s after it began";
    EXPECT_EQ(host.looks_at(false), 0);
}

TEST_F(SharedLook, IsMadeAnewWhenThatIsOver) {
    host.at_look = [&] { time.advance(host.looks.back().held ? 0s : 2s); };
    when_committed(1, [&] {
        time.advance(6s);
        host.drives[1].guards = {mounted};
    });
    expect_second_refused(run());
    EXPECT_EQ(station.log->jobs()->size(), drive_count - 1) << "no number is taken for it";
    EXPECT_EQ(host.looks_at(true), 3);
}

TEST_F(SharedLook, HoldsForHalfAMinuteAtMost) {
    host.at_look = [&] { time.advance(host.looks.back().held ? 0s : 20s); };
    when_committed(1, [&] {
        time.advance(10s);
        host.drives[1].guards = {mounted};
    });
    expect_second_refused(run());
    EXPECT_EQ(host.looks_at(true), 3);
}

TEST_F(SharedLook, IsNotMadeForFew) {
    request.targets.pop_back();
    for (const Disposal& each : run())
        EXPECT_EQ(each.verdict, Verdict::erased) << each.drive.node;
    EXPECT_EQ(host.looks_at(true), 1) << "for the plans";
    EXPECT_EQ(host.looks_at(false), 3);
}

TEST_F(SharedLook, MissesADriveThatHasGone) {
    const auto outcomes = run([&] { host.drives.erase(host.drives.begin() + 1); });
    ASSERT_EQ(outcomes.size(), drive_count);
    EXPECT_EQ(outcomes[1].verdict, Verdict::refused);
    ASSERT_TRUE(outcomes[1].error);
    EXPECT_THAT(outcomes[1].error->message, HasSubstr("/dev/two has gone"));
}

} // namespace
} // namespace quietus
