// What has come over a worker's channel by now.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
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

} // namespace quietus
