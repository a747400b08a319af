#include "quietus/emulator/emulated_host.hpp"

#include "stored_medium.hpp"

#include "quietus/core/bytes.hpp"

#include <algorithm>
#include <utility>

namespace quietus::emulator {

EmulatedHost::EmulatedHost(Scenario scenario, std::string directory,
                           std::shared_ptr<SimulatedClock> clock)
    : scenario_(std::move(scenario)), directory_(std::move(directory)), clock_(std::move(clock)) {}

EmulatedHost::~EmulatedHost() = default;

Result<std::vector<Drive>> EmulatedHost::detect(const DetectRequest& request) {
    std::vector<Drive> drives;
    for (const ScenarioDrive& each : scenario_.drives) {
        if (!request.only.empty() && each.facts.node != request.only) continue;
        auto drive = told_by(each);
        if (!drive) return std::move(drive).error();
        drives.push_back(std::move(*drive));
    }
    return drives;
}

Result<Drive> EmulatedHost::image(const std::string& path, const DetectRequest&) {
    return Error{Fault::usage, "image:" + escaped(path) + ": a rehearsal touches no files",
                 "the drives of the scenario are listed by `quietus list`"};
}

const ScenarioDrive* EmulatedHost::find(const std::string& node) const {
    const auto found = std::ranges::find_if(
        scenario_.drives, [&](const ScenarioDrive& each) { return each.facts.node == node; });
    return found == scenario_.drives.end() ? nullptr : &*found;
}

Result<EmulatedHost::StoredMedium*> EmulatedHost::medium_of(const std::string& node) {
    const ScenarioDrive* drive = find(node);
    if (drive == nullptr) return Error{Fault::usage, escaped(node) + ": no such drive"};
    auto& medium = media_[node];
    if (!medium) {
        auto fresh = std::make_unique<StoredMedium>(
            *drive, directory_ + "/" + drive->facts.serial + ".medium", *clock_);
        if (auto status = fresh->load(); !status) return std::move(status).error();
        medium = std::move(fresh);
    }
    return medium.get();
}

// As a drive tells of itself now; one without firmware is as the scenario has it.
Result<Drive> EmulatedHost::told_by(const ScenarioDrive& drive) {
    Drive told = drive.facts;
    if (!drive.ata && !drive.scsi && !drive.nvme) return told;
    auto medium = medium_of(told.node);
    if (!medium) return std::move(medium).error();
    if (auto status = (*medium)->firmware()->tell(told); !status) return status.error();
    return told;
}

Result<DriveLink> EmulatedHost::open(const Drive& drive) {
    auto medium = medium_of(drive.node);
    if (!medium) return std::move(medium).error();
    return DriveLink{(*medium)->open_block(), (*medium)->open_bay()};
}

Result<DriveLink> EmulatedHost::open_to_read(const Drive& drive) {
    return open(drive);
}

Result<std::uint64_t> EmulatedHost::residue(const std::string& node) {
    auto medium = medium_of(node);
    if (!medium) return std::move(medium).error();
    return (*medium)->residue();
}

} // namespace quietus::emulator
