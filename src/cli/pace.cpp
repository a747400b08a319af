#include "pace.hpp"

#include <algorithm>

namespace quietus::cli {

void Pace::restart() {
    start_ = last_ = clock_.monotonic();
}

bool Pace::due(std::chrono::milliseconds interval) {
    const auto now = clock_.monotonic();
    if (now - last_ < interval) return false;
    last_ = now;
    return true;
}

std::uint64_t Pace::bytes_per_second(std::uint64_t bytes_done) const {
    const auto taken = std::chrono::duration<double>(clock_.monotonic() - start_).count();
    return taken <= 0 ? 0 : static_cast<std::uint64_t>(static_cast<double>(bytes_done) / taken);
}

std::uint64_t Pace::eta_seconds(const Progress& progress) const {
    const std::uint64_t rate = bytes_per_second(progress.bytes_done);
    const std::uint64_t left =
        progress.bytes_total - std::min(progress.bytes_done, progress.bytes_total);
    return rate == 0 ? 0 : left / rate;
}

} // namespace quietus::cli
