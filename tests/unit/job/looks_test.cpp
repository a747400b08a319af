// Who looks at the machine for workers that ask: never before they ask, for as many as possible at
// one go, and no longer than the others can wait for a drive that hangs.
#include "looks.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace quietus {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// It is looked at by other processes: what there is to see and what was looked at are files.
class FiledHost final : public Host {
  public:
    explicit FiledHost(std::string folder) : folder_(std::move(folder)) {}
    Result<std::vector<Drive>> detect(const DetectRequest& request) override {
        EXPECT_TRUE(request.held);
        return look({{request.only, request.holder}});
    }
    Result<std::vector<Drive>> detect_held(const std::vector<HeldDrive>& drives,
                                           const DetectRequest&) override {
        return look(drives);
    }
    Result<Drive> image(const std::string& path, const DetectRequest& request) override {
        auto seen = look({{"image:" + path, request.holder}});
        if (!seen) return std::move(seen).error();
        return std::move(seen->front());
    }
    Result<DriveLink> open(const Drive&) override { return nothing(); }
    Result<DriveLink> open_to_read(const Drive&) override { return nothing(); }

    static Drive drive(const std::string& node) {
        Drive drive;
        drive.node = node;
        drive.kind = node.starts_with("image:") ? DriveKind::image : DriveKind::loop;
        drive.serial = "SERIAL" + node;
        return drive;
    }
    /// From now on every look finds that, as long as it stands: "mounted", "hangs", "kills".
    void let(const std::string& node, const std::string& what) const { touch(what + node); }
    void no_longer(const std::string& node, const std::string& what) const {
        std::filesystem::remove(path(what + node));
    }
    /// The looks that have begun: who was looked at, for whom.
    [[nodiscard]] std::vector<std::string> looks() const {
        std::vector<std::string> lines;
        std::ifstream file(folder_ + "/looks");
        for (std::string line; std::getline(file, line);)
            lines.push_back(line);
        return lines;
    }

  private:
    Result<std::vector<Drive>> look(const std::vector<HeldDrive>& drives) const {
        note(drives);
        std::vector<Drive> seen;
        for (const HeldDrive& each : drives) {
            if (is(each.node, "kills")) ::_exit(3);
            while (is(each.node, "hangs"))
                ::usleep(1000);
            if (is(each.node, "gone")) continue;
            Drive now = drive(each.node);
            if (is(each.node, "mounted"))
                now.guards = {{Interlock::mounted, each.node + " is mounted at /srv", "umount"}};
            seen.push_back(std::move(now));
        }
        return seen;
    }
    void note(const std::vector<HeldDrive>& drives) const {
        std::string line;
        for (const HeldDrive& each : drives)
            line += (line.empty() ? "" : " ") + each.node + ":" + std::to_string(each.holder);
        line += '\n';
        const int file =
            ::open((folder_ + "/looks").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        EXPECT_EQ(::write(file, line.data(), line.size()), static_cast<ssize_t>(line.size()));
        ::close(file);
    }
    [[nodiscard]] bool is(const std::string& node, const std::string& what) const {
        return std::filesystem::exists(path(what + node));
    }
    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
    void touch(const std::string& name) const { std::ofstream{path(name)}; }
    static Error nothing() { return {Fault::io, "nothing here"}; }

    std::string folder_;
};

class HandClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return 0; }
    std::chrono::nanoseconds monotonic() override { return passed; }
    void advance(std::chrono::nanoseconds time) { passed += time; }

  private:
    std::chrono::nanoseconds passed = 5h;
};

class LooksTest : public testing::Test {
  protected:
    LooksTest() {
        std::string pattern = std::filesystem::temp_directory_path() / "quietus-looks-XXXXXX";
        folder = ::mkdtemp(pattern.data());
        host.emplace(folder);
        looks.emplace(*host, clock);
    }
    ~LooksTest() override {
        looks.reset();
        std::filesystem::remove_all(folder);
    }
    Looks::Number ask(const std::string& node, pid_t holder,
                      WorkerWord word = WorkerWord::unchanged) {
        return looks->ask(FiledHost::drive(node), word, holder);
    }
    void turn() {
        std::vector<pollfd> channels;
        looks->add_channels(channels);
        ::poll(channels.data(), channels.size(), 5);
        looks->take_in();
        looks->set_off();
    }
    /// Until so many looks have begun.
    void until_looks(std::size_t count) {
        for (int tries = 0; tries < 2000 && host->looks().size() < count; ++tries)
            turn();
        EXPECT_EQ(host->looks().size(), count);
    }
    std::string answer(Looks::Number question) {
        for (int tries = 0; tries < 2000; ++tries) {
            if (const auto order = looks->answer(question))
                return order->refusal ? order->refusal->message : "yes";
            turn();
        }
        return "none";
    }
    bool is_answered_soon(Looks::Number question) {
        for (int tries = 0; tries < 20; ++tries) {
            if (looks->answer(question)) return true;
            turn();
        }
        return false;
    }

    std::string folder;
    HandClock clock;
    std::optional<FiledHost> host;
    std::optional<Looks> looks;
};

TEST_F(LooksTest, AnswerAllThatWaitWithOne) {
    const auto a = ask("a", 11);
    const auto b = ask("b", 12);
    const auto c = ask("c", 13);
    EXPECT_EQ(answer(c), "yes");
    EXPECT_EQ(answer(a), "yes");
    EXPECT_EQ(answer(b), "yes");
    EXPECT_THAT(host->looks(), ElementsAre("a:11 b:12 c:13"));
    EXPECT_FALSE(looks->answer(a)) << "an answer is given once";
}

