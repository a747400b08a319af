#include "quietus/technique/overwrite.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

namespace quietus {
namespace {

class WriteTask final : public SurfaceTask {
  public:
    WriteTask(Surface& surface, Pattern& pattern, PassRecord& record, CheckpointWatch* watch)
        : SurfaceTask(surface), pattern_(pattern), filled_(surface.port.slots()), watch_(watch),
          record_(record), begun_(surface.clock.monotonic()), last_(begun_) {
        written = ExtentSet(record.written);
        const auto tile = surface.port.common();
        const auto phase = pattern.phase(0);
        if (tile.empty() || !phase || pattern.phase(tile.size()) != phase) return;
        pattern.fill(tile, 0);
        common_ = {phase, surface.port.slot(0).size()};
    }

    ExtentSet written;
    bool flush_failed = false; ///< the kernel tells it once

    /// Says what is on the medium now, unless that is too much to say.
    Stop tell() {
        last_ = surface().clock.monotonic();
        told_ = written.bytes();
        if (watch_ == nullptr || written.extents().size() > most_checkpoint_extents) return {};
        record_.written = written.extents();
        record_.bytes_written = told_;
        record_.flushed = true;
        return watch_->reached(record_);
    }

  protected:
    // A fixed pattern, wherever it is in its phase as at the beginning: nearly everywhere.
    bool is_common(Extent extent) override {
        return common_.phase && extent.length <= common_.bytes &&
               pattern_.phase(extent.offset) == common_.phase;
    }

    void prepare(unsigned slot, std::span<std::uint8_t> buffer, Extent extent) override {
        const auto phase = pattern_.phase(extent.offset);
        Filled& filled = filled_[slot];
        const bool already = phase && filled.phase == phase && filled.bytes >= buffer.size();
        if (already) return; // a fixed pattern in the same phase: the buffer holds it from before
        pattern_.fill(buffer, extent.offset);
        filled = {phase, buffer.size()};
    }

    void succeeded(Extent extent, std::span<const std::uint8_t>) override { written.add(extent); }

    bool rest_due() override {
        if (watch_ == nullptr || flush_failed) return false;
        const auto now = surface().clock.monotonic();
        const auto& endurance = surface().endurance;
        const std::chrono::nanoseconds interval = std::clamp<std::chrono::nanoseconds>(
            (now - begun_) / 16, endurance.checkpoint_least, endurance.checkpoint_most);
        return now - last_ >= interval && written.bytes() != told_;
    }

    Stop rest() override {
        Flushed flushed = flush(surface());
        flush_failed = flushed.error != 0;
        return flush_failed ? std::move(flushed.stop) : tell();
    }

  private:
    struct Filled {
        std::optional<std::uint64_t> phase;
        std::size_t bytes = 0;
    };
    Pattern& pattern_;
    Filled common_; ///< what the port's common tile makes up: for as long as this task lives
    std::vector<Filled> filled_;
    CheckpointWatch* watch_;
    PassRecord& record_;
    std::chrono::nanoseconds begun_;
    std::chrono::nanoseconds last_;
    std::uint64_t told_ = 0;
};

std::vector<Extent> yet_to_write(const Surface& surface, const PassRecord& record) {
    ExtentSet rest = all_but_kept(surface);
    rest.subtract(ExtentSet(record.written));
    return std::move(rest).take();
}

} // namespace

Stop write_pass(Surface& surface, Pattern& pattern, PassRecord& record, CheckpointWatch* watch) {
    const BlockGeometry geometry = surface.port.geometry();
    CutExtents route(geometry, surface.port.slot(0).size(), yet_to_write(surface, record));
    WriteTask task(surface, pattern, record, watch);
    Stop stop = task.tell();
    if (stop.reason == StopReason::none) stop = task.run(Direction::write, route);
    record.completed = stop.reason == StopReason::none && task.complete();
    record.flushed = false;
    if (stop.reason == StopReason::none || stop.reason == StopReason::interrupted) {
        Flushed flushed = flush(surface);
        record.flushed = flushed.error == 0 && !task.flush_failed;
        if (flushed.stop.reason != StopReason::none) stop = std::move(flushed.stop);
    }
    record.bytes_written = task.written.bytes();
    record.written = std::move(task.written).take();
    record.unwritable = task.failed().extents();
    return stop;
}

} // namespace quietus
