// The corridor from request to document over an emulated drive: what is written, what is believed.
#include "support/station.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/policy/schemes.hpp"
#include "quietus/register/audit.hpp"

#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>

namespace quietus {
namespace {

using emulator::FaultKind;
using emulator::Media;
using test::Agreeing;
using test::Declining;
using test::NotingAudience;
using test::OneDriveHost;
using test::Station;

constexpr std::uint64_t size = (3U << 20U) + 512;

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Dispose : public testing::Test {
  protected:
    Dispose() { port.hold(secret); }

    Disposal run(const std::string& scheme = "generic.random",
                 std::optional<Verification> verification = std::nullopt) {
        request.targets = {"image:/one"};
        request.plan.scheme = scheme;
        request.plan.verification = verification;
        auto outcomes = dispose(request, station.site(host), person, audience);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        EXPECT_EQ(outcomes ? outcomes->size() : 0, 1u);
        if (outcomes && outcomes->front().error) why = outcomes->front().error->message;
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }

    // As an auditor would: from the files and the root alone.
    DocumentReport audited(const Disposal& outcome) {
        EXPECT_TRUE(outcome.document.has_value());
        auto trust = TrustAnchors::from_pem(content_of(station.root()));
        auto files = read_document(outcome.document->path);
        EXPECT_TRUE(trust && files);
        return check_document(*files, *trust);
    }

    RegisterReport audited_log() {
        const std::string root = content_of(station.root());
        const auto logs = log_keys_in(root);
        const auto trust = TrustAnchors::from_pem(root);
        EXPECT_TRUE(logs && trust);
        return audit_register({station.places.log(), std::nullopt, station.places.certificates,
                               station.directory, *logs, *trust});
    }

    std::size_t documents() {
        const std::string& directory = station.places.certificates;
        if (!std::filesystem::exists(directory)) return 0;
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(directory), {}));
    }

    std::string why; ///< the error of the last run, for messages
    const Bytes secret{'t', 'o', 'p', ' ', 's', 'e', 'c', 'r', 'e', 't'};
    emulator::SimulatedClock time{Station::time_after_keys()};
    Station station{time};
    Media port{{.size_bytes = size}, time};
    OneDriveHost host{port};
    Agreeing person;
    NotingAudience audience;
    DisposalRequest request;
};

TEST_F(Dispose, ErasesVerifiesAndCertifiesAnHonestDrive) {
    const Disposal outcome = run("generic.zero");
    EXPECT_EQ(outcome.verdict, Verdict::erased);
    ASSERT_EQ(outcome.exit_status, ExitStatus::success) << why;
    EXPECT_EQ(port.at(0, size), std::vector<std::uint8_t>(size, 0));
    EXPECT_THAT(outcome.document->path, testing::EndsWith("QTS-TEST01-00000001.qdc.json"));
    const DocumentReport report = audited(outcome);
    EXPECT_EQ(report.verdict, DocumentVerdict::valid);
    EXPECT_EQ(report.id, "QTS-TEST01-00000001");
}

TEST_F(Dispose, LeavesALogInWhichAnAuditFindsNothing) {
    EXPECT_EQ(run("generic.zero").verdict, Verdict::erased);
    host.open_error = Error{Fault::refused, "identity-changed: another drive stands here now"};
    const Disposal refused = run();
    const RegisterReport report = audited_log();
    EXPECT_TRUE(report.findings.empty()) << report.findings.front().text;
    EXPECT_EQ(report.intents, 2u);
    EXPECT_EQ(report.documents, 2u);
    std::ofstream(refused.document->path, std::ios::app) << " ";
    EXPECT_EQ(audited_log().findings.front().code, "E_REGISTER_DOCUMENT_CHANGED");
    std::filesystem::rename(refused.document->path,
                            station.places.certificates + "/QTS-TEST01-00000009.qar.json");
    const auto codes = audited_log().findings;
    ASSERT_EQ(codes.size(), 2u);
    EXPECT_EQ(codes.front().code, "I_REGISTER_DOCUMENT_MISSING");
    EXPECT_EQ(codes.back().code, "E_REGISTER_DOCUMENT_UNLOGGED");
}