// What was asked while somebody looked is not answered by what that one saw.
TEST_F(LooksTest, BeginAfterTheQuestion) {
    host->let("a", "hangs");
    const auto a = ask("a", 11);
    const auto b = ask("b", 12);
    until_looks(1);
    const auto c = ask("c", 13);
    const auto d = ask("d", 14);
    turn();
    host->let("c", "mounted");
    host->no_longer("a", "hangs");
    EXPECT_EQ(answer(a), "yes");
    EXPECT_EQ(answer(b), "yes");
    EXPECT_THAT(answer(c), HasSubstr("c is mounted at /srv"));
    EXPECT_EQ(answer(d), "yes");
    EXPECT_THAT(host->looks(), ElementsAre("a:11 b:12", "c:13 d:14"));
}

TEST_F(LooksTest, RefuseTheOneThatChangedAndNoOther) {
    host->let("b", "mounted");
    host->let("c", "gone");
    const auto a = ask("a", 11);
    const auto b = ask("b", 12);
    const auto c = ask("c", 13);
    const auto d = ask("d", 14);
    EXPECT_EQ(answer(a), "yes");
    EXPECT_THAT(answer(b), HasSubstr("b is mounted at /srv"));
    EXPECT_THAT(answer(c), HasSubstr("identity-changed: c has gone"));
    EXPECT_EQ(answer(d), "yes");
}

TEST_F(LooksTest, LeaveADriveThatHangsToItself) {
    host->let("b", "hangs");
    const auto a = ask("a", 11);
    const auto b = ask("b", 12);
    const auto c = ask("c", 13);
    until_looks(1);
    EXPECT_FALSE(is_answered_soon(a));
    clock.advance(patience_with(3));
    EXPECT_EQ(answer(a), "yes");
    EXPECT_EQ(answer(c), "yes");
    const auto d = ask("d", 14);
    const auto e = ask("e", 15);
    EXPECT_EQ(answer(d), "yes") << "nobody waits for it any more";
    EXPECT_EQ(answer(e), "yes");
    EXPECT_FALSE(is_answered_soon(b));
    clock.advance(60s);
    EXPECT_THAT(answer(b), HasSubstr("could not be looked at"));
    EXPECT_THAT(host->looks(), testing::UnorderedElementsAre("a:11 b:12 c:13", "a:11", "b:12",
                                                             "c:13", "d:14 e:15"));
}

TEST_F(LooksTest, KeepOthersWaitingForASingleOneNoLongerEither) {
    host->let("a", "hangs");
    const auto a = ask("a", 11);
    until_looks(1);
    const auto b = ask("b", 12);
    EXPECT_FALSE(is_answered_soon(b));
    clock.advance(patience_with(1));
    EXPECT_EQ(answer(b), "yes");
    EXPECT_THAT(host->looks(), ElementsAre("a:11", "b:12"));
    host->no_longer("a", "hangs");
    EXPECT_EQ(answer(a), "yes") << "it went on by itself";
}

TEST_F(LooksTest, AreMadeAloneWhenASharedOneDies) {
    host->let("b", "kills");
    const auto a = ask("a", 11);
    const auto b = ask("b", 12);
    EXPECT_EQ(answer(a), "yes");
    EXPECT_THAT(answer(b), HasSubstr("could not be looked at"));
    EXPECT_THAT(host->looks(), testing::UnorderedElementsAre("a:11 b:12", "a:11", "b:12"));
}

// Of the same process number, as the kernel gives them again.
TEST_F(LooksTest, GiveNobodyTheAnswerToTheQuestionOfAnother) {
    host->let("a", "hangs");
    const auto a = ask("a", 11);
    const auto b = ask("b", 12);
    until_looks(1);
    looks->forget(b);
    const auto again = ask("b", 12);
    turn();
    host->let("b", "mounted");
    host->no_longer("a", "hangs");
    EXPECT_EQ(answer(a), "yes");
    EXPECT_THAT(answer(again), HasSubstr("b is mounted"));
    EXPECT_FALSE(looks->answer(b));
    EXPECT_THAT(host->looks(), ElementsAre("a:11 b:12", "b:12"));
}

TEST_F(LooksTest, AreNotMadeForWhomNobodyWaits) {
    looks->forget(ask("a", 11));
    turn();
    EXPECT_EQ(answer(ask("b", 12)), "yes");
    EXPECT_THAT(host->looks(), ElementsAre("b:12"));
}

// After errors a drive may be dying, and a file is no drive of the machine.
TEST_F(LooksTest, AreMadeAtOnceForWhatIsNotShared) {
    host->let("a", "hangs");
    const auto a = ask("a", 11);
    until_looks(1);
    EXPECT_EQ(answer(ask("b", 12, WorkerWord::same)), "yes");
    EXPECT_EQ(answer(ask("image:c", 13)), "yes");
    EXPECT_THAT(answer(ask("d", 14, WorkerWord::reset)), HasSubstr("cannot be reset here"));
    EXPECT_THAT(answer(ask("e", 15, WorkerWord::health)), HasSubstr("does not tell of its health"));
    EXPECT_FALSE(looks->answer(a));
    // How it is, and what it says itself: two looks.
    EXPECT_THAT(host->looks(), ElementsAre("a:11", "b:12", "b:12", "image:c:13", "e:15"));
}

TEST(PatienceWithLooks, GrowsWithTheDrives) {
    EXPECT_EQ(patience_with(1), 2050ms);
    EXPECT_EQ(patience_with(64), 5200ms);
}

} // namespace
} // namespace quietus
