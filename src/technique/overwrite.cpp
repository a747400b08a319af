#include "quietus/technique/overwrite.hpp"

#include <optional>
#include <vector>

namespace quietus {
namespace {

class WriteTask final : public SurfaceTask {
  public:
    WriteTask(Surface& surface, Pattern& pattern)
        : SurfaceTask(surface), pattern_(pattern),
          chunks_(surface.port.geometry(), surface.port.slot(0).size()),
          filled_(surface.port.slots()) {}

    std::optional<Extent> next() override { return chunks_.next(); }

    void prepare(unsigned slot, std::span<std::uint8_t> buffer, Extent extent) override {
        const auto phase = pattern_.phase(extent.offset);
        Filled& filled = filled_[slot];
        const bool already = phase && filled.phase == phase && filled.bytes >= buffer.size();
        if (already) return; // a fixed pattern in the same phase: the buffer holds it from before
        pattern_.fill(buffer, extent.offset);
        filled = {phase, buffer.size()};
    }

    ExtentSet written;
    ExtentSet unwritable;

  protected:
    void succeeded(Extent extent, std::span<const std::uint8_t>) override { written.add(extent); }
    void failed(Extent extent) override { unwritable.add(extent); }

  private:
    struct Filled {
        std::optional<std::uint64_t> phase;
        std::size_t bytes = 0;
    };
    Pattern& pattern_;
    Chunks chunks_;
    std::vector<Filled> filled_;
};

} // namespace

Stop write_pass(Surface& surface, Pattern& pattern, PassRecord& record) {
    WriteTask task(surface, pattern);
    Stop stop = task.run(Direction::write);
    record.completed = stop.reason == StopReason::none;
    if (stop.reason == StopReason::none || stop.reason == StopReason::interrupted)
        record.flushed = surface.port.flush() == 0;
    record.written = task.written.extents();
    record.unwritable = task.unwritable.extents();
    record.bytes_written = task.written.bytes();
    return stop;
}

} // namespace quietus
