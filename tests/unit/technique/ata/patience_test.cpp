// How long a drive that sanitizes is waited for.
#include "quietus/technique/ata/sanitize.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

namespace quietus::ata {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;

SanitizeOrder overwrite(std::uint64_t size_bytes, std::uint8_t passes) {
    SanitizeOrder order;
    order.options.overwrite.passes = passes;
    order.size_bytes = size_bytes;
    return order;
}

TEST(SanitizePatience, GrowsWithSizeAndPasses) {
    constexpr std::uint64_t terabytes = 20'000'000'000'000;
    EXPECT_GE(patience_of(overwrite(terabytes, 1)).whole, hours(185)); // at 30 MB/s
    EXPECT_GE(patience_of(overwrite(terabytes, 16)).whole, hours(16 * 185));
    EXPECT_GE(patience_of(overwrite(512, 1)).no_step, hours(1));
}

// 2^48 blocks of 4096, as a drive may say: deadlines are counted in nanoseconds.
TEST(SanitizePatience, CanBeCountedForTheLargestDrive) {
    const SanitizePatience most = patience_of(overwrite(std::uint64_t{1} << 60U, 16));
    EXPECT_GT(most.whole, patience_of(overwrite(std::uint64_t{1} << 40U, 16)).whole);
    EXPECT_LT(most.whole, std::chrono::duration_cast<std::chrono::seconds>(nanoseconds::max() / 2));
    EXPECT_GT(nanoseconds(most.whole).count(), 0);
}

} // namespace
} // namespace quietus::ata
