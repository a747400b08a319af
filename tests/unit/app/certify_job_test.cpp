// certify JOB: only a job of the log, once, from the journal whose digest the log holds.
#include "support/station.hpp"

#include "quietus/app/issue.hpp"
#include "quietus/emulator/media.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace quietus {
namespace {

using testing::HasSubstr;

class CertifyJob : public testing::Test {
  protected:
    // An erase whose document cannot be saved: the certificate directory turns into a file.
    std::string job_without_document() {
        test::Agreeing person;
        test::NotingAudience audience;
        audience.at_step_end = [&](const Progress&) {
            std::filesystem::remove_all(station.places.certificates);
            std::ofstream(station.places.certificates) << "in the way";
        };
        DisposalRequest request;
        request.targets = {"image:/one"};
        const auto outcomes = dispose(request, station.site(host), person, audience);
        EXPECT_TRUE(outcomes && outcomes->front().exit_status == ExitStatus::evidence);
        std::filesystem::remove_all(station.places.certificates);
        std::filesystem::create_directories(station.places.certificates);
        return outcomes ? outcomes->front().job : "";
    }
    void expect_refusal(const std::string& job, Fault fault, const std::string& message) {
        const auto issued = certify_job(job, station.site(host));
        ASSERT_FALSE(issued) << job;
        EXPECT_EQ(issued.error().fault, fault);
        EXPECT_THAT(issued.error().message, HasSubstr(message));
    }
    test::Station station;
    emulator::SimulatedClock time;
    emulator::Media port{{.size_bytes = 1U << 20U}, time};
    test::OneDriveHost host{port};
};

TEST_F(CertifyJob, RefusesWhatIsNoJob) {
    for (const char* job : {"", "../../etc", "QTS-TEST01-00000001/..", "qts", "A B", "\x1b[2J"})
        expect_refusal(job, Fault::usage, "is no job");
    expect_refusal("QTS-TEST01-00000001", Fault::usage, "no such job in the log");
    EXPECT_FALSE(std::filesystem::exists(station.places.state + "/jobs"));
}

TEST_F(CertifyJob, IssuesWhatIsMissingOnce) {
    const std::string job = job_without_document();
    const auto issued = certify_job(job, station.site(host));
    ASSERT_TRUE(issued) << issued.error().message;
    EXPECT_EQ(issued->verdict, Verdict::erased);
    EXPECT_TRUE(std::filesystem::exists(issued->path));
    expect_refusal(job, Fault::refused, "its document has been issued");
}

TEST_F(CertifyJob, RefusesAJournalThatWasChangedAfterwards) {
    const std::string job = job_without_document();
    const std::string path = station.places.job(job) + "/journal.jsonl";
    std::ifstream in(path);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto at = text.find("SPARSE0001");
    ASSERT_NE(at, std::string::npos);
    std::ofstream(path) << text.replace(at, 10, "SPARSE0002");
    expect_refusal(job, Fault::invalid, "");
    EXPECT_TRUE(std::filesystem::is_empty(station.places.certificates));
}

TEST_F(CertifyJob, NeedsTheKey) {
    const std::string job = job_without_document();
    std::filesystem::remove_all(station.places.keys());
    station.start_signer();
    expect_refusal(job, Fault::io, job + ": station key: ");
}

} // namespace
} // namespace quietus
