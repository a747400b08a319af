// A drive looked at once more: what is taken for the same drive, and what for the same content.
#include "support/station.hpp"

#include "quietus/app/reread.hpp"
#include "quietus/app/sign.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/policy/schemes.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using emulator::FaultKind;
using test::Agreeing;
using test::NotingAudience;
using test::OneDriveHost;
using test::Station;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::uint64_t size = (3U << 20U) + 512;

/// Notes what is told of the reading, and stops it when it is asked to.
class Watching final : public JobWatch {
  public:
    void step_started(const Progress& progress) override { told.push_back(progress); }
    void progressed(const Progress& progress) override { told.push_back(progress); }
    void step_finished(const Progress& progress) override { told.push_back(progress); }
    bool stop_requested() override { return stop; }
    std::vector<Progress> told;
    bool stop = false;
};

class Reread : public testing::Test {
  protected:
    Reread() {
        host.drive.identity_source = IdentitySource::drive;
        host.drive.model = "SPARSE";
        host.drive.wwn = "0x5000c50012345678";
    }
    void erase_with(const std::string& scheme) {
        DisposalRequest request;
        request.targets = {"image:/one"};
        request.plan.scheme = scheme;
        Agreeing person;
        NotingAudience audience;
        const auto outcomes = dispose(request, station.site(host), person, audience);
        ASSERT_TRUE(outcomes) << outcomes.error().message;
        ASSERT_TRUE(outcomes->front().document) << outcomes->front().error->message;
        document = outcomes->front().document->path;
    }
    Result<quietus::Reread> look(Verification verification = {}) {
        const auto trust = read_trust({station.root()}).value();
        return reread({"image:/one", document, trust, verification, watch}, station.site(host));
    }
    Reading reading() {
        auto answer = look();
        EXPECT_TRUE(answer) << answer.error().message;
        if (answer) status = exit_status(*answer);
        EXPECT_TRUE(answer && answer->reading);
        return answer && answer->reading ? std::move(*answer->reading) : Reading{};
    }

    Station station;
    emulator::SimulatedClock time;
    emulator::Media port{{.size_bytes = size}, time};
    OneDriveHost host{port};
    Watching watch;
    std::string document;
    ExitStatus status = ExitStatus::internal_error;
};

TEST_F(Reread, FindsTheSameAfterEveryScheme) {
    for (const Scheme& scheme : schemes()) {
        erase_with(scheme.id);
        const Reading answer = reading();
        EXPECT_EQ(answer.verdict, RecheckVerdict::same) << scheme.id << ": " << answer.reason;
        EXPECT_EQ(answer.read_back.bytes_matched, size) << scheme.id;
        EXPECT_EQ(status, ExitStatus::success);
        port.set(size / 2, static_cast<std::uint8_t>(~port.at(size / 2, 1)[0]));
        EXPECT_EQ(reading().verdict, RecheckVerdict::different) << scheme.id;
    }
}

TEST_F(Reread, KnowsADriveByWhatItTellsItself) {
    erase_with("generic.zero");
    EXPECT_TRUE(reading().identified);
    host.drive.identity_source = IdentitySource::bridge;
    host.drive.serial = "BRIDGE7";
    const Reading behind_a_bridge = reading();
    EXPECT_EQ(behind_a_bridge.verdict, RecheckVerdict::same);
    EXPECT_FALSE(behind_a_bridge.identified);
}

TEST_F(Reread, ReadsNothingOfAnotherDrive) {
    erase_with("generic.zero");
    const Drive right = host.drive;
    const auto commands = port.trace().size();
    for (const auto& [alter, why] : std::initializer_list<std::pair<void (*)(Drive&), const char*>>{
             {[](Drive& drive) { drive.serial = "SPARSE0002"; }, "serial"},
             {[](Drive& drive) { drive.model = "DENSE"; }, "model"},
             {[](Drive& drive) { drive.wwn = "0x5000c50012345679"; }, "world-wide name"},
             {[](Drive& drive) { drive.size_bytes += 512; }, "bytes"}}) {
        host.drive = right;
        alter(host.drive);
        const Reading answer = reading();
        EXPECT_EQ(answer.verdict, RecheckVerdict::another_drive);
        EXPECT_THAT(answer.reason, HasSubstr(why));
        EXPECT_EQ(status, ExitStatus::failed);
    }
    EXPECT_EQ(port.trace().size(), commands);
}

