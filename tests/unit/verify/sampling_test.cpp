#include "quietus/verify/sampling.hpp"

#include <gtest/gtest.h>

#include <map>

namespace quietus {
namespace {

Bytes seed(std::uint8_t first) {
    Bytes octets(32);
    octets[0] = first;
    return octets;
}

TEST(Sampling, IsReproducibleFromTheSeedAndDiffersWithIt) {
    const BlockGeometry geometry{1U << 30U, 512, 1U << 30U};
    EXPECT_EQ(draw_sample(geometry, 5, seed(1)).extents, draw_sample(geometry, 5, seed(1)).extents);
    EXPECT_NE(draw_sample(geometry, 5, seed(1)).extents, draw_sample(geometry, 5, seed(2)).extents);
}

TEST(Sampling, DrawsOneBlockFromEachStratum) {
    const std::uint64_t blocks = 1000;
    const BlockGeometry geometry{blocks * sample_block_bytes, 512, blocks * sample_block_bytes};
    const auto plan = draw_sample(geometry, 10, seed(9));
    ASSERT_EQ(plan.strata, 100u);
    std::map<std::uint64_t, int> hits;
    for (const Extent& extent : plan.extents)
        ++hits[extent.offset / sample_block_bytes / 10];
    EXPECT_EQ(hits.size(), 100u);
}

// Over many seeds every block of a stratum is drawn about equally often (chi-square, 9 degrees of
// freedom: above 27.9 with probability 0.001).
TEST(Sampling, DrawsUniformlyWithinAStratum) {
    const BlockGeometry geometry{1000 * sample_block_bytes, 512, 1000 * sample_block_bytes};
    std::map<std::uint64_t, int> drawn;
    for (int round = 0; round < 250; ++round)
        for (const Extent& extent :
             draw_sample(geometry, 10, seed(static_cast<std::uint8_t>(round))).extents) {
            const std::uint64_t block = extent.offset / sample_block_bytes;
            if (block >= 600 && block < 900) ++drawn[block % 10]; // free of boundaries
        }
    int total = 0;
    for (const auto& [place, count] : drawn)
        total += count;
    double chi_square = 0;
    for (std::uint64_t place = 0; place < 10; ++place) {
        const double expected = total / 10.0;
        chi_square += (drawn[place] - expected) * (drawn[place] - expected) / expected;
    }
    EXPECT_GE(total, 250 * 30);
    EXPECT_LT(chi_square, 27.9);
}

TEST(Sampling, StaysOnTheDriveAndRespectsAnOddTail) {
    for (const std::uint64_t size :
         {std::uint64_t{1}, std::uint64_t{511}, std::uint64_t{4096}, std::uint64_t{65536},
          std::uint64_t{65537}, std::uint64_t{1000003}, std::uint64_t{1} << 40U}) {
        const BlockGeometry geometry{size, 4096, size - size % 4096};
        const auto plan = draw_sample(geometry, size > 1U << 30U ? 1 : 99, seed(4));
        std::uint64_t end = 0;
        for (const Extent& extent : plan.extents) {
            ASSERT_GE(extent.offset, end);
            ASSERT_GT(extent.length, 0u);
            ASSERT_FALSE(extent.offset < geometry.tail_offset &&
                         extent.end() > geometry.tail_offset);
            end = extent.end();
        }
        EXPECT_EQ(end, size);
        EXPECT_EQ(plan.extents.front().offset, 0u);
        if (size > 1U << 30U) break; // one large drive is enough
    }
}

} // namespace
} // namespace quietus
