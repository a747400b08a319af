// Plans and their codes: what is shown, and that a code fits nothing but what it was given for.
#include "program_fixture.hpp"

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

class QuietusPlan : public QuietusProgram {
  protected:
    // Refused as a code, nothing written; the code of the plan can still be used.
    void expect_code_refused(const Words& more, const std::string& message) const {
        Words words{"erase", "image:" + image, "--technique", "overwrite"};
        words.insert(words.end(), more.begin(), more.end());
        expect_refusal(words, 3, message);
    }
    // A swap area as mkswap(8) would leave it: version 1, signature at the end of the first page.
    void make_swap_space() const {
        std::string bytes = content(image);
        bytes.replace(1024, 12, std::string("\x01\0\0\0\x3f\0\0\0\0\0\0\0", 12));
        bytes.replace(4086, 10, "SWAPSPACE2");
        overwrite(image, bytes);
    }
};

TEST_F(QuietusPlan, ShowsStepsLimitsAndACodeToPeople) {
    const auto result = on_image("plan", {"--scheme", "uk.is5.enhanced"});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.err, "");
    for (const char* text : {"262 kB (262221 bytes)", "step 2       write the octets 00",
                             "step 3       write the octets ff", "random stream",
                             "read back every byte", "storage-beneath-unknown"})
        EXPECT_THAT(result.out, HasSubstr(text));
    EXPECT_THAT(result.out, testing::ContainsRegex(
                                "\nconfirmation code [A-Z2-9]{4}-[A-Z2-9]{4} \\(good until "));
    EXPECT_EQ(content(image), contents_of_image());
}

// Behind a file nothing takes commands: each technique is refused with that reason, by erase too.
TEST_F(QuietusPlan, PlansNoTechniqueOfADrivesOwnForAnImage) {
    for (const char* technique :
         {"ata-sanitize-crypto-scramble", "ata-sanitize-block-erase", "ata-sanitize-overwrite",
          "ata-security-erase-enhanced", "ata-security-erase"})
        for (const char* verb : {"plan", "erase"})
            expect_refusal(
                {verb, "image:" + image, "--technique", technique, "--override", "usb-firmware"}, 4,
                "no drive, but storage that something else presents");
    const auto inspected = parse_json(quietus({"inspect", "image:" + image, "--json"}).out);
    ASSERT_TRUE(inspected);
    const Json& drive = inspected->find("drives")->as<Json::Array>()->front();
    const auto* techniques = drive.find("techniques")->as<Json::Array>();
    ASSERT_EQ(techniques->size(), 1U);
    EXPECT_EQ(techniques->front().text_of("name"), "overwrite");
    EXPECT_EQ(*drive.find("ata_erasure"), Json(nullptr));
    expect_refusal({"recover", "image:" + image}, 4, "it takes no ATA, SCSI or NVMe commands here");
}

TEST_F(QuietusPlan, AnswersInOneDocumentWithTheAgreedMembers) {
    const auto result = on_image("plan", {"--json"});
    EXPECT_TRUE(is_one_document(result.out)) << result.out;
    const auto json = parse_json(result.out);
    ASSERT_TRUE(json);
    EXPECT_THAT(keys(*json), ElementsAre("plans"));
    const auto& plans = *json->find("plans")->as<Json::Array>();
    ASSERT_EQ(plans.size(), 1u);
    EXPECT_THAT(keys(plans[0]),
                IsSupersetOf({"drive", "decision", "rule", "technique", "level", "scheme", "steps",
                              "verification", "not_reached", "estimated_seconds",
                              "confirmation_code", "expires_at"}));
    EXPECT_THAT(keys(*plans[0].find("rule")), ElementsAre("id", "profile", "source"));
    EXPECT_THAT(keys(*plans[0].find("verification")), ElementsAre("mode", "percent"));
    for (const Json& step : *plans[0].find("steps")->as<Json::Array>())
        EXPECT_THAT(keys(step), IsSupersetOf({"kind", "data", "bytes"}));
    EXPECT_EQ(plans[0].text_of("decision"), "allow");
    EXPECT_EQ(plans[0].text_of("level"), "none");
}

TEST_F(QuietusPlan, InspectsInOneDocumentWithTheAgreedMembers) {
    make_swap_space();
    const auto result = quietus({"inspect", "image:" + image, "--json"});
    EXPECT_EQ(result.status, 0);
    EXPECT_TRUE(is_one_document(result.out)) << result.out;
    const auto json = parse_json(result.out);
    ASSERT_TRUE(json);
    const Json& drive = json->find("drives")->as<Json::Array>()->front();
    EXPECT_THAT(keys(drive),
                IsSupersetOf({"node", "by_id", "kind", "medium", "model", "serial",
                              "identity_source", "wwn", "firmware", "size_bytes",
                              "logical_block_bytes", "physical_block_bytes", "removable", "parts",
                              "contents", "in_use", "guards", "techniques"}));
    EXPECT_EQ(drive.text_of("kind"), "image");
    EXPECT_EQ(*drive.find("size_bytes"), Json(262221));
    const auto& contents = *drive.find("contents")->as<Json::Array>();
    ASSERT_EQ(contents.size(), 1u);
    EXPECT_THAT(keys(contents[0]), IsSupersetOf({"node", "type", "label", "uuid", "usage"}));
    EXPECT_EQ(contents[0].text_of("type"), "swap");
    const Json& technique = drive.find("techniques")->as<Json::Array>()->front();
    EXPECT_THAT(keys(technique), ElementsAre("available", "basis", "level", "name", "reason"));
}