TEST_F(Dispose, NumbersJobsWithoutAGap) {
    EXPECT_EQ(run("generic.zero").job, "QTS-TEST01-00000001");
    EXPECT_EQ(run("generic.one").job, "QTS-TEST01-00000002");
    const auto jobs = station.log->jobs();
    ASSERT_TRUE(jobs);
    ASSERT_EQ(jobs->size(), 2u);
    for (const LoggedJob& job : *jobs) {
        EXPECT_TRUE(job.result.has_value());
        EXPECT_TRUE(job.document.has_value());
    }
}

TEST_F(Dispose, WritesNothingWhenTheOperatorDeclines) {
    Declining nobody;
    request.targets = {"image:/one"};
    const auto outcomes = dispose(request, station.site(host), nobody, audience);
    ASSERT_FALSE(outcomes.has_value());
    EXPECT_EQ(outcomes.error().fault, Fault::refused);
    EXPECT_EQ(port.trace().size(), 0u);
    EXPECT_EQ(station.log->jobs()->size(), 0u);
}

TEST_F(Dispose, WritesNothingOnADryRun) {
    request.targets = {"image:/one"};
    request.dry_run = true;
    EXPECT_TRUE(dispose(request, station.site(host), person, audience).has_value());
    EXPECT_EQ(port.trace().size(), 0u);
    EXPECT_EQ(documents(), 0u);
}

TEST_F(Dispose, WritesNothingWhileAnInterlockHolds) {
    host.drive.guards = {{Interlock::mounted, "/dev/one is mounted at /srv", "umount /srv"}};
    request.targets = {"image:/one"};
    const auto outcomes = dispose(request, station.site(host), person, audience);
    ASSERT_FALSE(outcomes.has_value());
    EXPECT_EQ(outcomes.error().fault, Fault::refused);
    EXPECT_EQ(outcomes.error().hint, "umount /srv");
    EXPECT_EQ(port.trace().size(), 0u);
}

TEST_F(Dispose, WritesNothingWithoutAKey) {
    std::filesystem::remove_all(station.places.keys());
    station.start_signer();
    request.targets = {"image:/one"};
    const auto outcomes = dispose(request, station.site(host), person, audience);
    ASSERT_FALSE(outcomes.has_value());
    EXPECT_EQ(exit_status(outcomes.error().fault), ExitStatus::preflight);
    EXPECT_THAT(outcomes.error().hint, testing::HasSubstr("key init"));
    EXPECT_EQ(port.trace().size(), 0u);
    EXPECT_FALSE(std::filesystem::exists(station.places.log() + "/checkpoint"));
}

TEST_F(Dispose, GivesADriveThatCannotBeOpenedItsAttemptRecord) {
    host.open_error = Error{Fault::refused, "identity-changed: another drive stands here now"};
    const Disposal outcome = run();
    EXPECT_EQ(outcome.exit_status, ExitStatus::refused);
    EXPECT_EQ(outcome.verdict, Verdict::refused);
    EXPECT_EQ(port.trace().size(), 0u);
    EXPECT_THAT(outcome.document->path, testing::EndsWith(".qar.json"));
    EXPECT_EQ(audited(outcome).verdict, DocumentVerdict::not_an_erasure);
    EXPECT_TRUE(station.log->jobs()->front().result.has_value());
}

// Programs, or drives, that do less than they say.

TEST_F(Dispose, IsNotFooledByAPortThatWritesNothing) {
    port.add({.kind = FaultKind::write_dropped});
    for (const char* scheme : {"generic.zero", "generic.random", "uk.is5.enhanced"}) {
        const Disposal outcome = run(scheme);
        EXPECT_EQ(outcome.verdict, Verdict::failed) << scheme;
        EXPECT_EQ(outcome.exit_status, ExitStatus::failed);
        EXPECT_EQ(audited(outcome).verdict, DocumentVerdict::not_an_erasure);
    }
}

TEST_F(Dispose, IsNotFooledByAPortThatWritesTheFirstPassOnly) {
    audience.at_step_end = [&](const Progress& progress) {
        if (progress.kind == StepKind::write) port.add({.kind = FaultKind::write_dropped});
    };
    EXPECT_EQ(run("uk.is5.enhanced").verdict, Verdict::failed); // 00, FF, random
    EXPECT_EQ(port.at(0, size), std::vector<std::uint8_t>(size, 0));
}

