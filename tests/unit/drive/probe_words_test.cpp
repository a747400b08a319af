#include "probe_words.hpp"

#include "quietus/core/json_fields.hpp"

#include <gmock/gmock.h>

#include <string>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ChildResult ended(std::string bytes, ChildEnd end = ChildEnd::answered, std::string why = {}) {
    return {end, std::move(bytes), std::move(why)};
}

Contents some_contents() {
    Contents contents;
    Content content;
    content.type = "ext4";
    content.label = "caf\xe9 \"\n\x1b[2J";
    content.uuid = "c0ffee00-0000-4000-8000-000000000001";
    content.usage = "filesystem";
    content.offset_bytes = 1048576;
    contents.found.push_back(content);
    contents.partitions.push_back({1048576, 8388608, "5a4f2c11-01", "caf\xe9"});
    return contents;
}

TEST(ProbeWords, CarryAWholeReport) {
    DriveIdentity identity;
    identity.source = IdentitySource::drive;
    identity.serial_raw_hex = "5a31";
    identity.rotation_rpm = 7200;
    identity.pages.push_back({"VPD 80h", "0080"});
    const auto report =
        report_of(ended(to_line({.claimed = true}) + to_line({.identity = identity}) +
                        to_line({.contents = some_contents()}) + to_line({.last = true})));
    EXPECT_EQ(report.outcome, ProbeOutcome::answered);
    EXPECT_EQ(report.claimed, true);
    EXPECT_EQ(report.identity.source, IdentitySource::drive);
    EXPECT_EQ(report.identity.serial_raw_hex, "5a31");
    EXPECT_EQ(report.identity.rotation_rpm, 7200u);
    ASSERT_EQ(report.identity.pages.size(), 1u);
    ASSERT_TRUE(report.contents);
    ASSERT_EQ(report.contents->found.size(), 1u);
    const Content& content = report.contents->found.front();
    EXPECT_EQ(content.type, "ext4");
    EXPECT_EQ(content.label, "caf\xe9 \"\n\x1b[2J");
    EXPECT_EQ(content.uuid, "c0ffee00-0000-4000-8000-000000000001");
    EXPECT_EQ(content.usage, "filesystem");
    EXPECT_EQ(content.offset_bytes, 1048576u);
    ASSERT_EQ(report.contents->partitions.size(), 1u);
    const TableEntry& partition = report.contents->partitions.front();
    EXPECT_EQ(partition.offset, 1048576u);
    EXPECT_EQ(partition.length, 8388608u);
    EXPECT_EQ(partition.uuid, "5a4f2c11-01");
    EXPECT_EQ(partition.name, "caf\xe9");
    EXPECT_THAT(report.problems, IsEmpty());
}

TEST(ProbeWords, CarryWhyTheContentsWereNotRead) {
    const auto report =
        report_of(ended(to_line({.unread = "it does not read"}) + to_line({.last = true})));
    EXPECT_EQ(report.unread, "it does not read");
    EXPECT_EQ(report.outcome, ProbeOutcome::partly);
    EXPECT_THAT(report.problems, IsEmpty());
}

TEST(ProbeWords, CarryWhatAnAtaDriveTellsBesides) {
    ata::Facts facts;
    facts.erasure.block_erase = true;
    facts.erasure.sanitize = SanitizeState::in_progress;
    facts.erasure.sanitize_progress = 4711;
    facts.erasure.security_word = 0x0029;
    facts.hidden.accessible = 2000000;
    facts.hidden.protected_area = 2000001;
    facts.hidden.unreadable = {"DEVICE CONFIGURATION IDENTIFY: no answer"};
    facts.health.pending = 2;
    facts.block_bytes = 4096;
    ProbeReport report;
    add_facts(report_of(ended(to_line({.ata = facts}) + to_line({.last = true}))), report);
    ASSERT_TRUE(report.ata);
    EXPECT_EQ(to_line(to_json(*report.ata)), to_line(to_json(facts)));
    EXPECT_THAT(report.identity.findings, IsEmpty());
}

