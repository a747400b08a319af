#include "thermometer.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

namespace quietus {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds patience = 10s;
constexpr std::chrono::seconds longest_pause_unseen = 60s;

/// Whether it is all there: the channel was closed.
bool take_all(int channel, std::string& into) {
    std::array<char, 64> bytes{};
    for (;;) {
        const ssize_t got = ::read(channel, bytes.data(), bytes.size());
        if (got > 0 && into.size() < bytes.size())
            into.append(bytes.data(), static_cast<std::size_t>(got));
        if (got > 0 || (got < 0 && errno == EINTR)) continue;
        return got == 0 || errno != EAGAIN;
    }
}

} // namespace

void Thermometer::send_somebody(std::chrono::nanoseconds now) {
    due_ = now + interval_;
    heard_.clear();
    auto reader = ChildProcess::start([this](const ChildChannel& channel) {
        if (const auto celsius = host_.celsius(drive_)) channel.send(std::to_string(*celsius));
    });
    if (!reader) return;
    reader_.emplace(std::move(*reader));
    give_up_ = now + patience;
}

// Nothing: there is none, or none that could be had in time.
std::optional<std::int32_t> Thermometer::answer(std::chrono::nanoseconds now) {
    std::int32_t celsius = 0;
    const auto read = std::from_chars(heard_.data(), heard_.data() + heard_.size(), celsius);
    reader_.reset();
    due_ = std::max(due_, now);
    if (heard_.empty() || read.ec != std::errc{} || read.ptr != heard_.data() + heard_.size())
        return std::nullopt;
    return celsius;
}

void Thermometer::judge(std::optional<std::int32_t> celsius, std::chrono::nanoseconds now) {
    if (!celsius) {
        absent_ = !known_;
        if (now - read_at_ > longest_pause_unseen) paused_ = false;
        return;
    }
    known_ = true;
    read_at_ = now;
    if (cooling_.pause_above == 0) return;
    if (*celsius > cooling_.pause_above) paused_ = true;
    if (*celsius < cooling_.resume_below) paused_ = false;
}

std::optional<Warmth> Thermometer::news(std::chrono::nanoseconds now) {
    if (absent_) return std::nullopt;
    if (!reader_) {
        if (now >= due_) send_somebody(now);
        return std::nullopt;
    }
    if (!take_all(reader_->channel(), heard_) && now < give_up_) return std::nullopt;
    const auto celsius = answer(now);
    judge(celsius, now);
    if (!celsius) return std::nullopt;
    return Warmth{*celsius, paused_};
}

} // namespace quietus
