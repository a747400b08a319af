#include "quietus/emulator/media.hpp"

#include "quietus/core/ensure.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr auto never = std::chrono::nanoseconds::max();

enum class Target : std::uint8_t { writes, reads, flushes, transfers, addresses };

Target target_of(FaultKind kind) {
    switch (kind) {
    case FaultKind::write_error:
    case FaultKind::write_slow:
    case FaultKind::write_hang:
    case FaultKind::write_dropped:
    case FaultKind::write_misplaced:
    case FaultKind::write_torn:
    case FaultKind::write_stop:
        return Target::writes;
    case FaultKind::read_error:
    case FaultKind::read_slow:
    case FaultKind::read_hang:
    case FaultKind::read_flicker:
    case FaultKind::read_lazy:
        return Target::reads;
    case FaultKind::flush_error:
    case FaultKind::flush_hang:
        return Target::flushes;
    case FaultKind::power_cut:
    case FaultKind::vanish:
    case FaultKind::offline:
    case FaultKind::shrink:
    case FaultKind::grow:
    case FaultKind::read_only:
    case FaultKind::replaced:
        return Target::transfers;
    case FaultKind::alias:
        return Target::addresses;
    }
    return Target::addresses;
}

bool is_met_by(FaultKind kind, Direction direction) {
    const Target target = target_of(kind);
    return target == Target::transfers ||
           target == (direction == Direction::write ? Target::writes : Target::reads);
}

// Where in the extent the fault strikes first; its end when it does not.
std::uint64_t first_struck(const MediaFault& fault, const Extent& extent, std::uint64_t block) {
    if (!touches(fault.where, extent)) return extent.end();
    const std::uint64_t begin = std::max(fault.where.offset, extent.offset);
    if (fault.every == 0) return begin;
    const std::uint64_t within = (begin - fault.where.offset) % fault.every;
    const std::uint64_t struck = within < block ? begin : begin + fault.every - within;
    return struck - fault.where.offset < fault.where.length ? std::min(struck, extent.end())
                                                            : extent.end();
}

const MediaFault* find(const std::vector<MediaFault>& faults, FaultKind kind) {
    const auto found =
        std::ranges::find_if(faults, [kind](const auto& each) { return each.kind == kind; });
    return found == faults.end() ? nullptr : &*found;
}

bool hangs(const std::vector<MediaFault>& faults) {
    return find(faults, FaultKind::write_hang) != nullptr ||
           find(faults, FaultKind::read_hang) != nullptr;
}

} // namespace

bool touches(const Extent& where, const Extent& extent) {
    const bool ends_before = extent.end() <= where.offset;
    const bool begins_after =
        extent.offset >= where.offset && extent.offset - where.offset >= where.length;
    return !ends_before && !begins_after;
}

Media::Media(const MediaTraits& traits, SimulatedClock& clock)
    : traits_(traits), native_bytes_(traits.size_bytes + traits.hidden_bytes),
      key_(traits.encrypts ? 1 : 0), clock_(clock), cells_(native_bytes_, traits.block_bytes),
      spares_(traits.spare_blocks * traits.block_bytes, traits.block_bytes),
      buffers_(traits.slots, Bytes(traits.slot_bytes)), now_{traits.size_bytes, 7, false} {
    cells_.set_key(key_);
    spares_.set_key(key_);
    cells_.hold(Bytes(1, 0));
}

BlockGeometry Media::geometry() const {
    const std::uint64_t size = traits_.size_bytes;
    return {size, traits_.block_bytes, size - size % traits_.block_bytes};
}

bool Media::strikes(ArmedFault& armed, Extent extent) {
    if (first_struck(armed.fault, extent, traits_.block_bytes) == extent.end()) return false;
    if (armed.met++ < armed.fault.after || armed.struck >= armed.fault.times) return false;
    ++armed.struck;
    ++counts_.struck;
    return true;
}

std::vector<MediaFault> Media::strike(Direction direction, Extent extent) {
    std::vector<MediaFault> met;
    for (ArmedFault& armed : faults_) {
        if (!is_met_by(armed.fault.kind, direction) || !strikes(armed, extent)) continue;
        if (target_of(armed.fault.kind) == Target::transfers)
            change(armed.fault);
        else if (armed.fault.kind == FaultKind::write_stop)
            ::raise(SIGINT);
        else
            met.push_back(armed.fault);
    }
    return met;
}

void Media::change(const MediaFault& fault) {
    switch (fault.kind) {
    case FaultKind::power_cut:
        cache_.clear();
        break;
    case FaultKind::vanish:
        gone_ = fault.error;
        now_.size_bytes = 0;
        break;
    case FaultKind::offline:
        gone_ = fault.error;
        break;
    case FaultKind::shrink:
    case FaultKind::grow:
        now_.size_bytes = fault.amount;
        break;
    case FaultKind::read_only:
        read_only_ = fault.error;
        now_.read_only = true;
        break;
    case FaultKind::replaced:
        ++now_.diskseq;
        break;
    default:
        break;
    }
}

