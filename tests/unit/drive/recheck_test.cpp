// The second look: what may have changed between a plan and the first write, and under way.
#include "quietus/drive/recheck.hpp"

#include "recorded_machine.hpp"
#include "support/wire_samples.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Drive planned() {
    Drive drive;
    drive.node = "/dev/sdb";
    drive.kind = DriveKind::ata;
    drive.model = "WDC WD40EFRX";
    drive.serial_raw_hex = "5744";
    drive.wwn = "naa.50014ee2b5d3a0f1";
    drive.firmware = "0A82";
    drive.size_bytes = 1 << 20U;
    drive.device_number = 0x810;
    drive.diskseq = 7;
    drive.parts = {{"/dev/sdb1", 4096}};
    drive.contents = {{"/dev/sdb1", "ext4", "files", "1111-2222", "filesystem", 2048}};
    return drive;
}

struct Change {
    const char* name;
    std::function<void(Drive&)> apply;
    const char* says;
    bool seen_by_surroundings;
};

class CheckUnchanged : public testing::TestWithParam<Change> {};

TEST_P(CheckUnchanged, RefusesAndSaysWhatDiffers) {
    Drive now = planned();
    GetParam().apply(now);
    const Status status = check_unchanged(planned(), now);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().fault, Fault::refused);
    EXPECT_THAT(status.error().message, HasSubstr(GetParam().says));
    EXPECT_EQ(check_surroundings(planned(), now).has_value(), !GetParam().seen_by_surroundings);
}

INSTANTIATE_TEST_SUITE_P(
    Each, CheckUnchanged,
    testing::Values(
        Change{"device", [](Drive& d) { d.device_number = 0x820; }, "another device", true},
        Change{"diskseq", [](Drive& d) { d.diskseq = 8; }, "attached anew", true},
        Change{"capacity", [](Drive& d) { d.size_bytes += 512; }, "another capacity", true},
        Change{"blocks", [](Drive& d) { d.logical_block_bytes = 4096; }, "other blocks", true},
        Change{"kind", [](Drive& d) { d.kind = DriveKind::usb; }, "another kind", false},
        Change{"serial", [](Drive& d) { d.serial_raw_hex = "57"; }, "another serial", false},
        Change{"model", [](Drive& d) { d.model += "-2"; }, "another model", false},
        Change{"wwn", [](Drive& d) { d.wwn = "naa.5"; }, "another worldwide name", false},
        Change{"firmware", [](Drive& d) { d.firmware = "0A83"; }, "other firmware", false},
        Change{"native", [](Drive& d) { d.native_size_bytes = 4; }, "native capacity", false},
        Change{"part_gone", [](Drive& d) { d.parts.clear(); }, "other parts", false},
        Change{"part_kind", [](Drive& d) { d.parts[0].kind = PartKind::name_space; }, "other parts",
               false},
        Change{"content", [](Drive& d) { d.contents[0].uuid = "3333"; }, "something else", false},
        Change{"mounted",
               [](Drive& d) {
                   d.guards = {{Interlock::mounted, "it is mounted at /srv", "x"}};
               },
               "mounted: it is mounted at /srv", true},
        Change{"read_only",
               [](Drive& d) {
                   d.guards = {{Interlock::read_only, "it is read-only", ""}};
               },
               "read-only: it is", true},
        Change{"weak",
               [](Drive& d) {
                   d.guards = {{Interlock::weak_identity, "no serial", ""}};
               },
               "weak-identity: no serial", false}),
    [](const auto& each) { return each.param.name; });

TEST(CheckUnchanged, LetsTheSameDrivePass) {
    EXPECT_TRUE(check_unchanged(planned(), planned()));
    EXPECT_TRUE(check_surroundings(planned(), planned()));
}

