#include "run.hpp"
#include "sample_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quietus {
namespace {

using testing::HasSubstr;

TEST(ManualPage, IsCleanForMandoc) {
    if (!is_installed("mandoc")) GTEST_SKIP() << "mandoc is not installed";
    const auto path = file_with(manual_page(sample_program()));
    EXPECT_EQ(run("mandoc -Tlint -Wstyle " + path).text, "");
}

TEST(ManualPage, IsCleanForGroff) {
    if (!is_installed("groff")) GTEST_SKIP() << "groff is not installed";
    const auto path = file_with(manual_page(sample_program()));
    EXPECT_EQ(run("groff -ww -man -Tutf8 -z " + path).text, "");
}

// groff is the judge of what a reader sees: nothing may be lost to requests or escapes.
TEST(ManualPage, ShowsEveryCharacterOfTheTable) {
    if (!is_installed("groff")) GTEST_SKIP() << "groff is not installed";
    const auto path = file_with(manual_page(sample_program()));
    const std::string page = run("groff -man -Tascii -P-cbou -rLL=200n " + path).text;
    for (const char* part :
         {"sample-tool - tries every kind of option", ".SH is no request here, 'nor is this",
          "C:\\path -- ~user ^x `y` 'z'.", "kept   as it", ".stands", "-s, --state DIR",
          "--color WHEN", "colours: auto, always, never", "say more (repeatable)",
          "sample-tool erase [OPTION...] DRIVE...", "sample-tool key init",
          "sample-tool erase /dev/sdb --scheme generic.zero", "EXIT STATUS", "it is not, and this",
          "the pattern's name", "VERBS", "OPTIONS OF EVERY VERB"})
        EXPECT_THAT(page, HasSubstr(part));
}

TEST(ManualPage, CopesWithATableThatSaysAlmostNothing) {
    const auto path = file_with(manual_page({"x", "does nothing", "Text.", {}, {}, {}}));
    if (!is_installed("groff")) GTEST_SKIP() << "groff is not installed";
    EXPECT_EQ(run("groff -ww -man -Tutf8 -z " + path).text, "");
}

} // namespace
} // namespace quietus
