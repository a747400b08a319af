#include "quietus/verify/read_back.hpp"

#include "quietus/stream/digest.hpp"
#include "quietus/verify/sampling.hpp"

#include <algorithm>
#include <optional>

namespace quietus {
namespace {

/// Compares; where the next extent comes from is up to the two kinds of it.
class CompareTask : public SurfaceTask {
  public:
    CompareTask(Surface& surface, Pattern& expected)
        : SurfaceTask(surface), expected_(expected),
          block_bytes_(surface.port.geometry().block_bytes) {}

    void prepare(unsigned, std::span<std::uint8_t>, Extent) override {}

    ExtentSet matched;
    ExtentSet mismatched;
    ExtentSet unreadable;

  protected:
    void succeeded(Extent extent, std::span<const std::uint8_t> data) override {
        if (expected_.matches(data, extent.offset)) {
            matched.add(extent);
            return;
        }
        for (std::uint64_t at = 0; at < extent.length; at += block_bytes_) {
            const Extent block{extent.offset + at,
                               std::min<std::uint64_t>(block_bytes_, extent.length - at)};
            const bool equal = expected_.matches(data.subspan(at, block.length), block.offset);
            (equal ? matched : mismatched).add(block);
        }
    }
    void failed(Extent extent) override { unreadable.add(extent); }

  private:
    Pattern& expected_;
    std::uint32_t block_bytes_;
};

class FullTask final : public CompareTask {
  public:
    FullTask(Surface& surface, Pattern& expected)
        : CompareTask(surface, expected),
          chunks_(surface.port.geometry(), surface.port.slot(0).size()) {}
    std::optional<Extent> next() override { return chunks_.next(); }

  private:
    Chunks chunks_;
};

class SampleTask final : public CompareTask {
  public:
    SampleTask(Surface& surface, Pattern& expected, std::vector<Extent> extents)
        : CompareTask(surface, expected), extents_(std::move(extents)) {}
    std::optional<Extent> next() override {
        if (at_ == extents_.size()) return std::nullopt;
        return extents_[at_++];
    }

  private:
    std::vector<Extent> extents_;
    std::size_t at_ = 0;
};

Stop compare(CompareTask& task, ReadBackRecord& record) {
    Stop stop = task.run(Direction::read);
    record.completed = stop.reason == StopReason::none;
    record.bytes_matched = task.matched.bytes();
    record.bytes_read = record.bytes_matched + task.mismatched.bytes();
    record.mismatched = task.mismatched.extents();
    record.unreadable = task.unreadable.extents();
    if (record.verification.mode == VerificationMode::full) record.matched = task.matched.extents();
    return stop;
}

} // namespace

Stop read_back(Surface& surface, Pattern& expected, ReadBackRecord& record) {
    if (record.verification.mode == VerificationMode::full) {
        FullTask task(surface, expected);
        return compare(task, record);
    }
    const Bytes seed = random_bytes(Keystream::key_bytes);
    SamplePlan plan = draw_sample(surface.port.geometry(), record.verification.percent, seed);
    record.sample_seed = to_hex(seed);
    record.strata = plan.strata;
    record.sample_block_bytes = sample_block_bytes;
    SampleTask task(surface, expected, std::move(plan.extents));
    return compare(task, record);
}

} // namespace quietus
