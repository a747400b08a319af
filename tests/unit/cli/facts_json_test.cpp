// Facts as JSON: exactly the members that scripts were promised, whatever a drive says.
#include "facts_json.hpp"

#include "unit/app/proposal.hpp"

#include <gmock/gmock.h>

namespace quietus::cli {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

std::vector<std::string> keys(const Json& json) {
    std::vector<std::string> found;
    for (const auto& [key, value] : *json.as<Json::Object>())
        found.push_back(key);
    return found;
}

TEST(DriveJson, HasTheAgreedMembers) {
    Drive drive = test::a_disk().drive;
    drive.parts = {{"/dev/one1", 512}};
    drive.in_use = {{"mount", "/srv"}};
    drive.guards = {{Interlock::state_on_drive, "why", "how"}};
    drive.contents = {{"/dev/one1", "ext4", "l", "u", "filesystem", 4096}};
    const Json json = drive_json(drive);
    EXPECT_THAT(keys(json), IsSupersetOf({"node",
                                          "by_id",
                                          "kind",
                                          "medium",
                                          "model",
                                          "serial",
                                          "identity_source",
                                          "wwn",
                                          "firmware",
                                          "size_bytes",
                                          "logical_block_bytes",
                                          "physical_block_bytes",
                                          "removable",
                                          "parts",
                                          "members",
                                          "contents",
                                          "in_use",
                                          "guards",
                                          "techniques",
                                          "medium_evidence",
                                          "backing",
                                          "backing_evidence",
                                          "fabric",
                                          "port",
                                          "bridge",
                                          "probe",
                                          "native_size_bytes",
                                          "rotation_rpm",
                                          "zoned",
                                          "disagreements",
                                          "hidden_areas",
                                          "ata_erasure",
                                          "scsi_erasure",
                                          "scsi_unit",
                                          "health"}));
    EXPECT_EQ(*json.find("ata_erasure"), Json(nullptr)) << "it takes no ATA commands";
    EXPECT_EQ(*json.find("rotation_rpm"), Json(nullptr)) << "nobody told";
    const auto first = [&](const char* list) {
        return json.find(list)->as<Json::Array>()->front();
    };
    EXPECT_THAT(keys(first("parts")), ElementsAre("kind", "node", "size_bytes", "title"));
    EXPECT_THAT(keys(first("contents")), IsSupersetOf({"node", "type", "label", "uuid", "usage"}));
    EXPECT_THAT(keys(first("in_use")), ElementsAre("by", "where"));
    EXPECT_THAT(keys(first("techniques")),
                ElementsAre("available", "basis", "level", "name", "reason"));
    EXPECT_EQ(first("guards"), Json("state-on-drive"));
    EXPECT_EQ(json.text_of("medium"), "magnetic");
}

// FIPS 180-4, the example "abc".
TEST(InspectedJson, ShowsTheRepliesOfTheDriveWithTheirDigests) {
    Drive drive = test::a_disk().drive;
    drive.pages = {{"VPD 80h", "616263"}};
    const Json page = inspected_json(drive).find("pages")->as<Json::Array>()->front();
    EXPECT_EQ(page.text_of("sha256"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(*page.find("bytes"), Json(3));
    EXPECT_EQ(drive_json(drive).find("pages"), nullptr);
}

TEST(InspectedJson, ShowsWhatTheDriveWouldNotAnswer) {
    Drive drive = test::a_disk().drive;
    drive.findings = {"IDENTIFY DEVICE is aborted by the drive"};
    const Json::Array shown = *inspected_json(drive).find("findings")->as<Json::Array>();
    ASSERT_EQ(shown.size(), 1u);
    EXPECT_EQ(*shown.front().as<std::string>(), "IDENTIFY DEVICE is aborted by the drive");
    EXPECT_EQ(drive_json(drive).find("findings"), nullptr) << "list has no room for it";
}

TEST(PlanJson, HasACodeOnlyWhenThePlanWasStored) {
    const Proposal proposal = test::an_image();
    const Json shown = plan_json(proposal, std::nullopt);
    EXPECT_EQ(shown.find("confirmation_code"), nullptr);
    EXPECT_EQ(shown.find("expires_at"), nullptr);
    const Json stored = plan_json(proposal, StoredPlan{"AAAA-BBBB", "2026-11-22T04:00:00Z"});
    EXPECT_EQ(stored.text_of("confirmation_code"), "AAAA-BBBB");
    EXPECT_EQ(stored.text_of("expires_at"), "2026-11-22T04:00:00Z");
    EXPECT_EQ(stored.find("steps")->as<Json::Array>()->size(), proposal.plan.steps.size());
}

TEST(DisposalJson, SaysNullWhereThereIsNoDocument) {
    Disposal disposal;
    disposal.drive = test::an_image().drive;
    disposal.exit_status = ExitStatus::refused;
    disposal.verdict = Verdict::refused;
    disposal.error = Error{Fault::refused, "why", "how"};
    const Json json = disposal_json(disposal);
    EXPECT_THAT(keys(json), IsSupersetOf({"drive", "exit_status", "verdict", "level", "level_basis",
                                          "technique", "scheme", "job", "document", "findings"}));
    EXPECT_EQ(*json.find("document"), Json(nullptr));
    EXPECT_EQ(*json.find("technique"), Json(nullptr)) << "there was no plan";
    EXPECT_EQ(*json.find("exit_status"), Json(3));
    EXPECT_EQ(json.find("error")->text_of("hint"), "how");
}

TEST(DisposalJson, NamesTechniqueLevelAndBasis) {
    Disposal disposal;
    disposal.technique = Technique::ata_sanitize_overwrite;
    disposal.document = IssuedDocument{};
    disposal.document->level = Level::purge;
    disposal.document->level_basis = LevelBasis::drive_reported;
    const Json json = disposal_json(disposal);
    EXPECT_EQ(json.text_of("technique"), "ata-sanitize-overwrite");
    EXPECT_EQ(json.text_of("level"), "purge");
    EXPECT_EQ(json.text_of("level_basis"), "drive_reported");
}

TEST(DisposalJson, CarriesFindingsWithTheirPlace) {
    Disposal disposal;
    disposal.document = IssuedDocument{};
    disposal.document->findings = {{"mismatch", "text", 7, 2}};
    const Json json = disposal_json(disposal);
    const Json& finding = json.find("findings")->as<Json::Array>()->front();
    EXPECT_THAT(keys(finding), ElementsAre("blocks", "code", "first_block", "text"));
    EXPECT_EQ(*finding.find("first_block"), Json(7));
}

TEST(ErrorJson, HasTheAgreedMembers) {
    const Json json = error_json({Fault::usage, "message", "hint"}, ExitStatus::usage, "plan");
    EXPECT_EQ(to_line(json), R"({"error":{"exit_status":2,"hint":"hint","message":"message",)"
                             R"("where":"plan"}})");
}

} // namespace
} // namespace quietus::cli
