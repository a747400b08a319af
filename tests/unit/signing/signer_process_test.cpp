// The process that has the keys: what it cannot do is tried from inside, and that nobody waits for
// it who should not is tried from outside.
#include "signed_job.hpp"

#include "signing_desk.hpp"

#include "quietus/app/commit.hpp"
#include "quietus/confine/run_children.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>

namespace quietus {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::HasSubstr;

class Process : public SignedJob {
  protected:
    const std::string never = station.directory + "/never";
    std::string facts(const std::string& name) const {
        std::ifstream file("/proc/" + std::to_string(station.signer->pid()) + "/" + name);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    // What errno a try leaves inside of a signer that has its keys and is confined; 0: it went
    // well.
    std::string inside(const std::function<long()>& attempt) {
        const SignerSetup setup{station.places.keys(), station.places.log()};
        const ChildWork work = [&](const ChildChannel& channel) {
            SigningDesk desk(setup, channel);
            const Words answer = desk.answer({"try"});
            errno = 0;
            const long outcome = attempt();
            const int number = outcome < 0 ? errno : 0;
            channel.send(answer.front() + " " + (number == 0 ? "done" : ::strerrorname_np(number)));
        };
        return run_children({work}).front().bytes;
    }
};

TEST_F(Process, OpensNoFile) {
    const std::string key = station.places.keys() + "/station.key";
    const std::string checkpoint = station.places.log() + "/checkpoint";
    for (const std::string& path : {key, checkpoint, std::string("/dev/null"), std::string("/")})
        EXPECT_EQ(inside([&] { return ::open(path.c_str(), O_RDONLY); }), "ok EPERM") << path;
    EXPECT_EQ(inside([&] { return ::open(key.c_str(), O_WRONLY); }), "ok EPERM");
    EXPECT_EQ(inside([] { return ::open("/tmp", O_TMPFILE | O_RDWR, 0600); }), "ok EPERM");
    EXPECT_EQ(inside([&] { return ::unlink(key.c_str()); }), "ok EPERM");
    EXPECT_EQ(inside([&] { return ::mkdir(never.c_str(), 0700); }), "ok EPERM");
}

TEST_F(Process, OpensNoDrive) {
    for (const char* node : {"/dev/loop0", "/dev/sda", "/dev/vda", "/dev/loop-control"})
        EXPECT_EQ(inside([&] { return ::open(node, O_RDONLY); }), "ok EPERM") << node;
    EXPECT_EQ(inside([&] { return ::mknod(never.c_str(), S_IFBLK | 0600, 7 << 8); }), "ok EPERM");
}

TEST_F(Process, ReachesNobodyAndStartsNothing) {
    EXPECT_EQ(inside([] { return ::socket(AF_INET, SOCK_STREAM, 0); }), "ok EPERM");
    EXPECT_EQ(inside([] { return ::socket(AF_UNIX, SOCK_STREAM, 0); }), "ok EPERM");
    EXPECT_EQ(inside([] { return ::kill(::getpid(), 0); }), "ok EPERM");
    EXPECT_EQ(inside([] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }), "ok EPERM");
    EXPECT_EQ(inside([] { return long{::fork()}; }), "ok EPERM");
    EXPECT_EQ(inside([] {
                  std::array<char*, 1> none{nullptr};
                  return ::execve("/bin/true", none.data(), none.data());
              }),
              "ok EPERM");
    EXPECT_EQ(inside([] { return ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }), "ok EPERM");
}

// As the kernel sees the one that serves the program: while it runs, and after it has signed.
TEST_F(Process, IsSeenToHaveNothingButItsChannel) {
    ASSERT_TRUE(station.signer->try_out());
    const SigningRequest request = request_of_a_run();
    ASSERT_TRUE(station.signer->sign(request));
    const std::string status = facts("status");
    for (const char* line :
         {"NoNewPrivs:\t1\n", "Seccomp:\t2\n", "CapInh:\t0000000000000000\n",
          "CapPrm:\t0000000000000000\n", "CapEff:\t0000000000000000\n", "Threads:\t1\n"})
        EXPECT_THAT(status, HasSubstr(line));
    const std::string limits = facts("limits");
    for (const char* line : {"Max file size             0                    0",
                             "Max core file size        0                    0",
                             "Max open files            0                    0"})
        EXPECT_THAT(limits, HasSubstr(line));
    std::map<std::string, std::string> open;
    for (const auto& each : std::filesystem::directory_iterator(
             "/proc/" + std::to_string(station.signer->pid()) + "/fd"))
        open[each.path().filename()] = std::filesystem::read_symlink(each.path());
    ASSERT_EQ(open.size(), 4u);
    for (const char* standard : {"0", "1", "2"})
        EXPECT_EQ(open[standard], "/dev/null");
    EXPECT_THAT(open["3"], HasSubstr("socket:"));
}

TEST_F(Process, EndsWithItsParent) {
    const SignerSetup setup{station.places.keys(), station.places.log()};
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        SignerProcess signer(setup);
        signer.start();
        const pid_t pid = signer.try_out() ? signer.pid() : 0;
        (void)!::write(ends[1], &pid, sizeof pid);
        ::pause();
        ::_exit(0);
    }
    pid_t signer = 0;
    ASSERT_EQ(::read(ends[0], &signer, sizeof signer), static_cast<ssize_t>(sizeof signer));
    ASSERT_GT(signer, 0);
    EXPECT_EQ(::kill(signer, 0), 0);
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    const auto due = steady_clock::now() + 5s;
    const auto runs = [&] {
        std::ifstream file("/proc/" + std::to_string(signer) + "/stat");
        std::string text{std::istreambuf_iterator<char>(file), {}};
        return !text.empty() && text.find(") Z") == text.npos;
    };
    while (runs() && steady_clock::now() < due)
        ::usleep(1000);
    EXPECT_FALSE(runs());
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_F(Process, IsNotWaitedForWhenItIsKilled) {
    const SigningRequest request = request_of_a_run();
    ::kill(station.signer->pid(), SIGKILL);
    const auto begun = steady_clock::now();
    for (int i = 0; i < 3; ++i) {
        const auto signature = station.signer->sign(request);
        ASSERT_FALSE(signature);
        EXPECT_EQ(signature.error().fault, Fault::evidence);
        EXPECT_THAT(signature.error().message,
                    HasSubstr("the signer is gone: it ended by signal 9"));
    }
    EXPECT_LT(steady_clock::now() - begun, 2s);
    EXPECT_EQ(station.signer->pid(), 0);
}

TEST_F(Process, IsNotWaitedForLongerThanItsDeadline) {
    station.deadline = 1s;
    station.start_signer();
    ASSERT_TRUE(station.signer->try_out());
    const pid_t pid = station.signer->pid();
    ::kill(pid, SIGSTOP);
    const auto begun = steady_clock::now();
    const auto asked = station.signer->identity();
    EXPECT_GE(steady_clock::now() - begun, 990ms);
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().fault, Fault::evidence);
    EXPECT_THAT(asked.error().message, HasSubstr("did not answer in time"));
    EXPECT_FALSE(station.signer->try_out());
    EXPECT_LT(steady_clock::now() - begun, 3s) << "asked once, and not again";
    ChildProcess::bury(2s);
    EXPECT_EQ(::kill(pid, 0), -1) << "and it is gone";
}

