#include "quietus/job/carry_out.hpp"

#include "quietus/drive/recheck.hpp"

#include <utility>

namespace quietus {

Result<DriveLink> HostBay::open() {
    return host_.open(drive_);
}

Status HostBay::check_unchanged() {
    return look_and_check(true, quietus::check_unchanged);
}

Status HostBay::check_same() {
    if (auto status = look_and_check(false, check_surroundings); !status) return status;
    return look_and_check(true, check_own_word);
}

Result<HealthRecord> HostBay::health() {
    auto now = look_again(host_, drive_, {.held = true, .holder = holder_});
    if (!now) return Error(now.error());
    if (auto status = check_own_word(drive_, *now); !status) return Error(status.error());
    if (now->health) return std::move(*now->health);
    return Error{Fault::io, "the drive does not tell of its health any more"};
}

Status HostBay::rescan() {
    return host_.rescan(drive_);
}

Status HostBay::reset() {
    return host_.reset(drive_);
}

Status HostBay::look_and_check(bool ask, Status (*check)(const Drive&, const Drive&)) {
    const auto now = look_again(host_, drive_, {.held = true, .holder = holder_, .ask = ask});
    return now ? check(drive_, *now) : Status(now.error());
}

} // namespace quietus
