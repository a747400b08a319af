// What policy is told of the drive at hand, and what it makes of its health.
#include "quietus/app/policies.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

const Profile& uk() {
    return *find_shipped_profile("uk-official");
}

Drive disk(std::optional<HealthRecord> health) {
    Drive drive;
    drive.node = "/dev/sdx";
    drive.kind = DriveKind::ata;
    drive.medium = Medium::magnetic;
    drive.size_bytes = 1 << 20;
    drive.native_size_bytes = drive.size_bytes;
    drive.health = std::move(health);
    return drive;
}

// OFFICIAL, and it leaves: purge, or an overwrite if the owner accepts that and nothing is
// remapped.
Question leaving(const Drive& drive, bool owner_accepts) {
    PolicyQuestion asked;
    asked.classification = Supplied{"OFFICIAL", Supplier::order};
    asked.disposition = Supplied{"release", Supplier::order};
    asked.owner_accepts = owner_accepts;
    return about_drive(read_question(uk(), asked).value(), drive);
}

TEST(Policies, TakeTheCountOfRemappedBlocksFromTheDrivesHealth) {
    const DriveFacts sound = facts_of(disk(HealthRecord{0, 0, 100, {}, {}, ""}));
    EXPECT_EQ(sound.remapped_blocks, 0U);
    EXPECT_TRUE(sound.met.contains(Condition::no_remapped_blocks));
    const DriveFacts worn = facts_of(disk(HealthRecord{4, 1, 100, {}, {}, ""}));
    EXPECT_EQ(worn.remapped_blocks, 5U);
    EXPECT_FALSE(worn.met.contains(Condition::no_remapped_blocks));
    for (const auto& untold :
         {std::optional<HealthRecord>{}, std::optional(HealthRecord{{}, 0, 100, {}, {}, ""})}) {
        const DriveFacts unknown = facts_of(disk(untold));
        EXPECT_EQ(unknown.remapped_blocks, std::nullopt);
        EXPECT_FALSE(unknown.met.contains(Condition::no_remapped_blocks));
    }
}

TEST(Policies, FallBackToAnOverwriteOfADriveThatHasRemappedNothing) {
    const Ruling answer = evaluate(uk(), leaving(disk(HealthRecord{0, 0, 100, {}, {}, ""}), true));
    EXPECT_EQ(answer.decision, Decision::allow);
    ASSERT_NE(answer.method, nullptr);
    EXPECT_EQ(name_of(*answer.method), "overwrite");
    EXPECT_EQ(answer.method->level, Level::clear);
}

TEST(Policies, DenyTheFallbackOfADriveThatHasOrDoesNotTell) {
    for (const auto& health :
         {std::optional(HealthRecord{1, 0, 100, {}, {}, ""}),
          std::optional(HealthRecord{0, 1, 100, {}, {}, ""}),
          std::optional(HealthRecord{{}, 0, 100, {}, {}, ""}), std::optional<HealthRecord>{}}) {
        const Ruling answer = evaluate(uk(), leaving(disk(health), true));
        EXPECT_EQ(answer.decision, Decision::deny);
        EXPECT_EQ(answer.cause, Cause::nothing_offered);
    }
    const Ruling unaccepted =
        evaluate(uk(), leaving(disk(HealthRecord{0, 0, 100, {}, {}, ""}), false));
    EXPECT_EQ(unaccepted.decision, Decision::deny);
}

} // namespace
} // namespace quietus
