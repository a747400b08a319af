#include "quietus/verify/sampling.hpp"

#include "quietus/stream/keystream.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace quietus {
namespace {

// Block k of the drive in sample blocks; what crosses the odd tail of an image is cut in two.
void add_block(const BlockGeometry& geometry, std::uint64_t block, std::vector<Extent>& extents) {
    const std::uint64_t begin = block * sample_block_bytes;
    const std::uint64_t end = std::min(begin + sample_block_bytes, geometry.size_bytes);
    const std::uint64_t cut = std::clamp(geometry.tail_offset, begin, end);
    if (cut > begin) extents.push_back({begin, cut - begin});
    if (end > cut) extents.push_back({cut, end - cut});
}

std::uint64_t draw(Keystream& stream, std::uint64_t stratum, std::uint64_t size) {
    std::array<std::uint8_t, 8> octets{};
    stream.fill(octets, stratum * octets.size());
    std::uint64_t number = 0;
    for (const std::uint8_t octet : octets)
        number = number << 8U | octet;
    return number % size;
}

std::set<std::uint64_t> boundaries(std::uint64_t blocks) {
    std::set<std::uint64_t> chosen{0, blocks - 1};
    for (std::uint64_t power = 1; power < blocks && power != 0; power <<= 1U) {
        chosen.insert(power - 1);
        chosen.insert(power);
    }
    return chosen;
}

} // namespace

SamplePlan draw_sample(const BlockGeometry& geometry, std::uint32_t percent, ByteView seed) {
    const std::uint64_t blocks =
        (geometry.size_bytes + sample_block_bytes - 1) / sample_block_bytes;
    if (blocks == 0) return {};
    SamplePlan plan;
    plan.strata = sample_strata(geometry.size_bytes, percent);
    std::set<std::uint64_t> chosen = boundaries(blocks);
    Keystream stream(seed);
    // Sizes that differ by one at most: the first `larger` strata have one block more.
    const std::uint64_t size = blocks / plan.strata;
    const std::uint64_t larger = blocks % plan.strata;
    for (std::uint64_t stratum = 0; stratum < plan.strata; ++stratum) {
        const std::uint64_t begin = stratum * size + std::min(stratum, larger);
        chosen.insert(begin + draw(stream, stratum, size + (stratum < larger ? 1 : 0)));
    }
    for (const std::uint64_t block : chosen)
        add_block(geometry, block, plan.extents);
    return plan;
}

} // namespace quietus
