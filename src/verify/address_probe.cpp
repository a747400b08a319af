#include "quietus/verify/address_probe.hpp"

#include "quietus/stream/digest.hpp"
#include "quietus/stream/pattern.hpp"

#include <optional>
#include <set>

namespace quietus {
namespace {

constexpr unsigned shifted_sets = 16;

class StampTask final : public SurfaceTask {
  public:
    StampTask(Surface& surface, Pattern& stamps) : SurfaceTask(surface), stamps_(stamps) {}

    ExtentSet wrong;

  protected:
    void prepare(unsigned, std::span<std::uint8_t> buffer, Extent extent) override {
        stamps_.fill(buffer, extent.offset);
    }

    // After a write the buffer holds the stamp itself, so this finds fault with reads only.
    void succeeded(Extent extent, std::span<const std::uint8_t> data) override {
        if (!stamps_.matches(data, extent.offset)) wrong.add(extent);
    }

  private:
    Pattern& stamps_;
};

std::uint64_t to_number(ByteView octets) {
    std::uint64_t number = 0;
    for (const std::uint8_t octet : octets)
        number = number << 8U | octet;
    return number;
}

} // namespace

std::vector<Extent> probe_extents(const BlockGeometry& geometry, std::uint64_t seed) {
    const std::uint64_t blocks = geometry.tail_offset / geometry.block_bytes;
    std::set<std::uint64_t> chosen;
    const auto stamp = [&](std::uint64_t block) {
        if (block < blocks) chosen.insert(block);
    };
    stamp(0);
    if (blocks != 0) stamp(blocks - 1);
    for (unsigned power = 0; power < 64; ++power)
        stamp(std::uint64_t{1} << power);
    const std::uint64_t quarter = blocks / 4;
    for (unsigned set = 0; set < shifted_sets && quarter != 0; ++set) {
        // Spread over the quarter, from 0 on, each within its own sixteenth.
        const std::uint64_t x =
            set == 0
                ? 0
                : (quarter / shifted_sets * set + seed % (quarter / shifted_sets + 1)) % quarter;
        for (unsigned shift = 0; shift < 4; ++shift)
            stamp(x + blocks / 4 * shift + blocks % 4 * shift / 4);
    }
    std::vector<Extent> extents;
    extents.reserve(chosen.size() + 1);
    for (const std::uint64_t block : chosen)
        extents.push_back({block * geometry.block_bytes, geometry.block_bytes});
    if (geometry.tail_offset < geometry.size_bytes)
        extents.push_back({geometry.tail_offset, geometry.size_bytes - geometry.tail_offset});
    return extents;
}

Stop probe_addresses(Surface& surface, ProbeRecord& record) {
    Pattern stamps = Pattern::stream(random_bytes(Keystream::key_bytes));
    auto extents = probe_extents(surface.port.geometry(), to_number(random_bytes(8)));
    const ExtentSet free = all_but_kept(surface);
    std::erase_if(extents, [&](const Extent& each) { return !free.covers(each); });
    record.stamps = extents.size();
    StampTask writing(surface, stamps);
    ListedExtents to_write(extents);
    Stop stop = writing.run(Direction::write, to_write);
    record.unwritable = writing.failed().extents();
    if (stop.reason != StopReason::none) return stop;
    Flushed flushed = flush(surface);
    record.flushed = flushed.error == 0;
    if (flushed.stop.reason != StopReason::none) return std::move(flushed.stop);
    StampTask reading(surface, stamps);
    // What could not be written says nothing about where its address leads.
    std::erase_if(extents, [&](const Extent& each) { return writing.failed().covers(each); });
    ListedExtents to_read(extents);
    stop = reading.run(Direction::read, to_read);
    record.wrong = reading.wrong.extents();
    record.unreadable = reading.failed().extents();
    record.completed = reading.complete();
    return stop;
}

} // namespace quietus
