#include "sample_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quietus {
namespace {

using Words = std::vector<std::string>;
using testing::HasSubstr;

auto parsed(const Words& arguments) {
    return parse_command_line(sample_program(), arguments);
}

Invocation invocation_of(const Words& arguments) {
    const auto result = parsed(arguments);
    EXPECT_TRUE(result) << result.error().message;
    if (!result || !std::holds_alternative<Invocation>(*result)) return {};
    return std::get<Invocation>(*result);
}

std::string answer_to(const Words& arguments) {
    const auto result = parsed(arguments);
    EXPECT_TRUE(result) << result.error().message;
    if (!result || !std::holds_alternative<Answer>(*result)) return {};
    return std::get<Answer>(*result).text;
}

// The invocation in one line: verb, operands, options.
std::string in_short(const Words& arguments) {
    const Invocation invocation = invocation_of(arguments);
    std::string text = invocation.verb;
    for (const auto& operand : invocation.operands)
        text += " <" + operand + ">";
    for (const auto& [name, values] : invocation.values)
        for (const auto& value : values)
            text += " " + name + (value.empty() ? "" : "=" + value);
    return text;
}

struct Accepted {
    Words arguments;
    std::string meaning;
};

TEST(ParseCommandLine, UnderstandsEveryOrderAndSpelling) {
    const Accepted lines[] = {
        {{"list"}, "list"},
        {{"--json", "list"}, "list --json"},
        {{"list", "--json"}, "list --json"},
        {{"--all", "list"}, "list --all"},
        {{"erase", "/dev/sdb"}, "erase </dev/sdb>"},
        {{"erase", "a", "b", "c"}, "erase <a> <b> <c>"},
        {{"--scheme", "x", "erase", "a"}, "erase <a> --scheme=x"},
        {{"erase", "--scheme", "x", "a"}, "erase <a> --scheme=x"},
        {{"erase", "--scheme=x", "a"}, "erase <a> --scheme=x"},
        {{"erase", "a", "--scheme=x=y"}, "erase <a> --scheme=x=y"},
        {{"--state", "erase", "plan", "a"}, "plan <a> --state=erase"},
        {{"-s", "dir", "list"}, "list --state=dir"},
        {{"-sdir", "list"}, "list --state=dir"},
        {{"list", "-qs", "dir"}, "list --quiet --state=dir"},
        {{"list", "-qv"}, "list --quiet --verbose"},
        {{"list", "-vv"}, "list --verbose --verbose"},
        {{"-v", "list", "-v"}, "list --verbose --verbose"},
        {{"erase", "--reference", "1", "a", "--reference", "2", "b"},
         "erase <a> <b> --reference=1 --reference=2"},
        {{"erase", "--reference", "-1", "a"}, "erase <a> --reference=-1"},
        {{"key", "init"}, "key init"},
        {{"key", "--json", "show"}, "key show --json"},
        {{"--state", "d", "key", "show", "-q"}, "key show --quiet --state=d"},
        {{"erase", "--", "--json"}, "erase <--json>"},
        {{"erase", "--", "-x", "--", "y"}, "erase <-x> <--> <y>"},
        {{"erase", "list"}, "erase <list>"}, // an operand may be called like a verb
        {{"erase", "erase"}, "erase <erase>"},
        {{"erase", "-"}, "erase <->"},
        {{"erase", "++", "a"}, "erase <++> <a>"},
        {{"erase", "[a,b]"}, "erase <[a,b]>"}, // one name, not a list of two
        {{"erase", "--reference", "[a,b]", "c"}, "erase <c> --reference=[a,b]"},
        {{"erase", "a b\n"}, "erase <a b\n>"},
        {{"erase", "\"a\""}, "erase <\"a\">"},
        {{"certify"}, "certify"},
        {{"certify", "J"}, "certify <J>"},
        {{"list", "--color", "never"}, "list --color=never"},
    };
    for (const Accepted& line : lines)
        EXPECT_EQ(in_short(line.arguments), line.meaning);
}

struct Refused {
    Words arguments;
    std::string message;
    std::string hint;
};

TEST(ParseCommandLine, NamesWhatIsWrong) {
    const Refused lines[] = {
        {{}, "no verb", "list, erase, plan"},
        {{"--json"}, "no verb", ""},
        {{""}, "unknown verb \"\"", "list, erase"},
        {{"earse", "a"}, "unknown verb \"earse\"", "did you mean erase?"},
        {{"ERASE", "a"}, "unknown verb \"ERASE\"", ""},
        {{"\x1b[2J"}, "unknown verb \"\\u{001b}[2J\"", ""},
        {{"--", "list"}, "no verb", ""},
        {{"key"}, "\"key\" alone is no verb", "key init, key show"},
        {{"key", "ini"}, "unknown verb \"key ini\"", "key init"},
        {{"list", "--frobnicate"}, "unknown option --frobnicate", ""},
        {{"erase", "--schem", "x", "a"}, "unknown option --schem", "--scheme"},
        {{"--schem=x", "erase", "a"}, "unknown option --schem", "--scheme"},
        {{"list", "-x"}, "unknown option -x", ""},
        {{"list", "-qx"}, "unknown option -x", ""},
        {{"list", "-5"}, "unknown option -5", ""},
        {{"list", "---"}, "unknown option ---", ""},
        {{"list", "--scheme", "x"}, "list: takes no option --scheme", ""},
        {{"list", "--json=yes"}, "--json takes no value", ""},
        {{"list", "--json="}, "--json takes no value", ""},
        {{"erase", "a", "--scheme"}, "--scheme needs a value: ID", ""},
        {{"erase", "--scheme=", "a"}, "--scheme needs a value: ID", ""},
        {{"erase", "--scheme", "", "a"}, "--scheme needs a value: ID", ""},
        {{"erase", "a", "--scheme", "--json"}, "--scheme needs a value: ID", ""},
        {{"erase", "--scheme", "--", "a"}, "--scheme needs a value: ID", ""},
        {{"list", "--color"}, "--color needs a value: auto, always, never", ""},
        {{"list", "--color", "alway"},
         "list: --color: \"alway\" is not one of auto, always, never",
         "always"},
        {{"erase", "a", "--scheme", "x", "--scheme", "y"},
         "erase: --scheme is given more than once",
         ""},
        {{"erase"}, "erase: needs DRIVE...", ""},
        {{"plan", "a", "b"}, "plan: unexpected operand \"b\"", "it takes DRIVE"},
        {{"list", "a"}, "list: unexpected operand \"a\"", "it takes none"},
        {{"certify", "a", "b"}, "certify: unexpected operand \"b\"", "[JOB]"},
        {{"erase", "a", ""}, "erase: an operand is empty", ""},
    };
    for (const Refused& line : lines) {
        const auto result = parsed(line.arguments);
        ASSERT_FALSE(result) << line.message;
        EXPECT_EQ(result.error().fault, Fault::usage);
        EXPECT_EQ(result.error().message, line.message);
        EXPECT_THAT(result.error().hint, HasSubstr(line.hint)) << line.message;
    }
}

TEST(ParseCommandLine, AnswersHelpForTheProgramAndForAVerb) {
    for (const Words& arguments :
         {Words{"--help"}, Words{"-h"}, Words{"--json", "--help"}, Words{"key", "--help"}}) {
        const std::string text = answer_to(arguments);
        for (const char* part : {"usage: sample-tool", "erase DRIVE...", "key init", "--state DIR"})
            EXPECT_THAT(text, HasSubstr(part));
    }
    for (const Words& arguments :
         {Words{"erase", "--help"}, Words{"--help", "erase"}, Words{"erase", "-h", "a"}}) {
        const std::string text = answer_to(arguments);
        for (const char* part : {"usage: sample-tool erase [OPTION...] DRIVE...", "--scheme ID",
                                 "(repeatable)", "-s, --state DIR", "auto, always, never",
                                 "sample-tool erase /dev/sdb --scheme generic.zero"})
            EXPECT_THAT(text, HasSubstr(part));
        EXPECT_THAT(text, testing::Not(HasSubstr("--all")));
    }
}

TEST(ParseCommandLine, TakesHelpAfterTheDashesForAnOperand) {
    EXPECT_EQ(in_short({"erase", "--", "--help"}), "erase <--help>");
}

TEST(ParseCommandLine, AnswersVersion) {
    EXPECT_THAT(answer_to({"--version"}), testing::StartsWith("sample-tool " QUIETUS_VERSION " "));
}

TEST(ParseCommandLine, EndsTheProgramWhenTheTableContradictsItself) {
    Program program = sample_program();
    program.verbs[0].options.push_back({"--jolly", "-v", "", "has the letter of --verbose"});
    EXPECT_EXIT((void)parse_command_line(program, {"list"}), testing::ExitedWithCode(70),
                "table_is_sound");
}

TEST(Invocation, GivesTheLastValueAndAllOfThem) {
    const auto invocation = invocation_of({"erase", "--reference", "1", "--reference", "2", "a"});
    EXPECT_EQ(invocation.value("--reference"), "2");
    EXPECT_EQ(invocation.all("--reference"), (Words{"1", "2"}));
    EXPECT_FALSE(invocation.has("--json"));
    EXPECT_EQ(invocation.value("--scheme"), std::nullopt);
    EXPECT_TRUE(invocation.all("--scheme").empty());
}

} // namespace
} // namespace quietus