TEST_F(Reread, EstablishesNothingAboutWhatCannotBeRead) {
    erase_with("generic.random");
    port.add({.kind = FaultKind::read_error, .where = {512, 512}});
    Reading answer = reading();
    EXPECT_EQ(answer.verdict, RecheckVerdict::not_established);
    EXPECT_THAT(answer.read_back.unreadable, ElementsAre(Extent{512, 512}));
    EXPECT_EQ(answer.read_back.bytes_matched, size - 512);
    EXPECT_EQ(status, ExitStatus::not_established);
    port.set((2U << 20U) + 600, static_cast<std::uint8_t>(~port.at((2U << 20U) + 600, 1)[0]));
    answer = reading();
    EXPECT_EQ(answer.verdict, RecheckVerdict::different);
    EXPECT_THAT(answer.read_back.mismatched, ElementsAre(Extent{(2U << 20U) + 512, 512}));
    EXPECT_EQ(status, ExitStatus::failed);
}

TEST_F(Reread, TellsHowFarItIs) {
    erase_with("generic.zero");
    EXPECT_EQ(reading().verdict, RecheckVerdict::same);
    ASSERT_GT(watch.told.size(), 2U);
    EXPECT_EQ(watch.told.front().bytes_done, 0U);
    std::uint64_t before = 0;
    for (const Progress& each : watch.told) {
        EXPECT_EQ(each.kind, StepKind::verify);
        EXPECT_EQ(each.bytes_total, size);
        EXPECT_GE(each.bytes_done, before);
        before = each.bytes_done;
    }
    EXPECT_EQ(before, size);
}

TEST_F(Reread, EndsWhenItIsAskedTo) {
    erase_with("generic.random");
    watch.stop = true;
    EXPECT_EQ(reading().verdict, RecheckVerdict::not_established);
    EXPECT_EQ(status, ExitStatus::interrupted);
}

TEST_F(Reread, TellsWhoUsesADriveThatItReads) {
    erase_with("generic.zero");
    host.drive.guards = {{Interlock::mounted, "/one is mounted at /srv", "umount /srv"},
                         {Interlock::read_only, "its permissions", ""}};
    const Reading answer = reading();
    EXPECT_EQ(answer.verdict, RecheckVerdict::same);
    ASSERT_THAT(answer.in_use, SizeIs(1));
    EXPECT_EQ(answer.in_use.front().interlock, Interlock::mounted);
}

TEST_F(Reread, DoesNotReadForAnAttemptRecord) {
    port.add({.kind = FaultKind::flush_error});
    erase_with("generic.zero");
    port.heal();
    const auto commands = port.trace().size();
    const auto answer = look();
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->document.verdict, DocumentVerdict::not_an_erasure);
    EXPECT_FALSE(answer->reading);
    EXPECT_EQ(exit_status(*answer), ExitStatus::refused);
    EXPECT_EQ(port.trace().size(), commands);
}

TEST_F(Reread, LooksAtNothingWithoutAKey) {
    erase_with("generic.zero");
    std::filesystem::remove_all(station.places.keys());
    station.start_signer();
    const auto commands = port.trace().size();
    const auto trust = TrustAnchors::none();
    const auto answer = reread({"image:/one", document, trust, {}, watch}, station.site(host));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::io);
    EXPECT_EQ(answer.error().hint, "quietus key init");
    EXPECT_EQ(port.trace().size(), commands);
}

} // namespace
} // namespace quietus
