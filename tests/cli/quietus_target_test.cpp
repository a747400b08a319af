// Drives that are none, or may not be erased: own message, own status, nothing changed.
#include "program_fixture.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace quietus {
namespace {

using testing::HasSubstr;

/// A descriptor that is closed in the end.
class Opened {
  public:
    Opened(const std::string& path, int flags)
        : descriptor(open(path.c_str(), flags | O_CLOEXEC)) {}
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() { close(descriptor); }
    const int descriptor;
};

class QuietusTarget : public QuietusProgram {
  protected:
    void expect_refused(const std::string& target, int status, const std::string& message) const {
        for (const char* verb : {"plan", "erase"})
            expect_refusal({verb, target, "--technique", "overwrite"}, status, message);
    }
};

TEST_F(QuietusTarget, RefusesWhatIsNoDrive) {
    expect_refused(directory, 2, "a directory, not a drive");
    expect_refused("image:" + directory, 2, "a directory");
    expect_refused(directory + "/none", 2, "none: No such file or directory");
    expect_refused("image:" + directory + "/none", 2, "none: No such file or directory");
    expect_refused("/dev/null", 2, "/dev/null: not a block device");
    expect_refused("image:/dev/null", 2, "image:/dev/null: not a regular file");
    expect_refused("image:", 2, "image: has nothing after the colon");
    expect_refused("serial:", 2, "serial: has nothing after the colon");
    expect_refused("wwn:", 2, "wwn: has nothing after the colon");
    expect_refused("serial:none such", 2, "serial:none such: no such drive");
    expect_refused("wwn:none such", 2, "hint: `quietus list` shows what is attached");
}

TEST_F(QuietusTarget, RefusesABarePathWithTheHintHowToNameAnImage) {
    expect_refused(image, 2, "a file, not a drive");
    expect_refused(image, 2, "hint: to erase a disk image write image:" + image);
}

TEST_F(QuietusTarget, NeverWaitsForAPipe) {
    const std::string pipe = directory + "/scratch/pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    expect_refused(pipe, 2, "not a block device");
    expect_refused("image:" + pipe, 2, "not a regular file");
}

TEST_F(QuietusTarget, RefusesAnEmptyImage) {
    overwrite(image, "");
    expect_refused("image:" + image, 3, "size of 0");
}

TEST_F(QuietusTarget, RefusesAnImageWithAnotherName) {
    std::filesystem::create_hard_link(image, directory + "/other.img");
    expect_refused("image:" + image, 3, "unknown-holder: the file has 2 hard links");
}

TEST_F(QuietusTarget, RefusesAnImageThatMayNotBeWritten) {
    Words before;
    if (geteuid() == 0) { // to whom nothing is read-only
        before = {"setpriv", "--reuid=65534", "--clear-groups"};
        Words trial = before;
        trial.insert(trial.end(), {QUIETUS_PROGRAM, "--version"});
        if (run_command(trial, directory + "/scratch").status != 0)
            GTEST_SKIP() << "nobody else can run the program here";
        std::filesystem::permissions(made, std::filesystem::perms(0755));
    }
    std::filesystem::permissions(image, std::filesystem::perms(0444));
    const auto result = quietus({"plan", "image:" + image, "--technique", "overwrite"}, before);
    EXPECT_EQ(result.status, 3) << result.err;
    EXPECT_THAT(result.err, HasSubstr("read-only: image:" + image + " is read-only"));
    EXPECT_EQ(content(image), contents_of_image());
}

TEST_F(QuietusTarget, FollowsASymlinkAndShowsTheFile) {
    std::filesystem::create_symlink(image, directory + "/link.img");
    const auto result =
        quietus({"plan", "image:" + directory + "/link.img", "--technique", "overwrite"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, HasSubstr("image:" + image + ","));
    const std::string loop = directory + "/scratch/loop";
    std::filesystem::create_symlink(loop, loop);
    expect_refused("image:" + loop, 2, "symbolic links");
}

TEST_F(QuietusTarget, RefusesAnImageThatSomebodyLocked) {
    const Opened file(image, O_RDONLY);
    ASSERT_EQ(flock(file.descriptor, LOCK_SH), 0);
    expect_refused("image:" + image, 3, "open-elsewhere: it is locked by");
}

TEST_F(QuietusTarget, InspectsADriveThatIsInUseAndSaysHowToEndIt) {
    EXPECT_THAT(quietus({"inspect", "image:" + image}).out,
                HasSubstr("interlocks\nnone: it may be erased\n"));
    const Opened file(image, O_RDONLY);
    ASSERT_EQ(flock(file.descriptor, LOCK_SH), 0);
    const auto result = quietus({"inspect", "image:" + image});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, HasSubstr("open-elsewhere  it is locked by process "));
    EXPECT_THAT(result.out, HasSubstr("\nto end them, in this order\n  kill "));
}

TEST_F(QuietusTarget, RefusesAnImageThatSomebodyHasOpenForWriting) {
    const Opened file(image, O_WRONLY);
    expect_refused("image:" + image, 3, "open-elsewhere: ");
}

TEST_F(QuietusTarget, SkipsWhatIsRefusedOnlyWhenAsked) {
    const std::string locked = directory + "/locked.img";
    overwrite(locked, contents_of_image());
    const Opened file(locked, O_RDONLY);
    ASSERT_EQ(flock(file.descriptor, LOCK_EX), 0);
    const std::string confirmation = code();
    const Words words{"erase",     "image:" + locked, "image:" + image, "--technique",
                      "overwrite", "--confirm",       confirmation};
    expect_refusal(words, 3, "open-elsewhere");
    Words skipping = words;
    skipping.insert(skipping.end(), {"--skip-refused", "--json"});
    const auto result = quietus(skipping);
    EXPECT_EQ(result.status, 3) << result.err;
    const auto events = lines(result.out);
    ASSERT_FALSE(events.empty());
    const auto& drives = *events.back().find("drives")->as<Json::Array>();
    ASSERT_EQ(drives.size(), 2u);
    EXPECT_EQ(drives[0].text_of("verdict"), "refused");
    EXPECT_EQ(drives[1].text_of("verdict"), "erased");
    EXPECT_EQ(*drives[0].find("exit_status"), Json(3));
    EXPECT_EQ(*drives[1].find("exit_status"), Json(0));
    EXPECT_EQ(content(locked), contents_of_image());
}

} // namespace
} // namespace quietus
