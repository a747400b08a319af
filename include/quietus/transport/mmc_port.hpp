// MmcPort: commands to one MMC card.
//
// Implemented by transport/linux/mmc_ioctl_port and by fakes. A card status with error bits is a
// reply: an Error means that no answer came.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace quietus {

/// JESD84-B51 clause 6.10: a command whose response is R1.
struct MmcCommand {
    std::uint8_t index = 0; ///< of CMD8: 8
    std::uint32_t argument = 0;
    std::size_t in_bytes = 0; ///< one block of data from the card; 0: none
    std::chrono::milliseconds timeout{};
};

struct MmcReply {
    std::uint32_t card_status = 0; ///< R1, JESD84-B51 clause 6.13
    Bytes data;                    ///< one block, or nothing
};

class MmcPort {
  public:
    virtual ~MmcPort() = default;
    /// Fault::io: the card did not answer, or the host refused to ask it.
    [[nodiscard]] virtual Result<MmcReply> execute(const MmcCommand& command) = 0;
};

} // namespace quietus
