// Serial numbers as text.
#include "serial_text.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

using namespace std::string_literals;

TEST(NormalisedSerial, LeavesPaddingOut) {
    EXPECT_EQ(normalised_serial("     WD-WCC7K0123456"), "WD-WCC7K0123456");
    EXPECT_EQ(normalised_serial("ZC1 ABC\0\0  "s), "ZC1 ABC");
    EXPECT_EQ(normalised_serial("    "), "");
}

TEST(NormalisedSerial, SpellsWhatIsNotPrintableAsciiAndKeepsItWhole) {
    EXPECT_EQ(normalised_serial("\x1b[2J\xff\0x;$(rm)"s), "\\x1b[2J\\xff\\x00x;$(rm)");
    EXPECT_EQ(normalised_serial("S\xc3\xa9rie"), "S\\xc3\\xa9rie");
    std::string longest(201, 'A');
    longest.back() = 'B';
    EXPECT_EQ(normalised_serial(longest), longest);
}

TEST(NormalisedSerial, MakesNoTwoSerialsOne) {
    EXPECT_NE(normalised_serial("A\xff"
                                "B"),
              normalised_serial("A\\xffB"));
    EXPECT_EQ(normalised_serial("A\\B"), "A\\x5cB");
}

TEST(IsPlaceholderSerial, KnowsWhatBridgesDeliver) {
    for (const char* const serial :
         {"", "0", "00000000", "000000000000", "FFFFFFFFFFFF", "0123456789ABCDEF",
          "0123456789abcdef", "123456789ABC", "012345678901", "1234567890", "1234567890123"})
        EXPECT_TRUE(is_placeholder_serial(serial)) << serial;
}

TEST(IsPlaceholderSerial, LeavesSerialsThatWereGivenOut) {
    for (const char* const serial : {"WD-WCC7K0123456", "1234567", "00000001", "012345678906",
                                     "0123456780", "S64GNE0R700123", "0x1a2b3c4d"})
        EXPECT_FALSE(is_placeholder_serial(serial)) << serial;
}

} // namespace
} // namespace quietus
