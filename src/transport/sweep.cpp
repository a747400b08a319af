#include "quietus/transport/sweep.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

namespace quietus {
namespace {

std::vector<unsigned> all_slots(const BlockPort& port) {
    std::vector<unsigned> slots(port.slots());
    for (unsigned i = 0; i < slots.size(); ++i)
        slots[i] = static_cast<unsigned>(slots.size()) - 1 - i;
    return slots;
}

// The buffer may still hold what is expected, from the write before. Changing a part of every page
// makes a read that claims success without moving anything fail the comparison.
void spoil(std::span<std::uint8_t> buffer) {
    constexpr std::size_t page = 4096;
    constexpr std::size_t spoilt = 16;
    for (std::size_t at = 0; at < buffer.size(); at += page)
        for (std::uint8_t& octet : buffer.subspan(at, std::min(spoilt, buffer.size() - at)))
            octet = static_cast<std::uint8_t>(~octet);
}

} // namespace

Status sweep(BlockPort& port, Direction direction, SweepTask& task) {
    std::vector<unsigned> idle = all_slots(port);
    bool more = true;
    for (;;) {
        while (more && !idle.empty()) {
            const auto extent = task.keep_going() ? task.next() : std::nullopt;
            more = extent.has_value();
            if (!more) break;
            const unsigned slot = idle.back();
            idle.pop_back();
            const auto buffer = port.slot(slot).first(extent->length);
            if (direction == Direction::write)
                task.prepare(slot, buffer, *extent);
            else
                spoil(buffer);
            port.start(direction, slot, *extent);
        }
        if (idle.size() == port.slots()) return {};
        auto completion = port.wait();
        if (!completion) return std::move(completion).error();
        task.finished(*completion, port.slot(completion->slot).first(completion->extent.length));
        idle.push_back(completion->slot);
    }
}

Chunks::Chunks(const BlockGeometry& geometry, std::uint64_t chunk_bytes)
    : geometry_(geometry), chunk_bytes_(chunk_bytes) {}

std::optional<Extent> Chunks::next() {
    if (offset_ >= geometry_.size_bytes) return std::nullopt;
    const std::uint64_t end =
        offset_ < geometry_.tail_offset ? geometry_.tail_offset : geometry_.size_bytes;
    const Extent extent{offset_, std::min(chunk_bytes_, end - offset_)};
    offset_ = extent.end();
    return extent;
}

DriveState drive_state(BlockPort& port, const PortState& at_open, int error) {
    if (error == ENODEV || error == ENXIO || error == ENOMEDIUM || error == ENOSPC)
        return DriveState::vanished;
    const auto now = port.state();
    if (!now || now->size_bytes == 0) return DriveState::vanished;
    if (now->size_bytes != at_open.size_bytes || now->diskseq != at_open.diskseq)
        return DriveState::changed;
    return DriveState::present;
}

} // namespace quietus