// What an error leaves as it was, and what it does not: the drive's own word.
TEST(CheckOwnWord, RefusesAnotherDriveThatABridgeHidFromTheKernel) {
    const std::vector<std::pair<std::function<void(Drive&)>, const char*>> changes{
        {[](Drive& drive) { drive.kind = DriveKind::usb; }, "another kind"},
        {[](Drive& drive) { drive.serial_raw_hex = "57"; }, "another serial"},
        {[](Drive& drive) { drive.model += "-2"; }, "another model"},
        {[](Drive& drive) { drive.wwn = "naa.5"; }, "another worldwide name"},
        {[](Drive& drive) { drive.firmware = "0A83"; }, "other firmware"}};
    for (const auto& [change, says] : changes) {
        Drive now = planned();
        change(now);
        EXPECT_TRUE(check_surroundings(planned(), now)) << "the kernel sees the same: " << says;
        const Status status = check_own_word(planned(), now);
        ASSERT_FALSE(status) << says;
        EXPECT_EQ(status.error().fault, Fault::refused);
        EXPECT_THAT(status.error().message, HasSubstr(says));
    }
}

TEST(CheckOwnWord, LetsADriveWithBadBlocksPass) {
    Drive now = planned();
    now.contents.clear(); // it is being erased
    now.guards = {{Interlock::unknown_holder, "what it holds cannot be read", ""}};
    EXPECT_TRUE(check_own_word(planned(), now));
    now.probe = ProbeOutcome::not_answering;
    now.serial_raw_hex = "";
    EXPECT_TRUE(check_own_word(planned(), now));
}

TEST(CheckUnchanged, KnowsTheInterlocksThatWereSetAside) {
    Drive before = planned();
    before.guards = {{Interlock::weak_identity, "it tells no serial number", ""}};
    EXPECT_TRUE(check_unchanged(before, before));
    Drive now = before;
    now.guards.front().reason = "the same serial number is on /dev/sdc";
    EXPECT_FALSE(check_unchanged(before, now)) << "another reason was not set aside";
}

TEST(CheckUnchanged, ExpectsAClockThatWasSetAsideToMoveOn) {
    Drive before = planned();
    Drive now = before;
    now.guards = {{Interlock::clock, "the clock says 12:01", "date"}};
    const Status status = check_unchanged(before, now);
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr("clock: the clock says 12:01"));
    before.guards = {{Interlock::clock, "the clock says 12:00", "date"}};
    EXPECT_TRUE(check_unchanged(before, now));
    EXPECT_TRUE(check_surroundings(planned(), now)) << "no reason to end an erase that is on";
}

/// Says that it is the drive of these words, or nothing.
class AnsweringBay final : public FirmwareBay, private AtaPort {
  public:
    explicit AnsweringBay(std::optional<Bytes> words) : words_(std::move(words)) {}
    AtaPort* ata() override { return this; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override {
        return Error{Fault::unsupported, "nothing is read here"};
    }
    bool reset() override { return false; }

  private:
    Result<AtaReply> execute(const AtaCommand& command) override {
        EXPECT_EQ(command.taskfile.command, 0xEC) << "nothing but IDENTIFY DEVICE";
        if (!words_) return Error{Fault::io, "no answer"};
        return AtaReply{std::nullopt, *words_};
    }

    std::optional<Bytes> words_;
};

/// Whoever this is, where the drive of wire_samples.hpp is planned for.
Status told_by(std::optional<Bytes> words) {
    Drive drive = planned();
    drive.serial = "ZC14AB7K";
    drive.model = "ST4000NM0035-1V4107";
    drive.ata_erasure.emplace();
    AnsweringBay bay(std::move(words));
    return check_who_answers(drive, bay);
}

Bytes words_with(std::size_t first, std::size_t count, const std::string& text) {
    test::IdentifySample data;
    data.text(first, count, text);
    return data.sealed();
}

TEST(CheckWhoAnswers, LetsTheDriveThatWasPlannedPassAndNoOther) {
    EXPECT_TRUE(told_by(test::IdentifySample().sealed()));
    const auto refused = [](const Status& status, const char* why) {
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().fault, Fault::refused);
        EXPECT_THAT(status.error().message, StartsWith("identity-changed: "));
        EXPECT_THAT(status.error().message, HasSubstr(why));
    };
    refused(told_by(words_with(10, 10, "ZC14AB7L")), "another serial");
    refused(told_by(words_with(27, 20, "ST4000NM0035-1V4108")), "another model");
    refused(told_by(test::IdentifySample().bare()), "nobody says who answers"); // proves nothing
    refused(told_by(std::nullopt), "nobody says who answers");
}

