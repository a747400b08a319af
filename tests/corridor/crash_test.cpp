// A run that is killed, at every stage of the corridor: afterwards every intent has one result and
// one document, and an audit finds nothing.
#include "support/dying_log.hpp"
#include "support/station.hpp"

#include "quietus/app/status.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/register/audit.hpp"

#include <gmock/gmock.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace quietus {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;

/// Where the power goes.
struct Cut {
    std::string stage = {}; ///< "committed", "before result", ...
    StepKind kind = StepKind::write;
    std::uint64_t bytes = ~std::uint64_t{0}; ///< of a step of that kind
};

/// More than can be in flight at once, so that a pass has a middle.
constexpr std::uint64_t size = 32U << 20U;

class Crash : public testing::Test {
  protected:
    // A run in a process of its own, which is killed there.
    void run_until(const Cut& cut) {
        const pid_t running = ::fork();
        if (running == 0) run_and_die(cut);
        int status = 0;
        ASSERT_EQ(::waitpid(running, &status, 0), running);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << cut.stage;
        station.start_signer();
    }
    [[noreturn]] void run_and_die(const Cut& cut) {
        station.start_signer();
        test::NotingAudience audience;
        audience.stop = [&](const Progress& progress) {
            if (progress.kind == cut.kind && progress.bytes_done >= cut.bytes) test::die();
            return false;
        };
        test::DyingLog log(*station.log, cut.stage);
        const Site whole = station.site(host);
        test::Agreeing person;
        DisposalRequest request;
        request.targets = {"image:/one"};
        (void)dispose(request,
                      {whole.host, whole.clock, log, whole.places, whole.signer, whole.workplace},
                      person, audience);
        ::_exit(0);
    }
    JobStatus settled() {
        const auto jobs = station_status(station.site(host));
        EXPECT_TRUE(jobs && jobs->size() == 1);
        EXPECT_FALSE(jobs->front().error) << jobs->front().error->message;
        return jobs->front();
    }
    // With the auditor's own eyes: the log, and the directory of documents.
    void expect_one_of_each() {
        const std::string root = read_regular_file(station.root(), 1U << 20U).value();
        const auto logs = log_keys_in(root).value();
        const auto trust = TrustAnchors::from_pem(root).value();
        const auto report =
            audit_register({station.places.log(), std::nullopt, station.places.certificates,
                            station.directory, logs, trust});
        EXPECT_TRUE(report.findings.empty())
            << report.findings.front().code << ": " << report.findings.front().text;
        EXPECT_EQ(report.intents, 1u);
        EXPECT_EQ(report.documents, 1u);
        EXPECT_EQ(report.size, 4u) << "genesis, intent, result, document";
    }
    std::vector<std::string> documents() {
        std::vector<std::string> names;
        for (const auto& each : fs::directory_iterator(station.places.certificates))
            names.push_back(each.path().filename());
        std::ranges::sort(names);
        return names;
    }

    const std::string job = "QTS-TEST01-00000001";
    test::Station station;
    emulator::SimulatedClock time;
    emulator::Media port{{.size_bytes = size}, time};
    test::OneDriveHost host{port};
};

TEST_F(Crash, BeforeTheIntentLeavesNothing) {
    run_until({.stage = "before intent"});
    EXPECT_TRUE(station_status(station.site(host)).value().empty());
}

TEST_F(Crash, AfterTheIntentIsInterrupted) {
    run_until({.stage = "after intent"});
    const JobStatus status = settled();
    EXPECT_EQ(status.state, JobState::interrupted);
    EXPECT_EQ(status.verdict, "interrupted");
    EXPECT_THAT(status.document, EndsWith(job + ".qar.json"));
    expect_one_of_each();
}

TEST_F(Crash, InTheMidstOfAPassIsInterrupted) {
    for (const auto kind : {StepKind::write, StepKind::verify}) {
        SCOPED_TRACE(to_text(kind));
        fs::remove_all(station.places.log());
        fs::remove_all(station.places.state + "/jobs");
        fs::remove_all(station.places.certificates);
        run_until({.kind = kind, .bytes = size / 4});
        const JobStatus status = settled();
        EXPECT_EQ(status.state, JobState::interrupted);
        EXPECT_EQ(status.serial, "SPARSE0001");
        EXPECT_EQ(status.node, "image:/one");
        expect_one_of_each();
    }
}

TEST_F(Crash, AfterTheVerdictCostsTimeAlone) {
    for (const char* stage : {"before result", "after result", "before document"}) {
        SCOPED_TRACE(stage);
        fs::remove_all(station.places.log());
        fs::remove_all(station.places.state + "/jobs");
        fs::remove_all(station.places.certificates);
        run_until({.stage = stage});
        const JobStatus status = settled();
        EXPECT_EQ(status.state, JobState::finished);
        EXPECT_EQ(status.verdict, "erased");
        EXPECT_THAT(status.document, EndsWith(job + ".qdc.json"));
        EXPECT_EQ(documents(), (std::vector<std::string>{job + ".qdc.json", job + ".qdc.p7s"}));
        expect_one_of_each();
    }
}

