// Sampling: which parts of a drive a sampled read-back reads, reproducible from a recorded seed.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/extent.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/transport/block_port.hpp"

#include <cstdint>
#include <vector>

namespace quietus {

struct SamplePlan {
    std::uint64_t strata = 0;    ///< equal strata, one sample block drawn uniformly from each
    std::vector<Extent> extents; ///< ascending, disjoint: the drawn blocks, and besides them the
                                 ///< first, the last, and those around every power of two
};

/// The strata are those of sample_strata(). The draw in stratum s is the keystream
/// of `seed` (32 octets) at octets [8 s, 8 s + 8), big-endian, modulo the stratum's size; the bias
/// of the modulus is below 2^-20 for every drive there is.
[[nodiscard]] SamplePlan draw_sample(const BlockGeometry& geometry, std::uint32_t percent,
                                     ByteView seed);

} // namespace quietus
