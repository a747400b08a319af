#include "rehearse_premises.hpp"

#include "rehearse_table.hpp"

#include "quietus/app/select.hpp"
#include "quietus/app/station.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/json.hpp"
#include "quietus/emulator/emulated_host.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

namespace quietus::rehearse {
namespace {

using emulator::EmulatedHost;
using emulator::Scenario;
using emulator::SimulatedClock;

/// Documents bear the time of day, as all else that is signed does; what a drive takes is
/// simulated, so that the minutes of one that stalls pass at once.
class RehearsalClock final : public Clock {
  public:
    explicit RehearsalClock(std::shared_ptr<SimulatedClock> drives) : drives_(std::move(drives)) {}
    [[nodiscard]] std::int64_t utc_seconds() override { return day_.utc_seconds(); }
    [[nodiscard]] std::chrono::nanoseconds monotonic() override { return drives_->monotonic(); }
    void sleep(std::chrono::nanoseconds duration) override { drives_->sleep(duration); }

  private:
    SystemClock day_;
    std::shared_ptr<SimulatedClock> drives_;
};

std::string media_of(const Places& places) {
    return places.state + "/drives";
}

bool needs_drives(const Invocation& invocation) {
    constexpr std::array<std::string_view, 8> verbs{"list",    "inspect", "plan",    "erase",
                                                    "recover", "resume",  "recheck", "reveal"};
    return invocation.has("--drive") || std::ranges::find(verbs, invocation.verb) != verbs.end();
}

Result<Scenario> scenario_of(const Invocation& invocation) {
    const auto path = invocation.value("--scenario");
    if (path) return emulator::read_scenario(*path);
    if (!needs_drives(invocation)) return Scenario{};
    return Error{Fault::usage, "--scenario is missing",
                 "scenarios to begin with are in " + std::string(scenarios_directory)};
}

Setting setting_of(Scenario scenario, const Places& places) {
    const auto time = std::make_shared<SimulatedClock>();
    return {std::make_unique<EmulatedHost>(std::move(scenario), media_of(places), time),
            std::make_unique<RehearsalClock>(time)};
}

Status erase_scratch_drive(const std::string& directory) {
    const Places places{directory + "/state", directory + "/state/certificates", "",
                        Provenance::rehearsal};
    auto station = init_station(places, std::nullopt, std::nullopt);
    if (!station) return std::move(station).error();
    auto scenario = emulator::parse_scenario("title = \"selftest\"\n[[drive]]\nname = \"scratch\"\n"
                                             "serial = \"S1\"\nsize = 4194304\n");
    if (!scenario) return std::move(scenario).error();
    const std::string node = scenario->drives.front().facts.node;
    OpenSite site(places, Signing::ready, setting_of(*scenario, places));
    if (auto status = erase_and_check(node, site.doors()); !status) return status;
    EmulatedHost host(std::move(*scenario), media_of(places), std::make_shared<SimulatedClock>());
    const auto left = host.residue(node);
    if (!left) return left.error();
    if (*left == 0) return {};
    return Error{Fault::drive, "the secret is still on the emulated drive"};
}

/// What is left on one drive, whatever it answered.
struct Residue {
    std::string node;
    std::uint64_t blocks = 0;
    std::uint64_t left = 0;
};

Result<std::vector<Residue>> residues(const Invocation& invocation, const Places& places) {
    auto scenario = scenario_of(invocation);
    if (!scenario) return std::move(scenario).error();
    EmulatedHost host(std::move(*scenario), media_of(places), std::make_shared<SimulatedClock>());
    std::vector<Residue> all;
    for (const std::string& target : invocation.operands) {
        const auto drive = select(host, places.detect_request(true), target);
        if (!drive) return drive.error();
        const auto left = host.residue(drive->node);
        if (!left) return left.error();
        all.push_back({drive->node, drive->size_bytes / drive->logical_block_bytes, *left});
    }
    return all;
}

void print(const std::vector<Residue>& all, bool json) {
    Json::Array drives;
    std::string text;
    for (const Residue& each : all) {
        drives.push_back(Json::object(
            {{"node", each.node}, {"blocks", each.blocks}, {"blocks_with_secret", each.left}}));
        text += each.node + ": the secret is left in " + std::to_string(each.left) + " of " +
                std::to_string(each.blocks) + " blocks\n";
    }
    if (json) text = to_line(Json::object({{"drives", std::move(drives)}})) + "\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
}

} // namespace

const Program& RehearsalPremises::program() const {
    return rehearse::program();
}

Result<Setting> RehearsalPremises::setting(const Invocation& invocation,
                                           const Places& places) const {
    auto scenario = scenario_of(invocation);
    if (!scenario) return std::move(scenario).error();
    return setting_of(std::move(*scenario), places);
}

SelftestResult RehearsalPremises::selftest(const std::string& directory) const {
    return {"erase, sign and check an emulated drive", erase_scratch_drive(directory)};
}

Result<ExitStatus> RehearsalPremises::own_verb(const Invocation& invocation,
                                               const Places& places) const {
    const auto all = residues(invocation, places);
    if (!all) return Error(all.error()).during("reveal");
    print(*all, invocation.has("--json"));
    const bool left = std::ranges::any_of(*all, [](const Residue& each) { return each.left != 0; });
    return left ? ExitStatus::failed : ExitStatus::success;
}

} // namespace quietus::rehearse
