// AtaMemory: what the firmware of an emulated drive knows, for a drive that lasts from run to run.
//
// Between two runs it stays powered and no time passes for it: what is frozen stays frozen, what
// was lifted stays lifted, and an operation goes on from where it was.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/emulator/ata_traits.hpp"
#include "quietus/emulator/operation_memory.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quietus::emulator {

/// States are numbers of the enumerations SanitizeState and SecurityState, sizes are in blocks.
struct AtaMemory {
    std::uint32_t sanitize = 0;
    bool unrestricted = false;
    bool completed = false;
    bool antifreeze = false;
    std::uint32_t security = 0;
    std::string user_password; ///< hexadecimal, as the master password
    std::string master_password;
    bool maximum = false;
    std::uint32_t master_identifier = 0;
    std::uint32_t attempts = 0;
    std::uint64_t native = 0;
    std::uint64_t accessible = 0;
    std::uint64_t kept = 0;                   ///< what is accessible after the next power-on
    std::optional<std::uint64_t> scsi_blocks; ///< that MODE SELECT has left
    std::string serial;
    bool ended_well = false;
    bool says_ok_next = false;
    std::optional<OperationMemory> running;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("sanitize", self.sanitize);
        visit("unrestricted", self.unrestricted);
        visit("completed", self.completed);
        visit("antifreeze", self.antifreeze);
        visit("security", self.security);
        visit("user_password", self.user_password);
        visit("master_password", self.master_password);
        visit("maximum", self.maximum);
        visit("master_identifier", self.master_identifier);
        visit("attempts", self.attempts);
        visit("native", self.native);
        visit("accessible", self.accessible);
        visit("kept", self.kept);
        visit("scsi_blocks", self.scsi_blocks);
        visit("serial", self.serial);
        visit("ended_well", self.ended_well);
        visit("says_ok_next", self.says_ok_next);
        visit("running", self.running);
    }
};

[[nodiscard]] std::string written(const AtaMemory& memory);
/// Read as strictly as a stranger's, for a drive of these traits: Fault::invalid.
[[nodiscard]] Result<AtaMemory> read_ata_memory(std::string_view text, const AtaTraits& traits);

} // namespace quietus::emulator
