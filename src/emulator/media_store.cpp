// Media: where its blocks are, and what is left in those without an address.
#include "quietus/core/ensure.hpp"
#include "quietus/emulator/media.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

namespace quietus::emulator {
namespace {

std::uint64_t blocks_holding(ByteView octets, ByteView text, std::size_t block) {
    const std::boyer_moore_horspool_searcher searcher(text.begin(), text.end());
    std::uint64_t found = 0;
    for (std::size_t at = 0; at < octets.size(); at += block) {
        const auto one = octets.subspan(at, std::min(block, octets.size() - at));
        if (std::search(one.begin(), one.end(), searcher) != one.end()) ++found;
    }
    return found;
}

} // namespace

template <typename Visit>
void Media::each_place(Extent extent, Visit visit) const {
    for (std::uint64_t from = 0; from < extent.length;) {
        std::uint64_t place = (extent.offset + from) % traits_.size_bytes;
        std::uint64_t run = std::min(extent.length - from, traits_.size_bytes - place);
        for (const ArmedFault& armed : faults_) {
            const Extent& where = armed.fault.where;
            if (armed.fault.kind != FaultKind::alias) continue;
            if (!touches(where, {place, 1})) {
                if (place < where.offset) run = std::min(run, where.offset - place);
                continue;
            }
            const std::uint64_t within = place - where.offset;
            run = std::min(
                {run, where.length - within, armed.fault.amount - within % armed.fault.amount});
            place = where.offset + within % armed.fault.amount;
        }
        visit(place, from, run);
        from += run;
    }
}

void Media::store(std::uint64_t offset, ByteView data) {
    if (data.empty()) return;
    if (traits_.cached_writes == 0) {
        store_at_place(offset, data);
        return;
    }
    cache_.push_back({offset, Bytes(data.begin(), data.end())});
    if (cache_.size() <= traits_.cached_writes) return;
    store_at_place(cache_.front().offset, cache_.front().data);
    cache_.erase(cache_.begin());
}

void Media::store_at_place(std::uint64_t offset, ByteView data) {
    each_place({offset, data.size()},
               [&](std::uint64_t place, std::uint64_t from, std::uint64_t length) {
                   put(place, data.subspan(from, length));
               });
}

void Media::load(std::uint64_t offset, std::span<std::uint8_t> into) const {
    const Extent wanted{offset, into.size()};
    each_place(wanted, [&](std::uint64_t place, std::uint64_t from, std::uint64_t length) {
        get(place, into.subspan(from, length));
    });
    for (const CachedWrite& cached : cache_) {
        const std::uint64_t begin = std::max(offset, cached.offset);
        const std::uint64_t end = std::min(wanted.end(), cached.offset + cached.data.size());
        if (begin < end)
            std::copy_n(cached.data.begin() + static_cast<std::ptrdiff_t>(begin - cached.offset),
                        end - begin, into.begin() + static_cast<std::ptrdiff_t>(begin - offset));
    }
}

void Media::empty_cache() {
    for (const CachedWrite& cached : cache_)
        store_at_place(cached.offset, cached.data);
    cache_.clear();
}

// Blocks that have moved to spare ones are runs of their own.
template <typename Visit>
void Media::each_run(Extent extent, Visit visit) const {
    for (std::uint64_t from = 0; from < extent.length;) {
        const std::uint64_t place = extent.offset + from;
        const std::uint64_t within = place % traits_.block_bytes;
        const auto next = retired_.lower_bound(place - within);
        std::uint64_t run = extent.length - from;
        if (next != retired_.end() && next->first == place - within) {
            run = std::min(run, traits_.block_bytes - within);
            visit(&Media::spares_, next->second + within, from, run);
        } else {
            if (next != retired_.end()) run = std::min(run, next->first - place);
            visit(&Media::cells_, place, from, run);
        }
        from += run;
    }
}

void Media::put(std::uint64_t place, ByteView data) {
    keep_stale(place, data.size());
    each_run({place, data.size()},
             [&](Cells Media::*cells, std::uint64_t there, std::uint64_t from, std::uint64_t run) {
                 (this->*cells).write(there, data.subspan(from, run));
             });
}

void Media::get(std::uint64_t place, std::span<std::uint8_t> into) const {
    each_run({place, into.size()},
             [&](Cells Media::*cells, std::uint64_t there, std::uint64_t from, std::uint64_t run) {
                 (this->*cells).read(there, into.subspan(from, run));
             });
}

Bytes Media::at(std::uint64_t offset, std::size_t length) const {
    Bytes octets(length);
    get(offset, octets);
    return octets;
}

// A flash block cannot be written twice: the new content goes elsewhere, and the old one stays
// until its erase block is needed.
void Media::keep_stale(std::uint64_t place, std::uint64_t length) {
    if (traits_.stale_copies == 0) return;
    const std::uint64_t block = traits_.block_bytes;
    const std::uint64_t end = std::min(place + length, native_bytes_);
    for (std::uint64_t at = place - place % block; at < end; at += block) {
        StaleCopy copy{at, this->at(at, std::min(block, native_bytes_ - at))};
        encipher(key_, at, copy.stored);
        stale_.push_back(std::move(copy));
        if (stale_.size() > traits_.stale_copies) stale_.pop_front();
    }
}

std::uint64_t Media::stale_holding(ByteView secret) const {
    std::uint64_t found = 0;
    for (const StaleCopy& each : stale_) {
        Bytes clear = each.stored;
        encipher(key_, each.place, clear);
        found += blocks_holding(clear, secret, traits_.block_bytes);
    }
    return found;
}

std::uint64_t Media::residue(ByteView secret) const {
    std::uint64_t found = cells_.holding(secret) + spares_.holding(secret) + stale_holding(secret);
    for (const Cells& each : unmapped_)
        found += each.holding(secret);
    for (const CachedWrite& each : cache_)
        found += blocks_holding(each.data, secret, traits_.block_bytes);
    return found;
}

void Media::hold(ByteView secret) {
    cells_.hold(secret);
    stale_.clear();
    for (const auto& [place, spare] : retired_)
        spares_.fill({spare, traits_.block_bytes}, secret);
}

void Media::restore(ByteView content) {
    QUIETUS_ENSURE(content.size() == native_bytes_);
    stale_.clear();
    each_run({0, content.size()},
             [&](Cells Media::*cells, std::uint64_t there, std::uint64_t from, std::uint64_t run) {
                 (this->*cells).write(there, content.subspan(from, run));
             });
}

void Media::restore_unmapped(ByteView blocks) {
    if (blocks.empty()) return;
    Cells& cells = unmapped_.emplace_back(blocks.size(), traits_.block_bytes);
    cells.set_key(key_);
    cells.write(0, blocks);
}

Bytes Media::unmapped_with(ByteView text) const {
    Bytes found;
    for (const Cells& each : unmapped_) {
        const Bytes blocks = each.blocks_with(text);
        found.insert(found.end(), blocks.begin(), blocks.end());
    }
    return found;
}

void Media::retire(std::uint64_t offset) {
    const std::uint64_t block = traits_.block_bytes;
    QUIETUS_ENSURE(offset % block == 0 && is_inside({offset, block}, native_bytes_));
    if (retired_.size() == traits_.spare_blocks || retired_.contains(offset)) return;
    const std::uint64_t spare = retired_.size() * block;
    spares_.write(spare, at(offset, block));
    retired_[offset] = spare;
}

void Media::set_accessible(std::uint64_t bytes) {
    QUIETUS_ENSURE(bytes <= native_bytes_);
    traits_.size_bytes = now_.size_bytes = bytes;
}

// What a retired block has left behind is not there any more for an address.
void Media::fill(Extent where, ByteView text) {
    const std::uint64_t block = traits_.block_bytes;
    std::map<std::uint64_t, Bytes> left;
    for (auto each = retired_.lower_bound(where.offset);
         each != retired_.end() && each->first < where.end(); ++each) {
        cells_.read(each->first, left.try_emplace(each->first, block).first->second);
        spares_.fill({each->second, block}, text);
    }
    cells_.fill(where, text);
    for (const auto& [place, content] : left)
        cells_.write(place, content);
}

void Media::fill_reserve(ByteView text) {
    for (const auto& [place, spare] : retired_)
        cells_.fill({place, traits_.block_bytes}, text);
    stale_.clear();
    unmapped_.clear();
    cache_.clear();
}

void Media::change_key() {
    QUIETUS_ENSURE(traits_.encrypts);
    ++key_;
    cells_.set_key(key_);
    spares_.set_key(key_);
    for (Cells& each : unmapped_)
        each.set_key(key_);
}

void Media::unmap() {
    unmapped_.push_back(cells_);
    unmapped_.push_back(spares_);
    retired_.clear();
    cells_.hold(Bytes(1, 0));
    spares_.hold(Bytes(1, 0));
}

} // namespace quietus::emulator
