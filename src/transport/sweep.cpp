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

/// One sweep under way: which slots are idle, and whether there is more to start.
class Sweep {
  public:
    Sweep(BlockPort& port, Direction direction, SweepTask& task)
        : port_(port), direction_(direction), task_(task), idle_(all_slots(port)) {}

    // How long the next start has to wait; 0 when there is none to wait for.
    std::chrono::nanoseconds start_what_is_due() {
        while (more_ && !idle_.empty()) {
            more_ = task_.keep_going();
            if (!more_) break;
            if (const auto wait = task_.due_in(); wait.count() > 0) return wait;
            start_next();
        }
        return {};
    }
    [[nodiscard]] bool in_flight() const { return idle_.size() != port_.slots(); }
    [[nodiscard]] bool done() const { return !more_ && !in_flight(); }

    void finish(const Completion& completion) {
        task_.finished(completion, port_.slot(completion.slot).first(completion.extent.length));
        idle_.push_back(completion.slot);
    }

  private:
    void start_next() {
        const auto extent = task_.next();
        more_ = extent.has_value();
        if (!more_) return;
        const unsigned slot = idle_.back();
        idle_.pop_back();
        if (direction_ == Direction::write && task_.is_common(*extent))
            port_.start_common(slot, *extent);
        else
            start_of_its_own(slot, *extent);
        task_.started(slot);
    }

    void start_of_its_own(unsigned slot, Extent extent) {
        const auto buffer = port_.slot(slot).first(extent.length);
        if (direction_ == Direction::write)
            task_.prepare(slot, buffer, extent);
        else
            spoil(buffer);
        port_.start(direction_, slot, extent);
    }

    BlockPort& port_;
    Direction direction_;
    SweepTask& task_;
    std::vector<unsigned> idle_;
    bool more_ = true;
};

} // namespace

Status sweep(BlockPort& port, Direction direction, SweepTask& task) {
    Sweep under_way(port, direction, task);
    for (;;) {
        const auto pause = under_way.start_what_is_due();
        if (under_way.done()) return {};
        // Never asleep for longer, so that a request to stop is soon heard.
        constexpr std::chrono::milliseconds longest{1000};
        const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(pause);
        auto completion = port.wait(pause.count() > 0 ? std::min(rounded, longest) : longest);
        if (!completion) return std::move(completion).error();
        if (*completion)
            under_way.finish(**completion);
        else if (under_way.in_flight() && !task.wait_on())
            return {};
    }
}

DriveState drive_state(BlockPort& port, const PortState& at_open, int error) {
    if (error == ENODEV || error == ENXIO || error == ENOMEDIUM || error == ENOSPC)
        return DriveState::vanished;
    const auto now = port.state();
    if (!now || now->size_bytes == 0) return DriveState::vanished;
    if (now->size_bytes != at_open.size_bytes || now->diskseq != at_open.diskseq ||
        (now->read_only && !at_open.read_only))
        return DriveState::changed;
    return DriveState::present;
}

} // namespace quietus
