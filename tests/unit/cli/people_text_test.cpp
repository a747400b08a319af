// Text for people: sizes as vendors print them, tables that no drive can break.
#include "people_text.hpp"

#include <gtest/gtest.h>

namespace quietus::cli {
namespace {

TEST(ShortSize, CountsInPowersOfTen) {
    EXPECT_EQ(short_size(0), "0 B");
    EXPECT_EQ(short_size(1), "1 B");
    EXPECT_EQ(short_size(999), "999 B");
    EXPECT_EQ(short_size(1000), "1.0 kB");
    EXPECT_EQ(short_size(1024), "1.02 kB");
    EXPECT_EQ(short_size(12345), "12.3 kB");
    EXPECT_EQ(short_size(268435456), "268 MB");
    EXPECT_EQ(short_size(1920383410176), "1.92 TB");
    EXPECT_EQ(short_size(4000787030016), "4.0 TB");
    EXPECT_EQ(short_size(500107862016), "500 GB");
    EXPECT_EQ(short_size(18446744073709551615U), "18.4 EB");
}

TEST(ShortSize, RoundsIntoTheNextUnit) {
    EXPECT_EQ(short_size(999499), "999 kB");
    EXPECT_EQ(short_size(999500), "1.0 MB");
    EXPECT_EQ(short_size(9995000), "10.0 MB");
    EXPECT_EQ(short_size(99950000), "100 MB");
}

TEST(LongSize, GivesTheByteCountToo) {
    EXPECT_EQ(long_size(268435456), "268 MB (268435456 bytes)");
}

TEST(Duration, HasHoursOfAnyLength) {
    EXPECT_EQ(duration(0), "0:00:00");
    EXPECT_EQ(duration(190), "0:03:10");
    EXPECT_EQ(duration(360000 + 59 * 60 + 59), "100:59:59");
}

TEST(Table, AlignsColumnsAndLeavesNoBlanksBehind) {
    EXPECT_EQ(table({{"A", "LONGER"}, {"wide cell", "x"}, {"b", ""}}), "A          LONGER\n"
                                                                       "wide cell  x\n"
                                                                       "b\n");
    EXPECT_EQ(table({}), "");
}

TEST(Table, CountsLettersNotOctets) {
    EXPECT_EQ(table({{"\xc3\xa9t\xc3\xa9", "x"}, {"abc", "y"}}), "\xc3\xa9t\xc3\xa9  x\nabc  y\n");
}

TEST(Table, EscapesWhatADriveSays) {
    EXPECT_EQ(table({{"a\x1b[2J\nb", "\xff"}}), "a\\u{001b}[2J\\u{000a}b  \\xff\n");
}

TEST(Table, TakesFromTheLeftmostColumnThatMayGiveWay) {
    const std::vector<std::vector<std::string>> rows{{"abcdefgh", "12345678", "uvwxyz"}};
    EXPECT_EQ(table(rows, {22, {4, 0, 3}}), "abc\xe2\x80\xa6  12345678  uvwxyz\n");
    EXPECT_EQ(table(rows, {20, {4, 0, 3}}), "abc\xe2\x80\xa6  12345678  uvw\xe2\x80\xa6\n");
    EXPECT_EQ(table(rows, {10, {4, 0, 3}}), "abc\xe2\x80\xa6  12345678  uv\xe2\x80\xa6\n");
    EXPECT_EQ(table(rows, {0, {4, 0, 3}}), "abcdefgh  12345678  uvwxyz\n");
}

TEST(Table, CutsBetweenLetters) {
    EXPECT_EQ(table({{"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", "x"}}, {6, {2}}),
              "\xc3\xa9\xc3\xa9\xe2\x80\xa6  x\n");
}

TEST(PartLine, NamesTheNodeOrTheTitle) {
    EXPECT_EQ(part_line({"/dev/sda1", 512000000}), "/dev/sda1, 512 MB (512000000 bytes)");
    EXPECT_EQ(part_line({"/dev/nvme0n2", 1000, PartKind::name_space, "namespace 2"}),
              "/dev/nvme0n2, namespace 2, 1.0 kB (1000 bytes)");
    EXPECT_EQ(part_line({"", 0, PartKind::rpmb, ""}), "rpmb");
}

TEST(Joined, SaysWhatAnEmptyListMeans) {
    EXPECT_EQ(joined({"a", "b"}, "none"), "a, b");
    EXPECT_EQ(joined({}, "none"), "none");
}

TEST(FirstWords, CountsTheOthers) {
    EXPECT_EQ(first_words({}, 1, "free"), "free");
    EXPECT_EQ(first_words({"a"}, 1, "free"), "a");
    EXPECT_EQ(first_words({"a", "b", "c"}, 1, "free"), "a +2");
    EXPECT_EQ(first_words({"a", "b", "c"}, 2, "free"), "a, b +1");
}

} // namespace
} // namespace quietus::cli
