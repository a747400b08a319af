#include "quietus/core/ensure.hpp"
#include "quietus/emulator/media.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace quietus::emulator {

void Cells::hold(ByteView text) {
    QUIETUS_ENSURE(!text.empty());
    for (std::size_t i = 0; i < initial_.size(); ++i)
        initial_[i] = text[i % text.size()];
    pages_.clear();
}

Bytes& Cells::page_at(std::uint64_t number) {
    const auto found = pages_.find(number);
    if (found != pages_.end()) return found->second;
    Bytes fresh(std::min<std::uint64_t>(page, size_ - number * page));
    for (std::size_t at = 0; at < fresh.size(); at += block_bytes_)
        std::memcpy(fresh.data() + at, initial_.data(),
                    std::min<std::size_t>(block_bytes_, fresh.size() - at));
    return pages_.emplace(number, std::move(fresh)).first->second;
}

void Cells::write(std::uint64_t offset, ByteView data) {
    while (!data.empty()) {
        Bytes& target = page_at(offset / page);
        const std::size_t at = offset % page;
        const std::size_t length = std::min(data.size(), target.size() - at);
        std::memcpy(target.data() + at, data.data(), length);
        data = data.subspan(length);
        offset += length;
    }
}

void Cells::read(std::uint64_t offset, std::span<std::uint8_t> into) const {
    while (!into.empty()) {
        const std::size_t at = offset % page;
        const std::size_t length = std::min(into.size(), page - at);
        const auto found = pages_.find(offset / page);
        if (found != pages_.end()) {
            std::memcpy(into.data(), found->second.data() + at, length);
        } else {
            for (std::size_t i = 0; i < length; ++i)
                into[i] = initial_[(at + i) % block_bytes_];
        }
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

std::uint64_t Cells::holding(ByteView text) const {
    const std::uint64_t blocks = (size_ + block_bytes_ - 1) / block_bytes_;
    std::uint64_t untouched = blocks;
    std::uint64_t found = 0;
    for (const auto& [number, octets] : pages_) {
        untouched -= (octets.size() + block_bytes_ - 1) / block_bytes_;
        found += count(octets, text);
    }
    return found + (count(initial_, text) != 0 ? untouched : 0);
}

} // namespace quietus::emulator