// One channel: transfers follow each other, and a slow one holds up only itself.
std::chrono::nanoseconds Media::due(const Transfer& transfer) {
    if (hangs(transfer.faults)) return never;
    free_at_ = std::max(free_at_, clock_.monotonic());
    if (traits_.bytes_a_second != 0)
        free_at_ += std::chrono::nanoseconds(transfer.completion.extent.length * 1'000'000'000 /
                                             traits_.bytes_a_second);
    std::chrono::nanoseconds delay{};
    for (const MediaFault& fault : transfer.faults)
        delay += fault.delay;
    return free_at_ + delay;
}

void Media::start(Direction direction, unsigned slot, Extent extent) {
    QUIETUS_ENSURE(slot < traits_.slots && extent.length != 0 &&
                   extent.length <= traits_.slot_bytes);
    QUIETUS_ENSURE(is_inside(extent, native_bytes_)); // beyond the last address it fails
    trace_.push_back({direction, extent});
    ++(direction == Direction::write ? counts_.writes : counts_.reads);
    Transfer transfer{{slot, direction, extent, 0}, {}, strike(direction, extent)};
    transfer.due = due(transfer);
    in_flight_.push_back(std::move(transfer));
    counts_.most_in_flight =
        std::max(counts_.most_in_flight, static_cast<unsigned>(in_flight_.size()));
}

Result<std::optional<Completion>> Media::wait(std::chrono::milliseconds at_most) {
    // The last started of those that are due first.
    const auto next = std::ranges::min_element(in_flight_.rbegin(), in_flight_.rend(), {},
                                               [](const auto& each) { return each.due; });
    const auto now = clock_.monotonic();
    if (next == in_flight_.rend() || next->due - now > at_most) {
        clock_.advance(at_most);
        return std::optional<Completion>{};
    }
    if (next->due > now) clock_.advance(next->due - now);
    Transfer transfer = std::move(*next);
    in_flight_.erase(std::prev(next.base()));
    transfer.completion.error = perform(transfer);
    return std::optional(transfer.completion);
}

int Media::refusal(const Completion& completion) const {
    if (gone_) return *gone_;
    if (refused_) return *refused_;
    if (completion.extent.end() > now_.size_bytes) return EIO;
    if (read_only_ && completion.direction == Direction::write) return *read_only_;
    return 0;
}

int Media::perform(const Transfer& transfer) {
    const Completion& completion = transfer.completion;
    if (const int error = refusal(completion); error != 0) return error;
    const auto buffer = std::span(buffers_[completion.slot]).first(completion.extent.length);
    if (completion.direction == Direction::read) return read(transfer, buffer);
    const int error = write(transfer, buffer);
    if (error == 0) counts_.bytes_written += completion.extent.length;
    return error;
}

int Media::write(const Transfer& transfer, ByteView data) {
    const Extent& extent = transfer.completion.extent;
    std::uint64_t shift = 0;
    if (const auto* fault = find(transfer.faults, FaultKind::write_error)) {
        const std::uint64_t good =
            first_struck(*fault, extent, traits_.block_bytes) - extent.offset;
        store(extent.offset, data.first(good - good % traits_.block_bytes));
        return fault->error;
    }
    if (find(transfer.faults, FaultKind::write_dropped) != nullptr) return 0;
    if (const auto* fault = find(transfer.faults, FaultKind::write_torn))
        data = data.first(std::min<std::size_t>(fault->amount, data.size()));
    if (const auto* fault = find(transfer.faults, FaultKind::write_misplaced))
        shift = fault->amount;
    store((extent.offset + shift) % traits_.size_bytes, data);
    return 0;
}

int Media::read(const Transfer& transfer, std::span<std::uint8_t> into) {
    const Extent& extent = transfer.completion.extent;
    if (const auto* fault = find(transfer.faults, FaultKind::read_error)) return fault->error;
    if (find(transfer.faults, FaultKind::read_lazy) != nullptr) return 0;
    load(extent.offset, into);
    if (find(transfer.faults, FaultKind::read_flicker) == nullptr) return 0;
    flicker_ = !flicker_;
    for (std::size_t at = 0; flicker_ && at < into.size(); at += traits_.block_bytes)
        into[at] ^= 1U;
    return 0;
}

std::optional<int> Media::flush(std::chrono::milliseconds at_most) {
    if (!flushing_) {
        ++counts_.flushes;
        for (ArmedFault& armed : faults_) {
            if (target_of(armed.fault.kind) != Target::flushes) continue;
            if (!strikes(armed, {armed.fault.where.offset, 1})) continue;
            if (armed.fault.kind == FaultKind::flush_error) return armed.fault.error;
            flushing_ = true;
        }
    }
    if (flushing_) {
        clock_.advance(at_most);
        return std::nullopt;
    }
    if (gone_) return *gone_;
    if (refused_) return *refused_;
    empty_cache();
    return 0;
}

Result<PortState> Media::state() {
    if (gone_ && now_.size_bytes == 0) return Error{Fault::io, "the drive is gone"};
    return now_;
}

} // namespace quietus::emulator
