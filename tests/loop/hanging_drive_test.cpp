// A drive that hangs, so that not even SIGKILL gets its reader out of the kernel, among good ones.
#include "bench.hpp"
#include "medium.hpp"

#include "quietus/confine/run_children.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

namespace quietus::rig {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::uint64_t drive_bytes = 16U << 20U;

/// Attached and, unlike LoopDrive, held open by nobody, as real drives are: whoever opens it is the
/// one who closes it last, and waits there for its pages in flight.
class LoneLoop {
  public:
    explicit LoneLoop(const std::string& file)
        : node_(run({"losetup", "--find", "--show", file}).output) {
        node_.resize(node_.find('\n'));
    }
    LoneLoop(const LoneLoop&) = delete;
    LoneLoop& operator=(const LoneLoop&) = delete;
    ~LoneLoop() { run({"losetup", "--detach", node_}); }
    [[nodiscard]] const std::string& node() const { return node_; }

  private:
    std::string node_;
};

struct Timed {
    int exit_status = -1;
    std::chrono::milliseconds time{};
    std::string output;
    std::string errors;
};

Timed timed(const Bench& bench, const Words& words) {
    const auto begun = steady_clock::now();
    const auto program = bench.start(words);
    Timed result;
    result.exit_status = program->wait();
    result.time =
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun);
    result.output = program->output();
    result.errors = program->errors();
    return result;
}

std::string state_of(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("State:\t")) return line.substr(7, 1);
    return "";
}

// How many processes called quietus wait in the kernel where no signal reaches them.
int stuck_programs() {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "stat");
        std::string pid;
        std::string name;
        std::string state;
        if (file >> pid >> name >> state && name == "(quietus)" && state == "D") ++count;
    }
    return count;
}

class HangingDrive : public LyingDriveTest {
  protected:
    void SetUp() override {
        LyingDriveTest::SetUp();
        if (IsSkipped()) return;
        first = std::make_unique<LoopDrive>(formatted("first"));
        hanging = std::make_unique<LyingDrive>(drive_bytes);
        bad = std::make_unique<LoneLoop>(hanging->file());
        second = std::make_unique<LoopDrive>(formatted("second"));
        hanging->set_fault("hang-on-read");
    }
    void TearDown() override {
        hanging.reset(); // first of all: whoever waits for it is let go
        bad.reset();
    }
    std::string formatted(const std::string& name) const {
        const std::string file = scratch.make_file(name, drive_bytes);
        EXPECT_EQ(run({"mkfs.ext4", "-q", file}).exit_status, 0);
        return file;
    }
    static Json drive_in(const std::string& output, const std::string& node) {
        const Json answer = json_of(output);
        for (const Json& drive : *at(answer, {"drives"}).as<Json::Array>())
            if (drive.text_of("node") == node) return drive;
        ADD_FAILURE() << node << " is not listed";
        return {};
    }
    static std::string issued_at(const Erasure& erasure) {
        return std::string(json_of(content_of(erasure.document)).text_of("issued_at"));
    }
    static void expect_complete(const Json& drive) {
        EXPECT_EQ(drive.text_of("probe"), "answered");
        EXPECT_EQ(*drive.find("guards"), Json::array()) << to_line(drive);
        ASSERT_EQ(drive.find("contents")->as<Json::Array>()->size(), 1u) << to_line(drive);
        EXPECT_EQ(drive.find("contents")->as<Json::Array>()->front().text_of("type"), "ext4");
    }

    Bench bench;
    std::unique_ptr<LoopDrive> first;
    std::unique_ptr<LoopDrive> second;
    std::unique_ptr<LyingDrive> hanging;
    std::unique_ptr<LoneLoop> bad;
};

// The second time even a look at the file beneath it hangs.
TEST_F(HangingDrive, IsListedAsNotAnsweringAndTheOthersAreWholeAndOnTime) {
    for (int turn = 0; turn < 2; ++turn) {
        const Timed list = timed(bench, {"list", "--json"});
        EXPECT_EQ(list.exit_status, 0) << list.errors;
        EXPECT_GE(list.time, 5s);
        EXPECT_LT(list.time, 10s);
        expect_complete(drive_in(list.output, first->node()));
        expect_complete(drive_in(list.output, second->node()));
        const Json drive = drive_in(list.output, bad->node());
        EXPECT_EQ(drive.text_of("probe"), "not-answering");
        EXPECT_THAT(*drive.find("guards")->as<Json::Array>(), Contains(Json("unknown-holder")));
        EXPECT_THAT(to_line(drive), HasSubstr("it did not answer within 5 s"));
        EXPECT_GT(stuck_programs(), turn) << "the probe should have been out of reach of SIGKILL";
    }
}

