#include "quietus/verify/read_back.hpp"

#include "quietus/stream/digest.hpp"
#include "quietus/verify/sampling.hpp"

#include <algorithm>
#include <utility>

namespace quietus {
namespace {

class CompareTask final : public SurfaceTask {
  public:
    CompareTask(Surface& surface, Pattern& expected)
        : SurfaceTask(surface), expected_(expected),
          block_bytes_(surface.port.geometry().block_bytes) {}

    ExtentSet matched;
    ExtentSet mismatched;

  protected:
    void prepare(unsigned, std::span<std::uint8_t>, Extent) override {}
    void succeeded(Extent extent, std::span<const std::uint8_t> data) override {
        if (expected_.matches(data, extent.offset)) {
            matched.add(extent);
            return;
        }
        if (runs_ >= most_extents) {
            mismatched.add(extent);
            return;
        }
        bool equal_before = true;
        for (std::uint64_t at = 0; at < extent.length; at += block_bytes_) {
            const Extent block{extent.offset + at,
                               std::min<std::uint64_t>(block_bytes_, extent.length - at)};
            const bool equal = expected_.matches(data.subspan(at, block.length), block.offset);
            (equal ? matched : mismatched).add(block);
            if (equal_before && !equal) ++runs_;
            equal_before = equal;
        }
    }

  private:
    Pattern& expected_;
    std::uint32_t block_bytes_;
    std::uint64_t runs_ = 0; ///< of blocks that differ
};

Stop compare(Surface& surface, Pattern& expected, Route& route, ReadBackRecord& record) {
    CompareTask task(surface, expected);
    Stop stop = task.run(Direction::read, route);
    record.completed = task.complete();
    record.bytes_matched = task.matched.bytes();
    record.bytes_read = record.bytes_matched + task.mismatched.bytes();
    record.mismatched = std::move(task.mismatched).take();
    record.unreadable = task.failed().extents();
    if (record.verification.mode == VerificationMode::full)
        record.matched = std::move(task.matched).take();
    return stop;
}

} // namespace

Stop read_back(Surface& surface, Pattern& expected, ReadBackRecord& record) {
    const BlockGeometry geometry = surface.port.geometry();
    if (!surface.kept.empty())
        return compare_extents(surface, expected, all_but_kept(surface).extents(), record);
    if (record.verification.mode == VerificationMode::full) {
        Chunks all(geometry, surface.port.slot(0).size());
        return compare(surface, expected, all, record);
    }
    const Bytes seed = random_bytes(Keystream::key_bytes);
    const SamplePlan plan = draw_sample(geometry, record.verification.percent, seed);
    record.sample_seed = to_hex(seed);
    record.strata = plan.strata;
    record.sample_block_bytes = sample_block_bytes;
    ListedExtents drawn(plan.extents);
    return compare(surface, expected, drawn, record);
}

Stop compare_extents(Surface& surface, Pattern& expected, std::vector<Extent> extents,
                     ReadBackRecord& record) {
    CutExtents route(surface.port.geometry(), surface.port.slot(0).size(), std::move(extents));
    return compare(surface, expected, route, record);
}

} // namespace quietus
