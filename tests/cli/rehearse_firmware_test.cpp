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
    [[nodiscard]] Json inspected(const std::string& drive) const {
        const auto result = in_scenario("firmware", {"inspect", drive, "--json"});
        EXPECT_EQ(result.status, 0) << result.err;
        const auto json = parse_json(result.out);
        return json ? json->find("drives")->as<Json::Array>()->front() : Json{};
    }
    [[nodiscard]] static Json technique(const Json& drive, std::string_view name) {
        for (const Json& each : *drive.find("techniques")->as<Json::Array>())
            if (each.text_of("name") == name) return each;
        ADD_FAILURE() << name;
        return {};
    }
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
    const Json one = inspected("rehearsal:one");
    const Json sanitize = technique(one, "ata-sanitize-block-erase");
    EXPECT_EQ(sanitize.text_of("level"), "purge");
    EXPECT_EQ(sanitize.text_of("basis"), "drive_reported");
    EXPECT_EQ(*sanitize.find("available"), Json(true));
    const Json overwrite = technique(one, "overwrite");
    EXPECT_EQ(overwrite.text_of("level"), "clear");
    EXPECT_EQ(overwrite.text_of("basis"), "host_read_back");
    const Json locked = technique(inspected("rehearsal:locked"), "ata-security-erase");
    EXPECT_EQ(*locked.find("available"), Json(false));
    EXPECT_THAT(std::string(locked.text_of("reason")), HasSubstr("a password is set already"));
    const auto text = in_scenario("firmware", {"inspect", "rehearsal:frozen"});
    EXPECT_THAT(text.out, AllOf(HasSubstr("sanitize state    frozen"),
                                HasSubstr("no password is set, frozen"), HasSubstr("BASIS"),
                                HasSubstr("drive_reported")));
}

