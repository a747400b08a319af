// What is on offer for a drive, and that every end of a run has its own exit status.
#include "quietus/app/dispose.hpp"
#include "quietus/app/offers.hpp"
#include "quietus/app/weigh.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;

OfferedTechnique offer(DriveKind kind, std::uint64_t size) {
    Drive drive;
    drive.kind = kind;
    drive.size_bytes = size;
    const auto all = offers(drive);
    EXPECT_EQ(all.size(), 1u);
    return all.front();
}

TEST(Offers, SayWhatAnOverwriteCanReach) {
    EXPECT_TRUE(offer(DriveKind::loop, 512).available);
    EXPECT_EQ(offer(DriveKind::loop, 512).level, Level::none);
    EXPECT_THAT(offer(DriveKind::loop, 512).reason, HasSubstr("storage beneath is unknown"));
    EXPECT_THAT(offer(DriveKind::ata, 512).reason, HasSubstr("native capacity unknown"));
}

// A real drive is told nothing yet, whatever it could do.
TEST(Offers, AreOfTheDrivesOwnForEmulatedDrivesAlone) {
    Drive drive;
    drive.node = "/dev/sdx";
    drive.kind = DriveKind::ata;
    drive.medium = Medium::magnetic;
    drive.size_bytes = 1 << 20;
    drive.native_size_bytes = drive.size_bytes;
    drive.ata_erasure.emplace().overwrite = true;
    drive.ata_erasure->sanitize = SanitizeState::idle;
    const std::optional<PolicyMode> no_policy;
    const PlanRequest plain;
    PlanRequest by_itself;
    by_itself.technique = Technique::ata_sanitize_overwrite;
    const auto refused = weigh(drive, {by_itself, no_policy});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::unsupported);
    for (const OfferedTechnique& each : offers(drive))
        EXPECT_EQ(each.available, each.technique == Technique::overwrite);
    drive.hidden_areas = HiddenAreas{2048, 4096, {}, {}, {}};
    drive.native_size_bytes = 2 * drive.size_bytes;
    const auto hides = weigh(drive, {plain, no_policy});
    ASSERT_FALSE(hides);
    EXPECT_THAT(hides.error().hint, HasSubstr("hdparm -N"));

    drive.provenance = Provenance::rehearsal;
    EXPECT_TRUE(weigh(drive, {plain, no_policy}));
    EXPECT_TRUE(weigh(drive, {by_itself, no_policy}));
}

TEST(Offers, HaveNoOverwriteOfADriveThatKeepsItsBlocksToItself) {
    const auto overwrite_of = [](SanitizeState sanitize, std::uint32_t security_word) {
        Drive drive;
        drive.kind = DriveKind::ata;
        drive.size_bytes = 512;
        AtaErasure& told = drive.ata_erasure.emplace();
        told.sanitize = sanitize;
        told.security = true;
        told.security_word = security_word;
        return offers(drive).front();
    };
    EXPECT_TRUE(overwrite_of(SanitizeState::completed, 0x0021).available);
    EXPECT_THAT(overwrite_of(SanitizeState::in_progress, 0x0021).reason,
                HasSubstr("no block can be written: it is erasing itself"));
    EXPECT_THAT(overwrite_of(SanitizeState::failed, 0x0021).reason, HasSubstr("quietus recover"));
    const OfferedTechnique locked = overwrite_of(SanitizeState::idle, 0x0027);
    EXPECT_FALSE(locked.available);
    EXPECT_THAT(locked.reason, HasSubstr("locked by a password"));
}

TEST(Offers, AreNoneForADriveWithoutMedium) {
    EXPECT_FALSE(offer(DriveKind::usb, 0).available);
    EXPECT_THAT(offer(DriveKind::usb, 0).reason, HasSubstr("size 0"));
}

TEST(Offers, AreNoneForAUnitWithPartsOutOfReach) {
    Drive drive;
    drive.kind = DriveKind::nvme;
    drive.size_bytes = 512;
    drive.parts = {{"/dev/nvme0n2", 512, PartKind::name_space, "namespace 2"}};
    EXPECT_FALSE(offers(drive).front().available);
    EXPECT_EQ(offers(drive).front().reason,
              "it does not reach /dev/nvme0n2, namespace 2, 512 bytes");
}

// The table of the command-line contract.
TEST(ExitStatusOfAVerdict, IsThatOfTheContract) {
    const auto number = [](Verdict verdict) { return static_cast<int>(exit_status(verdict)); };
    EXPECT_EQ(number(Verdict::erased), 0);
    EXPECT_EQ(number(Verdict::failed), 1);
    EXPECT_EQ(number(Verdict::refused), 3);
    EXPECT_EQ(number(Verdict::unsupported), 4);
    EXPECT_EQ(number(Verdict::unverified), 6);
    EXPECT_EQ(number(Verdict::indeterminate), 6);
    EXPECT_EQ(number(Verdict::interrupted), 7);
    EXPECT_EQ(number(Verdict::error), 8);
}

} // namespace
} // namespace quietus