TEST_F(HangingDrive, ShowsItselfInTheColumnOfStates) {
    const Timed list = timed(bench, {"list"});
    const auto row = list.output.find(bad->node() + " ");
    ASSERT_NE(row, std::string::npos) << list.output;
    EXPECT_THAT(list.output.substr(row, list.output.find('\n', row) - row),
                HasSubstr(" not-answering"));
}

TEST_F(HangingDrive, IsRefused) {
    const Timed plan =
        timed(bench, {"plan", bad->node(), "--technique", "overwrite", "--scheme", "generic.zero"});
    EXPECT_EQ(plan.exit_status, 3) << plan.errors;
    EXPECT_THAT(plan.errors, HasSubstr("unknown-holder"));
    EXPECT_LT(plan.time, 10s);
    const Timed erase = timed(bench, {"erase", bad->node(), "--technique", "overwrite", "--scheme",
                                      "generic.zero", "--confirm", "0000-0000-0000"});
    EXPECT_EQ(erase.exit_status, 3) << erase.errors;
    EXPECT_LT(erase.time, 10s);
}

TEST_F(HangingDrive, DoesNotKeepAGoodOneFromBeingErased) {
    EXPECT_EQ(bench.erase(first->node(), scheme("generic.zero")).verdict, "erased");
}

TEST_F(HangingDrive, AsAnImageItIsRefusedAndTheProgramEnds) {
    const Timed plan = timed(bench, {"plan", "image:" + hanging->file(), "--technique", "overwrite",
                                     "--scheme", "generic.zero"});
    EXPECT_EQ(plan.exit_status, 3) << plan.errors;
    EXPECT_LT(plan.time, 10s);
    // From now on nobody gets as far as opening it.
    const Timed again = timed(bench, {"plan", "image:" + hanging->file(), "--technique",
                                      "overwrite", "--scheme", "generic.zero"});
    EXPECT_EQ(again.exit_status, 8) << again.errors;
    EXPECT_THAT(again.errors, HasSubstr("its file system does not answer"));
    EXPECT_LT(again.time, 10s);
}

// The drive answers until the erasure is under way. The program tells of the silence, gives up,
// leaves an attempt record and ends, though the write never does. Those beside it are certified
// meanwhile: nobody else waits for it.
TEST_F(HangingDrive, ThatHangsInAWriteAmongOthersIsGivenUpAndCostsItselfAlone) {
    hanging->set_fault("hang-on-write after=70");
    const auto begun = steady_clock::now();
    auto options = scheme("generic.zero");
    options.insert(options.end(), {"--stall-limit", "33"});
    const auto erasing = bench.start_erase({first->node(), bad->node(), second->node()}, options);
    const auto erasures = Bench::outcomes(*erasing);
    EXPECT_LT(steady_clock::now() - begun, 60s);
    ASSERT_THAT(erasures, SizeIs(3)) << erasing->errors();
    const Erasure& failed = erasures[1];
    EXPECT_EQ(failed.exit_status, 1) << failed.said;
    EXPECT_EQ(failed.verdict, "failed");
    EXPECT_TRUE(failed.has("drive-stalled")) << failed.said;
    EXPECT_THAT(failed.said, HasSubstr("\"silent_seconds\":30"));
    EXPECT_EQ(bench.audit(failed.document).exit_status, 9);
    for (const std::size_t good : {0, 2}) {
        EXPECT_EQ(erasures[good].verdict, "erased") << erasures[good].said;
        EXPECT_LT(issued_at(erasures[good]), issued_at(failed));
    }
    EXPECT_EQ(bench.logged("result"), 3U);
}

// What makes the tests above worth something: the reader really is where no signal reaches it.
TEST_F(HangingDrive, LeavesAReaderBehindThatCannotBeKilledAndEndsWhenTheKernelLetsIt) {
    const std::string node = bad->node();
    const auto results = run_children({[](const ChildChannel& channel) { channel.send("good"); },
                                       [node](const ChildChannel& channel) {
                                           const int drive =
                                               ::open(node.c_str(), O_RDONLY | O_DIRECT);
                                           const std::unique_ptr<void, decltype(&std::free)> block(
                                               std::aligned_alloc(4096, 4096), &std::free);
                                           channel.send(std::to_string(::getpid()));
                                           if (::pread(drive, block.get(), 4096, 0) >= 0)
                                               channel.send("read");
                                       }},
                                      {.deadline = 500ms});
    EXPECT_EQ(results[0].bytes, "good");
    EXPECT_EQ(results[1].end, ChildEnd::deadline);
    const pid_t left = std::atoi(results[1].bytes.c_str());
    ASSERT_GT(left, 0);
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(state_of(left), "D");
    hanging.reset();
    for (int step = 0; step < 1000 && state_of(left) == "D"; ++step)
        std::this_thread::sleep_for(5ms);
    ChildProcess::bury(1s);
    EXPECT_EQ(state_of(left), "");
}

} // namespace
} // namespace quietus::rig
