#include "quietus/core/bytes.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

TEST(Hex, SpellsTwoLowerCaseDigitsAnOctet) {
    const Bytes bytes{0x00, 0x9f, 0xff};
    EXPECT_EQ(to_hex(bytes), "009fff");
}

TEST(Hex, ReadsEitherCase) {
    EXPECT_EQ(from_hex("009Fff").value(), (Bytes{0x00, 0x9f, 0xff}));
}

TEST(Hex, RefusesOddLengthAndOtherCharacters) {
    EXPECT_EQ(from_hex("0").error().fault, Fault::invalid);
    EXPECT_EQ(from_hex("0g").error().fault, Fault::invalid);
    EXPECT_EQ(from_hex("0x10").error().fault, Fault::invalid);
}

TEST(Utf8, KnowsTheBoundariesOfRfc3629) {
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8("caf\xC3\xA9 \xF0\x9F\x94\x92"));
    EXPECT_TRUE(is_utf8("\xF4\x8F\xBF\xBF"));  // U+10FFFF
    EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80")); // beyond it
    EXPECT_FALSE(is_utf8("\xC0\xAF"));         // overlong slash
    EXPECT_FALSE(is_utf8("\xE0\x80\xAF"));     // overlong slash, three octets
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));     // surrogate
    EXPECT_FALSE(is_utf8("\xE2\x82"));         // cut short
    EXPECT_FALSE(is_utf8("\x80"));             // continuation without a start
}

TEST(Escaped, LeavesPlainTextAlone) {
    EXPECT_EQ(escaped("WDC WD40EFRX-68N32N0 caf\xC3\xA9"), "WDC WD40EFRX-68N32N0 caf\xC3\xA9");
}

TEST(Escaped, DisarmsControlsInvalidOctetsAndBidirectionalText) {
    EXPECT_EQ(escaped("a\x1B[31mb\n"), "a\\u{001b}[31mb\\u{000a}");
    EXPECT_EQ(escaped("\xFFq"), "\\xffq");
    EXPECT_EQ(escaped("\xE2\x80\xAEgpj"), "\\u{202e}gpj");
    EXPECT_EQ(escaped("C:\\x1b"), "C:\\\\x1b");
}

TEST(Wipe, OverwritesAndEmpties) {
    Bytes secret{1, 2, 3};
    wipe(secret);
    EXPECT_EQ(secret, (Bytes{0, 0, 0}));
    std::string text = "secret";
    wipe(text);
    EXPECT_TRUE(text.empty());
}

TEST(Hex, KnowsItsOwnSpelling) {
    for (const char* text : {"", "00", "0123456789abcdef"})
        EXPECT_TRUE(is_hex(text)) << text;
    for (const char* text : {"0", "AB", "0x", "g0", " 0"})
        EXPECT_FALSE(is_hex(text)) << text;
}

} // namespace
} // namespace quietus
