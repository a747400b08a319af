// Going on with an interrupted erasure of a real block device: by signal, by kill, after which the
// auditor's program and OpenSSL find one whole proof.
#include "bench.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace quietus::rig {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class ResumeLoop : public SecretDriveTest {
  protected:
    // Four seconds a pass, with a checkpoint after each: long enough to be disturbed in its midst.
    static Words slowly() {
        Words words = scheme("generic.random");
        words.insert(words.end(), {"--limit-rate", "4M"});
        return words;
    }
    std::string journal_of(const std::string& job) const {
        const std::string path = bench.state() + "/jobs/" + job + "/journal.jsonl";
        return std::filesystem::exists(path) ? content_of(path) : "";
    }
    // Until the second checkpoint that has something written.
    void wait_for_checkpoints(const std::string& job, std::size_t wanted) const {
        for (int tries = 0; tries < 3000; ++tries) {
            std::size_t found = 0;
            const std::string text = journal_of(job);
            for (auto at = text.find("\"checkpoint\""); at != std::string::npos;
                 at = text.find("\"checkpoint\"", at + 1))
                ++found;
            if (found >= wanted) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        FAIL() << "no checkpoint: " << journal_of(job);
    }
    Erasure resumed(const std::string& job) const {
        const auto program = bench.start({"--json", "resume", job});
        return Bench::outcome(*program);
    }
    void expect_proven(const Erasure& erasure, const std::string& interrupted) const {
        EXPECT_EQ(erasure.exit_status, 0) << erasure.said;
        EXPECT_EQ(erasure.verdict, "erased");
        ASSERT_THAT(erasure.document, EndsWith(".qdc.json"));
        EXPECT_EQ(secrets_in(content_of(medium)), 0u);
        const ProgramRun audit = bench.audit(erasure.document);
        EXPECT_EQ(audit.exit_status, 0) << audit.output;
        const ProgramRun stock = bench.stock_check(erasure.document);
        EXPECT_EQ(stock.exit_status, 0) << stock.output;
        const Json document = json_of(content_of(erasure.document));
        const auto* passes = at(document, {"method", "passes"}).as<Json::Array>();
        const std::string seed(passes->back().text_of("seed"));
        EXPECT_TRUE(content_of(medium) == openssl_stream(seed, drive_bytes)) << "in one phase";
        const Json& resumed = at(document, {"method", "resumed"}).as<Json::Array>()->back();
        EXPECT_EQ(resumed.text_of("job"), interrupted);
        EXPECT_GT(number(at(resumed, {"carried_bytes"})), 0u);
        EXPECT_GT(number(at(resumed, {"compared_bytes"})), 0u);
        EXPECT_EQ(bench.logged("intent"), bench.logged("result"));
        EXPECT_EQ(bench.logged("intent"), bench.logged("document"));
    }

    Bench bench;
    const std::string first = "QTS-BENCH1-00000001";
};

TEST_F(ResumeLoop, GoesOnAfterASignal) {
    const auto erasing = bench.start_erase(loop->node(), slowly());
    wait_for_checkpoints(first, 2);
    erasing->signal(SIGINT);
    const Erasure interrupted = Bench::outcome(*erasing);
    EXPECT_EQ(interrupted.exit_status, 7) << interrupted.said;
    EXPECT_EQ(bench.audit(interrupted.document).exit_status, 9);
    expect_proven(resumed(first), first);
}

TEST_F(ResumeLoop, GoesOnAfterAKill) {
    const auto erasing = bench.start_erase(loop->node(), slowly());
    wait_for_checkpoints(first, 3);
    erasing->signal(SIGKILL);
    EXPECT_EQ(erasing->wait(), 128 + SIGKILL);
    expect_proven(resumed(first), first);
    EXPECT_EQ(bench.audit(bench.certificates() + "/" + first + ".qar.json").exit_status, 9);
    EXPECT_FALSE(std::filesystem::exists(bench.state() + "/jobs/" + first + "/keys.json"));
    const ProgramRun again = bench.quietus({"resume", first});
    EXPECT_EQ(again.exit_status, 3) << again.output;
    EXPECT_THAT(again.output, HasSubstr("gone on with as QTS-BENCH1-00000002"));
}

TEST_F(ResumeLoop, GoesOnWithWhatWentOnBefore) {
    const auto erasing = bench.start_erase(loop->node(), slowly());
    wait_for_checkpoints(first, 2);
    erasing->signal(SIGKILL);
    erasing->wait();
    const auto second = bench.start({"--json", "resume", first, "--limit-rate", "2M"});
    wait_for_checkpoints("QTS-BENCH1-00000002", 3);
    second->signal(SIGTERM);
    EXPECT_EQ(Bench::outcome(*second).exit_status, 7);
    expect_proven(resumed("QTS-BENCH1-00000002"), "QTS-BENCH1-00000002");
}

TEST_F(ResumeLoop, RefusesADriveThatWasWrittenTo) {
    const auto erasing = bench.start_erase(loop->node(), slowly());
    wait_for_checkpoints(first, 2);
    erasing->signal(SIGINT);
    EXPECT_EQ(Bench::outcome(*erasing).exit_status, 7);
    std::fstream(medium, std::ios::in | std::ios::out | std::ios::binary).seekp(4096).put('x');
    const std::string before = content_of(medium);
    const Erasure refused = resumed(first);
    EXPECT_EQ(refused.exit_status, 3) << refused.said;
    EXPECT_EQ(refused.verdict, "refused");
    EXPECT_THAT(refused.said, HasSubstr("block 8 holds something else"));
    EXPECT_TRUE(content_of(medium) == before) << "nothing was written";
}

} // namespace
} // namespace quietus::rig
