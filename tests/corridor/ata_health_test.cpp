// Blocks that a drive remaps while the host writes over it: they keep what they held where no
// address leads any more. It is asked once more when all is done.
#include "ata_host.hpp"

#include "quietus/core/json_fields.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace quietus {
namespace {

using test::AtaHost;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr auto remapped = "remapped-blocks-may-hold-data";
constexpr auto unknown = "health-unknown";

/// Whose drive is as the test says once it has been written over.
class AgeingHost final : public Host {
  public:
    Result<std::vector<Drive>> detect(const DetectRequest&) override {
        Drive drive = machine.told();
        if (written() && aged) {
            if (lost) return Error{Fault::io, "the bus is gone"};
            aged(drive);
        }
        return std::vector<Drive>{drive};
    }
    Result<Drive> image(const std::string&, const DetectRequest&) override {
        return Error{Fault::usage, "no image"};
    }
    Result<DriveLink> open(const Drive& drive) override { return machine.open(drive); }
    Result<DriveLink> open_to_read(const Drive& drive) override { return open(drive); }

    [[nodiscard]] bool written() { return machine.residue() == 0; }

    AtaHost machine{{.blocks = 256}};
    std::function<void(Drive&)> aged;
    bool lost = false; ///< by then nobody answers
};

ErasureRecord overwritten(AgeingHost& host, JobWatch& watch) {
    auto record = test::UnkeptRun{host, host.machine.clock, watch}.erase(
        host.machine.told(), {.scheme = "generic.zero"});
    EXPECT_TRUE(record);
    if (!record) return {};
    EXPECT_EQ(record->judgement.verdict, Verdict::erased)
        << to_line(to_json(record->judgement.findings));
    EXPECT_EQ(record->judgement.level, Level::clear);
    return std::move(*record);
}

class HealthAfter : public testing::Test {
  protected:
    std::vector<std::string> limits() {
        record = overwritten(host, audience);
        return record.judgement.limits;
    }
    AgeingHost host;
    test::NotingAudience audience;
    ErasureRecord record;
};

TEST_F(HealthAfter, IsAskedForAndSaysNothingOfASoundDrive) {
    EXPECT_THAT(limits(), testing::AllOf(Not(Contains(remapped)), Not(Contains(unknown))));
    ASSERT_TRUE(record.evidence.health_after);
    EXPECT_EQ(record.evidence.health_after->reallocated, 0U);
    EXPECT_EQ(record.evidence.health_after->power_on_hours, 1234U);
}

TEST_F(HealthAfter, TellsOfABlockThatWasRemappedMeanwhile) {
    host.aged = [](Drive& drive) { drive.health->reallocated = 1; };
    EXPECT_THAT(limits(), Contains(remapped));
    EXPECT_EQ(record.drive.health->reallocated, 0U) << "as it was found";
    EXPECT_EQ(record.evidence.health_after->reallocated, 1U);
}

TEST_F(HealthAfter, TellsOfABlockThatIsAboutToBe) {
    host.aged = [](Drive& drive) { drive.health->pending = 7; };
    EXPECT_THAT(limits(), Contains(remapped));
}

TEST_F(HealthAfter, IsUnknownWhenTheDriveTellsNoMore) {
    host.aged = [](Drive& drive) { drive.health->reallocated.reset(); };
    EXPECT_THAT(limits(), Contains(unknown));
    AgeingHost silent;
    silent.aged = [](Drive& drive) { drive.health.reset(); };
    EXPECT_THAT(overwritten(silent, audience).judgement.limits, Contains(unknown));
    AgeingHost lost;
    lost.aged = [](Drive&) {};
    lost.lost = true;
    const ErasureRecord last = overwritten(lost, audience);
    EXPECT_THAT(last.judgement.limits, Contains(unknown));
    EXPECT_THAT(last.evidence.health_after->text, HasSubstr("the bus is gone"));
}

TEST_F(HealthAfter, IsOfNobodyElse) {
    host.aged = [](Drive& drive) { drive.serial_raw_hex = "00"; };
    EXPECT_THAT(limits(), Contains(unknown));
    EXPECT_THAT(record.evidence.health_after->text, HasSubstr("another serial number"));
}

// One limit, however often it is so.
TEST_F(HealthAfter, IsSaidOnceOfADriveThatHadRemappedBlocksBefore) {
    AtaHost worn({.blocks = 256, .retired_blocks = 3});
    const auto before = worn.told();
    ASSERT_EQ(before.health->reallocated, 3U);
    const auto done = worn.overwrite();
    ASSERT_TRUE(done);
    EXPECT_EQ(std::ranges::count(done->judgement.limits, remapped), 1);
    EXPECT_EQ(done->evidence.health_after->reallocated, 3U);
}

// What hides a part is lifted on the way, and the drive asked all the same.
TEST_F(HealthAfter, IsAskedForWhereHiddenAreasWereLifted) {
    AtaHost hiding({.blocks = 256, .accessible_blocks = 200});
    const auto done = hiding.overwrite();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->judgement.verdict, Verdict::erased);
    ASSERT_TRUE(done->evidence.health_after);
    EXPECT_EQ(done->evidence.health_after->reallocated, 0U);
}

// A drive that has told nothing of its health is not asked: nothing would be known from that.
TEST_F(HealthAfter, IsNotAskedForOfADriveThatNeverTold) {
    Drive drive = host.machine.told();
    drive.health.reset();
    host.aged = [](Drive& now) { now.health.reset(); };
    auto done = test::UnkeptRun{host, host.machine.clock, audience}.erase(
        drive, {.scheme = "generic.zero"});
    ASSERT_TRUE(done);
    EXPECT_FALSE(done->evidence.health_after);
}

/// Cannot keep what it is told of a drive's health.
class FullJournal final : public Journal {
  public:
    Status append(const Json& event) override {
        if (event.text_of("event") != "health") return {};
        return Error{Fault::evidence, "no space left"};
    }
};

TEST_F(HealthAfter, IsEvidenceThatHasToBeKept) {
    const Drive drive = host.machine.told();
    auto plan = make_plan(drive, {.scheme = "generic.zero"});
    ASSERT_TRUE(plan);
    test::Agreeing person;
    auto confirmed = confirm({drive, std::move(*plan)}, person);
    ASSERT_TRUE(confirmed);
    test::ForgetfulLog log;
    FullJournal journal;
    HostBay bay(host, drive);
    Bench bench{bay, host.machine.clock, journal, audience};
    const auto done = carry_out(std::move(*commit(std::move(*confirmed), {log, "TEST01"})), bench);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->judgement.verdict, Verdict::failed);
    EXPECT_EQ(done->judgement.findings.front().code, "io-error");
}

} // namespace
} // namespace quietus
