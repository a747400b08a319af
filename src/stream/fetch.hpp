// Cache hints for buffers that come back from another processor's cache: asking for the next piece
// while this one is worked on hides the way. Only speed depends on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace quietus {

inline constexpr std::size_t cache_line_bytes = 64;

inline void fetch_for_reading(std::span<const std::uint8_t> next) {
    for (std::size_t at = 0; at < next.size(); at += cache_line_bytes)
        __builtin_prefetch(&next[at], 0);
}

inline void fetch_for_writing(std::span<std::uint8_t> next) {
    for (std::size_t at = 0; at < next.size(); at += cache_line_bytes)
#if defined(__x86_64__)
        // The compiler would fetch for reading, as the instruction is not of the oldest processors;
        // those take it for nothing.
        asm volatile("prefetchw %0" : : "m"(next[at]));
#else
        __builtin_prefetch(&next[at], 1);
#endif
}

} // namespace quietus