TEST_F(RehearseFirmware, ShowsWhatIsHiddenToTheBlock) {
    const Json two = inspected("rehearsal:two");
    const Json& areas = *two.find("hidden_areas");
    EXPECT_EQ(*areas.find("accessible"), Json(2040));
    EXPECT_EQ(*areas.find("protected_area"), Json(2048));
    EXPECT_EQ(*two.find("health")->find("power_on_hours"), Json(1234));
    EXPECT_THAT(in_scenario("firmware", {"inspect", "rehearsal:two"}).out,
                HasSubstr("2048 blocks, 8 hidden"));
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

/// What each drive of the shipped scenario teaches: verdict, level, a finding, what is really left.
struct Lesson {
    std::string drive;
    std::string technique;
    int status = 0;
    std::string verdict;
    std::string level;
    std::string finding; ///< none: there is none at all
    std::int64_t least_left = 0;
    std::int64_t most_left = 0;
};

void PrintTo(const Lesson& lesson, std::ostream* out) {
    *out << lesson.drive << ' ' << lesson.technique;
}

class FirmwareLesson : public RehearseFirmware, public testing::WithParamInterface<Lesson> {};

TEST_P(FirmwareLesson, IsToldAsItIs) {
    const Lesson& lesson = GetParam();
    const auto [result, drive] =
        erased("firmware", lesson.drive, {"--technique", lesson.technique});
    EXPECT_EQ(result.status, lesson.status) << result.out << result.err;
    EXPECT_EQ(drive.text_of("verdict"), lesson.verdict);
    EXPECT_EQ(drive.text_of("level"), lesson.level);
    if (lesson.finding.empty())
        EXPECT_THAT(codes(drive), testing::IsEmpty());
    else
        EXPECT_THAT(codes(drive), testing::Contains(lesson.finding));
    const std::int64_t left = residue("firmware", lesson.drive);
    EXPECT_GE(left, lesson.least_left);
    EXPECT_LE(left, lesson.most_left);
    EXPECT_EQ(audit({"verify", document}).status, 9);
}

INSTANTIATE_TEST_SUITE_P(
    Drives, FirmwareLesson,
    testing::Values(
        Lesson{"rehearsal:one", "ata-sanitize-block-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"rehearsal:one", "ata-sanitize-crypto-scramble", 0, "erased", "purge", "", 0, 0},
        Lesson{"rehearsal:one", "ata-security-erase-enhanced", 0, "erased", "purge", "", 0, 0},
        Lesson{"rehearsal:two", "ata-sanitize-overwrite", 0, "erased", "purge", "", 0, 0},
        Lesson{"rehearsal:two", "ata-security-erase", 0, "erased", "clear", "", 0, 0},
        Lesson{"rehearsal:two", "overwrite", 0, "erased", "clear", "", 0, 0},
        Lesson{"rehearsal:old", "ata-security-erase", 0, "erased", "clear", "", 0, 0},
        Lesson{"rehearsal:liar", "ata-sanitize-block-erase", 1, "failed", "none", "canary-left",
               1025, 2048},
        Lesson{"rehearsal:failing", "ata-sanitize-overwrite", 1, "failed", "none",
               "firmware-failed", 200, 256},
        Lesson{"rehearsal:frozen", "overwrite", 0, "erased", "clear", "", 0, 0},
        Lesson{"rehearsal:halted", "ata-sanitize-overwrite", 7, "interrupted", "none",
               "firmware-under-way", 512, 1536}),
    [](const testing::TestParamInfo<Lesson>& lesson) {
        std::string name = lesson.param.drive + lesson.param.technique;
        std::ranges::replace_if(
            name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
        return name;
    });

TEST_F(RehearseFirmware, HasEightDrivesInTheShippedScenario) {
    const auto listed = parse_json(in_scenario("firmware", {"list", "--json"}).out);
    ASSERT_TRUE(listed);
    std::vector<std::string> nodes;
    for (const Json& each : *listed->find("drives")->as<Json::Array>())
        nodes.emplace_back(each.text_of("node"));
    // Each of the first seven has its lesson above; the last can be told nothing.
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

// The drive returns zeros, and everything is still there: the oracle of a later run finds it too.
TEST_F(RehearseFirmware, RevealsWhatADriveKeepsBehindItsZeros) {
    std::string text = content(scenario("firmware"));
    const std::string knob = "knobs = [\"done-but-nothing\"]";
    ASSERT_NE(text.find(knob), std::string::npos);
    text.replace(text.find(knob), knob.size(), "knobs = [\"zeros-without-erasing\"]");
    const std::string scenarios = directory + "/unmapping.toml";
    overwrite(scenarios, text);
    const Words plan{"plan",   "rehearsal:liar", "--technique", "ata-sanitize-block-erase",
                     "--json", "--scenario",     scenarios};
    const auto planned = parse_json(rehearse(plan).out);
    ASSERT_TRUE(planned);
    const Json& first = planned->find("plans")->as<Json::Array>()->front();
    Words words = plan;
    words.front() = "erase";
    words.insert(words.end(), {"--confirm", std::string(first.text_of("confirmation_code"))});
    const auto result = rehearse(words);
    ASSERT_EQ(result.status, 0) << result.err;
    const Json drive = lines(result.out).back().find("drives")->as<Json::Array>()->front();
    EXPECT_EQ(drive.text_of("level_basis"), "drive_reported") << "by its own word, and no other";
    const auto revealed = rehearse({"reveal", "rehearsal:liar", "--scenario", scenarios});
    EXPECT_EQ(revealed.status, 1) << revealed.out;
}

// The file of the drive's firmware is all that lasts: as after a restart of the machine.
TEST_F(RehearseFirmware, LetsGoOfASanitizeAndTakesItUpAgain) {
    const auto [stopped, before] =
        erased("firmware", "rehearsal:halted", {"--technique", "ata-sanitize-overwrite"});
    EXPECT_EQ(stopped.status, 7) << stopped.err;
    EXPECT_EQ(before.text_of("verdict"), "interrupted");
    EXPECT_EQ(before.text_of("level"), "none");
    EXPECT_THAT(codes(before), testing::Contains("firmware-under-way"));
    EXPECT_EQ(audit({"verify", document}).status, 9);
    const auto left = residue("firmware", "rehearsal:halted");
    EXPECT_GT(left, 512);
    EXPECT_LT(left, 1536) << "half of it was done";

    const auto operation = [this](const Words& words) {
        const auto status = rehearse(words);
        EXPECT_EQ(status.status, 0) << status.err;
        return *parse_json(status.out)->find("jobs")->as<Json::Array>()->front().find("operation");
    };
    const Words asked{"status", "--json", "--scenario", scenario("firmware")};
    const Json half = operation(asked);
    EXPECT_EQ(half.text_of("node"), "rehearsal:halted");
    EXPECT_EQ(half.text_of("state"), "in-progress");
    const auto progress = *half.find("progress")->as<std::int64_t>();
    EXPECT_GE(progress, 65536 / 2);
    EXPECT_LT(progress, 65536 * 3 / 4);
    const Json elsewhere = operation({"status", "--json"});
    EXPECT_EQ(*elsewhere.find("node"), Json(nullptr));
    EXPECT_EQ(elsewhere.text_of("reason"), "its drive is not attached");
    EXPECT_THAT(rehearse({"status", "--scenario", scenario("firmware")}).out,
                AllOf(HasSubstr("the drive goes on erasing by itself, 5"),
                      HasSubstr("quietus-rehearse resume QTS-REHEARSAL-00000001 takes it up")));

    // Meanwhile it takes no other order.
    const auto again = in_scenario(
        "firmware", {"plan", "rehearsal:halted", "--technique", "ata-sanitize-block-erase"});
    EXPECT_EQ(again.status, 4);
    EXPECT_THAT(again.err, HasSubstr("an operation under way already"));
    const auto refused = in_scenario("firmware", {"recover", "rehearsal:halted"});
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("it erases itself still"));

    const auto resumed = in_scenario("firmware", {"resume", "QTS-REHEARSAL-00000001", "--json"});
    const Json drive = lines(resumed.out).back().find("drives")->as<Json::Array>()->front();
    EXPECT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_EQ(drive.text_of("job"), "QTS-REHEARSAL-00000002");
    EXPECT_EQ(drive.text_of("verdict"), "erased");
    EXPECT_EQ(drive.text_of("level"), "purge");
    EXPECT_EQ(drive.text_of("level_basis"), "drive_reported");
    EXPECT_EQ(drive.text_of("technique"), "ata-sanitize-overwrite");
    EXPECT_THAT(codes(drive), Not(testing::Contains("firmware-under-way")));
    EXPECT_EQ(residue("firmware", "rehearsal:halted"), 0) << "what was hidden too";
    EXPECT_EQ(operation(asked), Json(nullptr)) << "it was gone on with";
}

TEST_F(RehearseFirmware, EndsTheStateOfAFailedOperation) {
    const auto [failed, before] =
        erased("firmware", "rehearsal:failing", {"--technique", "ata-sanitize-overwrite"});
    EXPECT_THAT(codes(before), testing::Contains("firmware-failed"));
    const auto plan = in_scenario(
        "firmware", {"plan", "rehearsal:failing", "--technique", "ata-sanitize-overwrite"});
    EXPECT_EQ(plan.status, 4);
    EXPECT_THAT(plan.err, HasSubstr("quietus recover ends that state"));
    // It is of the kind that ends with success alone, and this drive has none to offer.
    const auto stuck = in_scenario("firmware", {"recover", "rehearsal:failing"});
    EXPECT_EQ(stuck.status, 1) << stuck.out << stuck.err;
    EXPECT_THAT(stuck.err, HasSubstr("could not be ended"));
    // The same drive, repaired.
    const std::string repaired = directory + "/repaired.toml";
    std::string text = content(scenario("firmware"));
    const std::string knob = "knobs = [\"fails-at-end\"]";
    ASSERT_NE(text.find(knob), std::string::npos);
    text.replace(text.find(knob), knob.size(), "knobs = [\"progress-backwards\"]");
    overwrite(repaired, text);
    const auto done = rehearse({"recover", "rehearsal:failing", "--json", "--scenario", repaired});
    ASSERT_EQ(done.status, 0) << done.err;
    const Json said = *parse_json(done.out);
    EXPECT_EQ(*said.find("undone"), Json(Json::Array{"failed-sanitize"}));
    EXPECT_EQ(*said.find("carried_out_again"), Json(true));
    const auto nothing = rehearse({"recover", "rehearsal:failing", "--scenario", repaired});
    EXPECT_EQ(nothing.status, 0) << nothing.err;
    EXPECT_THAT(nothing.out, HasSubstr("nothing to undo"));
    EXPECT_EQ(
        rehearse({"plan", "rehearsal:failing", "--technique", "overwrite", "--scenario", repaired})
            .status,
        0);
}

// Ctrl-C meanwhile lets go of the operation that ends the state, as of every other.
TEST_F(RehearseFirmware, LetsGoOfARecoveryToo) {
    std::string text = content(scenario("firmware"));
    const std::string knob = "knobs = [\"fails-at-end\"]";
    ASSERT_NE(text.find(knob), std::string::npos);
    text.insert(text.find(knob) + knob.size(), "\n[drive.ata]\nstop_half_way = true");
    const std::string halting = directory + "/halting.toml";
    overwrite(halting, text);
    const auto in_halting = [&](Words words) {
        words.insert(words.end(), {"--scenario", halting});
        return rehearse(words);
    };
    const Words wish{"plan", "rehearsal:failing", "--technique", "ata-sanitize-overwrite",
                     "--json"};
    const auto planned = parse_json(in_halting(wish).out);
    ASSERT_TRUE(planned);
    const Json& first = planned->find("plans")->as<Json::Array>()->front();
    Words words = wish;
    words.front() = "erase";
    words.insert(words.end(), {"--confirm", std::string(first.text_of("confirmation_code"))});
    EXPECT_EQ(in_halting(words).status, 7);
    EXPECT_EQ(in_halting({"resume", "QTS-REHEARSAL-00000001"}).status, 1) << "it fails at the end";

    const auto halted = in_halting({"recover", "rehearsal:failing", "--json"});
    EXPECT_EQ(halted.status, 7) << halted.out << halted.err;
    const auto said = parse_json(halted.out);
    ASSERT_TRUE(said);
    EXPECT_EQ(*said->find("let_go"), Json(true));
    EXPECT_EQ(*said->find("undone"), Json(Json::Array{}));
    const auto meanwhile = in_halting({"recover", "rehearsal:failing"});
    EXPECT_EQ(meanwhile.status, 3);
    EXPECT_THAT(meanwhile.err, HasSubstr("it erases itself still"));
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
