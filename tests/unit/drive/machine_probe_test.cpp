// The real probe on what needs no root: files, and nodes that are none.
#include "drive_probe.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class MachineProbeOnFiles : public testing::Test {
  protected:
    MachineProbeOnFiles() {
        std::string pattern = testing::TempDir() + "quietus-probe-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
        directory = pattern;
    }
    ~MachineProbeOnFiles() override { std::filesystem::remove_all(directory); }

    // A swap area: "SWAPSPACE2" in the last ten octets of the first page, version 1 at 1024
    // (mkswap(8), linux/swap.h).
    [[nodiscard]] std::string swap_area() const {
        const std::string path = directory + "/swap.img";
        std::string content(1U << 20U, '\0');
        content[1024] = 1;
        content[1028] = static_cast<char>(255);
        content.replace(4086, 10, "SWAPSPACE2");
        content.replace(1052, 4, "safe");
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    std::string directory;
    std::unique_ptr<DriveProbe> probe = make_drive_probe();
};

TEST_F(MachineProbeOnFiles, TellsWhatStandsInAnImage) {
    const auto contents = probe->contents(swap_area());
    ASSERT_TRUE(contents) << contents.error().message;
    ASSERT_EQ(contents->found.size(), 1u);
    EXPECT_EQ(contents->found.front().type, "swap");
    EXPECT_EQ(contents->found.front().label, "safe");
}

TEST_F(MachineProbeOnFiles, FailsForAnImageThatCannotBeOpened) {
    const auto absent = probe->contents(directory + "/absent");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().fault, Fault::io);
    EXPECT_THAT(absent.error().message, HasSubstr("No such file"));
    EXPECT_FALSE(probe->contents(directory));
}

TEST_F(MachineProbeOnFiles, AnswersEveryQuestionInItsOrderAndSaysWhatIsNoDrive) {
    const std::string file = swap_area();
    const auto reports =
        probe->ask({{directory + "/absent"}, {file}, {"/dev/null"}, {directory + "/absent"}});
    ASSERT_EQ(reports.size(), 4u);
    for (const auto& report : reports) {
        EXPECT_EQ(report.outcome, ProbeOutcome::partly);
        EXPECT_FALSE(report.contents);
    }
    EXPECT_THAT(reports[1].problems, ElementsAre(file + " is no block device"));
    EXPECT_THAT(reports[2].problems, ElementsAre("/dev/null is no block device"));
    EXPECT_EQ(reports[0].problems, reports[3].problems);
}

TEST_F(MachineProbeOnFiles, DoesNotFollowANodeThatBecameALink) {
    std::filesystem::create_symlink("/dev/null", directory + "/node");
    EXPECT_THAT(probe->ask({{directory + "/node"}}).front().problems,
                testing::Contains(HasSubstr("cannot be opened: ")));
}

TEST_F(MachineProbeOnFiles, TellsWhetherSomebodyHasAFileOpenForWriting) {
    const std::string file = swap_area();
    const auto written = [&] {
        const auto answer = probe->has_writers(file);
        return answer ? (*answer ? "written" : "free") : answer.error().message;
    };
    EXPECT_EQ(written(), "free");
    const int writer = ::open(file.c_str(), O_WRONLY);
    EXPECT_EQ(written(), "written");
    ::close(writer);
    EXPECT_EQ(written(), "free");
    const auto absent = probe->has_writers(directory + "/absent");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().fault, Fault::io);
}

TEST_F(MachineProbeOnFiles, FindsTheSamePlaceAsStat) {
    const std::string file = swap_area();
    std::filesystem::create_symlink(file, directory + "/link");
    struct stat facts {};
    ASSERT_EQ(::stat(file.c_str(), &facts), 0);
    for (const std::string& path : {file, directory + "/link"}) {
        const auto place = probe->place(path);
        ASSERT_TRUE(place);
        EXPECT_EQ(place->device, facts.st_dev);
        EXPECT_EQ(place->inode, facts.st_ino);
        EXPECT_EQ(place->node_number, 0u);
        EXPECT_FALSE(place->silent);
    }
    EXPECT_FALSE(probe->place(directory + "/absent"));
    EXPECT_FALSE(probe->place(""));
    EXPECT_FALSE(probe->place(std::string(100'000, 'x')));
}

} // namespace
} // namespace quietus
