// Whether a sample has read what one of its share must have read.
#pragma once

#include "quietus/record/firmware_evidence.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>

namespace quietus {

/// Of a drive of that size: cut as samples are, and at least one sample block of each stratum read
/// as it must be, of which one may be the short last.
[[nodiscard]] inline bool is_whole_sample(const FirmwareSample& sample, std::uint64_t size_bytes) {
    const std::uint64_t strata = sample_strata(size_bytes, sample.percent);
    if (strata == 0 || sample.strata != strata || sample.block_bytes != sample_block_bytes)
        return false;
    const std::uint64_t rest = size_bytes % sample_block_bytes;
    const std::uint64_t least =
        (strata - 1) * sample_block_bytes + (rest == 0 ? sample_block_bytes : rest);
    return sample.bytes_matched >= least && sample.bytes_matched <= size_bytes;
}

} // namespace quietus
