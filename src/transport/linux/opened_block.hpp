// OpenedBlock: what a port works on.
#pragma once

#include "quietus/core/descriptor.hpp"
#include "quietus/transport/block_port.hpp"
#include "quietus/transport/transfer_bytes.hpp"

namespace quietus {

/// A node or an image opened O_DIRECT, and for an image with an odd tail a second, buffered
/// descriptor of the same file.
struct OpenedBlock {
    Descriptor direct;
    Descriptor buffered;
    BlockGeometry geometry;
    bool image = false;
    bool read_only = false; ///< opened for nothing but reading
    Transfers transfers = {};

    /// Whether the extent goes through the buffered descriptor, and so the page cache.
    [[nodiscard]] bool in_tail(const Extent& extent) const {
        return extent.offset >= geometry.tail_offset;
    }
};

/// For BlockPort::start(): nothing may cross the beginning of the tail, or leave the drive, or be
/// written where only reading was asked for.
void check_transfer(const OpenedBlock& opened, Direction direction, const Extent& extent);
/// For FileBlockPort::measure(). Fault::io as well for an image whose end is no whole block any
/// more and was one when it was opened.
[[nodiscard]] Status measure_again(OpenedBlock& opened);
/// For BlockPort::state().
[[nodiscard]] Result<PortState> state_of(const OpenedBlock& opened);

} // namespace quietus
