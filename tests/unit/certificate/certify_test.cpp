#include "signing_station.hpp"

#include <fstream>
#include <functional>

namespace quietus {
namespace {

class Certify : public SigningStation {
  protected:
    [[nodiscard]] Result<Certificate> certified(const FinishedJob& job) {
        return certify(job.request(), *signer, clock);
    }
};

// A key that is not there any more.
class BrokenSigner final : public Signer {
  public:
    [[nodiscard]] const SignerIdentity& identity() const override { return identity_; }
    Result<Bytes> sign(std::string_view, DocumentType) override {
        return Error{Fault::evidence, "the key is gone"};
    }

  private:
    SignerIdentity identity_{.name = "TEST", .certificate_sha256 = std::string(64, '0')};
};

TEST_F(Certify, MakesACertificateOfAnErasedDrive) {
    const auto document = certified(job_of());
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(document->type, DocumentType::certificate);
    EXPECT_EQ(document->id, "QTS-TEST-00000007");
    const auto report = check(*document);
    EXPECT_EQ(report.verdict, DocumentVerdict::valid);
    EXPECT_EQ(report.id, "QTS-TEST-00000007");
    EXPECT_TRUE(finds(report, "W_SELF_ISSUED"));
}

TEST_F(Certify, MakesAnAttemptRecordOfEverythingElse) {
    std::vector<std::pair<GoodRun, std::string>> runs(4);
    runs[0].first.evidence.read_backs.back().mismatched = {{0, 512}};
    runs[0].second = "failed";
    runs[1].first.no_verification();
    runs[1].second = "unverified";
    runs[2].first.drive.kind = DriveKind::usb;
    runs[2].second = "indeterminate";
    runs[3].first.evidence.stopped = StopReason::interrupted;
    runs[3].second = "interrupted";
    for (const auto& [run, verdict] : runs) {
        const auto document = certified(job_of(run));
        ASSERT_TRUE(document) << document.error().message;
        EXPECT_EQ(document->type, DocumentType::attempt);
        const Json json = parse_json(document->payload).value();
        EXPECT_EQ(json.text_of("verdict"), verdict);
        EXPECT_EQ(json.text_of("title"), "THIS DRIVE IS NOT PROVEN ERASED");
        EXPECT_EQ(check(*document).verdict, DocumentVerdict::not_an_erasure);
    }
}

TEST_F(Certify, ClaimsNothingWhenTheJudgementDoesNotFollowFromTheEvidence) {
    FinishedJob job = job_of();
    job.record.evidence.read_backs.back().mismatched = {{0, 512}}; // judged erased before
    const auto document = certified(job);
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(document->type, DocumentType::attempt);
    const Json json = parse_json(document->payload).value();
    EXPECT_EQ(json.text_of("verdict"), "indeterminate");
    EXPECT_EQ(json.text_of("level"), "none");
    EXPECT_EQ(*json.find("coverage")->find("bytes_proven"), Json(0));
    EXPECT_EQ(check(*document).verdict, DocumentVerdict::not_an_erasure);
}

TEST_F(Certify, ClaimsNothingWhenTheClockWasSetBackDuringTheRun) {
    FinishedJob job = job_of();
    job.record.timing.ended_at = to_rfc3339(clock.utc_seconds() - 86400);
    const auto document = certified(job);
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(document->type, DocumentType::attempt);
    EXPECT_NE(document->payload.find("E_SEM_TIME_ORDER"), std::string::npos);
    EXPECT_EQ(check(*document).verdict, DocumentVerdict::not_an_erasure);
}

TEST_F(Certify, MakesAnAttemptRecordOfEvidenceThatContradictsItself) {
    using Alteration = std::function<void(Evidence&)>;
    const std::vector<Alteration> alterations{
        [](Evidence& evidence) { ++evidence.passes.back().bytes_written; },
        [](Evidence& evidence) {
            evidence.passes.back().written = {{512, 512}, {0, 512}};
        },
        [](Evidence& evidence) {
            evidence.passes.back().unwritable = {{0, 1024}, {512, 512}};
        },
        [](Evidence& evidence) { ++evidence.read_backs.back().bytes_matched; },
        [](Evidence& evidence) {
            evidence.read_backs.back().mismatched = {{1U << 30U, 512}};
        },
        [](Evidence& evidence) {
            evidence.read_backs.back().unreadable = {{512, 0}};
        },
        [](Evidence& evidence) {
            evidence.probe->wrong = {{4096, 512}, {0, 512}};
        },
        [](Evidence& evidence) { evidence.passes.back().seed = "no seed"; }};
    for (std::size_t i = 0; i < alterations.size(); ++i) {
        FinishedJob job = job_of();
        alterations[i](job.record.evidence);
        for (const bool judged_again : {false, true}) {
            if (judged_again) job.judge_again();
            const auto document = certified(job);
            ASSERT_TRUE(document) << i << ": " << document.error().message;
            EXPECT_EQ(document->type, DocumentType::attempt);
            EXPECT_EQ(check(*document).verdict, DocumentVerdict::not_an_erasure) << i;
            const Json json = parse_json(document->payload).value();
            EXPECT_EQ(json.text_of("verdict"), "indeterminate") << i;
            EXPECT_EQ(json.text_of("journal_sha256"), job.placement.journal_sha256);
            EXPECT_NE(document->payload.find("inconsistent-evidence"), std::string::npos) << i;
        }
    }
}

TEST_F(Certify, SignsNothingThatTheAuditorWouldRefuse) {
    FinishedJob job = job_of();
    job.placement.salt = "short";
    EXPECT_EQ(certified(job).error().fault, Fault::evidence);
    job = job_of();
    job.placement.sequence = 8;
    EXPECT_EQ(certified(job).error().fault, Fault::evidence);
    job = job_of();
    job.record.job = "QTS-OTHER-00000007";
    job.placement.station = "OTHER"; // the key is TEST's
    EXPECT_EQ(certified(job).error().fault, Fault::evidence);
    job = job_of();
    job.record.drive.provenance = Provenance::rehearsal;
    EXPECT_EQ(certified(job).error().fault, Fault::evidence);
}

TEST_F(Certify, RefusesACapacityThatJsonCannotHold) {
    FinishedJob job = job_of();
    job.record.drive.size_bytes = std::uint64_t{1} << 60U;
    EXPECT_EQ(certified(job).error().fault, Fault::evidence);
}

TEST_F(Certify, ReportsASignerThatFails) {
    BrokenSigner broken;
    const auto document = certify(job_of().request(), broken, clock);
    EXPECT_EQ(document.error().fault, Fault::evidence);
    EXPECT_NE(document.error().message.find("the key is gone"), std::string::npos);
}

TEST_F(Certify, SavesBothFilesUnderTheNamesOfTheirType) {
    const auto document = certified(job_of());
    const auto path = save_certificate(*document, directory);
    ASSERT_TRUE(path) << path.error().message;
    EXPECT_EQ(*path, directory + "/QTS-TEST-00000007.qdc.json");
    EXPECT_EQ(read_regular_file(*path, payload_limit).value(), document->payload);
    const auto again = read_document(directory + "/QTS-TEST-00000007.qdc.p7s");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->p7s, document->p7s);
    GoodRun bad;
    bad.no_verification();
    const auto attempt = save_certificate(*certified(job_of(bad)), directory);
    EXPECT_EQ(*attempt, directory + "/QTS-TEST-00000007.qar.json");
    EXPECT_TRUE(std::filesystem::exists(directory + "/QTS-TEST-00000007.qar.p7s"));
}

TEST_F(Certify, NeverReplacesADocumentAndLeavesNoHalf) {
    const auto document = certified(job_of());
    const std::string stem = directory + "/QTS-TEST-00000007.qdc";
    std::ofstream(stem + ".p7s") << "in the way";
    EXPECT_EQ(save_certificate(*document, directory).error().fault, Fault::evidence);
    EXPECT_FALSE(std::filesystem::exists(stem + ".json"));
    std::filesystem::remove(stem + ".p7s");
    ASSERT_TRUE(save_certificate(*document, directory));
    EXPECT_EQ(save_certificate(*document, directory).error().fault, Fault::evidence);
    EXPECT_TRUE(std::filesystem::exists(stem + ".json"));
    EXPECT_EQ(save_certificate(*document, directory + "/none").error().fault, Fault::evidence);
}

} // namespace
} // namespace quietus
