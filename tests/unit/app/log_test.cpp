// The log for whoever looks after the station: appended, escaped, and never written elsewhere.
#include "quietus/app/log.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

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
        EXPECT_TRUE(open_log(std::nullopt, false));
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
        ASSERT_TRUE(open_log(path, false));
        log_info(text);
    }
    log_warning("three");
    const std::string stamp = "20[0-9-]+T[0-9:]+Z ";
    EXPECT_THAT(content(), testing::MatchesRegex(stamp + "info one\n" + stamp + "info two\n" +
                                                 stamp + "warning three\n"));
}

TEST_F(Log, EscapesWhatADriveSays) {
    ASSERT_TRUE(open_log(path, false));
    log_info("serial \x1b[2J\n2026 forged");
    EXPECT_THAT(content(), testing::EndsWith("serial \\u{001b}[2J\\u{000a}2026 forged\n"));
}

TEST_F(Log, MakesNoDirectoryAndFollowsNoSymlink) {
    EXPECT_EQ(open_log(directory + "/a/log", false).error().fault, Fault::usage);
    EXPECT_FALSE(std::filesystem::exists(directory + "/a"));
    std::filesystem::create_symlink(directory + "/target", path);
    EXPECT_EQ(open_log(path, false).error().fault, Fault::usage);
    EXPECT_FALSE(std::filesystem::exists(directory + "/target"));
    EXPECT_EQ(open_log(directory, false).error().fault, Fault::usage);
    EXPECT_EQ(open_log("/dev/null", false).error().fault, Fault::usage);
}

} // namespace
} // namespace quietus
