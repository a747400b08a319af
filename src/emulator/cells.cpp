#include "quietus/emulator/cells.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <iterator>
#include <utility>

namespace quietus::emulator {
namespace {

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): each bit of the input changes half of the
// output's.
std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ value >> 30U) * 0xBF58476D1CE4E5B9U;
    value = (value ^ value >> 27U) * 0x94D049BB133111EBU;
    return value ^ value >> 31U;
}

} // namespace

void encipher(std::uint64_t key, std::uint64_t offset, std::span<std::uint8_t> octets) {
    if (key == 0) return;
    for (std::size_t at = 0; at < octets.size(); ++at) {
        const std::uint64_t place = offset + at;
        const std::uint64_t word = mixed(mixed(key) + place / 8);
        octets[at] ^= static_cast<std::uint8_t>(word >> (8 * (place % 8)) & 0xFFU);
    }
}

Cells::Cells(std::uint64_t size, std::uint32_t block_bytes)
    : size_(size), block_bytes_(block_bytes) {
    QUIETUS_ENSURE(block_bytes != 0 && page % block_bytes == 0);
    grounds_[0] = {Bytes(block_bytes, 0), 0};
}

const Cells::Ground& Cells::ground_at(std::uint64_t offset) const {
    return std::prev(grounds_.upper_bound(offset))->second;
}

std::uint64_t Cells::blocks_in(std::uint64_t bytes) const {
    return bytes / block_bytes_ + (bytes % block_bytes_ != 0 ? 1 : 0);
}

void Cells::split_ground(std::uint64_t offset) {
    if (offset < size_) grounds_.try_emplace(offset, Ground(ground_at(offset)));
}

void Cells::fill(Extent where, ByteView text) {
    QUIETUS_ENSURE(!text.empty() && where.offset % block_bytes_ == 0);
    QUIETUS_ENSURE(where.end() % block_bytes_ == 0 || where.end() == size_);
    if (where.length == 0) return;
    Ground fresh{Bytes(block_bytes_), key_};
    for (std::size_t i = 0; i < fresh.block.size(); ++i)
        fresh.block[i] = text[i % text.size()];
    // Pages that begin before or end behind it keep their other blocks.
    for (const std::uint64_t edge : {where.offset, where.end()}) {
        const auto cut = pages_.find(edge / page);
        if (edge % page == 0 || cut == pages_.end()) continue;
        const std::uint64_t begin = std::max(where.offset, cut->first * page);
        const std::uint64_t end = std::min(where.end(), cut->first * page + cut->second.size());
        for (std::uint64_t at = begin; at < end; at += block_bytes_)
            write(at, ByteView(fresh.block).first(std::min<std::size_t>(block_bytes_, end - at)));
    }
    std::erase_if(pages_, [&](const auto& each) {
        const std::uint64_t begin = each.first * page;
        return begin >= where.offset && begin + each.second.size() <= where.end();
    });
    split_ground(where.end());
    grounds_.erase(grounds_.lower_bound(where.offset), grounds_.lower_bound(where.end()));
    grounds_[where.offset] = std::move(fresh);
}

void Cells::stored_ground(std::uint64_t offset, std::span<std::uint8_t> into) const {
    while (!into.empty()) {
        const Ground& ground = ground_at(offset);
        const std::size_t at = offset % block_bytes_;
        const std::size_t length = std::min<std::size_t>(into.size(), block_bytes_ - at);
        std::memcpy(into.data(), ground.block.data() + at, length);
        encipher(ground.key, offset, into.first(length));
        into = into.subspan(length);
        offset += length;
    }
}

Bytes& Cells::page_at(std::uint64_t number) {
    const auto found = pages_.find(number);
    if (found != pages_.end()) return found->second;
    Bytes fresh(std::min<std::uint64_t>(page, size_ - number * page));
    stored_ground(number * page, fresh);
    return pages_.emplace(number, std::move(fresh)).first->second;
}

void Cells::write(std::uint64_t offset, ByteView data) {
    while (!data.empty()) {
        Bytes& target = page_at(offset / page);
        const std::size_t at = offset % page;
        const std::size_t length = std::min(data.size(), target.size() - at);
        std::memcpy(target.data() + at, data.data(), length);
        encipher(key_, offset, std::span(target).subspan(at, length));
        data = data.subspan(length);
        offset += length;
    }
}

void Cells::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
    while (!into.empty()) {
        const std::size_t at = offset % page;
        const std::size_t length = std::min(into.size(), page - at);
        const auto found = pages_.find(offset / page);
        if (found != pages_.end())
            std::memcpy(into.data(), found->second.data() + at, length);
        else
            stored_ground(offset, into.first(length));
        encipher(key_, offset, into.first(length));
        into = into.subspan(length);
        offset += length;
    }
}

std::uint64_t Cells::count(ByteView octets, ByteView text) const {
    std::uint64_t blocks = 0;
    const std::boyer_moore_horspool_searcher searcher(text.begin(), text.end());
    for (std::size_t at = 0; at < octets.size(); at += block_bytes_) {
        const auto block =
            octets.subspan(at, std::min<std::size_t>(block_bytes_, octets.size() - at));
        if (std::search(block.begin(), block.end(), searcher) != block.end()) ++blocks;
    }
    return blocks;
}

std::uint64_t Cells::untouched(Extent where) const {
    std::uint64_t blocks = blocks_in(where.length);
    for (const auto& [number, octets] : pages_) {
        const std::uint64_t begin = std::max(where.offset, number * page);
        const std::uint64_t end = std::min(where.end(), number * page + octets.size());
        if (begin < end) blocks -= blocks_in(end - begin);
    }
    return blocks;
}

std::uint64_t Cells::holding(ByteView text) const {
    std::uint64_t found = 0;
    for (const auto& [number, octets] : pages_) {
        Bytes clear = octets;
        encipher(key_, number * page, clear);
        found += count(clear, text);
    }
    for (auto each = grounds_.begin(); each != grounds_.end(); ++each) {
        const auto next = std::next(each);
        const std::uint64_t end = next == grounds_.end() ? size_ : next->first;
        const bool readable = each->second.key == key_; // under another key it is noise
        if (readable && count(each->second.block, text) != 0)
            found += untouched({each->first, end - each->first});
    }
    return found;
}

Bytes Cells::blocks_with(ByteView text) const {
    Bytes found;
    if (holding(text) == 0) return found;
    for (std::uint64_t at = 0; at < size_; at += block_bytes_) {
        Bytes block(std::min<std::uint64_t>(block_bytes_, size_ - at));
        read(at, block);
        if (count(block, text) != 0) found.insert(found.end(), block.begin(), block.end());
    }
    return found;
}

} // namespace quietus::emulator
