// The log for whoever looks after the station: appended, escaped, and never written elsewhere.
#include "quietus/app/log.hpp"

#include <gmock/gmock.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace quietus {
namespace {

class Log : public testing::Test {
  protected:
    Log() {
        std::string pattern = testing::TempDir() + "quietus-log-XXXXXX";
        directory = mkdtemp(pattern.data());
        path = directory + "/log";
    }
    ~Log() override {
        EXPECT_TRUE(open_log({}));
        std::filesystem::remove_all(directory);
    }
    [[nodiscard]] std::string content() const {
        std::ifstream file(path);
        return std::string{std::istreambuf_iterator<char>(file), {}};
    }
    std::string directory;
    std::string path;
};

TEST_F(Log, AppendsStampedLines) {
    for (const char* text : {"one", "two"}) {
        ASSERT_TRUE(open_log({.file = path}));
        log_event(LogLevel::info, {text});
    }
    log_warning("three");
    const std::string stamp = "20[0-9-]+T[0-9:]+Z ";
    EXPECT_THAT(content(), testing::MatchesRegex(stamp + "info one\n" + stamp + "info two\n" +
                                                 stamp + "warning three\n"));
}

TEST_F(Log, EscapesWhatADriveSays) {
    ASSERT_TRUE(open_log({.file = path}));
    log_warning("serial \x1b[2J\n2026 forged");
    EXPECT_THAT(content(), testing::EndsWith("serial \\u{001b}[2J\\u{000a}2026 forged\n"));
    log_event(LogLevel::info, {"ended", "bad\n", "J", "/dev/sdb", "S\n1\" x=y"});
    EXPECT_THAT(content(), testing::EndsWith(" info ended job=J drive=/dev/sdb "
                                             "serial=\"S\\u{000a}1\\\" x=y\": bad\\u{000a}\n"));
}

TEST_F(Log, MakesNoDirectoryAndFollowsNoSymlink) {
    EXPECT_EQ(open_log({.file = directory + "/a/log"}).error().fault, Fault::usage);
    EXPECT_FALSE(std::filesystem::exists(directory + "/a"));
    std::filesystem::create_symlink(directory + "/target", path);
    EXPECT_EQ(open_log({.file = path}).error().fault, Fault::usage);
    EXPECT_FALSE(std::filesystem::exists(directory + "/target"));
    EXPECT_EQ(open_log({.file = directory}).error().fault, Fault::usage);
    EXPECT_EQ(open_log({.file = "/dev/null"}).error().fault, Fault::usage);
}

/// Stands where the journal of the machine would.
class ListeningJournal {
  public:
    explicit ListeningJournal(const std::string& path) : socket_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    ListeningJournal(const ListeningJournal&) = delete;
    ListeningJournal& operator=(const ListeningJournal&) = delete;
    ~ListeningJournal() { close(socket_); }
    /// Empty when there is none.
    [[nodiscard]] std::string next() const {
        std::array<char, 65536> bytes{};
        const ssize_t got = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        return got < 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(got));
    }

  private:
    int socket_;
};

TEST_F(Log, GivesTheSystemJournalItsFields) {
    const ListeningJournal journal(directory + "/journal");
    ASSERT_TRUE(open_log({.file = path, .system_journal = directory + "/journal"}));
    log_event(LogLevel::info, {"committed", "", "QTS-A-1", "/dev/sdb", "S 1\nPRIORITY=0"});
    EXPECT_EQ(journal.next(),
              "MESSAGE=committed job=QTS-A-1 drive=/dev/sdb serial=\"S 1\\u{000a}PRIORITY=0\"\n"
              "PRIORITY=6\nSYSLOG_IDENTIFIER=quietus\nQUIETUS_EVENT=committed\n"
              "QUIETUS_JOB=QTS-A-1\nQUIETUS_DRIVE=/dev/sdb\n"
              "QUIETUS_SERIAL=S 1\\u{000a}PRIORITY=0\n");
    log_warning("look");
    EXPECT_EQ(journal.next(), "MESSAGE=look\nPRIORITY=4\nSYSLOG_IDENTIFIER=quietus\n");
    EXPECT_EQ(journal.next(), "");
    EXPECT_THAT(content(), testing::HasSubstr(" warning look\n"));
}

TEST_F(Log, WaitsForNoSystemJournal) {
    const ListeningJournal journal(directory + "/journal"); // which nobody reads
    ASSERT_TRUE(open_log({.system_journal = directory + "/journal"}));
    for (int i = 0; i < 10000; ++i)
        log_event(LogLevel::info, {"moved", std::string(4096, 'x')});
    EXPECT_NE(journal.next(), "");
}

TEST_F(Log, SaysWhenThereIsNoSystemJournal) {
    EXPECT_EQ(open_log({.system_journal = directory + "/journal"}).error().fault, Fault::io);
}

TEST(SystemJournal, IsBehindStandardErrorWhereTheServiceSaysSo) {
    struct stat facts {};
    ASSERT_EQ(fstat(STDERR_FILENO, &facts), 0);
    const std::string stream = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
    unsetenv("JOURNAL_STREAM");
    EXPECT_FALSE(stderr_is_system_journal());
    setenv("JOURNAL_STREAM", stream.c_str(), 1);
    EXPECT_TRUE(stderr_is_system_journal());
    setenv("JOURNAL_STREAM", (stream + "0").c_str(), 1);
    EXPECT_FALSE(stderr_is_system_journal());
    unsetenv("JOURNAL_STREAM");
}

} // namespace
} // namespace quietus
