// What an ATA drive tells of itself besides who it is, asked in one go.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/ata_facts.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/transport/ata_port.hpp"

#include <cstdint>
#include <optional>

namespace quietus::ata {

struct Facts {
    AtaErasure erasure;
    HiddenAreas hidden;
    HealthRecord health;
    std::uint32_t block_bytes = 512;  ///< what `hidden` counts
    std::optional<TcgFacts> tcg = {}; ///< of a drive with the Trusted Computing feature set

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("erasure", self.erasure);
        visit("hidden", self.hidden);
        visit("health", self.health);
        visit("block_bytes", self.block_bytes);
        visit("tcg", self.tcg);
    }
};

/// By commands that change nothing and without data but for what the drive tells of itself:
/// IDENTIFY DEVICE, SANITIZE STATUS EXT, the native maximum addresses, DEVICE CONFIGURATION
/// IDENTIFY, SMART READ DATA, TRUSTED RECEIVE of Level 0 Discovery, and, of one that can overwrite
/// itself, READ LOG EXT of what it is capable of. The errors of IDENTIFY DEVICE; what else is not
/// answered is not known.
[[nodiscard]] Result<Facts> ask_facts(AtaPort& port);

/// Puts them into the drive, and its native capacity when that follows from them.
void tell(const Facts& facts, Drive& drive);

} // namespace quietus::ata
