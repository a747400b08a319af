// What has come over a worker's channel by now, and for how long nothing may.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>

namespace quietus {

enum class Intake : std::uint8_t { open, closed };

/// All that is there, without waiting.
inline Intake take_in(int channel, std::string& into) {
    std::array<char, 8192> bytes{};
    for (;;) {
        const ssize_t got = ::read(channel, bytes.data(), bytes.size());
        if (got > 0) into.append(bytes.data(), static_cast<std::size_t>(got));
        if (got > 0 || (got < 0 && errno == EINTR)) continue;
        return got < 0 && errno == EAGAIN ? Intake::open : Intake::closed;
    }
}

/// How long the other end has said nothing; it may announce that it will for longer.
class Silence {
  public:
    Silence(std::chrono::seconds limit, std::chrono::nanoseconds now)
        : limit_(limit), allowed_(limit), since_(now) {}
    void heard(std::chrono::nanoseconds now) {
        since_ = now;
        allowed_ = limit_;
    }
    /// It waited for us until now.
    void was_our_turn(std::chrono::nanoseconds now) { since_ = now; }
    void announced(std::chrono::seconds more) { allowed_ = limit_ + more; }
    [[nodiscard]] bool too_long(std::chrono::nanoseconds now) const {
        return now - since_ > allowed_;
    }
    [[nodiscard]] std::chrono::seconds allowed() const { return allowed_; }

  private:
    std::chrono::seconds limit_;
    std::chrono::seconds allowed_;
    std::chrono::nanoseconds since_;
};

} // namespace quietus
