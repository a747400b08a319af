#include "uring_block_port.hpp"

#include "quietus/core/ensure.hpp"

#include <fcntl.h>

#include <cerrno>
#include <utility>

namespace quietus {
namespace {

constexpr std::uint64_t sync_tag = Transfers::most;

} // namespace

Result<std::unique_ptr<UringBlockPort>> UringBlockPort::make(OpenedBlock& opened) {
    auto memory = SlotMemory::map(opened.transfers);
    if (!memory) return std::move(memory).error();
    auto ring = std::make_unique<Ring>();
    const std::array files{opened.direct.get(), opened.buffered.get()};
    const auto status =
        ring->open(std::span(files).first(opened.buffered.open() ? 2 : 1), memory->vectors());
    if (!status) return Error(status.error());
    return std::unique_ptr<UringBlockPort>(
        new UringBlockPort(std::move(opened), std::move(*memory), std::move(ring)));
}

UringBlockPort::UringBlockPort(OpenedBlock opened, SlotMemory memory, std::unique_ptr<Ring> ring)
    : opened_(std::move(opened)), memory_(std::move(memory)), ring_(std::move(ring)) {}

// The memory of what is still in flight is the kernel's as well, however soon we let go of it.
UringBlockPort::~UringBlockPort() {
    if (moving_ != 0 || syncing_) ring_->leave_behind();
}

void UringBlockPort::start(Direction direction, unsigned slot, Extent extent) {
    start(slot, {.direction = direction, .extent = extent});
}

void UringBlockPort::start_common(unsigned slot, Extent extent) {
    start(slot, {.direction = Direction::write, .extent = extent, .common = true});
}

void UringBlockPort::start(unsigned slot, const InFlight& flight) {
    QUIETUS_ENSURE(slot < slots());
    check_transfer(opened_, flight.direction, flight.extent);
    in_flight_[slot] = flight;
    ++moving_;
    used_page_cache_ = used_page_cache_ || opened_.in_tail(flight.extent);
    start_rest(slot);
}

void UringBlockPort::start_rest(unsigned slot) {
    const InFlight& flight = in_flight_[slot];
    const auto buffer = flight.common ? memory_.common() : memory_.slot(slot);
    ring_->start({.write = flight.direction == Direction::write,
                  .file = opened_.in_tail(flight.extent) ? RingFile::buffered : RingFile::direct,
                  .buffer = flight.common ? slots() : slot,
                  .data = buffer.data() + flight.moved,
                  .length = static_cast<unsigned>(flight.extent.length - flight.moved),
                  .offset = flight.extent.offset + flight.moved,
                  .tag = slot});
}

// Waking up costs as much as copying some hundred kilobytes, so the results that can be spared are
// taken together. On a drive that is slow, sleeping longer costs nothing.
unsigned UringBlockPort::worth_waking_for() const {
    const unsigned kept = memory_.kept_in_flight();
    return moving_ > kept ? moving_ - kept : 1;
}

Result<std::optional<Completion>> UringBlockPort::wait(std::chrono::milliseconds at_most) {
    for (;;) {
        const auto result = ring_->wait(worth_waking_for(), at_most);
        if (!result) return Error(result.error());
        if (!*result) return std::optional<Completion>{};
        if (auto completion = take(**result)) return completion;
    }
}

std::optional<Completion> UringBlockPort::take(const RingResult& result) {
    QUIETUS_ENSURE(result.tag < slots());
    const auto slot = static_cast<unsigned>(result.tag);
    InFlight& flight = in_flight_[slot];
    const bool again = result.result == -EINTR || result.result == -EAGAIN;
    if (result.result > 0) flight.moved += static_cast<std::uint64_t>(result.result);
    const bool cut_short = result.result > 0 && flight.moved < flight.extent.length;
    if (again || cut_short) {
        start_rest(slot);
        return std::nullopt;
    }
    --moving_;
    // Nothing moved without an error means that the drive ends here: it has shrunk.
    const int error = result.result < 0 ? -result.result : result.result == 0 ? ENXIO : 0;
    return Completion{slot, flight.direction, flight.extent, error};
}

void UringBlockPort::start_sync(RingFile file) {
    syncing_ = file;
    ring_->start_sync(file, sync_tag);
}

std::optional<int> UringBlockPort::flush(std::chrono::milliseconds at_most) {
    if (!syncing_) start_sync(opened_.buffered.open() ? RingFile::buffered : RingFile::direct);
    for (;;) {
        const auto result = ring_->wait(1, at_most);
        if (result && !*result) return std::nullopt;
        if (!result) return EIO;
        QUIETUS_ENSURE((*result)->tag == sync_tag);
        const RingFile file = *std::exchange(syncing_, std::nullopt);
        int error = -(*result)->result;
        if (error == EINTR || error == EAGAIN) {
            start_sync(file);
            continue;
        }
        if (error == 0 && file == RingFile::buffered) {
            // The tail is read back from the medium, as far as the host can make it so.
            error = ::posix_fadvise(opened_.buffered.get(), 0, 0, POSIX_FADV_DONTNEED);
            if (error == 0) {
                start_sync(RingFile::direct);
                continue;
            }
        }
        return error;
    }
}

} // namespace quietus
