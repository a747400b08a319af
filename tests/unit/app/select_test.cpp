// Selecting a drive, and the interlocks that may and may not be set aside.
#include "quietus/app/select.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;

class Machine final : public Host {
  public:
    Result<std::vector<Drive>> detect(const DetectRequest&) override { return drives; }
    Result<Drive> image(const std::string& path, const DetectRequest&) override {
        Drive drive;
        drive.node = "image:" + path;
        return drive;
    }
    Result<NodeName> resolve(const std::string& path) override { return resolve_node(path); }
    Result<DriveLink> open(const Drive&) override { return Error{Fault::io, "not here"}; }
    Result<DriveLink> open_to_read(const Drive&) override { return Error{Fault::io, "not here"}; }

    void add(const std::string& node, const std::string& serial, const std::string& wwn) {
        Drive drive;
        drive.node = node;
        drive.serial = serial;
        drive.wwn = wwn;
        drives.push_back(drive);
    }
    std::vector<Drive> drives;
};

class Select : public testing::Test {
  protected:
    Select() {
        machine.add("/dev/one", "S1", "w1");
        machine.add("/dev/two", "S2", "w2");
        machine.add("/dev/three", "S2", "");
    }
    Result<Drive> selected(const std::string& target) { return select(machine, {}, target); }
    void expect_error(const std::string& target, Fault fault, const std::string& message) {
        const auto drive = selected(target);
        ASSERT_FALSE(drive) << target;
        EXPECT_EQ(drive.error().fault, fault);
        EXPECT_THAT(drive.error().message, HasSubstr(message));
    }
    Machine machine;
};

TEST_F(Select, FindsADriveBySerialAndByWwn) {
    EXPECT_EQ(selected("serial:S1")->node, "/dev/one");
    EXPECT_EQ(selected("wwn:w2")->node, "/dev/two");
    EXPECT_EQ(selected("image:/a:b")->node, "image:/a:b");
}

TEST_F(Select, KnowsASerialAsTheTablesSpellIt) {
    machine.add("/dev/four", "A\\xffB", "");
    EXPECT_EQ(selected("serial:A\\xffB")->node, "/dev/four");
    EXPECT_EQ(selected("serial:A\\\\xffB")->node, "/dev/four");
}

TEST_F(Select, RefusesToChooseBetweenTwo) {
    expect_error("serial:S2", Fault::refused, "both /dev/two and /dev/three answer to it");
}

TEST_F(Select, NeverTakesAnEmptyNameForADriveWithoutOne) {
    expect_error("serial:", Fault::usage, "nothing after the colon");
    expect_error("wwn:", Fault::usage, "nothing after the colon");
    expect_error("image:", Fault::usage, "nothing after the colon");
}

TEST_F(Select, MatchesNamesWholeAndAsTheyAreWritten) {
    for (const char* target : {"serial:s1", "serial:S", "serial:S11", "serial: S1", "wwn:W1"})
        expect_error(target, Fault::usage, "no such drive");
}

TEST_F(Select, EscapesWhatItRepeats) {
    expect_error("serial:\x1b[2J", Fault::usage, "\\u{001b}");
}

TEST(CheckGuards, NamesEveryInterlockWithItsRelease) {
    Drive drive;
    drive.node = "/dev/one";
    EXPECT_TRUE(check_guards(drive, {}));
    drive.guards = {{Interlock::mounted, "/dev/one1 is mounted at /a", "umount /a"},
                    {Interlock::swap, "/dev/one2 is swapped on", "swapoff /dev/one2"},
                    {Interlock::weak_identity, "it tells no serial number", ""}};
    const Status status = check_guards(drive, {});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().fault, Fault::refused);
    for (const char* text : {"/dev/one: ", "mounted: /dev/one1", "swap: ", "weak-identity: "})
        EXPECT_THAT(status.error().message, HasSubstr(text));
    EXPECT_EQ(status.error().hint, "umount /a; swapoff /dev/one2");
}