TEST_F(Dispose, IsNotFooledByAPortThatNeverReads) {
    port.add({.kind = FaultKind::read_lazy});
    for (const char* scheme : {"generic.zero", "generic.random"})
        EXPECT_EQ(run(scheme).verdict, Verdict::failed) << scheme;
}

TEST_F(Dispose, FindsAMediumThatChangedAfterTheWrite) {
    audience.at_step_end = [&](const Progress& progress) {
        if (progress.kind == StepKind::write) port.set(size - 1, 0x42);
    };
    const Disposal outcome = run("generic.zero");
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    ASSERT_FALSE(outcome.document->findings.empty());
    EXPECT_EQ(outcome.document->findings.front().code, "mismatch");
    EXPECT_EQ(outcome.document->findings.front().first_block, (size - 1) / 512);
    EXPECT_EQ(outcome.document->findings.front().blocks, 1u);
}

TEST_F(Dispose, EndsUnverifiedWithoutAReadBack) {
    const Disposal outcome = run("generic.zero", Verification{VerificationMode::none, 0});
    EXPECT_EQ(outcome.verdict, Verdict::unverified);
    EXPECT_EQ(outcome.exit_status, ExitStatus::not_established);
    EXPECT_EQ(port.at(0, size), std::vector<std::uint8_t>(size, 0));
    EXPECT_EQ(audited(outcome).verdict, DocumentVerdict::not_an_erasure);
}

TEST_F(Dispose, AcceptsASampleAndSaysSo) {
    const Disposal outcome = run("generic.random", Verification{VerificationMode::sample, 20});
    EXPECT_EQ(outcome.verdict, Verdict::erased);
    EXPECT_EQ(audited(outcome).verdict, DocumentVerdict::valid);
    EXPECT_THAT(content_of(outcome.document->path), testing::HasSubstr("addressing-sampled"));
}

TEST_F(Dispose, EndsIndeterminateOnAPhysicalDriveOfUnknownCapacity) {
    host.drive.kind = DriveKind::ata;
    const Disposal outcome = run();
    EXPECT_EQ(outcome.verdict, Verdict::indeterminate);
    EXPECT_EQ(outcome.exit_status, ExitStatus::not_established);
    EXPECT_EQ(audited(outcome).verdict, DocumentVerdict::not_an_erasure);
}

TEST_F(Dispose, StopsOnRequestWithAnAttemptRecord) {
    audience.stop = [](const Progress& progress) {
        return progress.kind == StepKind::write && progress.bytes_done >= (1U << 20U);
    };
    const Disposal outcome = run();
    EXPECT_EQ(outcome.verdict, Verdict::interrupted);
    EXPECT_EQ(outcome.exit_status, ExitStatus::interrupted);
    EXPECT_EQ(audited(outcome).verdict, DocumentVerdict::not_an_erasure);
}

// Evidence that cannot be saved.

TEST_F(Dispose, FinishesALostDocumentFromTheJournal) {
    audience.at_step_end = [&](const Progress& progress) {
        if (progress.kind != StepKind::verify) return;
        std::filesystem::remove_all(station.places.certificates);
    };
    const Disposal outcome = run();
    EXPECT_EQ(outcome.exit_status, ExitStatus::evidence);
    EXPECT_EQ(outcome.verdict, Verdict::erased);
    EXPECT_FALSE(outcome.document.has_value());
    EXPECT_THAT(outcome.error->hint, testing::HasSubstr("certify " + outcome.job));

    const auto issued = certify_job(outcome.job, station.site(host));
    ASSERT_TRUE(issued) << issued.error().message;
    EXPECT_EQ(issued->verdict, Verdict::erased);
    EXPECT_EQ(certify_job(outcome.job, station.site(host)).error().fault, Fault::refused);
}

