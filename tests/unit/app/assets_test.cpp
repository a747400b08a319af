// What the asset register says about drives: expected ones, and holds.
#include "quietus/app/assets.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace quietus {
namespace {

using testing::HasSubstr;

Drive drive_with(const std::string& serial) {
    Drive drive;
    drive.serial = serial;
    return drive;
}

std::vector<Interlock> interlocks(const Assets& assets, const std::string& serial) {
    Drive drive = drive_with(serial);
    assets.guard(drive);
    std::vector<Interlock> found;
    for (const Guard& each : drive.guards)
        found.push_back(each.interlock);
    return found;
}

TEST(Assets, ExpectsEverythingUntilSomethingIsListed) {
    const auto none = Assets::from_toml("");
    ASSERT_TRUE(none);
    EXPECT_TRUE(interlocks(*none, "EX1").empty());
    const auto one = Assets::from_toml("[[expected]]\nserial = \"EX1\"\nasset_tag = \"A-1\"\n");
    ASSERT_TRUE(one) << one.error().message;
    EXPECT_TRUE(interlocks(*one, "EX1").empty());
    EXPECT_EQ(interlocks(*one, "EX2"), std::vector{Interlock::not_expected});
    EXPECT_EQ(interlocks(*one, ""), std::vector{Interlock::not_expected});
    EXPECT_EQ(one->tag_of(drive_with("EX1")), "A-1");
    EXPECT_EQ(one->tag_of(drive_with("EX2")), "");
}

TEST(Assets, HoldsWhatSomebodyAskedFor) {
    const auto held = Assets::from_toml("[[hold]]\nserial = \"EX1\"\nreason = \"inquiry 12\"\n");
    ASSERT_TRUE(held) << held.error().message;
    EXPECT_EQ(interlocks(*held, "EX1"), std::vector{Interlock::on_hold});
    EXPECT_TRUE(interlocks(*held, "EX2").empty()); // a hold alone expects nothing
    Drive drive = drive_with("EX1");
    held->guard(drive);
    EXPECT_EQ(drive.guards.front().reason, "inquiry 12");
}

TEST(Assets, LetsGoWhatSomebodyCleared) {
    const auto cleared = Assets::from_toml(
        "[[hold]]\nserial = \"EX1\"\nreason = \"inquiry 12\"\ncleared_by = \"Lee, Legal\"\n");
    ASSERT_TRUE(cleared) << cleared.error().message;
    EXPECT_TRUE(interlocks(*cleared, "EX1").empty());
    EXPECT_EQ(cleared->clearance_of(drive_with("EX1")), "Lee, Legal");
    EXPECT_EQ(cleared->clearance_of(drive_with("EX2")), "");
}

TEST(Assets, RefusesWhatItDoesNotUnderstandWithTheLine) {
    for (const char* bad :
         {"expected = 1\n", "[[expected]]\n", "[[expected]]\nserial = \"\"\n",
          "[[expected]]\nserial = 1\n", "[[expected]]\nserial = \"1\"\ntag = \"x\"\n",
          "[[expected]]\nserial = \"1\"\n[[expected]]\nserial = \"1\"\n",
          "[[hold]]\nserial = \"1\"\n", "[[hold]]\nserial = \"1\"\ncleared_by = \"x\"\n",
          "[[hold]]\nserial = \"1\"\nreason = \"x\"\ncleared_by = \"\"\n",
          "[[holds]]\nserial = \"1\"\n", "[[hold]\n", "expected = [1]\n"}) {
        const auto assets = Assets::from_toml(bad);
        ASSERT_FALSE(assets) << bad;
        EXPECT_EQ(assets.error().fault, Fault::invalid);
    }
    EXPECT_THAT(Assets::from_toml("[[expected]]\nserial = \"1\"\ntag = \"x\"\n").error().message,
                HasSubstr("line 3: unknown member \"tag\""));
}

class AssetsOfAStation : public testing::Test {
  protected:
    AssetsOfAStation() {
        std::string pattern = testing::TempDir() + "assets-XXXXXX";
        state = mkdtemp(pattern.data());
    }
    ~AssetsOfAStation() override { std::filesystem::remove_all(state); }
    void write(const std::string& text) const { std::ofstream(path()) << text; }
    [[nodiscard]] std::string path() const { return state + "/assets.toml"; }

    std::string state;
};

TEST_F(AssetsOfAStation, AreNoneWithoutAFile) {
    const auto none = Assets::of(state);
    ASSERT_TRUE(none);
    EXPECT_TRUE(interlocks(*none, "EX1").empty());
}

TEST_F(AssetsOfAStation, AreReadFromItsFile) {
    write("[[hold]]\nserial = \"EX1\"\nreason = \"inquiry 12\"\n");
    const auto held = Assets::of(state);
    ASSERT_TRUE(held) << held.error().message;
    EXPECT_EQ(interlocks(*held, "EX1"), std::vector{Interlock::on_hold});
}

TEST_F(AssetsOfAStation, RefuseEverythingWhenTheyCannotBeBelieved) {
    write("[[hold]]\nserial = \"EX1\"\n");
    EXPECT_EQ(Assets::of(state).error().fault, Fault::refused);
    write("");
    std::filesystem::permissions(path(), std::filesystem::perms::others_write,
                                 std::filesystem::perm_options::add);
    const auto open = Assets::of(state);
    ASSERT_FALSE(open);
    EXPECT_EQ(open.error().fault, Fault::refused);
    EXPECT_THAT(open.error().message, HasSubstr("others may write to it"));
}

} // namespace
} // namespace quietus
