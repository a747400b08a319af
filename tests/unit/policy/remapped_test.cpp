// What a drive's own count of remapped blocks says, of drives that the host overwrites.
#include "good_run.hpp"

#include "quietus/core/json.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/remapped.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::Contains;
using testing::Not;

TEST(RemappedBlocks, AreThoseThatWereAndThoseThatAreAboutToBe) {
    EXPECT_EQ(remapped_blocks(HealthRecord{3, 2, 100, {}, {}, ""}), 5U);
    EXPECT_EQ(remapped_blocks(HealthRecord{0, 1, 100, {}, {}, ""}), 1U);
    EXPECT_EQ(remapped_blocks(HealthRecord{0, {}, 100, {}, {}, ""}), 0U)
        << "not every drive tells of them";
}

TEST(RemappedBlocks, AreNotKnownWithoutTheDrivesCount) {
    EXPECT_EQ(remapped_blocks(std::nullopt), std::nullopt);
    EXPECT_EQ(remapped_blocks(HealthRecord{{}, 0, 100, {}, {}, ""}), std::nullopt);
    EXPECT_EQ(remapped_blocks(HealthRecord{{}, {}, {}, {}, {}, "the drive keeps no SMART data"}),
              std::nullopt);
}

TEST(RemappedBlocks, AreANumberThatADocumentCanHold) {
    constexpr auto most = static_cast<std::uint64_t>(json_integer_max);
    EXPECT_EQ(remapped_blocks(HealthRecord{most, most, {}, {}, {}, ""}), most);
    EXPECT_EQ(remapped_blocks(HealthRecord{most + 1, 1, {}, {}, {}, ""}), most);
}

struct Told {
    std::optional<HealthRecord> health;
    const char* limit; ///< none: empty
};

const std::vector<Told>& all_told() {
    static const std::vector<Told> all{
        {std::nullopt, ""}, // not asked: the limit about spare blocks says all that is known
        {HealthRecord{0, 0, 100, {}, {}, ""}, ""},
        {HealthRecord{0, {}, 100, {}, {}, ""}, ""},
        {HealthRecord{1, 0, 100, {}, {}, ""}, "remapped-blocks-may-hold-data"},
        {HealthRecord{0, 1, 100, {}, {}, ""}, "remapped-blocks-may-hold-data"},
        {HealthRecord{{}, 0, 100, {}, {}, ""}, "health-unknown"},
    };
    return all;
}

void expect_limit(const std::vector<std::string>& limits, std::string_view limit) {
    for (const char* each : {"remapped-blocks-may-hold-data", "health-unknown"})
        if (each == limit)
            EXPECT_THAT(limits, Contains(each));
        else
            EXPECT_THAT(limits, Not(Contains(each)));
    EXPECT_TRUE(std::is_sorted(limits.begin(), limits.end()));
}

TEST(RemappedBlocks, AreALimitOfAnOverwriteBeforeAndAfter) {
    for (const Told& told : all_told()) {
        GoodRun run;
        run.physical();
        run.drive.health = told.health;
        const Judgement judged = run.judged();
        EXPECT_EQ(judged.verdict, Verdict::erased);
        EXPECT_EQ(judged.level, Level::clear) << "what has an address was written";
        expect_limit(judged.limits, told.limit);
        const auto plan = make_plan(run.drive, {});
        ASSERT_TRUE(plan) << plan.error().message;
        expect_limit(plan->not_reached, told.limit);
    }
}

TEST(RemappedBlocks, AreNoLimitWhereTheStorageBeneathIsNotKnown) {
    GoodRun run;
    run.drive.health = HealthRecord{7, 0, 100, {}, {}, ""};
    expect_limit(run.judged().limits, "");
}

// Of NVMe: octet 0 of the SMART / Health Information log, and media errors.
TEST(RemappedBlocks, AreOfNvmeWhatTheDriveCouldNotBringBack) {
    const auto told = [](std::optional<std::uint64_t> errors,
                         std::optional<std::uint64_t> warning) {
        HealthRecord health;
        health.media_errors = errors;
        health.critical_warning = warning;
        return remapped_blocks(health);
    };
    EXPECT_EQ(told(0, 0), 0U);
    EXPECT_EQ(told(7, 0), 7U);
    for (const std::uint64_t bad : {0x01U, 0x04U, 0x08U}) // spare, reliability, read-only
        EXPECT_EQ(told(0, bad), 1U);
    EXPECT_EQ(told(0, 0x32), 0U) << "it is warm, and its buffers may not outlast the power";
    EXPECT_EQ(told(0, {}), std::nullopt);
    EXPECT_EQ(told({}, 0), std::nullopt);
    constexpr std::uint64_t most = (std::uint64_t{1} << 53U) - 1;
    EXPECT_EQ(told(UINT64_MAX, 0), most);
}

} // namespace
} // namespace quietus
