#include "quietus/verify/returned_state.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/stream/keystream.hpp"
#include "quietus/verify/sampling.hpp"

#include <algorithm>
#include <optional>

namespace quietus {
namespace {

bool is_all(ByteView block, std::uint8_t octet) {
    return std::ranges::all_of(block, [octet](std::uint8_t each) { return each == octet; });
}

class ReturnedTask final : public SurfaceTask {
  public:
    /// Without a pattern zeros or ones are expected, or `anything` but canaries; without canaries
    /// none are looked for.
    ReturnedTask(Surface& surface, Pattern* pattern, const Canaries* canaries,
                 bool anything = false)
        : SurfaceTask(surface), pattern_(pattern), canaries_(canaries), anything_(anything),
          block_bytes_(surface.port.geometry().block_bytes) {}

    ExtentSet matched;
    ExtentSet mismatched;
    ExtentSet canaries_found;

  protected:
    void prepare(unsigned, std::span<std::uint8_t>, Extent) override {}
    void succeeded(Extent extent, std::span<const std::uint8_t> data) override {
        if (is_expected(extent.offset, data)) {
            matched.add(extent);
            return;
        }
        for (std::uint64_t at = 0; at < extent.length; at += block_bytes_) {
            const Extent block{extent.offset + at,
                               std::min<std::uint64_t>(block_bytes_, extent.length - at)};
            take_block(block, data.subspan(at, block.length));
        }
    }

  private:
    [[nodiscard]] bool is_expected(std::uint64_t offset, ByteView data) const {
        if (anything_) return false; // block by block
        if (pattern_ != nullptr) return pattern_->matches(data, offset);
        return is_all(data, 0x00) || is_all(data, 0xFF);
    }
    void take_block(const Extent& block, ByteView data) {
        const bool canary = canaries_ != nullptr && canaries_->begins_as_one(data);
        const bool expected = anything_ ? !canary : is_expected(block.offset, data);
        (expected ? matched : mismatched).add(block);
        if (canary) canaries_found.add(block);
    }

    Pattern* pattern_;
    const Canaries* canaries_;
    bool anything_;
    std::uint32_t block_bytes_;
};

/// The first block, or nothing when it cannot be read.
class FirstBlock final : public SurfaceTask {
  public:
    explicit FirstBlock(Surface& surface) : SurfaceTask(surface) {}
    Bytes content;

  protected:
    void prepare(unsigned, std::span<std::uint8_t>, Extent) override {}
    void succeeded(Extent, std::span<const std::uint8_t> data) override {
        content.assign(data.begin(), data.end());
    }
};

Stop compare(ReturnedTask& task, Route& route, FirmwareReadBack& record) {
    Stop stop = task.run(Direction::read, route);
    record.completed = task.complete();
    if (record.sample)
        record.sample->bytes_matched = task.matched.bytes();
    else
        record.matched = std::move(task.matched).take();
    record.mismatched = std::move(task.mismatched).take();
    record.unreadable = task.failed().extents();
    return stop;
}

Stop compare(Surface& surface, ReturnedTask& task, const Verification& verification,
             FirmwareReadBack& record) {
    const BlockGeometry geometry = surface.port.geometry();
    if (verification.mode != VerificationMode::sample) {
        Chunks all(geometry, surface.port.slot(0).size());
        return compare(task, all, record);
    }
    const Bytes seed = random_bytes(Keystream::key_bytes);
    const SamplePlan plan = draw_sample(geometry, verification.percent, seed);
    record.sample =
        FirmwareSample{verification.percent, to_hex(seed), plan.strata, sample_block_bytes, 0};
    ListedExtents drawn(plan.extents);
    return compare(task, drawn, record);
}

Bytes chosen(const std::vector<Bytes>& patterns, ByteView first_block) {
    for (const Bytes& octets : patterns) {
        Pattern pattern = Pattern::fixed(octets);
        if (!first_block.empty() && pattern.matches(first_block, 0)) return octets;
    }
    return patterns.front();
}

} // namespace

Stop read_returned_state(Surface& surface, const Returned& expected, FirmwareReadBack& record,
                         CanaryRecord& found) {
    record.expectation = expected.expectation;
    std::optional<Pattern> pattern;
    if (!expected.patterns.empty()) {
        FirstBlock first(surface);
        const std::vector<Extent> place{{0, surface.port.geometry().block_bytes}};
        ListedExtents route(place);
        if (Stop stop = first.run(Direction::read, route); stop.reason != StopReason::none)
            return stop;
        const Bytes octets = chosen(expected.patterns, first.content);
        record.bytes = to_hex(octets);
        pattern = Pattern::fixed(octets);
    }
    ReturnedTask task(surface, pattern ? &*pattern : nullptr, &expected.canaries,
                      expected.expectation == Expectation::host_pass);
    Stop stop = compare(surface, task, expected.verification, record);
    // Where one was written it is left; what is elsewhere was moved there.
    ExtentSet moved = task.canaries_found;
    ExtentSet left(found.left);
    for (const Extent& place : expected.canaries.places()) {
        if (moved.covers(place)) left.add(place);
        moved.subtract(place);
    }
    ExtentSet elsewhere(found.elsewhere);
    elsewhere.add(moved);
    found.left = std::move(left).take();
    found.elsewhere = std::move(elsewhere).take();
    return stop;
}

Stop read_host_pass(Surface& surface, Pattern& expected, const Verification& verification,
                    FirmwareReadBack& record) {
    record.expectation = Expectation::host_pass;
    ReturnedTask task(surface, &expected, nullptr);
    return compare(surface, task, verification, record);
}

} // namespace quietus
