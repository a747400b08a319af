#include "fork_kit.hpp"
#include "support/running.hpp"

#include "quietus/confine/child_process.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <new>

namespace quietus {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

ChildWork saying(const std::string& text) {
    return [text](const ChildChannel& channel) { channel.send(text); };
}

[[noreturn]] void sleep_for_ever() {
    for (;;)
        ::pause();
}

TEST(RunChildren, GivesEachAnswerInTheOrderOfTheQuestions) {
    const auto results = run_children({saying("one"), saying(""), saying("three")});
    ASSERT_EQ(results.size(), 3u);
    EXPECT_EQ(results[0].bytes, "one");
    EXPECT_EQ(results[1].bytes, "");
    EXPECT_EQ(results[2].bytes, "three");
    for (const auto& result : results) {
        EXPECT_EQ(result.end, ChildEnd::answered);
        EXPECT_EQ(result.why, "");
    }
}

TEST(RunChildren, BringsBackEveryByteOfALongAnswer) {
    std::string text(3U << 20U, 'x');
    for (std::size_t at = 0; at < text.size(); at += 1000)
        text[at] = static_cast<char>(at / 1000);
    EXPECT_EQ(result_of(saying(text)).bytes, text);
}

TEST(RunChildren, TellsAChildThatDiedFromOneThatAnswered) {
    const auto left = result_of([](const ChildChannel& channel) {
        channel.send("so far");
        ::_exit(3);
    });
    EXPECT_EQ(left.end, ChildEnd::died);
    EXPECT_EQ(left.bytes, "so far");
    EXPECT_EQ(left.why, "it ended with status 3");
    const auto killed = result_of([](const ChildChannel&) { ::raise(SIGKILL); });
    EXPECT_EQ(killed.end, ChildEnd::died);
    EXPECT_EQ(killed.why, "it ended by signal 9");
    const auto thrown = result_of([](const ChildChannel&) { std::abort(); });
    EXPECT_EQ(thrown.end, ChildEnd::died);
}

TEST(RunChildren, GivesUpAtTheDeadlineAndTheOthersAreWhole) {
    const Stopwatch watch;
    const auto results = run_children({saying("before"),
                                       [](const ChildChannel& channel) {
                                           channel.send("half");
                                           sleep_for_ever();
                                       },
                                       saying("after")},
                                      {.deadline = 1000ms});
    EXPECT_GE(watch.time(), 1000ms);
    EXPECT_LT(watch.time(), 2000ms);
    EXPECT_EQ(results[0].bytes, "before");
    EXPECT_EQ(results[2].bytes, "after");
    EXPECT_EQ(results[1].end, ChildEnd::deadline);
    EXPECT_EQ(results[1].bytes, "half");
    EXPECT_EQ(results[1].why, "it did not answer within 1 s");
}

TEST(RunChildren, KillsAChildThatIgnoresEverySignalItMayIgnore) {
    const Stopwatch watch;
    const auto result = result_of(
        [](const ChildChannel&) {
            for (int signal = 1; signal < NSIG; ++signal)
                ::signal(signal, SIG_IGN);
            for (;;) {
            }
        },
        {.deadline = 200ms});
    EXPECT_EQ(result.end, ChildEnd::deadline);
    EXPECT_LT(watch.time(), 1200ms);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

// It has closed its channel, so that nothing more can come; it is still not done.
TEST(RunChildren, GivesUpAChildThatFallsSilentAndDoesNotEnd) {
    const Stopwatch watch;
    const auto result = result_of(
        [](const ChildChannel& channel) {
            channel.send("all of it");
            ::close(channel.descriptor());
            sleep_for_ever();
        },
        {.deadline = 300ms});
    EXPECT_EQ(result.end, ChildEnd::deadline);
    EXPECT_EQ(result.bytes, "all of it");
    EXPECT_LT(watch.time(), 1300ms);
}

TEST(RunChildren, BoundsWhatAChildMaySay) {
    const Stopwatch watch;
    const auto flood = result_of(
        [](const ChildChannel& channel) {
            for (;;)
                channel.send(std::string(100'000, 'x'));
        },
        {.most_bytes = 1'000'000});
    EXPECT_EQ(flood.end, ChildEnd::too_much);
    EXPECT_EQ(flood.bytes.size(), 1'000'000u);
    EXPECT_EQ(flood.why, "it said more than 1000000 bytes");
    EXPECT_LT(watch.time(), 2000ms);
    EXPECT_EQ(result_of(saying("12345"), {.most_bytes = 5}).end, ChildEnd::answered);
    EXPECT_EQ(result_of(saying("123456"), {.most_bytes = 5}).end, ChildEnd::too_much);
}

// Counts in memory that all children share.
struct Census {
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;
};

void be_counted(Census& census) {
    const int now = ++census.now;
    for (int most = census.most; now > most && !census.most.compare_exchange_weak(most, now);) {
    }
    ::usleep(20'000);
    --census.now;
}

TEST(RunChildren, RunsHundredsAndNeverMoreAtOnceThanItMay) {
    void* const shared =
        ::mmap(nullptr, sizeof(Census), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(shared, MAP_FAILED);
    auto* const census = new (shared) Census;
    std::vector<ChildWork> works;
    for (int number = 0; number < 300; ++number)
        works.push_back([number, census](const ChildChannel& channel) {
            be_counted(*census);
            channel.send(std::to_string(number));
        });
    const auto results = run_children(works, {.at_once = 20});
    for (std::size_t number = 0; number < results.size(); ++number)
        EXPECT_EQ(results[number].bytes, std::to_string(number));
    EXPECT_LE(census->most, 20);
    EXPECT_GT(census->most, 1);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    ::munmap(shared, sizeof(Census));
}

TEST(RunChildren, LetsHundredsHangTogetherAndNotOneAfterAnother) {
    const std::vector<ChildWork> works(200, [](const ChildChannel&) { sleep_for_ever(); });
    const Stopwatch watch;
    const auto results = run_children(works, {.deadline = 1000ms});
    EXPECT_LT(watch.time(), 100s) << "200 s one after another";
    for (const auto& result : results)
        EXPECT_EQ(result.end, ChildEnd::deadline);
}

TEST(RunChildren, HasNothingToDoForNoQuestion) {
    EXPECT_THAT(run_children({}), testing::IsEmpty());
}

TEST(ChildProcess, HasNothingOpenButItsChannelAndEmptyStreams) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::tmpfile(), &std::fclose);
    const auto result = result_of([](const ChildChannel& channel) {
        for (int number = 0; number < 1024; ++number) {
            std::error_code closed;
            const auto link =
                std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(number), closed);
            if (!closed) channel.send(link.string().substr(0, link.string().find('[')) + "\n");
        }
    });
    EXPECT_EQ(result.bytes, "/dev/null\n/dev/null\n/dev/null\nsocket:\n");
}

TEST(ChildProcess, LeavesTheBuffersOfItsParentAlone) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::tmpfile(), &std::fclose);
    std::fputs("once", file.get());
    EXPECT_EQ(result_of(saying("")).end, ChildEnd::answered);
    std::fflush(file.get());
    EXPECT_EQ(std::ftell(file.get()), 4);
    std::fseek(file.get(), 0, SEEK_END);
    EXPECT_EQ(std::ftell(file.get()), 4);
}

TEST(ChildProcess, StandsApartFromTheTerminalAndTheSignalsOfItsParent) {
    ::signal(SIGUSR1, SIG_IGN);
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    const auto result = result_of([](const ChildChannel& channel) {
        sigset_t mask;
        ::sigprocmask(SIG_BLOCK, nullptr, &mask);
        struct sigaction action {};
        ::sigaction(SIGUSR1, nullptr, &action);
        channel.send(::getsid(0) == ::getpid() ? "own session" : "");
        channel.send(action.sa_handler == SIG_DFL && sigismember(&mask, SIGTERM) == 0 ? ", usual"
                                                                                      : "");
    });
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    ::signal(SIGUSR1, SIG_DFL);
    EXPECT_EQ(result.bytes, "own session, usual");
}

TEST(ChildProcess, TalksInBothDirections) {
    auto child = ChildProcess::start([](const ChildChannel& channel) {
        char letter = 0;
        while (::read(channel.descriptor(), &letter, 1) == 1)
            channel.send(std::string(2, letter));
    });
    ASSERT_TRUE(child);
    ASSERT_EQ(::send(child->channel(), "a", 1, MSG_NOSIGNAL), 1);
    std::string heard;
    for (const Stopwatch watch; heard.size() < 2 && watch.time() < 5s;) {
        char letter = 0;
        if (::read(child->channel(), &letter, 1) == 1) heard += letter;
    }
    EXPECT_EQ(heard, "aa");
    EXPECT_FALSE(child->ended());
}

TEST(ChildProcess, DiesWithItsParent) {
    pid_t grandchild = -1;
    const auto result = result_of([](const ChildChannel& channel) {
        auto child = ChildProcess::start([](const ChildChannel&) { sleep_for_ever(); });
        channel.send(child ? std::to_string(child->pid()) : "none");
        ::_exit(0); // without a chance to kill it
    });
    grandchild = std::atoi(result.bytes.c_str());
    ASSERT_GT(grandchild, 0) << result.bytes;
    for (const Stopwatch watch; test::is_running(grandchild) && watch.time() < 5s;)
        ::usleep(1000);
    EXPECT_FALSE(test::is_running(grandchild));
}

// A number that was its channel may be anything there by now, and its own to kill it is not.
TEST(ChildProcess, IsLeftAloneByAnotherChildOfItsParent) {
    auto elder = ChildProcess::start([](const ChildChannel&) { sleep_for_ever(); });
    ASSERT_TRUE(elder.has_value());
    EXPECT_TRUE(elder->ours());
    const auto younger = result_of([&](const ChildChannel& channel) {
        std::string said = elder->ours() ? "mine" : "not mine";
        const int reused = ::dup2(channel.descriptor(), elder->channel());
        { const ChildProcess dropped = std::move(*elder); }
        channel.send(said + (::fcntl(reused, F_GETFD) >= 0 ? ", open" : ", closed"));
    });
    EXPECT_EQ(younger.bytes, "not mine, open");
    EXPECT_EQ(elder->ended(), std::nullopt);
}

} // namespace
} // namespace quietus