TEST_F(Dispose, AcceptsNoJournalThatWasChangedSinceItsResultWasLogged) {
    audience.at_step_end = [&](const Progress&) {
        std::filesystem::remove_all(station.places.certificates);
    };
    port.add({.kind = FaultKind::write_dropped});
    const Disposal outcome = run("generic.zero");
    EXPECT_EQ(outcome.verdict, Verdict::failed);
    const std::string journal = station.places.job(outcome.job) + "/journal.jsonl";
    std::string content = content_of(journal);
    const auto at = content.rfind("\"verdict\":\"failed\"");
    ASSERT_NE(at, std::string::npos);
    std::ofstream(journal, std::ios::binary) << content.replace(at, 18, "\"verdict\":\"erased\"");
    std::filesystem::create_directories(station.places.certificates);
    const auto issued = certify_job(outcome.job, station.site(host));
    ASSERT_FALSE(issued.has_value());
    EXPECT_EQ(issued.error().fault, Fault::invalid);
    EXPECT_EQ(documents(), 0u);
}

TEST_F(Dispose, ClosesAJobThatCrashedAsInterrupted) {
    const pid_t running = ::fork();
    if (running == 0) { // it ends after the first pass, without a word
        audience.at_step_end = [](const Progress& progress) {
            if (progress.kind == StepKind::write) ::_exit(9);
        };
        (void)run("uk.is5.enhanced");
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(running, &status, 0), running);
    ASSERT_EQ(WEXITSTATUS(status), 9);
    station.start_signer();
    const auto issued = certify_job("QTS-TEST01-00000001", station.site(host));
    ASSERT_TRUE(issued) << issued.error().message;
    EXPECT_EQ(issued->verdict, Verdict::interrupted);
    EXPECT_THAT(issued->path, testing::EndsWith(".qar.json"));
}

// The signer may end or hang whenever it likes: nobody waits for it, and nothing is lost.
TEST_F(Dispose, FinishesWhatADeadSignerLeft) {
    for (const int signal : {SIGKILL, SIGSTOP}) {
        station.deadline = std::chrono::milliseconds{500};
        station.start_signer();
        audience.at_step_end = [&](const Progress&) { ::kill(station.signer->pid(), signal); };
        const Disposal outcome = run("generic.zero");
        EXPECT_EQ(outcome.exit_status, ExitStatus::evidence) << why;
        EXPECT_EQ(outcome.verdict, Verdict::erased);
        ASSERT_TRUE(outcome.error);
        EXPECT_THAT(outcome.error->message, testing::HasSubstr("the signer"));
        EXPECT_EQ(outcome.error->hint, "quietus certify " + outcome.job + " finishes it");
        EXPECT_EQ(certify_job(outcome.job, station.site(host)).error().fault, Fault::evidence)
            << "the dead one is not asked to";
        station.start_signer();
        const auto issued = certify_job(outcome.job, station.site(host));
        ASSERT_TRUE(issued) << issued.error().message;
        EXPECT_EQ(issued->verdict, Verdict::erased);
    }
    EXPECT_TRUE(audited_log().findings.empty()) << audited_log().findings.front().text;
}

TEST_F(Dispose, WritesNothingWithoutASigner) {
    ::kill(station.signer->pid(), SIGKILL);
    request.targets = {"image:/one"};
    const auto outcomes = dispose(request, station.site(host), person, audience);
    ASSERT_FALSE(outcomes.has_value());
    EXPECT_EQ(exit_status(outcomes.error().fault), ExitStatus::preflight);
    EXPECT_EQ(port.trace().size(), 0u);
}

// Every scheme of the catalogue, against what its last pass must leave behind.
TEST_F(Dispose, CarriesOutEverySchemeOfTheCatalogue) {
    for (const Scheme& scheme : schemes()) {
        const Disposal outcome = run(scheme.id);
        EXPECT_EQ(outcome.verdict, Verdict::erased) << scheme.id;
        EXPECT_EQ(audited(outcome).verdict, DocumentVerdict::valid) << scheme.id;
        const SchemeStep* last = nullptr;
        for (const SchemeStep& step : scheme.steps)
            if (step.op == "write") last = &step;
        if (last->data != "fixed") continue;
        const auto octets = from_hex(last->bytes).value();
        const auto medium = port.at(0, size);
        for (std::size_t i = 0; i < medium.size(); i += 97)
            ASSERT_EQ(medium[i], octets[i % octets.size()]) << scheme.id << " at " << i;
    }
}

} // namespace
} // namespace quietus
