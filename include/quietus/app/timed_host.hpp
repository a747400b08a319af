// TimedHost: the machine, and whether its clock can be right. Log and documents bear the time of
// the real-time clock, so every drive bears the interlock `clock` while that is behind what is
// known to be past: the build of this program, the last entry of the station's log, or the
// beginning of this run, from which the monotonic clock has counted on.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/register/register.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace quietus {

/// Asked anew at every look at a drive, so that a clock set back between plan and first write is
/// found as another drive would be. A log that cannot be read says nothing here: preflight refuses
/// it.
class TimedHost final : public Host {
  public:
    /// The run begins now; all three outlive it.
    TimedHost(Host& machine, Clock& clock, Register& log);

    Result<std::vector<Drive>> detect(const DetectRequest& request) override;
    Result<std::vector<Drive>> detect_held(const std::vector<HeldDrive>& drives,
                                           const DetectRequest& request) override;
    Result<Drive> image(const std::string& path, const DetectRequest& request) override;
    Result<NodeName> resolve(const std::string& path) override { return machine_.resolve(path); }
    Result<DriveLink> open(const Drive& drive) override { return machine_.open(drive); }
    Result<DriveLink> open_to_read(const Drive& drive) override {
        return machine_.open_to_read(drive);
    }
    Status rescan(const Drive& drive) override { return machine_.rescan(drive); }
    Status reset(const Drive& drive) override { return machine_.reset(drive); }
    std::optional<std::int32_t> celsius(const Drive& drive) override {
        return machine_.celsius(drive);
    }

  private:
    [[nodiscard]] std::vector<Guard> clock_guards();
    [[nodiscard]] Result<std::vector<Drive>> guarded(Result<std::vector<Drive>> drives);
    /// What the clock should at least say, by how long the run has taken.
    [[nodiscard]] std::int64_t expected() const;

    Host& machine_;
    Clock& clock_;
    Register& log_;
    std::int64_t began_at_;
    std::chrono::nanoseconds began_;
};

/// The command that sets a clock right; the time has to be filled in.
[[nodiscard]] std::string clock_release();

} // namespace quietus
