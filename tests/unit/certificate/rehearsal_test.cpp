// A rehearsal is never a certificate, and says so wherever it can.
#include "signing_station.hpp"

#include "quietus/core/json.hpp"
#include "quietus/record/rehearsal.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Rehearsal : public SigningStation {
  protected:
    static void SetUpTestSuite() {
        SigningStation::SetUpTestSuite();
        SystemClock clock;
        const auto info = init_station_keys(
            {made + "/rehearsal", "REHEARSAL", std::nullopt, Role::rehearsal}, clock);
        ASSERT_TRUE(info) << info.error().message;
        auto loaded = load_station_signer(made + "/rehearsal");
        ASSERT_TRUE(loaded) << loaded.error().message;
        training = std::move(*loaded);
    }
    static void TearDownTestSuite() {
        training.reset();
        SigningStation::TearDownTestSuite();
    }
    FinishedJob exercise(const GoodRun& run = {}) {
        FinishedJob job = job_of(run);
        job.record.job = "QTS-REHEARSAL-00000007";
        job.placement.station = "REHEARSAL";
        Drive& drive = job.record.drive;
        drive.provenance = Provenance::rehearsal;
        drive.node = "rehearsal:one";
        return job;
    }
    Result<Certificate> certified(const FinishedJob& job, Signer& by) {
        return certify(job.request(), by, clock);
    }
    static DocumentReport checked(const Certificate& document, const std::string& keys) {
        const auto pem = read_regular_file(made + keys + "/root.pem", 1U << 20U);
        return check_document({document.id, document.type, document.payload, document.p7s},
                              TrustAnchors::from_pem(pem.value()).value());
    }
    inline static std::unique_ptr<Signer> training;
};

TEST_F(Rehearsal, IsGenuineAndNoErasure) {
    const auto document = certified(exercise(), *training);
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(document->type, DocumentType::rehearsal);
    const DocumentReport report = checked(*document, "/rehearsal");
    EXPECT_EQ(report.verdict, DocumentVerdict::not_an_erasure);
    EXPECT_TRUE(finds(report, "W_REHEARSAL"));
    ASSERT_EQ(report.signers.size(), 1u);
    EXPECT_EQ(report.signers.front().role, Role::rehearsal);
}

TEST_F(Rehearsal, BearsTheWordInEveryTextThatVaries) {
    FinishedJob job = exercise();
    job.statements.organisation = "Example";
    job.statements.site = "Bench 1";
    job.statements.references = {"R-1", "R-2"};
    const auto document = certified(job, *training);
    ASSERT_TRUE(document) << document.error().message;
    const auto payload = parse_json(document->payload);
    ASSERT_TRUE(payload);
    EXPECT_EQ(payload->text_of("title"), "REHEARSAL: NO DRIVE WAS ERASED");
    EXPECT_EQ(payload->text_of("document_marking"), "REHEARSAL OFFICIAL");
    for (const auto& [group, members] : std::map<std::string, std::vector<std::string>>{
             {"drive", {"host_name", "model", "serial", "firmware"}},
             {"statements", {"organisation", "site"}},
             {"tool", {"version", "kernel"}},
             {"station", {"id"}}})
        for (const std::string& member : members)
            if (const auto text = payload->find(group)->text_of(member); !text.empty()) {
                EXPECT_THAT(std::string(text), StartsWith("REHEARSAL")) << group << member;
            }
    for (const Json& each : *payload->find("statements")->find("references")->as<Json::Array>())
        EXPECT_THAT(*each.as<std::string>(), StartsWith("REHEARSAL R-"));
}

TEST_F(Rehearsal, OfAnErasureThatFailedIsOfTheSameType) {
    GoodRun run;
    run.evidence.passes.back().flushed = false;
    const auto document = certified(exercise(run), *training);
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(document->type, DocumentType::rehearsal);
    EXPECT_THAT(document->payload, HasSubstr(R"("verdict":"failed")"));
    EXPECT_EQ(checked(*document, "/rehearsal").verdict, DocumentVerdict::not_an_erasure);
}

TEST_F(Rehearsal, IsSignedByNoOtherKeyAndItsKeySignsNothingElse) {
    const auto by_a_station = certified(exercise(), *signer);
    ASSERT_FALSE(by_a_station);
    EXPECT_THAT(by_a_station.error().message, HasSubstr("a key for rehearsals alone"));
    const auto of_a_real_drive = certified(job_of(), *training);
    ASSERT_FALSE(of_a_real_drive);
    EXPECT_THAT(of_a_real_drive.error().message, HasSubstr("nothing about a real drive"));
}

// The payload of a sound certificate, signed with the other key whatever program would do that.
TEST_F(Rehearsal, KeyMakesNoCertificateThatAnAuditorTakes) {
    const auto genuine = certified(job_of(), *signer);
    ASSERT_TRUE(genuine);
    EXPECT_FALSE(training->sign(genuine->payload, DocumentType::certificate));
    EXPECT_FALSE(signer->sign(genuine->payload, DocumentType::rehearsal));
}

} // namespace
} // namespace quietus
