#include "quietus/core/file.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace quietus {
namespace {

class File : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "quietus-file-XXXXXX";
        directory = mkdtemp(pattern.data());
    }
    void TearDown() override { std::filesystem::remove_all(directory); }
    [[nodiscard]] std::string path(const std::string& name) const { return directory + "/" + name; }
    [[nodiscard]] auto entries() const {
        return std::distance(std::filesystem::directory_iterator(directory), {});
    }
    std::string directory;
};

TEST_F(File, SavesWithTheModeAskedFor) {
    ASSERT_TRUE(save_new_file(path("key"), "secret", 0600));
    struct stat facts {};
    ASSERT_EQ(stat(path("key").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U);
    EXPECT_EQ(read_regular_file(path("key"), 100).value(), "secret");
}

TEST_F(File, NeverReplacesAndLeavesNothingBehind) {
    ASSERT_TRUE(save_new_file(path("a"), "first"));
    EXPECT_EQ(save_new_file(path("a"), "second").error().fault, Fault::evidence);
    EXPECT_EQ(read_regular_file(path("a"), 100).value(), "first");
    EXPECT_EQ(entries(), 1);
}

TEST_F(File, NeverWritesThroughASymlink) {
    ASSERT_EQ(symlink(path("elsewhere").c_str(), path("link").c_str()), 0);
    EXPECT_FALSE(save_new_file(path("link"), "x").has_value());
    EXPECT_FALSE(std::filesystem::exists(path("elsewhere")));
    EXPECT_FALSE(AppendFile::open(path("link"), Contention::refuse).has_value());
}

TEST_F(File, ReportsADirectoryThatDoesNotExist) {
    EXPECT_EQ(save_new_file(path("no/file"), "x").error().fault, Fault::evidence);
}

TEST_F(File, RefusesWhatIsNoRegularFile) {
    EXPECT_EQ(read_regular_file(directory, 10).error().fault, Fault::invalid);
    EXPECT_EQ(read_regular_file("/dev/zero", 10).error().fault, Fault::invalid);
    EXPECT_EQ(read_regular_file(path("missing"), 10).error().fault, Fault::io);
}

TEST_F(File, RefusesMoreThanTheLimit) {
    ASSERT_TRUE(save_new_file(path("big"), std::string(101, 'x')));
    EXPECT_EQ(read_regular_file(path("big"), 100).error().fault, Fault::invalid);
    EXPECT_EQ(read_regular_file(path("big"), 101).value().size(), 101u);
}

TEST_F(File, AppendsLinesAndKeepsThemOverAReopening) {
    {
        auto file = AppendFile::open(path("log"), Contention::refuse);
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->append("one"));
    }
    auto file = AppendFile::open(path("log"), Contention::refuse);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->append("two"));
    EXPECT_EQ(file->content(100).value(), "one\ntwo\n");
    EXPECT_EQ(file->size(), 8u);
}

TEST_F(File, CutsATornLineAndAppendsAfterWhatIsLeft) {
    ASSERT_TRUE(save_new_file(path("log"), "one\ntor"));
    auto file = AppendFile::open(path("log"), Contention::refuse);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->cut_back_to(4));
    ASSERT_TRUE(file->append("two"));
    EXPECT_EQ(file->content(100).value(), "one\ntwo\n");
    EXPECT_EQ(file->size(), 8u);
}

TEST_F(File, HoldsALockAsLongAsItIsOpen) {
    auto first = AppendFile::open(path("log"), Contention::refuse);
    ASSERT_TRUE(first);
    EXPECT_EQ(AppendFile::open(path("log"), Contention::refuse).error().fault, Fault::refused);
}

} // namespace
} // namespace quietus
