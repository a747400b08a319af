// What changes between two looks at a drive is found at the next one, and stops the run there.
#include "support/station.hpp"

#include "quietus/core/file.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/policy/schemes.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using test::NotingAudience;
using test::OneDriveHost;
using test::Station;
using testing::HasSubstr;

constexpr std::uint64_t size = 4U << 20U;

// A block that no stamp of the address probe stands on.
const emulator::MediaFault bad_block{.kind = emulator::FaultKind::write_error,
                                     .where = {(1U << 20U) + 5 * 512, 512}};

/// Agrees, after something has happened.
class Slow final : public Operator {
  public:
    explicit Slow(std::function<void()> meanwhile) : meanwhile_(std::move(meanwhile)) {}
    Status agree(const Proposal&) override {
        meanwhile_();
        return {};
    }

  private:
    std::function<void()> meanwhile_;
};

class Recheck : public testing::Test {
  protected:
    Recheck() {
        host.drive.diskseq = 7;
        request.targets = {"image:/one"};
        request.plan.scheme = "generic.zero";
    }
    Disposal run(std::function<void()> while_thinking = [] {}) {
        Slow person(std::move(while_thinking));
        auto outcomes = dispose(request, station.site(host), person, audience);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }
    [[nodiscard]] bool untouched() const { return port.trace().empty(); }
    [[nodiscard]] std::string journal_of(const Disposal& outcome) const {
        const std::string path = station.places.job(outcome.job) + "/journal.jsonl";
        return read_regular_file(path, 1U << 20U).value();
    }
    /// The drive is another at the look that follows an error.
    void expect_stop(const std::function<void()>& change, const std::string& because) {
        port.add(bad_block);
        host.at_look = [&](const DetectRequest& look) {
            if (!look.ask) change();
        };
        const Disposal outcome = run();
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        ASSERT_TRUE(outcome.document);
        EXPECT_THAT(journal_of(outcome), HasSubstr("drive-changed"));
        EXPECT_THAT(journal_of(outcome), HasSubstr(because));
    }

    emulator::SimulatedClock time{Station::time_after_keys()};
    Station station{time};
    emulator::Media port{{.size_bytes = size}, time};
    OneDriveHost host{port};
    NotingAudience audience;
    DisposalRequest request;
};

TEST_F(Recheck, RefusesAnotherDriveThatCameWhileThePersonThought) {
    const Disposal outcome = run([&] { host.drive.diskseq = 8; });
    EXPECT_EQ(outcome.verdict, Verdict::refused);
    EXPECT_EQ(outcome.exit_status, ExitStatus::refused);
    ASSERT_TRUE(outcome.error);
    EXPECT_THAT(outcome.error->message, HasSubstr("identity-changed"));
    EXPECT_TRUE(untouched());
    EXPECT_EQ(station.log->jobs()->size(), 0u) << "no number is taken for it";
}

TEST_F(Recheck, RefusesADriveThatWasMountedWhileThePersonThought) {
    const Disposal outcome = run([&] {
        host.drive.guards = {{Interlock::mounted, "/dev/one is mounted at /srv", "umount /srv"}};
    });
    EXPECT_EQ(outcome.verdict, Verdict::refused);
    ASSERT_TRUE(outcome.error);
    EXPECT_THAT(outcome.error->message, HasSubstr("mounted: /dev/one is mounted at /srv"));
    EXPECT_EQ(outcome.error->hint, "umount /srv");
    EXPECT_TRUE(untouched());
}

TEST_F(Recheck, RefusesWhatChangedUntilTheDriveWasHeld) {
    host.at_look = [&](const DetectRequest& look) {
        if (look.held) host.drive.serial_raw_hex = "58";
    };
    const Disposal outcome = run();
    EXPECT_EQ(outcome.verdict, Verdict::refused);
    EXPECT_TRUE(untouched());
    ASSERT_TRUE(outcome.document) << "a number was taken, so there is an attempt record";
    EXPECT_THAT(outcome.document->path, testing::EndsWith(".qar.json"));
}

TEST_F(Recheck, StopsWhenTheNodeIsAnotherDrivesAfterAnError) {
    expect_stop([&] { host.drive.diskseq = 8; }, "was attached anew since it was planned");
}

// A dock that says nothing when the drive in it is changed: the kernel sees no difference.
TEST_F(Recheck, StopsWhenAnotherDriveAnswersAfterAnError) {
    expect_stop([&] { host.drive.serial_raw_hex = "58"; },
                "has another serial number since it was planned");
}

TEST_F(Recheck, GoesOnAfterAnErrorOfTheSameDrive) {
    port.add(bad_block);
    unsigned looks_under_way = 0;
    host.at_look = [&](const DetectRequest& look) { looks_under_way += look.ask ? 0 : 1; };
    const Disposal outcome = run();
    EXPECT_EQ(outcome.verdict, Verdict::failed) << "the block was not written";
    EXPECT_GT(looks_under_way, 0u);
    EXPECT_THAT(journal_of(outcome), testing::Not(HasSubstr("drive-changed")));
    EXPECT_EQ(port.at(2U << 20U, 512), std::vector<std::uint8_t>(512, 0)) << "the rest is erased";
}

} // namespace
} // namespace quietus
