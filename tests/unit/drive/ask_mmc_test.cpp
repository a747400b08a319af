// Which areas an eMMC has besides the one that its node shows.
#include "ask_drive.hpp"

#include "support/replay_ports.hpp"
#include "support/wire_samples.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string command = "mmc 8 00000000";

DriveIdentity ask(const std::string& lines) {
    test::Transcript transcript(lines);
    test::ReplayMmcPort mmc(transcript);
    return identify_by_commands(DriveKind::mmc, {nullptr, nullptr, &mmc});
}

TEST(AskMmc, CountsEveryArea) {
    Bytes card = test::ext_csd();
    card[160] = card[155] = 1;
    test::put_little(card, 143, 3, 2);
    const DriveIdentity drive = ask(command + " -> 00000900 data " + to_hex(card));
    EXPECT_EQ(drive.source, IdentitySource::drive);
    EXPECT_EQ(drive.size_bytes, 31268536320U);
    EXPECT_EQ(drive.firmware, "0x0a01020304050607");
    ASSERT_EQ(drive.parts.size(), 4U);
    EXPECT_EQ(drive.parts[0].kind, PartKind::boot_area);
    EXPECT_EQ(drive.parts[0].title, "boot area 1");
    EXPECT_EQ(drive.parts[1].size_bytes, 4194304U);
    EXPECT_EQ(drive.parts[2].kind, PartKind::general_purpose_area);
    EXPECT_EQ(drive.parts[2].size_bytes, 16U << 20U);
    EXPECT_EQ(drive.parts[3].kind, PartKind::rpmb);
    EXPECT_THAT(drive.findings, IsEmpty());
}

TEST(AskMmc, SaysNothingOfACardThatDoesNotAnswer) {
    for (const char* reply : {" -> lost", " -> 80000900 data 01*512", " -> 00000900 data 00*512",
                              " -> 00000900 data 01*100", " -> 00000900"}) {
        const DriveIdentity drive = ask(command + reply);
        EXPECT_EQ(drive.source, IdentitySource::none) << reply;
        EXPECT_FALSE(drive.size_bytes) << reply;
        EXPECT_THAT(drive.parts, IsEmpty()) << reply;
        EXPECT_EQ(drive.findings.size(), 1U) << reply;
    }
}

// An error of a command that somebody sent before is not ours.
TEST(AskMmc, MindsErrorsOfItsOwnCommandAlone) {
    const DriveIdentity drive = ask(command + " -> 00400900 data " + to_hex(test::ext_csd()));
    EXPECT_EQ(drive.source, IdentitySource::drive);
}

} // namespace
} // namespace quietus
