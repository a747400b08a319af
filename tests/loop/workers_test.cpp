// Many drives at once: each worker has its own drive and nothing else, and one that is lost costs
// only its own.
#include "bench.hpp"
#include "support/running.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

namespace quietus::rig {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::uint64_t drive_bytes = 8U << 20U;
constexpr std::size_t drive_count = 4;
const std::string first_pass_done = R"("kind":"write","node")";

std::vector<pid_t> children_of(pid_t process) {
    const std::string number = std::to_string(process);
    std::ifstream file("/proc/" + number + "/task/" + number + "/children");
    return {std::istream_iterator<pid_t>(file), {}};
}

/// What a process has open, but for its standard streams.
std::vector<std::string> open_in(pid_t process) {
    std::vector<std::string> open;
    std::error_code gone;
    const std::string directory = "/proc/" + std::to_string(process) + "/fd";
    for (const auto& entry : std::filesystem::directory_iterator(directory, gone))
        if (std::stoi(entry.path().filename()) > STDERR_FILENO)
            open.push_back(std::filesystem::read_symlink(entry.path(), gone));
    return open;
}

std::string status_line(pid_t process, const std::string& name) {
    std::ifstream file("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
    return "?";
}

/// The confined process of the program that has the node open; a probe is still root while it has.
pid_t worker_on(const Program& program, const std::string& node) {
    const auto deadline = std::chrono::steady_clock::now() + 40s;
    while (std::chrono::steady_clock::now() < deadline) {
        for (const pid_t child : children_of(program.pid()))
            if (status_line(child, "Uid").starts_with("65534") &&
                status_line(child, "Seccomp") == "2" &&
                std::ranges::count(open_in(child), node) != 0)
                return child;
        std::this_thread::sleep_for(2ms);
    }
    ADD_FAILURE() << "nobody works on " << node << '\n' << program.output() << program.errors();
    return 0;
}

/// Two seconds a pass.
Words slowly(const std::string& id) {
    return {"--scheme", id, "--limit-rate", "4M"};
}

class Workers : public LoopTest {
  protected:
    void SetUp() override {
        LoopTest::SetUp();
        if (IsSkipped()) return;
        for (std::size_t i = 0; i < drive_count; ++i) {
            files.push_back(scratch.make_file("drive" + std::to_string(i), drive_bytes));
            fill_with_secrets(files.back());
            loops.push_back(std::make_unique<LoopDrive>(files.back()));
            nodes.push_back(loops.back()->node());
        }
    }
    void expect_erased(const Erasure& erasure, std::size_t drive) const {
        EXPECT_EQ(erasure.verdict, "erased") << erasure.said;
        EXPECT_EQ(erasure.exit_status, 0);
        EXPECT_EQ(secrets_in(content_of(files[drive])), 0u) << nodes[drive];
        EXPECT_EQ(bench.audit(erasure.document).exit_status, 0) << nodes[drive];
    }
    void expect_lost(const Erasure& erasure) const {
        EXPECT_EQ(erasure.verdict, "interrupted") << erasure.said;
        EXPECT_EQ(erasure.exit_status, 7);
        EXPECT_TRUE(erasure.has("worker-lost")) << erasure.said;
        ASSERT_THAT(erasure.document, EndsWith(".qar.json"));
        EXPECT_EQ(bench.audit(erasure.document).exit_status, 9);
    }

    ScratchDirectory scratch;
    Bench bench;
    std::vector<std::string> files;
    std::vector<std::unique_ptr<LoopDrive>> loops;
    std::vector<std::string> nodes;
};

TEST_F(Workers, EraseManyDrivesInOneRun) {
    const auto erasing = bench.start_erase(nodes, scheme("generic.random"));
    const auto erasures = Bench::outcomes(*erasing);
    ASSERT_THAT(erasures, SizeIs(drive_count)) << erasing->errors();
    std::set<std::string> jobs;
    for (std::size_t i = 0; i < drive_count; ++i) {
        expect_erased(erasures[i], i);
        jobs.insert(erasures[i].job);
    }
    EXPECT_THAT(jobs, SizeIs(drive_count));
    EXPECT_EQ(bench.logged("intent"), drive_count);
    EXPECT_EQ(bench.logged("result"), drive_count);
}

TEST_F(Workers, HaveTheirDriveAndNothingElse) {
    const auto erasing = bench.start_erase(nodes, slowly("x.gutmann"));
    for (const std::string& node : nodes) {
        const pid_t worker = worker_on(*erasing, node);
        ASSERT_NE(worker, 0);
        std::size_t of_drive = 0;
        std::size_t channels = 0;
        for (const std::string& file : open_in(worker)) {
            of_drive += file == node ? 1 : 0;
            channels += file.starts_with("socket:") ? 1 : 0;
            EXPECT_TRUE(file == node || file.starts_with("socket:") ||
                        file == "anon_inode:[io_uring]")
                << file;
        }
        EXPECT_EQ(of_drive, 1u);
        EXPECT_EQ(channels, 1u);
        EXPECT_EQ(status_line(worker, "Uid"), "65534\t65534\t65534\t65534");
        EXPECT_EQ(status_line(worker, "Gid"), "65534\t65534\t65534\t65534");
        EXPECT_EQ(status_line(worker, "Groups"), " ");
        EXPECT_EQ(status_line(worker, "NoNewPrivs"), "1");
        EXPECT_EQ(status_line(worker, "Seccomp"), "2");
        for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"})
            EXPECT_EQ(status_line(worker, set), "0000000000000000") << set;
    }
    erasing->signal(SIGINT);
    EXPECT_EQ(erasing->wait(), 7);
}

TEST_F(Workers, OneThatIsKilledCostsItsOwnDriveAlone) {
    const auto erasing = bench.start_erase(nodes, slowly("generic.zero"));
    const pid_t worker = worker_on(*erasing, nodes[1]);
    ASSERT_NE(worker, 0);
    ::kill(worker, SIGKILL);
    const auto erasures = Bench::outcomes(*erasing);
    ASSERT_THAT(erasures, SizeIs(drive_count)) << erasing->errors();
    expect_lost(erasures[1]);
    for (const std::size_t other : {0, 2, 3})
        expect_erased(erasures[other], other);
    EXPECT_EQ(bench.logged("result"), drive_count);
}

TEST_F(Workers, EndWithTheProgramThatStartedThem) {
    const auto erasing = bench.start_erase(nodes, slowly("x.gutmann"));
    std::vector<pid_t> workers;
    for (const std::string& node : nodes) {
        workers.push_back(worker_on(*erasing, node));
        ASSERT_NE(workers.back(), 0);
    }
    erasing->signal(SIGKILL);
    erasing->wait();
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    const auto any_left = [&] { return std::ranges::any_of(workers, test::is_running); };
    while (any_left() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(5ms);
    EXPECT_FALSE(any_left());
    const ProgramRun status = bench.quietus({"status", "--json"});
    const Json answer = json_of(status.output);
    for (const Json& job : *at(answer, {"jobs"}).as<Json::Array>())
        EXPECT_EQ(job.text_of("state"), "interrupted") << status.output;
    EXPECT_EQ(bench.logged("intent"), bench.logged("result"));
}

TEST_F(Workers, StopAtTheFirstSignalWithADocumentForEach) {
    const auto erasing = bench.start_erase(nodes, slowly("x.gutmann"));
    ASSERT_TRUE(erasing->prints(first_pass_done)) << erasing->errors();
    erasing->signal(SIGINT);
    const auto erasures = Bench::outcomes(*erasing);
    ASSERT_THAT(erasures, SizeIs(drive_count));
    for (const Erasure& erasure : erasures) {
        EXPECT_EQ(erasure.verdict, "interrupted") << erasure.said;
        EXPECT_EQ(erasure.exit_status, 7);
        EXPECT_TRUE(erasure.job.empty() || bench.audit(erasure.document).exit_status == 9);
    }
}

TEST_F(Workers, LeaveAtTheSecondSignalAndStatusBringsThemToTheirEnd) {
    const auto erasing = bench.start_erase(nodes, slowly("x.gutmann"));
    for (const std::string& node : nodes)
        ASSERT_NE(worker_on(*erasing, node), 0);
    for (const std::string& node : nodes)
        ::kill(worker_on(*erasing, node), SIGSTOP); // they will not hear the first
    erasing->signal(SIGINT);
    std::this_thread::sleep_for(300ms);
    const auto asked = std::chrono::steady_clock::now();
    erasing->signal(SIGINT);
    EXPECT_EQ(erasing->wait(), 7) << erasing->errors();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, 2s);
    EXPECT_EQ(bench.logged("result"), 0u);
    const ProgramRun status = bench.quietus({"status"});
    EXPECT_EQ(bench.logged("intent"), drive_count) << status.output;
    EXPECT_EQ(bench.logged("result"), drive_count) << status.output;
    EXPECT_EQ(bench.logged("document"), drive_count) << status.output;
}

TEST_F(Workers, BeginOneAfterAnotherWhenOnlyOneMayRun) {
    Words words{"erase", "--technique", "overwrite", "--json", "--jobs", "1"};
    for (const std::string& node : nodes) {
        words.push_back(node);
        words.insert(words.end(), {"--confirm", bench.code_for(node, scheme("generic.zero"))});
    }
    words.insert(words.end(), {"--scheme", "generic.zero"});
    const auto erasing = bench.start(words);
    ASSERT_EQ(erasing->wait(), 0) << erasing->errors();
    std::istringstream lines(erasing->output());
    int running = 0;
    for (std::string line; std::getline(lines, line);) {
        const std::string event(json_of(line).text_of("event"));
        running += event == "started" ? 1 : event == "certified" ? -1 : 0;
        EXPECT_LE(running, 1) << line;
    }
}

TEST_F(Workers, RefuseANumberOfJobsThatIsNone) {
    for (const char* number : {"0", "-1", "many", "1.5", ""}) {
        const ProgramRun erased = bench.quietus({"erase", nodes[0], "--technique", "overwrite",
                                                 "--scheme", "generic.zero", "--jobs", number});
        EXPECT_EQ(erased.exit_status, 2) << number;
        EXPECT_THAT(erased.output, HasSubstr("--jobs")) << number;
    }
    EXPECT_NE(secrets_in(content_of(files[0])), 0u);
}

TEST_F(Workers, LeaveRoomForAnotherRunBesideThem) {
    const auto first = bench.start_erase(Words{nodes[0], nodes[1]}, slowly("generic.random"));
    ASSERT_NE(worker_on(*first, nodes[1]), 0);
    const auto second = bench.start_erase(Words{nodes[2], nodes[3]}, scheme("generic.zero"));
    const auto later = Bench::outcomes(*second);
    const auto earlier = Bench::outcomes(*first);
    ASSERT_THAT(earlier, SizeIs(2));
    ASSERT_THAT(later, SizeIs(2));
    std::set<std::string> jobs;
    for (std::size_t i = 0; i < 2; ++i) {
        expect_erased(earlier[i], i);
        expect_erased(later[i], i + 2);
        jobs.insert({earlier[i].job, later[i].job});
    }
    EXPECT_THAT(jobs, SizeIs(drive_count));
}

// Their certificates, their log and their numbers stand whatever becomes of the fifth.
TEST_F(Workers, GoOnBesideADriveThatFails) {
    LyingDrive lying(drive_bytes, "honest");
    fill_with_secrets(lying.store());
    const LoopDrive bad(lying.file());
    Words all = nodes;
    all.push_back(bad.node());
    const auto erasing = bench.start_erase(all, scheme("generic.zero"));
    lying.set_fault("vanish");
    const auto erasures = Bench::outcomes(*erasing);
    ASSERT_THAT(erasures, SizeIs(drive_count + 1)) << erasing->errors();
    for (std::size_t i = 0; i < drive_count; ++i)
        expect_erased(erasures[i], i);
    EXPECT_NE(erasures.back().verdict, "erased");
}

} // namespace
} // namespace quietus::rig