TEST_F(QuietusPlan, ListsInOneDocumentAndLeavesNothingBehind) {
    const std::string unused = directory + "/unused";
    const auto result = run_command({QUIETUS_PROGRAM, "--state", unused, "list", "--all", "--json"},
                                    directory + "/scratch");
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_TRUE(is_one_document(result.out)) << result.out;
    EXPECT_FALSE(std::filesystem::exists(unused));
}

TEST_F(QuietusPlan, GivesACodeThatWorksOnce) {
    const std::string confirmation = code();
    EXPECT_EQ(on_image("erase", {"--confirm", confirmation}).status, 0);
    expect_code_refused({"--confirm", confirmation}, "no plan waits for the code " + confirmation);
}

TEST_F(QuietusPlan, TakesTheOptionsOfEraseSoThatTheyCanBeRepeated) {
    const Words options{"--operator", "jd17", "--reference", "R1", "--verification", "sample:50"};
    Words more = options;
    more.insert(more.end(), {"--confirm", code(options)});
    EXPECT_EQ(on_image("erase", more).status, 0);
}

TEST_F(QuietusPlan, GivesACodeForTheseStepsOnly) {
    const std::string confirmation = code({"--scheme", "generic.zero"});
    expect_code_refused({"--confirm", confirmation}, "other steps than these");
    expect_code_refused({"--confirm", confirmation, "--scheme", "uk.is5.enhanced"},
                        "other steps than these");
    expect_code_refused(
        {"--confirm", confirmation, "--scheme", "generic.zero", "--verification", "sample:1"},
        "other steps than these");
    EXPECT_EQ(on_image("erase", {"--confirm", confirmation, "--scheme", "generic.zero"}).status, 0);
}

TEST_F(QuietusPlan, GivesACodeForThisDriveOnly) {
    const std::string confirmation = code();
    const std::string other = directory + "/other.img";
    overwrite(other, contents_of_image());
    expect_refusal(
        {"erase", "image:" + other, "--technique", "overwrite", "--confirm", confirmation}, 3,
        "another drive");
    // The same name and size, but another file.
    std::filesystem::rename(other, image);
    expect_code_refused({"--confirm", confirmation}, "another drive");
}

TEST_F(QuietusPlan, GivesACodeForTheseContentsOnly) {
    const std::string confirmation = code();
    make_swap_space();
    expect_code_refused({"--confirm", confirmation}, "what the drive holds has changed");
}

TEST_F(QuietusPlan, GivesACodeForThisSizeOnly) {
    const std::string confirmation = code();
    std::filesystem::resize_file(image, 300000);
    expect_code_refused({"--confirm", confirmation}, "another drive");
}

TEST_F(QuietusPlan, RefusesEverythingElseAsACode) {
    overwrite(directory + "/x.json", "{}");
    for (const char* text : {"../../x", "../x", "/etc/passwd", "AAAA", "aaaa-aaaa", "AAAA-AAA0",
                             "AAAAAAAAA", "AAAA-AAAA.json", "-"})
        expect_code_refused({"--confirm", text}, "is no confirmation code");
    expect_code_refused({"--confirm", "AAAA-AAAA"}, "no plan waits for the code AAAA-AAAA");
}

TEST_F(QuietusPlan, RefusesAStoredPlanThatIsDamaged) {
    const std::string confirmation = code();
    const std::string file = state + "/plans/" + confirmation + ".json";
    const std::string good = content(file);
    for (const std::string& bad : {std::string(), good.substr(0, good.size() / 2),
                                   std::string("[]"), std::string("{}"), std::string(70000, ' ')}) {
        overwrite(file, bad);
        expect_code_refused({"--confirm", confirmation}, "");
    }
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    expect_code_refused({"--confirm", confirmation}, "no plan waits");
}

TEST_F(QuietusPlan, NeedsNoKeyAndHidesItsCodesFromOthers) {
    std::filesystem::remove_all(state + "/keys");
    EXPECT_FALSE(code().empty());
    EXPECT_EQ(std::filesystem::status(state + "/plans").permissions(),
              std::filesystem::perms(0700));
}

TEST_F(QuietusPlan, SaysWhenTheCodeCannotBeStored) {
    overwrite(state + "/plans", "in the way");
    expect_refusal({"plan", "image:" + image, "--technique", "overwrite"}, 8,
                   "stored plan: " + state + "/plans: Not a directory");
    overwrite(directory + "/file", "");
    expect_refusal(
        {"plan", "image:" + image, "--technique", "overwrite", "--state", directory + "/file"}, 2,
        "--state is given more than once");
}

TEST_F(QuietusPlan, ShowsThePlanInADryRunAndStops) {
    const auto before = everything();
    const auto result = on_image("erase", {"--dry-run"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, HasSubstr("step 1       address probe"));
    EXPECT_THAT(result.err, HasSubstr("nothing is written"));
    const auto events = lines(on_image("erase", {"--dry-run", "--json"}).out);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].text_of("event"), "planned");
    EXPECT_EQ(events[0].find("confirmation_code"), nullptr);
    EXPECT_EQ(events[1].text_of("event"), "result");
    EXPECT_EQ(everything(), before);
}

} // namespace
} // namespace quietus