// Blanks within a model are one in a plan.
TEST(CheckWhoAnswers, KnowsAModelWithRunsOfBlanks) {
    Drive drive = planned();
    drive.serial = "ZC14AB7K";
    drive.model = "EXAMPLE 4000";
    drive.ata_erasure.emplace();
    AnsweringBay bay(words_with(27, 20, "EXAMPLE   4000"));
    EXPECT_TRUE(check_who_answers(drive, bay));
}

// In the language in which it will be told: there is no way for any other here.
TEST(CheckWhoAnswers, RefusesWhereNobodySpeaksTheDrivesOwnLanguage) {
    Drive drive = planned();
    drive.kind = DriveKind::scsi;
    drive.scsi_erasure.emplace();
    AnsweringBay bay(test::IdentifySample().sealed());
    const Status sas = check_who_answers(drive, bay);
    ASSERT_FALSE(sas);
    EXPECT_THAT(sas.error().message, HasSubstr("nobody says who answers"));
    drive.kind = DriveKind::nvme;
    drive.scsi_erasure.reset();
    drive.nvme_erasure.emplace();
    EXPECT_FALSE(check_who_answers(drive, bay));
}

TEST(LookAgain, FindsTheDriveUnderItsNodeAlone) {
    RecordedMachine machine;
    machine.add_sata("sda", "8:0");
    machine.add_sata("sdb", "8:16");
    const Drive before = machine.drive("/dev/sdb");
    const auto host = make_linux_host(
        machine.paths, std::make_unique<RecordedProbe>(machine.answers, machine.paths.dev));
    const auto now = look_again(*host, before, {});
    ASSERT_TRUE(now);
    EXPECT_EQ(now->node, "/dev/sdb");
    EXPECT_TRUE(check_unchanged(before, *now));
}

TEST(LookAgain, SaysWhenTheDriveHasGone) {
    RecordedMachine machine;
    machine.add_sata("sdb", "8:16");
    const Drive before = machine.drive("/dev/sdb");
    machine.remove("sys/block/sdb");
    const auto host = make_linux_host(
        machine.paths, std::make_unique<RecordedProbe>(machine.answers, machine.paths.dev));
    const auto now = look_again(*host, before, {});
    ASSERT_FALSE(now);
    EXPECT_EQ(now.error().fault, Fault::refused);
    EXPECT_THAT(now.error().message, StartsWith("identity-changed: /dev/sdb has gone"));
}

TEST(LookAgain, TakesItsOwnClaimForNobodyElses) {
    RecordedMachine machine;
    machine.add_sata("sdb", "8:16");
    const Drive before = machine.drive("/dev/sdb");
    machine.answers.claimed.insert("/dev/sdb");
    const auto host = make_linux_host(
        machine.paths, std::make_unique<RecordedProbe>(machine.answers, machine.paths.dev));
    EXPECT_FALSE(check_unchanged(before, *look_again(*host, before, {})));
    EXPECT_TRUE(check_unchanged(before, *look_again(*host, before, {.held = true})));
}

TEST(LookAgain, DoesNotAskADriveThatMayBeDying) {
    RecordedMachine machine;
    machine.add_sata("sdb", "8:16");
    const Drive before = machine.drive("/dev/sdb");
    machine.answers.silent.insert("/dev/sdb");
    const auto host = make_linux_host(
        machine.paths, std::make_unique<RecordedProbe>(machine.answers, machine.paths.dev));
    const auto now = look_again(*host, before, {.held = true, .ask = false});
    ASSERT_TRUE(now);
    EXPECT_TRUE(check_surroundings(before, *now));
}

} // namespace
} // namespace quietus
