#include "uring_block_port.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/transport/linux/open_block.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace quietus {
namespace {

constexpr std::uint64_t sync_tag = SlotMemory::slots;

} // namespace

UringBlockPort::UringBlockPort(OpenedBlock opened, SlotMemory memory)
    : opened_(std::move(opened)), memory_(std::move(memory)) {}

Result<std::unique_ptr<BlockPort>> UringBlockPort::make(OpenedBlock opened) {
    auto memory = SlotMemory::map();
    if (!memory) return std::move(memory).error();
    const bool tail = opened.buffered.open();
    const std::array files{opened.direct.get(), opened.buffered.get()};
    std::unique_ptr<UringBlockPort> port(new UringBlockPort(std::move(opened), std::move(*memory)));
    const auto status =
        port->ring_.open(std::span(files).first(tail ? 2 : 1), port->memory_.vectors());
    if (!status) return Error(status.error());
    return std::unique_ptr<BlockPort>(std::move(port));
}

bool UringBlockPort::in_tail(Extent extent) const {
    return extent.offset >= opened_.geometry.tail_offset;
}

void UringBlockPort::start(Direction direction, unsigned slot, Extent extent) {
    QUIETUS_ENSURE(slot < slots() && extent.length != 0 && extent.length <= SlotMemory::slot_bytes);
    QUIETUS_ENSURE(direction == Direction::read || !opened_.read_only);
    QUIETUS_ENSURE(extent.end() <= opened_.geometry.size_bytes);
    QUIETUS_ENSURE(in_tail(extent) || extent.end() <= opened_.geometry.tail_offset);
    in_flight_[slot] = {direction, extent, 0};
    ++moving_;
    used_page_cache_ = used_page_cache_ || in_tail(extent);
    start_rest(slot);
}

void UringBlockPort::start_rest(unsigned slot) {
    const InFlight& flight = in_flight_[slot];
    ring_.start({.write = flight.direction == Direction::write,
                 .file = in_tail(flight.extent) ? RingFile::buffered : RingFile::direct,
                 .buffer = slot,
                 .data = memory_.slot(slot).data() + flight.moved,
                 .length = static_cast<unsigned>(flight.extent.length - flight.moved),
                 .offset = flight.extent.offset + flight.moved,
                 .tag = slot});
}

// Waking up costs as much as copying some hundred kilobytes, so the results that can be spared are
// taken together. On a drive that is slow, sleeping longer costs nothing.
unsigned UringBlockPort::worth_waking_for() const {
    return moving_ > SlotMemory::kept_in_flight ? moving_ - SlotMemory::kept_in_flight : 1;
}

Result<Completion> UringBlockPort::wait() {
    for (;;) {
        auto result = ring_.wait(worth_waking_for());
        if (!result) return std::move(result).error();
        QUIETUS_ENSURE(result->tag < slots());
        const auto slot = static_cast<unsigned>(result->tag);
        InFlight& flight = in_flight_[slot];
        const bool again = result->result == -EINTR || result->result == -EAGAIN;
        if (result->result > 0) flight.moved += static_cast<std::uint64_t>(result->result);
        const bool cut_short = result->result > 0 && flight.moved < flight.extent.length;
        if (again || cut_short) {
            start_rest(slot);
            continue;
        }
        --moving_;
        // Nothing moved without an error means that the drive ends here: it has shrunk.
        const int error = result->result < 0 ? -result->result : result->result == 0 ? ENXIO : 0;
        return Completion{slot, flight.direction, flight.extent, error};
    }
}

int UringBlockPort::sync(RingFile file) {
    ring_.start_sync(file, sync_tag);
    for (;;) {
        const auto result = ring_.wait(1);
        if (!result) return EIO;
        QUIETUS_ENSURE(result->tag == sync_tag);
        if (result->result != -EINTR && result->result != -EAGAIN) return -result->result;
        ring_.start_sync(file, sync_tag);
    }
}

int UringBlockPort::flush() {
    if (opened_.buffered.open()) {
        if (const int error = sync(RingFile::buffered); error != 0) return error;
        // The tail is read back from the medium, as far as the host can make it so.
        if (const int error = ::posix_fadvise(opened_.buffered.get(), 0, 0, POSIX_FADV_DONTNEED);
            error != 0)
            return error;
    }
    return sync(RingFile::direct);
}

Result<PortState> UringBlockPort::state() {
    if (opened_.image) {
        struct stat facts {};
        if (::fstat(opened_.direct.get(), &facts) != 0) return system_error(Fault::io, "image");
        return PortState{static_cast<std::uint64_t>(facts.st_size), 0, false};
    }
    auto facts = block_node_facts(opened_.direct.get());
    if (!facts) return std::move(facts).error();
    return PortState{facts->size_bytes, facts->diskseq, facts->read_only};
}

} // namespace quietus
