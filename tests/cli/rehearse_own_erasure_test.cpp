// What SATA, SAS and NVMe drives that erase themselves teach alike: what is told of each, and what
// becomes of an operation that is let go of, and of one that fails.
#include "rehearse_fixture.hpp"

#include <algorithm>
#include <cctype>

namespace quietus {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// What each drive of the shipped scenarios teaches: verdict, level, a finding, what is really
/// left.
struct Lesson {
    std::string scenario;
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

class FirmwareLesson : public Rehearse, public testing::WithParamInterface<Lesson> {};

TEST_P(FirmwareLesson, IsToldAsItIs) {
    const Lesson& lesson = GetParam();
    const std::string node = "rehearsal:" + lesson.drive;
    const auto [result, drive] = erased(lesson.scenario, node, {"--technique", lesson.technique});
    EXPECT_EQ(result.status, lesson.status) << result.out << result.err;
    EXPECT_EQ(drive.text_of("verdict"), lesson.verdict);
    EXPECT_EQ(drive.text_of("level"), lesson.level);
    EXPECT_EQ(drive.text_of("technique"), lesson.technique);
    if (lesson.finding.empty())
        EXPECT_THAT(codes(drive), testing::IsEmpty());
    else
        EXPECT_THAT(codes(drive), testing::Contains(lesson.finding));
    const std::int64_t left = residue(lesson.scenario, node);
    EXPECT_GE(left, lesson.least_left);
    EXPECT_LE(left, lesson.most_left);
    EXPECT_EQ(audit({"verify", document}).status, 9);
}

std::string named(const testing::TestParamInfo<Lesson>& lesson) {
    std::string name = lesson.param.drive + "_" + lesson.param.technique;
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(
    Sata, FirmwareLesson,
    testing::Values(
        Lesson{"firmware", "one", "ata-sanitize-block-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"firmware", "one", "ata-sanitize-crypto-scramble", 0, "erased", "purge", "", 0, 0},
        Lesson{"firmware", "one", "ata-security-erase-enhanced", 0, "erased", "purge", "", 0, 0},
        Lesson{"firmware", "two", "ata-sanitize-overwrite", 0, "erased", "purge", "", 0, 0},
        Lesson{"firmware", "two", "ata-security-erase", 0, "erased", "clear", "", 0, 0},
        Lesson{"firmware", "two", "overwrite", 0, "erased", "clear", "", 0, 0},
        Lesson{"firmware", "old", "ata-security-erase", 0, "erased", "clear", "", 0, 0},
        Lesson{"firmware", "liar", "ata-sanitize-block-erase", 1, "failed", "none", "canary-left",
               1025, 2048},
        Lesson{"firmware", "failing", "ata-sanitize-overwrite", 1, "failed", "none",
               "firmware-failed", 200, 256},
        Lesson{"firmware", "frozen", "overwrite", 0, "erased", "clear", "", 0, 0},
        Lesson{"firmware", "halted", "ata-sanitize-overwrite", 7, "interrupted", "none",
               "firmware-under-way", 512, 1536}),
    named);

// An overwrite is no purge of flash, nor a block erase of magnetic media.
INSTANTIATE_TEST_SUITE_P(
    Sas, FirmwareLesson,
    testing::Values(
        Lesson{"sas", "one", "scsi-sanitize-block-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"sas", "one", "scsi-sanitize-crypto-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"sas", "one", "scsi-sanitize-overwrite", 0, "erased", "clear", "", 0, 0},
        Lesson{"sas", "two", "scsi-sanitize-overwrite", 0, "erased", "purge", "", 0, 0},
        Lesson{"sas", "two", "scsi-format-unit", 0, "erased", "clear", "", 0, 0},
        Lesson{"sas", "old", "scsi-format-unit", 0, "erased", "clear", "", 0, 0},
        Lesson{"sas", "liar", "scsi-sanitize-block-erase", 1, "failed", "none", "canary-left", 1025,
               2048},
        Lesson{"sas", "failing", "scsi-sanitize-overwrite", 1, "failed", "none", "firmware-failed",
               200, 256},
        Lesson{"sas", "pair", "scsi-sanitize-overwrite", 0, "erased", "purge", "", 0, 0},
        Lesson{"sas", "pair", "scsi-sanitize-crypto-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"sas", "pair", "scsi-format-unit", 0, "erased", "clear", "", 0, 0},
        Lesson{"sas", "half", "scsi-sanitize-overwrite", 1, "failed", "none", "canary-left", 512,
               1024},
        Lesson{"sas", "half", "scsi-sanitize-block-erase", 1, "failed", "none", "canary-left", 512,
               1024},
        Lesson{"sas", "halted", "scsi-sanitize-overwrite", 7, "interrupted", "none",
               "firmware-under-way", 512, 1536}),
    named);

// A format reaches one namespace; 8 blocks are in none.
INSTANTIATE_TEST_SUITE_P(
    Nvme, FirmwareLesson,
    testing::Values(
        Lesson{"nvme", "one", "nvme-sanitize-block-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"nvme", "one", "nvme-sanitize-crypto-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"nvme", "one", "nvme-sanitize-overwrite", 0, "erased", "purge", "", 0, 0},
        Lesson{"nvme", "one", "nvme-format-user-data", 0, "erased", "clear", "", 8, 8},
        Lesson{"nvme", "one", "nvme-format-crypto-erase", 0, "erased", "clear", "", 8, 8},
        Lesson{"nvme", "two", "nvme-sanitize-block-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"nvme", "two", "nvme-sanitize-overwrite", 0, "erased", "purge", "", 0, 0},
        Lesson{"nvme", "several", "nvme-sanitize-block-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"nvme", "several", "nvme-sanitize-crypto-erase", 0, "erased", "purge", "", 0, 0},
        Lesson{"nvme", "several", "nvme-sanitize-overwrite", 0, "erased", "purge", "", 0, 0},
        Lesson{"nvme", "several", "nvme-format-user-data", 0, "erased", "clear", "", 0, 0},
        Lesson{"nvme", "forgetful", "nvme-sanitize-block-erase", 1, "failed", "none", "canary-left",
               40, 86},
        Lesson{"nvme", "forgetful", "nvme-sanitize-overwrite", 1, "failed", "none", "canary-left",
               40, 86},
        Lesson{"nvme", "old", "nvme-format-user-data", 0, "erased", "clear", "", 0, 0},
        Lesson{"nvme", "liar", "nvme-sanitize-block-erase", 1, "failed", "none", "canary-left",
               1025, 2048},
        Lesson{"nvme", "failing", "nvme-sanitize-overwrite", 1, "failed", "none", "firmware-failed",
               200, 256},
        Lesson{"nvme", "halted", "nvme-sanitize-overwrite", 7, "interrupted", "none",
               "firmware-under-way", 512, 1536}),
    named);

/// A scenario with the drives `failing` and `halted`, and how they are told.
struct Language {
    std::string scenario;
    std::string technique;
    std::string table; ///< of the drive that is to stop
};

void PrintTo(const Language& language, std::ostream* out) {
    *out << language.scenario;
}

class OwnErasure : public Rehearse, public testing::WithParamInterface<Language> {
  protected:
    [[nodiscard]] Words told() const { return {"--technique", GetParam().technique}; }
    [[nodiscard]] CommandResult in_own(const Words& words) const {
        return in_scenario(GetParam().scenario, words);
    }
    [[nodiscard]] Json operation(const Words& words) const {
        const auto status = rehearse(words);
        EXPECT_EQ(status.status, 0) << status.err;
        return *parse_json(status.out)->find("jobs")->as<Json::Array>()->front().find("operation");
    }
};

INSTANTIATE_TEST_SUITE_P(
    Languages, OwnErasure,
    testing::Values(Language{"firmware", "ata-sanitize-overwrite", "[drive.ata]"},
                    Language{"sas", "scsi-sanitize-overwrite", "[drive.scsi]"},
                    Language{"nvme", "nvme-sanitize-overwrite", "[drive.nvme]"}),
    [](const testing::TestParamInfo<Language>& language) { return language.param.scenario; });

// The file of the drive's firmware is all that lasts: as after a restart of the machine.
TEST_P(OwnErasure, IsLetGoOfAndTakenUpAgain) {
    const std::string& own = GetParam().scenario;
    const auto [stopped, before] = erased(own, "rehearsal:halted", told());
    EXPECT_EQ(stopped.status, 7) << stopped.err;
    EXPECT_EQ(before.text_of("verdict"), "interrupted");
    EXPECT_EQ(before.text_of("level"), "none");
    EXPECT_THAT(codes(before), testing::Contains("firmware-under-way"));
    EXPECT_EQ(audit({"verify", document}).status, 9);
    const auto left = residue(own, "rehearsal:halted");
    EXPECT_GT(left, 512);
    EXPECT_LT(left, 1536) << "half of it was done";

    const Words asked{"status", "--json", "--scenario", scenario(own)};
    const Json half = operation(asked);
    EXPECT_EQ(half.text_of("node"), "rehearsal:halted");
    EXPECT_EQ(half.text_of("state"), "in-progress");
    const auto progress = *half.find("progress")->as<std::int64_t>();
    EXPECT_GE(progress, 65536 / 2);
    EXPECT_LT(progress, 65536 * 3 / 4);
    const Json elsewhere = operation({"status", "--json"});
    EXPECT_EQ(*elsewhere.find("node"), Json(nullptr));
    EXPECT_EQ(elsewhere.text_of("reason"), "its drive is not attached");
    EXPECT_THAT(rehearse({"status", "--scenario", scenario(own)}).out,
                AllOf(HasSubstr("the drive goes on erasing by itself, 5"),
                      HasSubstr("quietus-rehearse resume QTS-REHEARSAL-00000001 takes it up")));

    // Meanwhile it takes no other order.
    const auto again = in_own({"plan", "rehearsal:halted", "--technique", GetParam().technique});
    EXPECT_EQ(again.status, 4);
    EXPECT_THAT(again.err, testing::AnyOf(HasSubstr("an operation under way already"),
                                          HasSubstr("it is sanitizing: wait")));
    const auto refused = in_own({"recover", "rehearsal:halted"});
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("it erases itself still"));

    const auto resumed = in_own({"resume", "QTS-REHEARSAL-00000001", "--json"});
    const Json drive = lines(resumed.out).back().find("drives")->as<Json::Array>()->front();
    EXPECT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_EQ(drive.text_of("job"), "QTS-REHEARSAL-00000002");
    EXPECT_EQ(drive.text_of("verdict"), "erased");
    EXPECT_EQ(drive.text_of("level"), "purge");
    EXPECT_EQ(drive.text_of("level_basis"), "drive_reported");
    EXPECT_EQ(drive.text_of("technique"), GetParam().technique);
    EXPECT_THAT(codes(drive), Not(testing::Contains("firmware-under-way")));
    EXPECT_EQ(residue(own, "rehearsal:halted"), 0) << "what was hidden too";
    EXPECT_EQ(operation(asked), Json(nullptr)) << "it was gone on with";
}

TEST_P(OwnErasure, LeavesAFailureThatIsEndedBySuccessAlone) {
    const std::string& own = GetParam().scenario;
    const auto [failed, before] = erased(own, "rehearsal:failing", told());
    EXPECT_THAT(codes(before), testing::Contains("firmware-failed"));
    const Words plan{"plan", "rehearsal:failing", "--technique", GetParam().technique};
    const auto refused = in_own(plan);
    EXPECT_EQ(refused.status, 4);
    EXPECT_THAT(refused.err, HasSubstr("quietus recover ends that state"));
    // It is of the kind that ends with success alone, and this drive has none to offer.
    const auto stuck = in_own({"recover", "rehearsal:failing"});
    EXPECT_EQ(stuck.status, 1) << stuck.out << stuck.err;
    EXPECT_THAT(stuck.err, HasSubstr("could not be ended"));
    // The same drive, repaired.
    const std::string repaired =
        changed(own, "knobs = [\"fails-at-end\"]", "knobs = [\"progress-backwards\"]");
    const auto done = in(repaired, {"recover", "rehearsal:failing", "--json"});
    ASSERT_EQ(done.status, 0) << done.err;
    const Json said = *parse_json(done.out);
    EXPECT_EQ(*said.find("undone"), Json(Json::Array{"failed-sanitize"}));
    EXPECT_EQ(*said.find("carried_out_again"), Json(true));
    const auto nothing = in(repaired, {"recover", "rehearsal:failing"});
    EXPECT_EQ(nothing.status, 0) << nothing.err;
    EXPECT_THAT(nothing.out, HasSubstr("nothing to undo"));
    EXPECT_EQ(in(repaired, {"plan", "rehearsal:failing", "--technique", "overwrite"}).status, 0);
}

// Ctrl-C meanwhile lets go of the operation that ends the state, as of every other.
TEST_P(OwnErasure, LetsGoOfARecoveryToo) {
    const std::string knob = "knobs = [\"fails-at-end\"]";
    const std::string halting = changed(GetParam().scenario, knob,
                                        knob + "\n" + GetParam().table + "\nstop_half_way = true");
    EXPECT_EQ(erased_in(halting, "rehearsal:failing", told()).status, 7);
    EXPECT_EQ(in(halting, {"resume", "QTS-REHEARSAL-00000001"}).status, 1) << "it fails at the end";

    const auto halted = in(halting, {"recover", "rehearsal:failing", "--json"});
    EXPECT_EQ(halted.status, 7) << halted.out << halted.err;
    const auto said = parse_json(halted.out);
    ASSERT_TRUE(said);
    EXPECT_EQ(*said->find("let_go"), Json(true));
    EXPECT_EQ(*said->find("undone"), Json(Json::Array{}));
    const auto meanwhile = in(halting, {"recover", "rehearsal:failing"});
    EXPECT_EQ(meanwhile.status, 3);
    EXPECT_THAT(meanwhile.err, HasSubstr("it erases itself still"));
}

// A lie that no command of the host could find out: zeros, and all is still there.
TEST_P(OwnErasure, RevealsWhatADriveKeepsBehindItsZeros) {
    const std::string& own = GetParam().scenario;
    const std::string unmapping =
        changed(own, "knobs = [\"done-but-nothing\"]", "knobs = [\"zeros-without-erasing\"]");
    std::string technique = GetParam().technique;
    technique.replace(technique.rfind('-'), std::string::npos, "-block-erase");
    const auto result = erased_in(unmapping, "rehearsal:liar", {"--technique", technique});
    ASSERT_EQ(result.status, 0) << result.err;
    const Json drive = lines(result.out).back().find("drives")->as<Json::Array>()->front();
    EXPECT_EQ(drive.text_of("level_basis"), "drive_reported") << "by its own word, and no other";
    EXPECT_EQ(in(unmapping, {"reveal", "rehearsal:liar"}).status, 1);
}

class RehearseSas : public Rehearse {};
class RehearseNvme : public Rehearse {};

TEST_F(RehearseSas, OffersWhatTheDriveHasAndSaysWhyNot) {
    const Json one = inspected("sas", "rehearsal:one");
    EXPECT_EQ(technique(one, "scsi-sanitize-block-erase").text_of("level"), "purge");
    EXPECT_EQ(technique(one, "scsi-sanitize-block-erase").text_of("basis"), "drive_reported");
    EXPECT_EQ(*technique(one, "scsi-format-unit").find("available"), Json(true));
    const Json two = inspected("sas", "rehearsal:two");
    EXPECT_EQ(*technique(two, "scsi-sanitize-block-erase").find("available"), Json(false));
    const std::vector<std::pair<std::string, std::string>> impossible{
        {"old", "scsi-sanitize-overwrite"},
        {"two", "scsi-sanitize-crypto-erase"},
        {"reserved", "scsi-sanitize-overwrite"}};
    for (const auto& [drive, technique] : impossible) {
        const auto result =
            in_scenario("sas", {"plan", "rehearsal:" + drive, "--technique", technique});
        EXPECT_EQ(result.status, 4) << drive << result.out << result.err;
    }
}

TEST_F(RehearseNvme, OffersWhatTheDriveHasAndSaysWhyNot) {
    const Json one = inspected("nvme", "rehearsal:one");
    EXPECT_EQ(technique(one, "nvme-sanitize-block-erase").text_of("level"), "purge");
    EXPECT_EQ(technique(one, "nvme-sanitize-block-erase").text_of("basis"), "drive_reported");
    EXPECT_EQ(*technique(one, "nvme-format-crypto-erase").find("available"), Json(true));
    const std::vector<std::pair<std::string, std::string>> impossible{
        {"old", "nvme-sanitize-overwrite"},
        {"two", "nvme-sanitize-crypto-erase"},
        {"two", "nvme-format-crypto-erase"}};
    for (const auto& [drive, technique] : impossible) {
        const auto result =
            in_scenario("nvme", {"plan", "rehearsal:" + drive, "--technique", technique});
        EXPECT_EQ(result.status, 4) << drive << result.out << result.err;
    }
}

// The policy chooses of what the drive offers.
TEST_F(RehearseSas, AreErasedByPolicy) {
    for (const std::string own : {"sas", "nvme"}) {
        const auto [result, drive] = erased(
            own, "rehearsal:one", {"--classification", "OFFICIAL", "--disposition", "reuse"});
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_EQ(drive.text_of("verdict"), "erased");
        EXPECT_THAT(std::string(drive.text_of("technique")), HasSubstr("-sanitize-"));
        EXPECT_EQ(residue(own, "rehearsal:one"), 0);
    }
}

TEST_F(RehearseSas, AreListedAsWhatTheyAre) {
    const auto nodes = [this](const std::string& own, const std::string& kind) {
        const auto listed = parse_json(in_scenario(own, {"list", "--json"}).out);
        std::vector<std::string> found;
        for (const Json& each : *listed->find("drives")->as<Json::Array>()) {
            found.emplace_back(each.text_of("node"));
            EXPECT_EQ(each.text_of("kind"), kind);
        }
        return found;
    };
    EXPECT_THAT(nodes("sas", "scsi"),
                testing::ElementsAre("rehearsal:one", "rehearsal:two", "rehearsal:old",
                                     "rehearsal:liar", "rehearsal:failing", "rehearsal:reserved",
                                     "rehearsal:halted", "rehearsal:pair", "rehearsal:half"));
    EXPECT_THAT(nodes("nvme", "nvme"),
                testing::ElementsAre("rehearsal:one", "rehearsal:two", "rehearsal:old",
                                     "rehearsal:liar", "rehearsal:failing", "rehearsal:halted",
                                     "rehearsal:several", "rehearsal:forgetful"));
}

} // namespace
} // namespace quietus
