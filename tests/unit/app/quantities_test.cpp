#include "quietus/app/quantities.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

TEST(Quantities, AreWholeNumbersInTheirRange) {
    EXPECT_EQ(parse_whole("1", {1, 10}), 1u);
    EXPECT_EQ(parse_whole("10", {1, 10}), 10u);
    EXPECT_EQ(parse_whole("007", {1, 10}), 7u);
    for (const char* text : {"", "0", "11", "-1", "+1", "1.0", " 1", "1 ", "0x1", "1k", "one",
                             "99999999999999999999999"})
        EXPECT_EQ(parse_whole(text, {1, 10}), std::nullopt) << text;
}

TEST(Quantities, HaveRatesInPowersOfTen) {
    EXPECT_EQ(parse_rate("1"), 1u);
    EXPECT_EQ(parse_rate("800k"), 800'000u);
    EXPECT_EQ(parse_rate("500M"), 500'000'000u);
    EXPECT_EQ(parse_rate("1G"), 1'000'000'000u);
    EXPECT_EQ(parse_rate("1099511627776"), std::uint64_t{1} << 40U);
    for (const char* text : {"", "0", "0M", "k", "-1", "1.5M", "1K", "1m", "1MB", "1MM", "1 M",
                             "1099511627777", "1100G", "18446744073709551616"})
        EXPECT_EQ(parse_rate(text), std::nullopt) << text;
}

} // namespace
} // namespace quietus
