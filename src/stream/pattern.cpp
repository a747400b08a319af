#include "quietus/stream/pattern.hpp"

#include "fetch.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace quietus {
namespace {

// Made and compared a page at a time: the expectation never leaves the first-level cache.
constexpr std::size_t page = 4096;
constexpr std::array<std::uint8_t, page> all_zeros{};
constexpr std::array<std::uint8_t, page> all_ones = [] {
    std::array<std::uint8_t, page> octets{};
    octets.fill(0xFF);
    return octets;
}();

void stamp_octets(std::span<std::uint8_t> out, std::uint64_t offset, std::uint32_t block_bytes) {
    constexpr std::size_t stamp_bytes = 8;
    const std::uint64_t first = offset / block_bytes;
    const std::uint64_t last = (offset + out.size() - 1) / block_bytes;
    for (std::uint64_t block = first; block <= last; ++block) {
        for (std::size_t i = 0; i < stamp_bytes; ++i) {
            const std::uint64_t place = block * block_bytes + i;
            if (place >= offset && place < offset + out.size())
                out[place - offset] =
                    static_cast<std::uint8_t>(block >> (8 * (stamp_bytes - 1 - i)));
        }
    }
}

} // namespace

Pattern::Pattern(Source source) : source_(std::move(source)) {}

Pattern Pattern::fixed(Bytes octets) {
    QUIETUS_ENSURE(!octets.empty());
    Bytes tiled(page + octets.size());
    for (std::size_t i = 0; i < tiled.size(); ++i)
        tiled[i] = octets[i % octets.size()];
    return Pattern(Fixed{std::move(octets), std::move(tiled)});
}

Pattern Pattern::stream(ByteView key) {
    return Pattern(Keystream(key));
}

Pattern Pattern::lba_stamp(std::uint8_t base, std::uint32_t block_bytes) {
    return Pattern(Stamp{base, block_bytes});
}

Pattern Pattern::complement(Pattern pattern) {
    if (auto* fixed = std::get_if<Fixed>(&pattern.source_)) {
        for (auto* octets : {&fixed->octets, &fixed->tiled})
            std::ranges::transform(*octets, octets->begin(), [](std::uint8_t each) {
                return static_cast<std::uint8_t>(~each);
            });
        return pattern;
    }
    pattern.inverted_ = !pattern.inverted_;
    return pattern;
}

void Pattern::make(std::span<std::uint8_t> out, std::uint64_t offset) {
    if (auto* fixed = std::get_if<Fixed>(&source_)) {
        std::memcpy(out.data(), fixed->tiled.data() + offset % fixed->octets.size(), out.size());
    } else if (auto* stream = std::get_if<Keystream>(&source_)) {
        stream->fill(out, offset);
    } else if (const auto* stamp = std::get_if<Stamp>(&source_)) {
        std::ranges::fill(out, stamp->base);
        stamp_octets(out, offset, stamp->block_bytes);
    }
    if (inverted_)
        for (std::uint8_t& octet : out)
            octet = static_cast<std::uint8_t>(~octet);
}

void Pattern::fill(std::span<std::uint8_t> out, std::uint64_t offset) {
    while (!out.empty()) {
        const auto now = out.first(std::min(out.size(), page));
        out = out.subspan(now.size());
        fetch_for_writing(out.first(std::min(out.size(), page)));
        make(now, offset);
        offset += now.size();
    }
}

bool Pattern::matches_page(ByteView data, std::uint64_t offset) {
    std::array<std::uint8_t, page> made;
    const auto scratch = std::span(made).first(data.size());
    if (const auto* fixed = std::get_if<Fixed>(&source_)) {
        const std::size_t at = offset % fixed->octets.size();
        return std::memcmp(data.data(), fixed->tiled.data() + at, data.size()) == 0;
    }
    if (auto* stream = std::get_if<Keystream>(&source_)) {
        // What is left of the right data is nothing; of the right inverted data, all ones.
        stream->combine(data, scratch, offset);
        const auto& expected = inverted_ ? all_ones : all_zeros;
        return std::memcmp(scratch.data(), expected.data(), data.size()) == 0;
    }
    make(scratch, offset);
    return std::memcmp(data.data(), scratch.data(), data.size()) == 0;
}

bool Pattern::matches(ByteView data, std::uint64_t offset) {
    while (!data.empty()) {
        const auto now = data.first(std::min(data.size(), page));
        data = data.subspan(now.size());
        fetch_for_reading(data.first(std::min(data.size(), page)));
        if (!matches_page(now, offset)) return false;
        offset += now.size();
    }
    return true;
}

std::optional<std::uint64_t> Pattern::phase(std::uint64_t offset) const {
    if (const auto* fixed = std::get_if<Fixed>(&source_)) return offset % fixed->octets.size();
    return std::nullopt;
}

} // namespace quietus
