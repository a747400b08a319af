// EmulatedHost: the drives of a scenario behind the door of a real machine's.
//
// What is written to them lasts from run to run, in files of its own: a drive holds its secret
// until somebody erases it, and can be read again later. Its faults begin anew with each run.
#pragma once

#include "quietus/drive/host.hpp"
#include "quietus/emulator/scenario.hpp"
#include "quietus/emulator/simulated_clock.hpp"

#include <map>
#include <memory>
#include <string>

namespace quietus::emulator {

class EmulatedHost final : public Host {
  public:
    /// The media are kept in `directory`, which is made when something is written.
    EmulatedHost(Scenario scenario, std::string directory, std::shared_ptr<SimulatedClock> clock);
    ~EmulatedHost() override;

    Result<std::vector<Drive>> detect(const DetectRequest& request) override;
    Result<Drive> image(const std::string& path, const DetectRequest& request) override;
    Result<DriveLink> open(const Drive& drive) override;
    Result<DriveLink> open_to_read(const Drive& drive) override;

    /// The oracle, which no host of real drives has: in how many blocks of the drive with this node
    /// its secret is left, whatever the drive has answered. Faults of reading its file.
    [[nodiscard]] Result<std::uint64_t> residue(const std::string& node);

  private:
    class StoredMedium;
    Result<StoredMedium*> medium_of(const std::string& node);
    Result<Drive> told_by(const ScenarioDrive& drive);
    [[nodiscard]] const ScenarioDrive* find(const std::string& node) const;

    Scenario scenario_;
    std::string directory_;
    std::shared_ptr<SimulatedClock> clock_;
    std::map<std::string, std::unique_ptr<StoredMedium>> media_; ///< by node, those in use
};

} // namespace quietus::emulator
