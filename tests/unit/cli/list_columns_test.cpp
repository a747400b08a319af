// The columns of `list`: which there are, and what gives way on a narrow screen.
#include "list_columns.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace quietus::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Drive long_drive() {
    Drive drive;
    drive.node = "/dev/nvme0n1";
    drive.kind = DriveKind::nvme;
    drive.model = "SAMSUNG MZQL21T9HCJR-00A07";
    drive.serial = "S64GNE0R700123456789";
    drive.size_bytes = 1920383410176;
    drive.contents = {{"", "gpt", "", "", "", 0}, {"", "ext4", "", "", "", 0}};
    drive.guards = {{Interlock::unknown_holder, "", ""}, {Interlock::read_only, "", ""}};
    return drive;
}

std::size_t widest(const std::string& text) {
    std::size_t most = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::size_t columns = 0;
        for (const char each : line)
            columns += (static_cast<unsigned char>(each) & 0xC0U) != 0x80U ? 1 : 0;
        most = std::max(most, columns);
    }
    return most;
}

TEST(ListColumns, FitEightyColumnsAndKeepTheSerialWhole) {
    const std::string text = list_text_of({long_drive()}, default_columns(), 80);
    EXPECT_LE(widest(text), 80u);
    EXPECT_THAT(text, HasSubstr("S64GNE0R700123456789"));
    EXPECT_THAT(text, HasSubstr("SAMSUNG\xe2\x80\xa6"));
    EXPECT_THAT(text, HasSubstr("1.92 TB"));
}

// A serial number of SCSI may have 252 characters (VPD page 80h), of iSCSI targets it often has 36.
TEST(ListColumns, FoldALongSerialAndCutNothingOffIt) {
    Drive drive = long_drive();
    drive.serial = "6d7c1c44-6f0e-4b0f-9a57-2b7b8b3c51aa";
    const std::string text = list_text_of({drive, long_drive()}, default_columns(), 80);
    EXPECT_LE(widest(text), 80u);
    EXPECT_THAT(text, HasSubstr("  6d7c1c44-6f0e-4b0f-9a"));
    const std::string second = text.substr(text.find("6d7c1c44"));
    const std::size_t line = second.find('\n') + 1;
    const std::string rest = second.substr(line, second.find('\n', line) - line);
    EXPECT_THAT(rest, testing::MatchesRegex(" +57-2b7b8b3c51aa"));
    EXPECT_EQ(rest.find('5'), text.find("SERIAL")) << "beneath its first half";
    EXPECT_THAT(list_text_of({drive}, default_columns(), 0), HasSubstr(drive.serial));
    EXPECT_THAT(list_text_of({drive}, default_columns(), 120), HasSubstr(drive.serial));
}

TEST(ListColumns, ShortenNothingWhereThereIsRoomOrNoScreen) {
    for (const std::size_t width : {0U, 200U})
        EXPECT_THAT(list_text_of({long_drive()}, default_columns(), width),
                    testing::AllOf(HasSubstr("SAMSUNG MZQL21T9HCJR-00A07"),
                                   Not(HasSubstr("\xe2\x80\xa6"))));
}

TEST(ListColumns, ComeInTheOrderInWhichTheyWereChosen) {
    const auto columns = chosen_columns("serial,node");
    ASSERT_TRUE(columns);
    EXPECT_EQ(list_text_of({long_drive()}, *columns, 80), "SERIAL                NODE\n"
                                                          "S64GNE0R700123456789  /dev/nvme0n1\n");
}

TEST(ListColumns, RefuseUnknownRepeatedAndEmptyNamesWithTheListOfAll) {
    for (const char* const names : {"nodes", "", "node,", ",node", "NODE", "node size"}) {
        const auto columns = chosen_columns(names);
        ASSERT_FALSE(columns) << names;
        EXPECT_EQ(columns.error().fault, Fault::usage);
        EXPECT_THAT(columns.error().message, HasSubstr("there are node, size, kind, model"));
    }
    EXPECT_THAT(chosen_columns("node,node").error().message, HasSubstr("node is there twice"));
}

TEST(ListColumns, EscapeWhatADriveSays) {
    Drive drive = long_drive();
    drive.model = "\x1b[2J";
    EXPECT_THAT(list_text_of({drive}, default_columns(), 0), HasSubstr("\\u{001b}[2J"));
}

TEST(ListColumns, AllHaveSomethingToSayOfADriveThatSaysNothing) {
    for (const Column& column : all_columns())
        EXPECT_FALSE(column.cell(Drive{}).empty() && column.name != "node") << column.name;
}

} // namespace
} // namespace quietus::cli
