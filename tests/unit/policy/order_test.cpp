// Disposal orders as text, and which drives they cover.
#include "quietus/policy/order.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;

const std::string head = "[order]\n"
                         "id = \"D-1\"\n"
                         "station = \"BENCH7\"\n"
                         "valid_from = \"2026-11-30T00:00:00Z\"\n"
                         "valid_until = \"2026-12-04T00:00:00Z\"\n"
                         "classification = \"OFFICIAL\"\n"
                         "disposition = \"release\"\n";
const std::string listed = "[[drive]]\nserial = \"EX1\"\n";
const std::string any = "[any]\n"
                        "at_most = 2\n"
                        "kind = \"usb\"\n"
                        "removable = true\n"
                        "least_bytes = 1000\n"
                        "most_bytes = 2000\n";

std::string wrong_in(const std::string& text) {
    const auto order = parse_disposal_order(text);
    if (order) return "";
    EXPECT_EQ(order.error().fault, Fault::invalid);
    return order.error().message;
}

std::string without(std::string text, const std::string& line) {
    const auto at = text.find(line);
    EXPECT_NE(at, std::string::npos) << line;
    return text.erase(at, text.find('\n', at) + 1 - at);
}

Drive drive_with(const std::string& serial, std::uint64_t size = 1500) {
    Drive drive;
    drive.kind = DriveKind::usb;
    drive.removable = true;
    drive.serial = serial;
    drive.identity_source = serial.empty() ? IdentitySource::none : IdentitySource::drive;
    drive.size_bytes = size;
    return drive;
}

TEST(Order, SaysWhatOptionsSayAndForWhichDrives) {
    const auto order = parse_disposal_order(head +
                                            "hold_clearance = \"Legal\"\n"
                                            "references = [\"R-1\", \"R-2\"]\n"
                                            "owner_accepts = true\n" +
                                            listed + "model = \"M\"\nasset_tag = \"A-1\"\n" + any);
    ASSERT_TRUE(order) << order.error().message;
    EXPECT_EQ(order->id, "D-1");
    EXPECT_EQ(order->station, "BENCH7");
    EXPECT_EQ(order->valid_until - order->valid_from, 4 * 86400);
    EXPECT_TRUE(order->owner_accepts);
    EXPECT_EQ(order->values.at("--classification"), "OFFICIAL");
    EXPECT_EQ(order->values.at("--hold-clearance"), "Legal");
    EXPECT_FALSE(order->values.contains("--operator"));
    EXPECT_EQ(order->references, (std::vector<std::string>{"R-1", "R-2"}));
    EXPECT_EQ(order->drives.front().asset_tag, "A-1");
    EXPECT_EQ(order->any->at_most, 2U);
    EXPECT_EQ(order->any->kind, DriveKind::usb);
}

TEST(Order, NeedsItsMembers) {
    for (const char* line :
         {"id", "station", "valid_from", "valid_until", "classification", "disposition"})
        EXPECT_NE(wrong_in(without(head, line) + listed), "") << line;
    for (const char* line : {"at_most", "kind", "removable", "least_bytes", "most_bytes"})
        EXPECT_NE(wrong_in(head + without(any, line)), "") << line;
    EXPECT_THAT(wrong_in(head + "[[drive]]\nmodel = \"M\"\n"), HasSubstr("serial is missing"));
    EXPECT_THAT(wrong_in(head), HasSubstr("covers no drive"));
    EXPECT_NE(wrong_in(""), "");
}

TEST(Order, RefusesWhatItDoesNotKnowWithTheLine) {
    EXPECT_EQ(wrong_in(head + "technique = \"overwrite\"\n" + listed).substr(0, 8), "line 8: ");
    EXPECT_THAT(wrong_in(head + listed + "colour = \"red\"\n"), HasSubstr("colour"));
    EXPECT_THAT(wrong_in(head + listed + listed), HasSubstr("a second drive"));
    EXPECT_THAT(wrong_in(head + "policy = \"/srv/p.toml\"\n" + listed), HasSubstr("policy"));
    EXPECT_THAT(wrong_in(head + "site = \"a\\u0007b\"\n" + listed), HasSubstr("site"));
    EXPECT_THAT(wrong_in(head + "owner_accepts = \"yes\"\n" + listed), HasSubstr("owner_accepts"));
    EXPECT_THAT(wrong_in("x = [\n"), HasSubstr("line "));
}

TEST(Order, IsValidForSomeTime) {
    std::string text = head + listed;
    text.replace(text.find("2026-12-04"), 10, "2026-11-30");
    EXPECT_THAT(wrong_in(text), HasSubstr("not after valid_from"));
    std::string bad = head + listed;
    bad.replace(bad.find("2026-12-04"), 10, "2026-13-04");
    EXPECT_THAT(wrong_in(bad), HasSubstr("not a time"));
}

TEST(Order, BoundsAnyDrive) {
    for (const auto& [from, to] :
         {std::pair{"at_most = 2", "at_most = 0"}, std::pair{"kind = \"usb\"", "kind = \"tape\""},
          std::pair{"most_bytes = 2000", "most_bytes = 999"},
          std::pair{"removable = true", "removable = 1"}}) {
        std::string text = head + any;
        text.replace(text.find(from), std::string(from).size(), to);
        EXPECT_NE(wrong_in(text), "") << to;
    }
}

TEST(Order, CoversAListedDriveByItsOwnSerial) {
    const auto order =
        parse_disposal_order(head + listed + "[[drive]]\nserial = \"EX2\"\nmodel = \"M\"\n");
    ASSERT_TRUE(order);
    EXPECT_EQ(cover_of(*order, drive_with("EX1")), Cover{0});
    EXPECT_EQ(cover_of(*order, drive_with("EX")), std::nullopt);
    EXPECT_EQ(cover_of(*order, drive_with("")), std::nullopt);
    Drive other_model = drive_with("EX2");
    EXPECT_EQ(cover_of(*order, other_model), std::nullopt);
    other_model.model = "M";
    EXPECT_EQ(cover_of(*order, other_model), Cover{1});
    Drive bridged = drive_with("EX1");
    bridged.identity_source = IdentitySource::bridge;
    EXPECT_EQ(cover_of(*order, bridged), std::nullopt);
}

TEST(Order, CoversAnyDriveOfKindPlaceAndSize) {
    const auto order = parse_disposal_order(head + listed + any);
    ASSERT_TRUE(order);
    EXPECT_EQ(cover_of(*order, drive_with("EX1")), Cover{0}); // as the one that it lists
    EXPECT_EQ(cover_of(*order, drive_with("")), Cover{});
    EXPECT_EQ(cover_of(*order, drive_with("", 1000)), Cover{});
    EXPECT_EQ(cover_of(*order, drive_with("", 2000)), Cover{});
    EXPECT_EQ(cover_of(*order, drive_with("", 999)), std::nullopt);
    EXPECT_EQ(cover_of(*order, drive_with("", 2001)), std::nullopt);
    Drive other = drive_with("");
    other.removable = false;
    EXPECT_EQ(cover_of(*order, other), std::nullopt);
    other = drive_with("");
    other.kind = DriveKind::ata;
    EXPECT_EQ(cover_of(*order, other), std::nullopt);
}

} // namespace
} // namespace quietus
