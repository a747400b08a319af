#include "quietus/core/clock.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

TEST(Rfc3339, WritesUtcToTheSecond) {
    EXPECT_EQ(to_rfc3339(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(1709164800), "2024-02-29T00:00:00Z"); // `date -u -d 2024-02-29 +%s`
}

TEST(Rfc3339, ReadsWhatItWrites) {
    EXPECT_EQ(from_rfc3339("2024-02-29T00:00:00Z").value(), 1709164800);
    EXPECT_EQ(from_rfc3339("2038-01-19T03:14:08Z").value(), 2147483648);
}

TEST(Rfc3339, RefusesOtherFormsAndDatesThatDoNotExist) {
    for (const char* text : {"2023-02-29T00:00:00Z", "2024-02-29 00:00:00Z", "2024-02-29T00:00:00",
                             "2024-02-29T24:00:00Z", "2024-02-29T00:00:60Z", "2024-2-29T00:00:00Z ",
                             "2024-02-29T00:00:00+00:00", ""})
        EXPECT_FALSE(from_rfc3339(text).has_value()) << text;
}

TEST(SystemClock, NeverGoesBack) {
    SystemClock clock;
    const auto before = clock.monotonic();
    EXPECT_GE(clock.monotonic(), before);
}

} // namespace
} // namespace quietus