TEST_F(Process, SaysWhichKeyIsMissingToWhoeverAsks) {
    std::filesystem::remove(station.places.keys() + "/log.key");
    station.start_signer();
    for (const auto& error : {station.signer->identity().error(), station.signer->try_out().error(),
                              station.signer->checkpoint_signer("quietus/TEST01").error()}) {
        EXPECT_EQ(error.fault, Fault::io);
        EXPECT_THAT(error.message, HasSubstr("log.key"));
        EXPECT_EQ(error.hint, "quietus key init");
    }
}

TEST_F(Process, AnswersNothingThatItDoesNotKnow) {
    for (const Words& question : {Words{}, Words{""}, Words{"sign", "{}"}, Words{"document", "{}"},
                                  Words{"identity", "x"}, Words{"key"}, Words{"checkpoint", "x"}}) {
        const auto answer = station.signer->ask(question);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().fault, Fault::invalid);
    }
    EXPECT_TRUE(station.signer->try_out()) << "and is still there";
}

// The checkpoint that stands in the log is where a new signer goes on.
TEST_F(Process, SignsNoLogThatWasPutBack) {
    const std::string log = station.places.log();
    request_of_a_run();
    std::filesystem::copy(log, log + ".old", std::filesystem::copy_options::recursive);
    request_of_a_run();
    station.start_signer();
    ASSERT_TRUE(station.signer->try_out());
    std::filesystem::remove_all(log);
    std::filesystem::rename(log + ".old", log);
    station.open_log();
    const auto intent =
        station.log->append_intent({"SPARSE0001", "overwrite", std::string(64, 'a'), "TEST01"});
    ASSERT_FALSE(intent);
    EXPECT_EQ(intent.error().fault, Fault::refused);
    EXPECT_THAT(intent.error().message, HasSubstr("checkpoint: of "));
}

TEST(SignerWords, AreReadAsTheyWereSaid) {
    for (const Words& words : {Words{}, Words{""}, Words{"a", "", std::string(3, '\0')},
                               Words{std::string(100'000, 'x'), "\xff"}}) {
        const std::string message = to_message(words);
        const auto length = message_length(std::string_view(message).substr(0, length_octets));
        ASSERT_TRUE(length);
        EXPECT_EQ(*length, message.size() - length_octets);
        EXPECT_EQ(parse_words(std::string_view(message).substr(length_octets)).value(), words);
    }
}

TEST(SignerWords, AreRefusedWhenLengthsDoNotAddUp) {
    using namespace std::string_literals;
    for (const std::string& body :
         {"x"s, "\0\0\0\0\0\0\0\2x"s, "\xff\xff\xff\xff\xff\xff\xff\xffx"s, "\0\0\0\0\0\0\0\1xy"s})
        EXPECT_FALSE(parse_words(body)) << body.size();
    EXPECT_FALSE(message_length("\xff\0\0\0\0\0\0\0"s));
    EXPECT_FALSE(message_length("\0\0\0"s));
    for (const Words& words : {Words{}, Words{"no"}, Words{"no", "9", "", ""}, Words{"yes"}})
        EXPECT_EQ(parse_answer(words).error().message, "a message that cannot be read");
    const Error said{Fault::io, "gone", "look for it"};
    const auto heard = parse_answer(refusal(said)).error();
    EXPECT_EQ(heard.fault, said.fault);
    EXPECT_EQ(heard.message, said.message);
    EXPECT_EQ(heard.hint, said.hint);
}

} // namespace
} // namespace quietus
