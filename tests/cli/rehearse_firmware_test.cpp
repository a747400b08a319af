// Drives that erase themselves, as a trainee meets them: what is on offer and why not, what is
// planned, and what is really left.
#include "rehearse_fixture.hpp"

namespace quietus {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class RehearseFirmware : public Rehearse {
  protected:
    [[nodiscard]] Json planned(const Words& more) const {
        Words words{"plan", "--json"};
        words.insert(words.end(), more.begin(), more.end());
        const auto result = in_scenario("firmware", words);
        EXPECT_EQ(result.status, 0) << result.err;
        const auto json = parse_json(result.out);
        return json ? json->find("plans")->as<Json::Array>()->front() : Json{};
    }
};

TEST_F(RehearseFirmware, OffersEachTechniqueWithLevelBasisAndWhyNot) {
    const Json one = inspected("firmware", "rehearsal:one");
    const Json sanitize = technique(one, "ata-sanitize-block-erase");
    EXPECT_EQ(sanitize.text_of("level"), "purge");
    EXPECT_EQ(sanitize.text_of("basis"), "drive_reported");
    EXPECT_EQ(*sanitize.find("available"), Json(true));
    const Json overwrite = technique(one, "overwrite");
    EXPECT_EQ(overwrite.text_of("level"), "clear");
    EXPECT_EQ(overwrite.text_of("basis"), "host_read_back");
    const Json locked = technique(inspected("firmware", "rehearsal:locked"), "ata-security-erase");
    EXPECT_EQ(*locked.find("available"), Json(false));
    EXPECT_THAT(std::string(locked.text_of("reason")), HasSubstr("a password is set already"));
    const auto text = in_scenario("firmware", {"inspect", "rehearsal:frozen"});
    EXPECT_THAT(text.out, AllOf(HasSubstr("sanitize state    frozen"),
                                HasSubstr("no password is set, frozen"), HasSubstr("BASIS"),
                                HasSubstr("drive_reported")));
}

TEST_F(RehearseFirmware, ShowsWhatIsHiddenToTheBlock) {
    const Json two = inspected("firmware", "rehearsal:two");
    const Json& areas = *two.find("hidden_areas");
    EXPECT_EQ(*areas.find("accessible"), Json(2040));
    EXPECT_EQ(*areas.find("protected_area"), Json(2048));
    EXPECT_EQ(*two.find("health")->find("power_on_hours"), Json(1234));
    EXPECT_THAT(in_scenario("firmware", {"inspect", "rehearsal:two"}).out,
                HasSubstr("2048 blocks, 8 hidden"));
}

TEST_F(RehearseFirmware, ShowsTheKeysOfADriveAndWhatARevertWouldDo) {
    const Json one = inspected("nvme", "rehearsal:one");
    const Json& told = *one.find("tcg");
    EXPECT_EQ(*told.find("subsystems"), Json(Json::Array{Json("opal-2")}));
    EXPECT_EQ(*told.find("media_encryption"), Json(true));
    EXPECT_EQ(*told.find("locking_enabled"), Json(true));
    EXPECT_EQ(*told.find("sid_blocked"), Json(false));
    EXPECT_EQ(*one.find("nvme_erasure")->find("block_erase"), Json(true));
    EXPECT_EQ(*one.find("nvme_scope")->find("accounted"), Json(true));
    EXPECT_THAT(in_scenario("nvme", {"inspect", "rehearsal:one"}).out,
                AllOf(HasSubstr("locks and keys"), HasSubstr("opal-2"),
                      HasSubstr("makes new keys, by the drive's own word")));
    const std::string pyrite =
        changed("nvme", "locking_enabled = true", "media_encryption = false");
    EXPECT_THAT(in(pyrite, {"inspect", "rehearsal:one"}).out,
                HasSubstr("erases nothing: the drive does not encrypt"));
    EXPECT_THAT(in_scenario("firmware", {"inspect", "rehearsal:one"}).out,
                HasSubstr("no TCG security commands, or was not asked"));
}

TEST_F(RehearseFirmware, PutsTheOptionsOfAnOverwriteIntoPlanAndCode) {
    const Words drive{"rehearsal:two", "--technique", "ata-sanitize-overwrite"};
    const Words options{"--pattern", "A5A50001", "--passes", "16", "--invert"};
    Words all = drive;
    all.insert(all.end(), options.begin(), options.end());
    const Json plan = planned(all);
    const Json& firmware = *plan.find("firmware");
    EXPECT_EQ(*firmware.find("pattern"), Json(0xA5A50001));
    EXPECT_EQ(*firmware.find("passes"), Json(16));
    EXPECT_EQ(*firmware.find("invert_between"), Json(true));
    EXPECT_EQ(plan.text_of("level_basis"), "drive_reported");
    EXPECT_EQ(plan.text_of("scheme"), "");
    // A code is of exactly this plan.
    Words words{"erase", "--confirm", std::string(plan.text_of("confirmation_code"))};
    words.insert(words.end(), drive.begin(), drive.end());
    EXPECT_EQ(in_scenario("firmware", words).status, 3);
    EXPECT_GT(residue("firmware", "rehearsal:two"), 0);
}

TEST_F(RehearseFirmware, RefusesOptionsThatMeanNothing) {
    const auto told = [this](const Words& more) {
        Words words{"plan", "rehearsal:two"};
        words.insert(words.end(), more.begin(), more.end());
        const auto result = in_scenario("firmware", words);
        EXPECT_EQ(result.status, 2) << testing::PrintToString(more);
        return result.err;
    };
    const std::string own = "ata-sanitize-overwrite";
    EXPECT_THAT(told({"--technique", own, "--pattern", "a5"}), HasSubstr("8 hexadecimal digits"));
    EXPECT_THAT(told({"--technique", own, "--pattern", "-a5a5a5a"}), HasSubstr("8 hexadecimal"));
    EXPECT_THAT(told({"--technique", own, "--passes", "0"}), HasSubstr("from 1 to 16"));
    EXPECT_THAT(told({"--technique", own, "--passes", "17"}), HasSubstr("from 1 to 16"));
    EXPECT_THAT(told({"--technique", own, "--scheme", "generic.zero"}), HasSubstr("--scheme: "));
    EXPECT_THAT(
        told({"--technique", "ata-security-erase", "--invert"}),
        AllOf(HasSubstr("--invert: ata-security-erase has no such option"), HasSubstr(own)));
    EXPECT_THAT(told({"--technique", "overwrite", "--passes", "3"}), HasSubstr("--passes: "));
    EXPECT_THAT(
        told({"--classification", "OFFICIAL", "--disposition", "reuse", "--pattern", "00000000"}),
        HasSubstr("policy decides"));
}

TEST_F(RehearseFirmware, NamesTheTechniqueInItsResult) {
    const auto [result, drive] =
        erased("firmware", "rehearsal:liar", {"--technique", "ata-sanitize-block-erase"});
    EXPECT_EQ(drive.text_of("technique"), "ata-sanitize-block-erase");
    EXPECT_NE(drive.text_of("verdict"), "erased") << "it says that it has, and has not";
    EXPECT_THAT(codes(drive), testing::Contains("canary-left"));
    EXPECT_GT(residue("firmware", "rehearsal:liar"), 1024);
}

TEST_F(RehearseFirmware, HasEightDrivesInTheShippedScenario) {
    const auto listed = parse_json(in_scenario("firmware", {"list", "--json"}).out);
    ASSERT_TRUE(listed);
    std::vector<std::string> nodes;
    for (const Json& each : *listed->find("drives")->as<Json::Array>())
        nodes.emplace_back(each.text_of("node"));
    // Each of the first seven has its lesson in rehearse_own_erasure_test.cpp; the last can be told
    // nothing.
    EXPECT_THAT(nodes,
                testing::ElementsAre("rehearsal:one", "rehearsal:two", "rehearsal:old",
                                     "rehearsal:liar", "rehearsal:failing", "rehearsal:frozen",
                                     "rehearsal:halted", "rehearsal:locked"));
}

TEST_F(RehearseFirmware, PlansNothingThatTheDriveCannotDo) {
    const std::vector<std::tuple<std::string, std::string, std::string>> impossible{
        {"frozen", "ata-sanitize-block-erase", "sanitize is frozen until a power cycle"},
        {"frozen", "ata-security-erase", "security is frozen"},
        {"old", "ata-sanitize-overwrite", "the drive does not have this operation"},
        {"locked", "ata-security-erase", "a password is set already"}};
    for (const auto& [drive, technique, why] : impossible) {
        const auto result =
            in_scenario("firmware", {"plan", "rehearsal:" + drive, "--technique", technique});
        EXPECT_EQ(result.status, 4) << drive << technique;
        EXPECT_THAT(result.err, HasSubstr(why));
    }
}

// The password is that of temporary_password.hpp, made here by other means.
TEST_F(RehearseFirmware, TakesOffATemporaryPasswordAndNoOther) {
    const auto others = in_scenario("firmware", {"recover", "rehearsal:locked"});
    EXPECT_EQ(others.status, 3);
    EXPECT_THAT(others.err, HasSubstr("the password is none of ours"));
    const auto digest =
        run_command({"sh", "-c",
                     "printf 'quietus temporary ATA password 1\\nREHEARSAL Example SATA HDD\\n"
                     "REHEARSAL-EX5007\\n' | sha256sum | cut -c1-32"},
                    directory + "/scratch");
    ASSERT_EQ(digest.out.size(), 33u) << digest.err;
    std::string text = content(scenario("firmware"));
    const std::string password = "somebody else's";
    ASSERT_NE(text.find(password), std::string::npos);
    text.replace(text.find("\"" + password), password.size() + 1, "\"" + digest.out.substr(0, 32));
    const std::string left = directory + "/left.toml";
    overwrite(left, text);
    std::filesystem::remove_all(training + "/drives"); // it remembers the other one
    const auto done = rehearse({"recover", "rehearsal:locked", "--scenario", left});
    EXPECT_EQ(done.status, 0) << done.err;
    EXPECT_THAT(done.out, AllOf(HasSubstr("it is taken off"), HasSubstr("erase it once more")));
    EXPECT_THAT(rehearse({"inspect", "rehearsal:locked", "--scenario", left}).out,
                HasSubstr("no password is set"));
}

TEST_F(RehearseFirmware, RecoversNoDriveThatTakesNoSuchCommand) {
    const auto plain = in_scenario("honest", {"recover", "rehearsal:one"});
    EXPECT_EQ(plain.status, 4);
    EXPECT_THAT(plain.err, HasSubstr("takes no ATA, SCSI or NVMe commands"));
    EXPECT_EQ(in_scenario("in-use", {"recover", "rehearsal:mounted"}).status, 3)
        << "interlocks first";
    EXPECT_EQ(in_scenario("honest", {"recover", "rehearsal:none"}).status, 2);
    EXPECT_EQ(in_scenario("honest", {"recover", "rehearsal:one", "--override", "mounted"}).status,
              2);
}

} // namespace
} // namespace quietus
