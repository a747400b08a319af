#include "estimate.hpp"

#include "firmware_plan.hpp"

#include "quietus/policy/volumes.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::uint64_t megabyte = 1'000'000;

// Bytes per second over the whole drive. A magnetic drive is slowest on its inner tracks and flash
// once its write cache is full: an operator who plans a shift by these is rarely late.
constexpr std::uint64_t usb_rate = 30 * megabyte;
constexpr std::uint64_t magnetic_rate = 100 * megabyte;
constexpr std::uint64_t flash_rate = 150 * megabyte;
constexpr std::uint64_t virtual_rate = 150 * megabyte;
constexpr std::uint64_t unknown_rate = 30 * megabyte;

std::uint64_t rate_of(const Drive& drive) {
    if (drive.kind == DriveKind::usb) return usb_rate;
    switch (drive.medium) {
    case Medium::magnetic:
    case Medium::hybrid:
        return magnetic_rate;
    case Medium::flash:
        return flash_rate;
    case Medium::virtual_medium:
        return virtual_rate;
    case Medium::unknown:
        return unknown_rate;
    }
    return unknown_rate;
}

} // namespace

std::uint64_t estimated_seconds(const Drive& drive, const Plan& plan, std::uint64_t limit_rate) {
    // In hundredths of the drive, as samples are; a probe takes no time to speak of.
    std::uint64_t percent = plan.verification.percent;
    for (const PlanStep& step : plan.steps)
        percent += step.kind == StepKind::write ? 100 : step.verification.percent;
    const std::uint64_t all = std::max(drive.size_bytes, drive.native_size_bytes.value_or(0));
    const std::uint64_t kept = kept_extents(plan.volumes).bytes();
    const std::uint64_t hundredth = (all - std::min(kept, all)) / 100 + 1;
    const std::uint64_t rate =
        limit_rate == 0 ? rate_of(drive) : std::min(rate_of(drive), limit_rate);
    const std::uint64_t own = plan.firmware ? operation_seconds(drive, plan) : 0;
    return std::max<std::uint64_t>(hundredth * percent / rate + own, 1);
}

} // namespace quietus
