// While a person thinks, real things happen to a real drive; the next look finds them.
#include "bench.hpp"
#include "real_corridor.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

#include <functional>

namespace quietus::rig {
namespace {

constexpr std::uint64_t drive_bytes = 16U << 20U;

class Slow final : public Operator {
  public:
    std::function<void()> meanwhile;
    Status agree(const Proposal&) override {
        meanwhile();
        return {};
    }
};

class RealRecheck : public LoopTest {
  protected:
    void SetUp() override {
        LoopTest::SetUp();
        if (IsSkipped()) return;
        file = scratch.make_file("medium", drive_bytes);
        fill_with_secrets(file);
        before = content_of(file);
        loop = std::make_unique<LoopDrive>(file);
    }
    Disposal erase(std::function<void()> meanwhile) {
        Slow person;
        person.meanwhile = std::move(meanwhile);
        DisposalRequest request;
        request.targets = {loop->node()};
        request.plan.scheme = "generic.zero";
        auto outcomes =
            dispose(request, corridor.station.site(*corridor.host), person, corridor.audience);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }
    static void expect_refused(const Disposal& outcome, const std::string& why) {
        EXPECT_EQ(outcome.exit_status, ExitStatus::refused);
        ASSERT_TRUE(outcome.error);
        EXPECT_THAT(outcome.error->message, testing::HasSubstr(why));
    }

    RealCorridor corridor;
    std::string file;
    std::string before;
    std::unique_ptr<LoopDrive> loop;
};

TEST_F(RealRecheck, LeavesAnotherFileUnderTheSameNodeAlone) {
    const std::string other = scratch.make_file("other", drive_bytes);
    fill_with_secrets(other);
    const std::string others = content_of(other);
    const std::string node = loop->node();
    const Disposal outcome = erase([&] {
        loop->detach();
        ASSERT_EQ(rig::run({"losetup", node, other}).exit_status, 0);
    });
    EXPECT_EQ(rig::run({"losetup", "--detach", node}).exit_status, 0);
    expect_refused(outcome, "identity-changed");
    EXPECT_TRUE(content_of(other) == others);
    EXPECT_TRUE(content_of(file) == before);
}

TEST_F(RealRecheck, LeavesADriveAloneThatWasOpenedForWriting) {
    int held = -1;
    const Disposal outcome = erase([&] { held = open(loop->node().c_str(), O_RDWR | O_EXCL); });
    EXPECT_GE(held, 0);
    close(held);
    expect_refused(outcome, "open-elsewhere");
    EXPECT_TRUE(content_of(file) == before);
}

TEST_F(RealRecheck, LeavesADriveAloneThatHoldsSomethingElseNow) {
    const Disposal outcome = erase([&] {
        ASSERT_EQ(rig::run({"mkfs.ext4", "-q", "-F", loop->node()}).exit_status, 0);
    });
    const std::string made = content_of(file);
    expect_refused(outcome, "holds something else");
    EXPECT_TRUE(content_of(file) == made) << "not a byte was written after the file system";
}

TEST_F(RealRecheck, LeavesADriveAloneThatIsReadOnlyNow) {
    const Disposal outcome = erase([&] {
        ASSERT_EQ(rig::run({"blockdev", "--setro", loop->node()}).exit_status, 0);
    });
    // The state belongs to the device and outlives the file that was attached.
    EXPECT_EQ(rig::run({"blockdev", "--setrw", loop->node()}).exit_status, 0);
    expect_refused(outcome, "read-only");
    EXPECT_TRUE(content_of(file) == before);
}

TEST_F(RealRecheck, GoesOnWhenNothingHappened) {
    EXPECT_EQ(erase([] {}).verdict, Verdict::erased);
    EXPECT_TRUE(content_of(file) == std::string(drive_bytes, '\0'));
}

} // namespace
} // namespace quietus::rig
