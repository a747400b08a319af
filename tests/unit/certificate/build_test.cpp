#include "build.hpp"
#include "finished_job.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/stream/digest.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

const SignerIdentity signer{.name = "TEST", .certificate_sha256 = std::string(64, '4')};

Payload payload_of(const FinishedJob& job, DocumentType type = DocumentType::certificate) {
    return build_payload(job.request(),
                         {type, job.record.judgement, signer, FinishedJob::began + 200});
}

std::string text_of(const FinishedJob& job) {
    return encode(payload_of(job)).value();
}

TEST(Build, NeverTellsWhatStoodOnTheDrive) {
    FinishedJob job;
    job.record.drive.contents = {{"/dev/loop9p1", "ext4", "PAYROLL", "uuid-1234", "filesystem", 0}};
    job.record.drive.parts = {{"/dev/loop9p1", 4096}};
    job.record.drive.in_use = {{"mount", "/srv/payroll"}};
    job.record.drive.guards = {{Interlock::mounted, "is mounted at /srv/payroll", "umount"}};
    job.record.drive.by_id = {"/dev/disk/by-id/dm-name-payroll"};
    const std::string text = text_of(job);
    for (const char* secret : {"PAYROLL", "payroll", "ext4", "uuid-1234", "loop9p1", "somebody",
                               "secret-project", "by-id"})
        EXPECT_EQ(text.find(secret), std::string::npos) << secret;
    EXPECT_NE(text.find(R"("host_name":"scratch.img")"), std::string::npos);
    EXPECT_NE(text.find(R"("parts":[{"size_bytes":4096}])"), std::string::npos);
}

TEST(Build, PublishesOnlyTheSeedOfAFinalRandomPass) {
    FinishedJob job;
    for (PassRecord& pass : job.record.evidence.passes)
        pass.seed = std::string(64, 'a' + static_cast<char>(pass.step % 6));
    const Payload payload = payload_of(job);
    for (std::size_t i = 0; i + 1 < payload.method.passes.size(); ++i)
        EXPECT_FALSE(payload.method.passes[i].seed.has_value());
    EXPECT_EQ(payload.method.passes.back().seed, std::string(64, 'a'));
    job.record.evidence.passes.back().data = StepData::fixed;
    EXPECT_FALSE(payload_of(job).method.passes.back().seed.has_value());
}

TEST(Build, EscapesHostileText) {
    FinishedJob job;
    job.record.drive.serial = "S1\x1b[2J\\\xff";
    job.statements.organisation = "line\nbreak";
    const Payload payload = payload_of(job);
    EXPECT_EQ(payload.drive.serial, "S1\\u{001b}[2J\\\\\\xff");
    EXPECT_EQ(payload.statements.said.organisation, "line\\u{000a}break");
    EXPECT_TRUE(encode(payload).has_value());
}

TEST(Build, CutsTextOfAbsurdLength) {
    FinishedJob job;
    job.statements.authority = std::string(100000, '\x01');
    EXPECT_TRUE(encode(payload_of(job)).has_value());
}

TEST(Build, SaysThatNoPolicyWasAppliedAndThatNothingStatedIsSigned) {
    const std::string text = text_of(FinishedJob());
    EXPECT_NE(text.find(R"("statement":"no policy was applied")"), std::string::npos);
    EXPECT_NE(text.find(R"("basis":"stated, not signed")"), std::string::npos);
    EXPECT_NE(text.find(R"("operator":"jd17")"), std::string::npos);
    EXPECT_NE(text.find(R"("document_marking":"OFFICIAL")"), std::string::npos);
    EXPECT_NE(text.find(R"("native_capacity_bytes":"unknown")"), std::string::npos);
    EXPECT_NE(text.find(R"("time_source":"system clock, not proven")"), std::string::npos);
}

TEST(Build, RetainsFor15Years) {
    EXPECT_EQ(payload_of(FinishedJob()).retain_until, "2041-11-22T03:03:20Z");
}

TEST(Build, ListsEveryExtentAsLongAsTheyFit) {
    FinishedJob job;
    for (std::uint64_t i = 0; i < 5000; ++i)
        job.record.judgement.unproven.push_back({i * 2, 1});
    const Payload payload = payload_of(job, DocumentType::attempt);
    const Json json = parse_json(encode(payload).value()).value();
    EXPECT_EQ(json.find("omitted"), nullptr);
    EXPECT_EQ(json.find("coverage")->find("unproven")->as<Json::Array>()->size(), 5000u);
}

TEST(Build, ReplacesTheLongestListByItsDigestWhenTheDocumentGrowsTooLarge) {
    GoodRun run;
    run.drive.size_bytes = std::uint64_t{1} << 40U;
    FinishedJob job(run);
    auto& unwritable = job.record.evidence.passes[1].unwritable;
    for (std::uint64_t i = 0; i < 200000; ++i)
        unwritable.push_back({i * 1024, 512});
    job.record.judgement.verdict = Verdict::indeterminate;
    const std::string text = encode(payload_of(job, DocumentType::attempt)).value();
    EXPECT_LE(text.size(), payload_limit);
    const Json json = parse_json(text).value();
    const Json& omitted = json.find("omitted")->as<Json::Array>()->front();
    EXPECT_EQ(omitted.text_of("list"), "method.passes.1.unwritable");
    EXPECT_EQ(*omitted.find("extents"), Json(200000));
    EXPECT_EQ(*omitted.find("bytes"), Json(200000 * 512));
    EXPECT_EQ(omitted.text_of("note"), "complete list in the journal");
    // The digest by hand: canonical JSON of the list.
    std::string list = "[";
    for (const Extent& each : unwritable)
        list += (list.size() == 1 ? "" : ",") + std::string("{\"length\":") +
                std::to_string(each.length) + ",\"offset\":" + std::to_string(each.offset) + "}";
    EXPECT_EQ(omitted.text_of("sha256"), sha256_hex(list + "]"));
}

} // namespace
} // namespace quietus