TEST(CheckGuards, SetsAsideOnlyWhatWasNamedAndMayBe) {
    Drive drive;
    drive.guards = {{Interlock::weak_identity, "no serial", ""}};
    EXPECT_FALSE(check_guards(drive, {"clock"}));
    EXPECT_TRUE(check_guards(drive, {"weak-identity"}));
    drive.guards.push_back({Interlock::mounted, "mounted", ""});
    EXPECT_FALSE(check_guards(drive, {"weak-identity", "mounted"}));
}

// The list of the command-line contract.
TEST(GuardAgainst, HoldsADriveBehindABridgeThatIsToEraseItself) {
    Plan plan;
    plan.technique = Technique::ata_sanitize_block_erase;
    for (const bool by_kind : {false, true}) {
        Drive drive;
        drive.node = "/dev/one";
        drive.kind = by_kind ? DriveKind::usb : DriveKind::ata;
        if (!by_kind) drive.bridge = "JMicron External (152d:0578)";
        drive.guards = {{Interlock::hidden_area_unchecked, "unknown", ""}};
        guard_against(plan, drive);
        ASSERT_EQ(drive.guards.size(), 2U);
        EXPECT_EQ(drive.guards.front().interlock, Interlock::usb_firmware);
        EXPECT_FALSE(check_guards(drive, {"hidden-area-unchecked"}));
        EXPECT_TRUE(check_guards(drive, {"hidden-area-unchecked", "usb-firmware"}));
    }
}

TEST(GuardAgainst, HasNothingAgainstAnOverwriteOrADriveOnItsOwnPort) {
    Plan plan;
    Drive drive;
    drive.kind = DriveKind::usb;
    guard_against(plan, drive);
    EXPECT_TRUE(drive.guards.empty());
    plan.technique = Technique::ata_security_erase;
    drive.kind = DriveKind::ata;
    guard_against(plan, drive);
    EXPECT_TRUE(drive.guards.empty());
}

TEST(CheckOverrides, KnowsWhatMayBeOverridden) {
    for (const char* name : {"weak-identity", "not-expected", "clock", "fabrics", "usb-firmware",
                             "hidden-area-unchecked"})
        EXPECT_TRUE(check_overrides({name})) << name;
    for (const char* name :
         {"system", "boot", "live", "state-on-drive", "mounted", "swap", "holder", "open-elsewhere",
          "unknown-holder", "identity-changed", "read-only", "on-hold", "", "Clock", "all"}) {
        const Status status = check_overrides({"clock", name});
        ASSERT_FALSE(status) << name;
        EXPECT_EQ(status.error().fault, Fault::usage);
    }
}

Drive guarded_by(std::vector<Guard> guards) {
    Drive drive;
    drive.node = "/dev/one";
    drive.guards = std::move(guards);
    return drive;
}

TEST(Guards, HintAtTheCommandsInTheOrderOfTheirStepsAndOnce) {
    const Drive drive =
        guarded_by({{Interlock::boot, "it boots", "umount /boot", 3},
                    {Interlock::mounted, "inner is mounted", "umount /inner", 1},
                    {Interlock::mounted, "boot is mounted", "umount /boot", 4},
                    {Interlock::holder, "vault stands on it", "cryptsetup close vault", 5},
                    {Interlock::open_elsewhere, "a loop", "losetup --detach /dev/loop0", 2}});
    const auto status = check_guards(drive, {});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().fault, Fault::refused);
    EXPECT_EQ(status.error().hint, "umount /inner; losetup --detach /dev/loop0; umount /boot; "
                                   "cryptsetup close vault");
    EXPECT_THAT(status.error().message, HasSubstr("/dev/one: boot: it boots; mounted: inner"));
}

TEST(Guards, HintAtNothingForTheDriveOfTheRunningSystem) {
    const auto status =
        check_guards(guarded_by({{Interlock::system, "the running system stands on it", "", 1},
                                 {Interlock::holder, "vault stands on it", "x", 2}}),
                     {});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().hint, "");
}

TEST(Guards, HintOnlyAtWhatIsNotSetAside) {
    const Drive drive =
        guarded_by({{Interlock::read_only, "it is read-only", "blockdev --setrw /dev/one", 1},
                    {Interlock::weak_identity, "no serial", "never printed", 2}});
    EXPECT_EQ(check_guards(drive, {"weak-identity"}).error().hint, "blockdev --setrw /dev/one");
}

} // namespace
} // namespace quietus
