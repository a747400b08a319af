#include "quietus/core/toml.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

TEST(Toml, KeepsValuesWithTheirLines) {
    const auto toml = parse_toml("# a comment\n"
                                 "name = \"one\"\n"
                                 "number = -7\n"
                                 "flag = true\n"
                                 "\n"
                                 "[[entry]]\n"
                                 "list = [\"a\",\n"
                                 "        \"b\"]\n");
    ASSERT_TRUE(toml);
    EXPECT_EQ(*toml->find("name")->as<std::string>(), "one");
    EXPECT_EQ(toml->find("name")->line(), 2U);
    EXPECT_EQ(*toml->find("number")->as<std::int64_t>(), -7);
    EXPECT_TRUE(*toml->find("flag")->as<bool>());
    const auto& entries = *toml->find("entry")->as<Toml::Array>();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries.front().line(), 6U);
    const auto& list = *entries.front().find("list")->as<Toml::Array>();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[1].line(), 8U);
}

TEST(Toml, ReadsFractionsAndDatesAsOther) {
    const auto toml = parse_toml("half = 0.5\nday = 2026-11-26\n");
    ASSERT_TRUE(toml);
    EXPECT_NE(toml->find("half")->as<Toml::Other>(), nullptr);
    EXPECT_NE(toml->find("day")->as<Toml::Other>(), nullptr);
}

TEST(Toml, FindsNothingInWhatIsNoTable) {
    const auto toml = parse_toml("name = \"one\"\n");
    ASSERT_TRUE(toml);
    EXPECT_EQ(toml->find("other"), nullptr);
    EXPECT_EQ(toml->find("name")->find("inner"), nullptr);
}

struct Bad {
    const char* what;
    std::string text;
    std::uint32_t line;
};

class TomlRefuses : public testing::TestWithParam<Bad> {};

TEST_P(TomlRefuses, WithItsLine) {
    const TomlReading reading = read_toml(GetParam().text);
    ASSERT_EQ(reading.problems.size(), 1U) << GetParam().what;
    EXPECT_EQ(reading.problems.front().line, GetParam().line);
    EXPECT_EQ(reading.problems.front().text.find('\n'), std::string::npos);
    const auto parsed = parse_toml(GetParam().text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().fault, Fault::invalid);
}

INSTANTIATE_TEST_SUITE_P(Text, TomlRefuses,
                         testing::Values(Bad{"no value", "a = 1\nb =\n", 2},
                                         Bad{"a key twice", "a = 1\na = 2\n", 2},
                                         Bad{"not UTF-8", "a = \"\xff\"\n", 1},
                                         Bad{"an open text", "a = 1\n\n\nb = \"x\n", 4},
                                         Bad{"too deep", "a = " + std::string(100000, '['), 1},
                                         Bad{"too long", std::string((1U << 20U) + 1, '#'), 1}));

} // namespace
} // namespace quietus
