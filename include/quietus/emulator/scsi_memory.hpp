// ScsiMemory: what the firmware of an emulated SAS drive knows, for a drive that lasts from run to
// run. As AtaMemory.
#pragma once

#include "quietus/core/extent.hpp"
#include "quietus/core/result.hpp"
#include "quietus/emulator/operation_memory.hpp"
#include "quietus/emulator/scsi_traits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus::emulator {

/// Of one logical unit. The state is a number of the enumeration ScsiState.
struct ScsiUnitMemory {
    std::uint32_t state = 0;
    bool unrestricted = false;
    std::uint64_t shown_blocks = 0;
    std::vector<Extent> unwritten;
    bool must_be_written = false;
    std::optional<OperationMemory> running;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("state", self.state);
        visit("unrestricted", self.unrestricted);
        visit("shown_blocks", self.shown_blocks);
        visit("unwritten", self.unwritten);
        visit("must_be_written", self.must_be_written);
        visit("running", self.running);
    }
};

struct ScsiMemory {
    std::string serial;
    std::vector<ScsiUnitMemory> units;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("serial", self.serial);
        visit("units", self.units);
    }
};

[[nodiscard]] std::string written(const ScsiMemory& memory);
/// Read as strictly as a stranger's, for a drive of these traits: Fault::invalid.
[[nodiscard]] Result<ScsiMemory> read_scsi_memory(std::string_view text, const ScsiTraits& traits);

} // namespace quietus::emulator
