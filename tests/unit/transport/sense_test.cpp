// Sense data as drives, libata and bridges send it. What cannot be decoded is a failure.
#include "quietus/transport/sense.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

Bytes octets(const char* hex) {
    return from_hex(hex).value();
}

std::string text_of(const char* hex) {
    const auto sense = decode_sense(octets(hex));
    return sense ? to_text(*sense) + (sense->deferred ? " deferred" : "") : "undecodable";
}

TEST(Sense, IsDecodedInBothFormats) {
    EXPECT_EQ(text_of("700005000000000a00000000200000000000"), "5/20h/00h");
    EXPECT_EQ(text_of("7205200000000000"), "5/20h/00h");
    EXPECT_EQ(text_of("f00003000012340a00000000110b00000000"), "3/11h/0bh");
    EXPECT_EQ(text_of("720b000000000000"), "b/00h/00h");
}

TEST(Sense, SaysWhenItIsAboutAnEarlierCommand) {
    EXPECT_EQ(text_of("710003000000000a000000000c0000000000"), "3/0ch/00h deferred");
    EXPECT_EQ(text_of("73030c0000000000"), "3/0ch/00h deferred");
}

TEST(Sense, MayHaveNoAdditionalCodeWhenItSaysSo) {
    EXPECT_EQ(text_of("7000050000000000"), "5/00h/00h");
}

// "70 00 05 00 00 00 00 0a 04 51 60 00 21 04": a frozen drive behind libata, complete up to ASCQ.
TEST(Sense, OfAnAbortedPassThroughCommandIsDecoded) {
    EXPECT_EQ(text_of("700005000000000a045160002104"), "5/21h/04h");
}

TEST(Sense, ThatIsCutShortOrUnknownIsUndecodable) {
    EXPECT_EQ(text_of(""), "undecodable");
    EXPECT_EQ(text_of("70000500000000"), "undecodable");
    EXPECT_EQ(text_of("700005000000000a0000000020"), "undecodable"); // one octet short of ASCQ
    EXPECT_EQ(text_of("7f05200000000000"), "undecodable");
    EXPECT_EQ(text_of("0000000000000000"), "undecodable");
    EXPECT_EQ(decode_sense(octets("00")).error().fault, Fault::drive);
}

TEST(SenseDescriptor, IsFoundByItsTypeWhereverItStands) {
    const Bytes two = octets("7201001d00000010"
                             "000a80001122334455667788"
                             "09021122");
    const ByteView found = sense_descriptor(two, 0x09);
    EXPECT_EQ(to_hex(found), "09021122");
    EXPECT_EQ(to_hex(sense_descriptor(two, 0x00)), "000a80001122334455667788");
    EXPECT_TRUE(sense_descriptor(two, 0x02).empty());
}

TEST(SenseDescriptor, IsNotFoundBeyondWhatWasSentOrAnnounced) {
    // A bridge that passes on 18 octets of 22.
    EXPECT_TRUE(sense_descriptor(octets("7201001d0000000e090c00000000000000000000"), 0x09).empty());
    // The header announces no descriptors; what follows is none.
    EXPECT_TRUE(sense_descriptor(octets("7201001d0000000009021122"), 0x09).empty());
    EXPECT_TRUE(sense_descriptor(octets("7201001d0000000109"), 0x09).empty());
    EXPECT_TRUE(sense_descriptor(octets("700001000000000a00000000001d00000000"), 0x09).empty());
}

} // namespace
} // namespace quietus