TEST_F(Crash, BetweenTheTwoFilesMakesThemAnew) {
    run_until({.stage = "before document"});
    const std::string stem = station.places.certificates + "/" + job + ".qdc";
    ASSERT_TRUE(fs::remove(stem + ".p7s"));
    EXPECT_EQ(settled().verdict, "erased");
    EXPECT_EQ(documents(), (std::vector<std::string>{job + ".qdc.json", job + ".qdc.p7s"}));
    expect_one_of_each();
}

TEST_F(Crash, KeepsTheDocumentThatWasSavedAlready) {
    run_until({.stage = "before document"});
    const std::string path = station.places.certificates + "/" + job + ".qdc.json";
    const std::string saved = read_regular_file(path, payload_limit).value();
    EXPECT_EQ(settled().document, path);
    EXPECT_EQ(read_regular_file(path, payload_limit).value(), saved);
    expect_one_of_each();
}

TEST_F(Crash, LeavesAloneWhatIsNotItsOwnDocument) {
    run_until({.stage = "after result"});
    const std::string path = station.places.certificates + "/" + job + ".qdc.json";
    std::ofstream(path) << "somebody's";
    const auto jobs = station_status(station.site(host)).value();
    ASSERT_TRUE(jobs.front().error);
    EXPECT_EQ(jobs.front().error->fault, Fault::evidence);
    EXPECT_THAT(jobs.front().error->message, HasSubstr("not the document of this job"));
    EXPECT_EQ(read_regular_file(path, 100).value(), "somebody's");
    fs::remove(path);
    EXPECT_EQ(settled().verdict, "erased");
    expect_one_of_each();
}

TEST_F(Crash, AfterTheDocumentLeavesNothingToDo) {
    run_until({.stage = "after document"});
    EXPECT_EQ(settled().verdict, "erased");
    expect_one_of_each();
    EXPECT_EQ(settled().verdict, "erased") << "and once more";
    expect_one_of_each();
}

TEST_F(Crash, AJournalThatCannotBeReadEndsIndeterminate) {
    run_until({.stage = "before result"});
    const std::string path = station.places.job(job) + "/journal.jsonl";
    std::string text = read_regular_file(path, 1U << 20U).value();
    text[text.find("\"event\":\"pass\"") + 20] = '\x01';
    std::ofstream(path, std::ios::binary) << text;
    const JobStatus status = settled();
    EXPECT_EQ(status.state, JobState::indeterminate);
    EXPECT_EQ(status.serial, "SPARSE0001") << "that much could be read";
    EXPECT_THAT(status.document, EndsWith(".qar.json"));
    EXPECT_EQ(read_regular_file(path + ".damaged", 1U << 20U).value(), text);
    expect_one_of_each();
}

TEST_F(Crash, AJournalThatIsNotTheLogsIsNotTaken) {
    run_until({.stage = "after result"});
    const std::string path = station.places.job(job) + "/journal.jsonl";
    std::string text = read_regular_file(path, 1U << 20U).value();
    text.replace(text.find("SPARSE0001"), 10, "SPARSE0002");
    std::ofstream(path, std::ios::binary) << text;
    for (const bool there : {true, false}) {
        if (!there) fs::remove(path);
        const auto jobs = station_status(station.site(host)).value();
        ASSERT_TRUE(jobs.front().error);
        EXPECT_EQ(jobs.front().error->fault, Fault::invalid);
        EXPECT_FALSE(fs::exists(station.places.certificates + "/" + job + ".qdc.json"));
        EXPECT_EQ(fs::exists(path), there) << "none is made up";
    }
}

TEST_F(Crash, AJobThatSomebodyWorksOnIsLeftAlone) {
    test::Agreeing person;
    test::NotingAudience audience;
    JobState seen = JobState::finished;
    std::size_t entries = 0;
    audience.at_step_end = [&](const Progress& progress) {
        if (progress.kind != StepKind::write) return;
        const auto jobs = station_status(station.site(host)).value();
        entries = jobs.size();
        seen = jobs.front().state;
        EXPECT_EQ(jobs.front().serial, "SPARSE0001");
        EXPECT_EQ(jobs.front().verdict, "");
    };
    DisposalRequest request;
    request.targets = {"image:/one"};
    const auto outcomes = dispose(request, station.site(host), person, audience);
    EXPECT_EQ(outcomes->front().verdict, Verdict::erased);
    EXPECT_EQ(entries, 1u);
    EXPECT_EQ(seen, JobState::running);
    expect_one_of_each();
}

} // namespace
} // namespace quietus
