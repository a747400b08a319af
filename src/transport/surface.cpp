#include "quietus/transport/surface.hpp"

namespace quietus {
namespace {

Stop stop_for(DriveState state) {
    switch (state) {
    case DriveState::present:
        return {};
    case DriveState::vanished:
        return {StopReason::drive_vanished, "the drive no longer answers"};
    case DriveState::changed:
        return {StopReason::drive_changed, "the drive is no longer the one that was opened"};
    }
    return {StopReason::io, "unknown state of the drive"};
}

} // namespace

bool SurfaceTask::keep_going() {
    if (stop_.reason == StopReason::none && surface_.watch.stop_requested())
        stop_ = {StopReason::interrupted, "stopped on request"};
    return stop_.reason == StopReason::none;
}

void SurfaceTask::finished(const Completion& completion, std::span<const std::uint8_t> data) {
    bytes_done_ += completion.extent.length;
    surface_.watch.moved(bytes_done_);
    if (completion.error == 0) {
        succeeded(completion.extent, data);
        return;
    }
    failed(completion.extent);
    const auto state = drive_state(surface_.port, surface_.at_open, completion.error);
    // A drive that is gone outweighs a request to stop.
    if (state != DriveState::present) stop_ = stop_for(state);
}

Stop SurfaceTask::run(Direction direction) {
    if (auto status = sweep(surface_.port, direction, *this); !status)
        return {StopReason::io, status.error().message};
    return stop_;
}

} // namespace quietus
