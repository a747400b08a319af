#include "quietus/verify/canary.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/stream/keystream.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace quietus {
namespace {

constexpr std::uint64_t strata = 64;
constexpr std::size_t piece = 16;

class WriteTask final : public SurfaceTask {
  public:
    WriteTask(Surface& surface, Pattern& pattern) : SurfaceTask(surface), pattern_(pattern) {}

  protected:
    void prepare(unsigned, std::span<std::uint8_t> buffer, Extent extent) override {
        pattern_.fill(buffer, extent.offset);
    }
    void succeeded(Extent, std::span<const std::uint8_t>) override {}

  private:
    Pattern& pattern_;
};

/// Sorts the places by whether all, some or nothing of a canary is there.
class LookTask final : public SurfaceTask {
  public:
    LookTask(Surface& surface, Pattern& pattern, const Canaries& canaries)
        : SurfaceTask(surface), pattern_(pattern), canaries_(canaries) {}

    ExtentSet whole;
    ExtentSet some; ///< but not all
    ExtentSet none;
    ExtentSet other; ///< of these, where another of them stands

  protected:
    void prepare(unsigned, std::span<std::uint8_t>, Extent) override {}
    void succeeded(Extent extent, std::span<const std::uint8_t> data) override {
        Bytes expected(data.size());
        pattern_.fill(expected, extent.offset);
        std::size_t equal = 0;
        for (std::size_t at = 0; at + piece <= data.size(); at += piece)
            if (std::ranges::equal(data.subspan(at, piece), ByteView(expected).subspan(at, piece)))
                ++equal;
        (equal == 0 ? none : equal == data.size() / piece ? whole : some).add(extent);
        if (equal == 0 && canaries_.begins_as_one(data)) other.add(extent);
    }

  private:
    Pattern& pattern_;
    const Canaries& canaries_;
};

// A block of each stratum of [from, to), drawn by the key from the draw of this number on.
void draw(std::set<std::uint64_t>& blocks, Keystream& key, const Extent& range,
          std::uint64_t first_draw) {
    for (std::uint64_t stratum = 0; stratum < strata; ++stratum) {
        const std::uint64_t begin = range.length * stratum / strata;
        const std::uint64_t end = range.length * (stratum + 1) / strata;
        if (begin == end) continue;
        std::array<std::uint8_t, 8> octets{};
        // The far end of the stream: the canaries' content comes from its beginning.
        constexpr std::uint64_t far = std::uint64_t{1} << 62U;
        key.fill(octets, far + 8 * (first_draw + stratum));
        std::uint64_t drawn = 0;
        for (const std::uint8_t octet : octets)
            drawn = drawn << 8U | octet;
        blocks.insert(range.offset + begin + drawn % (end - begin));
    }
}

} // namespace

std::vector<Extent> required_canaries(std::uint64_t size_bytes, std::uint32_t block_bytes,
                                      std::uint64_t hidden_from,
                                      const std::vector<std::uint64_t>& borders) {
    const std::uint64_t blocks = size_bytes / block_bytes;
    std::set<std::uint64_t> numbers;
    if (blocks != 0) numbers = {0, blocks - 1};
    const auto add_sides = [&](std::uint64_t offset) {
        const std::uint64_t border = offset / block_bytes;
        if (border != 0 && border < blocks) numbers.insert({border - 1, border});
    };
    add_sides(hidden_from);
    std::ranges::for_each(borders, add_sides);
    std::vector<Extent> places;
    places.reserve(numbers.size());
    for (const std::uint64_t number : numbers)
        places.push_back({number * block_bytes, block_bytes});
    return places;
}

Canaries::Canaries(const BlockGeometry& geometry, ByteView key, std::uint64_t hidden_from,
                   const std::vector<std::uint64_t>& borders)
    : pattern_(Pattern::stream(key)), hidden_from_(hidden_from) {
    const std::uint32_t block = geometry.block_bytes;
    QUIETUS_ENSURE(block >= piece && geometry.size_bytes < std::uint64_t{1} << 62U);
    const std::uint64_t blocks = geometry.size_bytes / block;
    std::set<std::uint64_t> numbers;
    for (const Extent& each : required_canaries(geometry.size_bytes, block, hidden_from, borders))
        numbers.insert(each.offset / block);
    std::uint64_t from = 0;
    for (const std::uint64_t border : borders) {
        numbers.insert((from + border / block) / 2);
        from = border / block;
    }
    if (blocks != 0) numbers.insert((from + blocks) / 2);
    Keystream draws(key);
    draw(numbers, draws, {0, blocks}, 0);
    const std::uint64_t border = hidden_from / block;
    if (border != 0 && border < blocks) draw(numbers, draws, {border, blocks - border}, strata);
    for (const std::uint64_t number : numbers) {
        const Extent place{number * block, block};
        Bytes beginning(piece);
        pattern_.fill(beginning, place.offset);
        beginnings_.insert(std::move(beginning));
        places_.push_back(place);
    }
}

Stop Canaries::write(Surface& surface, CanaryRecord& record) {
    record.hidden_from = hidden_from_;
    ListedExtents to_write(places_);
    WriteTask writing(surface, pattern_);
    if (Stop stop = writing.run(Direction::write, to_write); stop.reason != StopReason::none)
        return stop;
    record.unwritable = writing.failed().extents();
    const Flushed flushed = flush(surface);
    if (flushed.stop.reason != StopReason::none) return flushed.stop;
    if (flushed.error != 0) return {StopReason::io, "the drive would not flush its cache"};
    ListedExtents to_read(places_);
    LookTask looking(surface, pattern_, *this);
    if (Stop stop = looking.run(Direction::read, to_read); stop.reason != StopReason::none)
        return stop;
    record.written = looking.whole.extents();
    ExtentSet not_stored(places_);
    not_stored.subtract(looking.whole);
    record.not_stored = std::move(not_stored).take();
    record.elsewhere = looking.other.extents();
    return {};
}

Stop Canaries::check(Surface& surface, CanaryRecord& record) {
    ListedExtents to_read(places_);
    LookTask looking(surface, pattern_, *this);
    Stop stop = looking.run(Direction::read, to_read);
    looking.some.add(looking.whole);
    record.left = looking.some.extents();
    record.gone = looking.none.extents();
    record.unreadable = looking.failed().extents();
    ExtentSet elsewhere(record.elsewhere);
    elsewhere.add(looking.other);
    record.elsewhere = std::move(elsewhere).take();
    record.checked = looking.complete();
    return stop;
}

bool Canaries::begins_as_one(ByteView block) const {
    const ByteView beginning = block.first(std::min(piece, block.size()));
    return beginnings_.contains(Bytes(beginning.begin(), beginning.end()));
}

} // namespace quietus
