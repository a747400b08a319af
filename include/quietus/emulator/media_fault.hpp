// MediaFault: one way in which an emulated drive fails or lies.
#pragma once

#include "quietus/core/extent.hpp"

#include <cerrno>
#include <chrono>
#include <cstdint>

namespace quietus::emulator {

enum class FaultKind : std::uint8_t {
    // of single commands
    write_error, ///< blocks before the first bad one are stored, then `error`
    read_error,  ///< nothing can be said of the buffer, then `error`
    flush_error, ///< what is in the cache stays there, then `error`
    write_slow,  ///< done as asked, after `delay`
    read_slow,
    write_hang, ///< never comes back
    read_hang,
    flush_hang,
    write_dropped,   ///< acknowledged and not stored
    write_misplaced, ///< acknowledged and stored `amount` bytes further on, round the end
    write_torn,      ///< acknowledged; only the first `amount` bytes are stored
    read_flicker,    ///< every other read has one bit of each block wrong
    read_lazy,       ///< success without a byte moved
    // of the drive, from the command that it strikes on
    power_cut, ///< what was not flushed is forgotten; the drive is back at once and says nothing
    vanish,    ///< every command fails with `error`, and the size is 0
    offline,   ///< every command fails with `error`, and the size is what it was
    shrink,    ///< the size is `amount`; beyond it commands fail
    grow,      ///< the size is `amount`; nothing fails
    read_only, ///< writes fail with `error`
    replaced,  ///< another drive answers under the same descriptor
    // of its addresses, always
    alias, ///< within `where` only the first `amount` bytes exist; the rest wraps onto them
    // of whoever sits before it
    write_stop, ///< done as asked, and this process gets SIGINT, as by Ctrl-C
};

/// A command meets the fault when it is of the fault's kind and touches `where`. `after` such
/// commands are done honestly, then it strikes `times` times.
struct MediaFault {
    FaultKind kind = FaultKind::write_error;
    Extent where{0, ~std::uint64_t{0}};
    std::uint64_t every = 0; ///< bytes: of `where` only the first block of each so many; 0: all
    std::uint64_t after = 0;
    std::uint64_t times = ~std::uint64_t{0};
    std::uint64_t amount = 0;
    int error = EIO;
    std::chrono::milliseconds delay{}; ///< the command takes that much longer
};

/// Whether they have an octet in common. `where` may reach beyond 2^64.
[[nodiscard]] bool touches(const Extent& where, const Extent& extent);

} // namespace quietus::emulator
