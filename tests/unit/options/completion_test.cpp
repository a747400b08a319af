#include "run.hpp"
#include "sample_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::Not;

// What bash offers for the last of these words, one a line, as readline would ask.
std::string offered(const std::string& words) {
    const auto path =
        file_with(bash_completion(sample_program()) + "COMP_WORDS=(sample-tool " + words +
                  ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_sample_tool\n"
                  "printf '%s\\n' \"${COMPREPLY[@]}\"\n");
    const Printed printed = run("bash " + path);
    EXPECT_EQ(printed.status, 0) << printed.text;
    return printed.text;
}

TEST(BashCompletion, IsCleanForBash) {
    const auto path = file_with(bash_completion(sample_program()));
    EXPECT_EQ(run("bash -n " + path).text, "");
    EXPECT_EQ(run("bash -uc '. " + path + "; complete -p sample-tool'").text,
              "complete -F _sample_tool sample-tool\n");
}

TEST(BashCompletion, OffersVerbsAndCommonOptions) {
    EXPECT_EQ(offered("''"), "list\nerase\nplan\ncertify\nkey\n--json\n--state\n--verbose\n"
                             "--quiet\n--color\n--help\n--version\n");
    EXPECT_EQ(offered("er"), "erase\n");
    EXPECT_EQ(offered("--json -q er"), "erase\n");
}

TEST(BashCompletion, OffersTheSecondWordOfAVerb) {
    EXPECT_EQ(offered("key ''"), "init\nshow\n");
    EXPECT_EQ(offered("--json key s"), "show\n");
}

TEST(BashCompletion, OffersTheOptionsOfTheVerbAlone) {
    EXPECT_EQ(offered("erase --s"), "--scheme\n--state\n");
    EXPECT_EQ(offered("list --s"), "--state\n");
    EXPECT_EQ(offered("key show --j"), "--json\n");
    EXPECT_EQ(offered("erase /dev/sdb --ref"), "--reference\n");
}

TEST(BashCompletion, OffersChoices) {
    EXPECT_EQ(offered("list --color ''"), "auto\nalways\nnever\n");
    EXPECT_EQ(offered("--color = al"), "always\n"); // as bash splits --color=al
    EXPECT_EQ(offered("--color ="), "auto\nalways\nnever\n");
}

TEST(BashCompletion, IsNotMisledByValues) {
    EXPECT_EQ(offered("--state erase li"), "list\n");
    EXPECT_EQ(offered("--color = auto li"), "list\n");
    EXPECT_EQ(offered("erase --scheme gen"), "\n");
}

TEST(BashCompletion, OffersFilesForOperandsAndFileOptions) {
    EXPECT_THAT(offered("erase /dev/nul"), HasSubstr("/dev/null"));
    EXPECT_THAT(offered("--state /et"), HasSubstr("/etc"));
    EXPECT_THAT(offered("list /dev/nul"), Not(HasSubstr("/dev/null")));
}

} // namespace
} // namespace quietus
