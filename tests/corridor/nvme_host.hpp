// A machine with one emulated NVMe drive full of secrets, and the whole way from its plan to a
// record.
#pragma once

#include "nvme_run.hpp"
#include "support/unkept_run.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus::test {

class NvmeHost final : public Host {
  public:
    explicit NvmeHost(const emulator::NvmeTraits& traits) : drive(traits, clock) {
        drive.hold(as_bytes(nvme_secret));
    }
    Drive told() { return told_by(drive); }
    Result<std::vector<Drive>> detect(const DetectRequest&) override {
        return std::vector<Drive>{told()};
    }
    Result<Drive> image(const std::string&, const DetectRequest&) override {
        return Error{Fault::usage, "no image"};
    }
    Result<DriveLink> open(const Drive&) override {
        return DriveLink{drive.open_joined(), std::make_unique<EmulatedNvmeBay>(drive, drive)};
    }
    Result<DriveLink> open_to_read(const Drive& one) override { return open(one); }

    std::optional<ErasureRecord> erase(const PlanRequest& wish) {
        NotingAudience audience;
        return UnkeptRun{*this, clock, audience}.erase(told(), wish);
    }
    std::uint64_t residue() { return drive.residue(as_bytes(nvme_secret)); }

    emulator::SimulatedClock clock;
    emulator::NvmeDrive drive;
};

} // namespace quietus::test
