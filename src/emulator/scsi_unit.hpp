// ScsiUnit: one logical unit of an emulated SAS drive: its medium, and the operation it works on.
#pragma once

#include "erasing.hpp"
#include "scsi_states.hpp"

#include "quietus/core/extent.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/emulator/scsi_traits.hpp"

#include <deque>
#include <optional>

namespace quietus::emulator {

/// SANITIZE or FORMAT UNIT, as it was ordered.
struct ScsiWork {
    ScsiEvent event = ScsiEvent::format;
    ErasingOrder order = {};
    bool must_be_written = false; ///< reads fail afterwards where nothing was written
};

class ScsiUnit {
  public:
    /// All of them outlive it. `first`: it is logical unit 0.
    ScsiUnit(const ScsiTraits& traits, SimulatedClock& clock, const Knobs& knobs, bool first);

    [[nodiscard]] Media& media() { return media_; }
    [[nodiscard]] std::uint64_t shown_blocks() const { return shown_blocks_; }
    [[nodiscard]] std::uint32_t stored_bytes() const { return stored_bytes_; } ///< of a block
    /// False, and all is as before, when there are not so many; nothing: all.
    bool shorten(std::optional<std::uint64_t> blocks);

    /// Begins the work when the state it is in allows it.
    [[nodiscard]] ScsiAnswer begin(ScsiWork work);
    [[nodiscard]] ScsiAnswer perform(ScsiEvent event);
    void power_cycle();
    /// Does what is due by now, but for what happens half-way.
    void catch_up();
    [[nodiscard]] bool is_half_way_due() const;
    void pass_half_way();

    [[nodiscard]] bool is_working() const { return running_.has_value(); }
    /// When what runs is over; nothing when it never is.
    [[nodiscard]] std::optional<std::chrono::nanoseconds> over_at() const;
    [[nodiscard]] std::chrono::nanoseconds half_way_at() const;
    [[nodiscard]] std::uint16_t progress() const;
    [[nodiscard]] const ScsiStates& states() const { return states_; }
    /// fails-then-says-ok: it has told of its failure.
    void told_of_failure();
    void set_access();
    [[nodiscard]] ScsiUnitMemory memory() const;
    void recall(const ScsiUnitMemory& memory);

    std::deque<SenseCode> attentions; ///< each is told once
    ExtentSet unwritten;              ///< reads fail there

  private:
    [[nodiscard]] std::chrono::nanoseconds worked() const;
    [[nodiscard]] const Knobs& knobs_of(ScsiEvent event);
    void end_operation();

    const ScsiTraits& traits_;
    SimulatedClock& clock_;
    const Knobs& knobs_;
    Knobs idle_knobs_; ///< of work that changes nothing
    bool first_;
    std::uint32_t stored_bytes_;
    std::uint64_t shown_blocks_;
    Media media_;
    ScsiStates states_;
    std::optional<Erasing> running_;
    bool must_be_written_ = false;
    bool half_way_ = false;
    std::chrono::nanoseconds began_{};
};

} // namespace quietus::emulator