TEST(ProbeWords, LoseNothingOfADriveThatFallsSilentOverTheRest) {
    auto report = report_of(ended(to_line({.claimed = false}) + to_line({.last = true})));
    add_facts(report_of(ended("", ChildEnd::deadline, "it did not answer within 5 s")), report);
    EXPECT_EQ(report.outcome, ProbeOutcome::answered);
    EXPECT_THAT(report.problems, IsEmpty());
    EXPECT_FALSE(report.ata);
    EXPECT_THAT(report.identity.findings, ElementsAre(HasSubstr("it did not answer within 5 s")));
}

TEST(ProbeWords, ArePartlyAnAnswerWithAProblem) {
    const auto report =
        report_of(ended(to_line({.claimed = false}) + to_line({.problems = {"it does not read"}}) +
                        to_line({.last = true})));
    EXPECT_EQ(report.outcome, ProbeOutcome::partly);
    EXPECT_THAT(report.problems, ElementsAre("it does not read"));
}

TEST(ProbeWords, StandAsFarAsTheyWereSaidWhenTheDriveHangs) {
    const auto report = report_of(ended(to_line({.claimed = true}) + "{\"contents\":{\"fou",
                                        ChildEnd::deadline, "it did not answer within 5 s"));
    EXPECT_EQ(report.outcome, ProbeOutcome::not_answering);
    EXPECT_EQ(report.claimed, true);
    EXPECT_FALSE(report.contents);
    EXPECT_THAT(report.problems, ElementsAre("it did not answer within 5 s"));
}

TEST(ProbeWords, AreNoAnswerOfAProbeThatDied) {
    for (const ChildEnd end : {ChildEnd::died, ChildEnd::too_much}) {
        const auto report =
            report_of(ended(to_line({.claimed = false}) + to_line({.last = true}), end, "because"));
        EXPECT_EQ(report.outcome, ProbeOutcome::not_answering);
        EXPECT_THAT(report.problems, ElementsAre("its probe failed: because"));
    }
}

TEST(ProbeWords, AreNoAnswerWithoutTheLastOne) {
    for (const std::string& bytes : {std::string(), to_line({.claimed = false})}) {
        const auto report = report_of(ended(bytes));
        EXPECT_EQ(report.outcome, ProbeOutcome::not_answering);
        EXPECT_EQ(report.claimed, std::nullopt);
        EXPECT_THAT(report.problems, ElementsAre("its probe ended too early"));
    }
}

TEST(ProbeWords, CountForNothingWhenOneOfThemIsNotToBeUnderstood) {
    const std::string good = to_line({.claimed = false});
    const std::string last = to_line({.last = true});
    for (const std::string& bad :
         {std::string("nonsense\n"), std::string("\n"), std::string("{}\n"),
          std::string("{\"last\":false,\"claimed\":1}\n"),
          std::string("{\"last\":false,\"guards\":[]}\n"),
          std::string("{\"last\":false,\"contents\":{\"found\":[{\"type_hex\":\"6\",\"label_hex\":"
                      "\"\",\"uuid_hex\":\"\",\"usage\":\"\",\"offset_bytes\":0}]}}\n"),
          std::string("{\"last\":false,\"contents\":{\"partitions\":[{\"offset\":-1,\"length\":1}]}"
                      "}\n"),
          std::string("{\"last\":false,\"identity\":{\"source\":\"operator\"}}\n")}) {
        const auto report = report_of(ended(good + bad + last));
        EXPECT_EQ(report.outcome, ProbeOutcome::not_answering) << bad;
        EXPECT_EQ(report.claimed, std::nullopt) << bad;
        ASSERT_EQ(report.problems.size(), 1u);
        EXPECT_THAT(report.problems.front(), HasSubstr("its probe is not to be understood: "));
    }
    EXPECT_EQ(report_of(ended(good + last + good)).outcome, ProbeOutcome::not_answering);
    EXPECT_EQ(report_of(ended(good + last + "x")).outcome, ProbeOutcome::not_answering);
}

} // namespace
} // namespace quietus
