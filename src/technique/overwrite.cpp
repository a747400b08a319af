#include "quietus/technique/overwrite.hpp"

#include <optional>
#include <vector>

namespace quietus {
namespace {

class WriteTask final : public SurfaceTask {
  public:
    WriteTask(Surface& surface, Pattern& pattern)
        : SurfaceTask(surface), pattern_(pattern), filled_(surface.port.slots()) {}

    ExtentSet written;

  protected:
    void prepare(unsigned slot, std::span<std::uint8_t> buffer, Extent extent) override {
        const auto phase = pattern_.phase(extent.offset);
        Filled& filled = filled_[slot];
        const bool already = phase && filled.phase == phase && filled.bytes >= buffer.size();
        if (already) return; // a fixed pattern in the same phase: the buffer holds it from before
        pattern_.fill(buffer, extent.offset);
        filled = {phase, buffer.size()};
    }

    void succeeded(Extent extent, std::span<const std::uint8_t>) override { written.add(extent); }

  private:
    struct Filled {
        std::optional<std::uint64_t> phase;
        std::size_t bytes = 0;
    };
    Pattern& pattern_;
    std::vector<Filled> filled_;
};

} // namespace

Stop write_pass(Surface& surface, Pattern& pattern, PassRecord& record) {
    WriteTask task(surface, pattern);
    Chunks all(surface.port.geometry(), surface.port.slot(0).size());
    Stop stop = task.run(Direction::write, all);
    record.completed = task.complete();
    if (stop.reason == StopReason::none || stop.reason == StopReason::interrupted) {
        Flushed flushed = flush(surface);
        record.flushed = flushed.error == 0;
        if (flushed.stop.reason != StopReason::none) stop = std::move(flushed.stop);
    }
    record.bytes_written = task.written.bytes();
    record.written = std::move(task.written).take();
    record.unwritable = task.failed().extents();
    return stop;
}

} // namespace quietus
