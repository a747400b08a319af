// The fixture of the interlock tests: a loop drive full of secrets, and a station.
#pragma once

#include "bench.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>

namespace quietus::rig {

using testing::HasSubstr;

class Interlocks : public SecretDriveTest {
  protected:
    static void shall(const Words& words) {
        const ProgramRun done = run(words);
        ASSERT_EQ(done.exit_status, 0) << words[0] << ": " << done.output;
    }

    // As the drive is now: neither planned nor erased with the code of an earlier plan.
    void expect_refused(const std::string& guard, const std::string& hint) {
        const std::string before = content();
        const ProgramRun planned =
            bench.quietus({"plan", loop->node(), "--technique", "overwrite"});
        EXPECT_EQ(planned.exit_status, 3) << planned.output;
        EXPECT_THAT(planned.output, HasSubstr(guard));
        EXPECT_THAT(planned.output, HasSubstr(hint.empty() ? "" : "\nhint: " + hint));
        const ProgramRun erased =
            bench.quietus({"erase", loop->node(), "--technique", "overwrite", "--confirm", code});
        EXPECT_EQ(erased.exit_status, 3) << erased.output;
        EXPECT_THAT(erased.output, HasSubstr(guard));
        EXPECT_TRUE(content() == before);
        const std::string name = guard.substr(0, guard.find(':'));
        EXPECT_EQ(bench
                      .quietus({"erase", loop->node(), "--technique", "overwrite", "--override",
                                name, "--confirm", code})
                      .exit_status,
                  2); // never overridable, or no interlock's name
        EXPECT_TRUE(content() == before);
    }
    // What is on the medium, but for what the kernel may change while the test looks.
    [[nodiscard]] std::string content() const { return content_of(medium).substr(kernel_bytes); }
    // What `plan` says, which refuses.
    [[nodiscard]] std::string refusal_of(const std::string& node) const {
        const ProgramRun planned = bench.quietus({"plan", node, "--technique", "overwrite"});
        EXPECT_EQ(planned.exit_status, 3) << planned.output;
        return planned.output;
    }
    // Read-only, so that nothing but a mistake of ours changes the medium.
    [[nodiscard]] std::string mount_drive(const std::string& node, const char* name = "mounted",
                                          const std::string& options = "ro") const {
        std::string point = scratch.path(name);
        std::filesystem::create_directory(point);
        shall({"mount", "-o", options, node, point});
        return point;
    }
    // Whether the kernel refuses an exclusive claim, as it does for any claim on a partition too.
    static bool is_claimed(const std::string& node) {
        const int claim = ::open(node.c_str(), O_RDONLY | O_EXCL | O_CLOEXEC);
        if (claim >= 0) ::close(claim);
        return claim < 0 && errno == EBUSY;
    }
    void take_code() {
        code = bench.code_for(loop->node(), {});
        ASSERT_NE(code, "");
    }

    Bench bench;
    std::string code;
    std::size_t kernel_bytes = 0;
};

} // namespace quietus::rig
