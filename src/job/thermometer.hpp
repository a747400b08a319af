// Thermometer: how warm the drive of a job is. Somebody goes and reads it, so that we wait for
// nobody: the kernel asks the drive, which may never answer.
#pragma once

#include "quietus/confine/child_process.hpp"
#include "quietus/drive/host.hpp"
#include "quietus/job/cooling.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace quietus {

class Thermometer {
  public:
    /// Both outlive it. It is read so often, when `interval` leaves the drive the time to answer.
    Thermometer(Host& host, const Drive& drive, Cooling cooling, std::chrono::milliseconds interval)
        : host_(host), drive_(drive), cooling_(cooling), interval_(interval) {}

    /// What was read since, once; to be called again and again. A drive that tells no temperature
    /// at first is not asked again.
    [[nodiscard]] std::optional<Warmth> news(std::chrono::nanoseconds now);
    /// By the last reading. Not for ever: a thermometer that falls silent keeps no job waiting.
    [[nodiscard]] bool paused() const { return paused_; }
    /// Readable when there may be news; -1 when nobody is under way.
    [[nodiscard]] int channel() const { return reader_ ? reader_->channel() : -1; }

  private:
    void send_somebody(std::chrono::nanoseconds now);
    [[nodiscard]] std::optional<std::int32_t> answer(std::chrono::nanoseconds now);
    void judge(std::optional<std::int32_t> celsius, std::chrono::nanoseconds now);

    Host& host_;
    const Drive& drive_;
    Cooling cooling_;
    std::chrono::milliseconds interval_;
    std::optional<ChildProcess> reader_;
    std::string heard_;
    std::chrono::nanoseconds due_{};     ///< when the next one is sent
    std::chrono::nanoseconds give_up_{}; ///< on the one that is under way
    std::chrono::nanoseconds read_at_{}; ///< last
    bool known_ = false;                 ///< there was a reading
    bool absent_ = false;                ///< there never was, nor will be
    bool paused_ = false;
};

} // namespace quietus
