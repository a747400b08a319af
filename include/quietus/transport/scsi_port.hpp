// ScsiPort: SCSI commands to one logical unit.
//
// Implemented by transport/linux/sg_io_port (SG_IO on an open descriptor) and by fakes. What a
// drive answers is a reply, CHECK CONDITION included: an Error means that no answer came.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace quietus {

/// Status codes, SAM-5 clause 5.3; others come as they are.
namespace scsi {
inline constexpr std::uint8_t good = 0x00;
inline constexpr std::uint8_t check_condition = 0x02;
} // namespace scsi

/// One command. It moves data in one direction or none: `in_bytes` is 0 or `out` empty.
struct ScsiCommand {
    Bytes cdb;                ///< 6 to 16 octets
    std::size_t in_bytes = 0; ///< the most that the drive may send; what the CDB itself allows
    std::chrono::milliseconds timeout{};
    Bytes out = {}; ///< what the drive is sent. How much of it was taken is not told: bridges make
                    ///< that up, so what the command did must show in something else
};

struct ScsiReply {
    std::uint8_t status = scsi::good;
    Bytes sense; ///< as it came, undecoded; empty when there was none
    Bytes data;  ///< what was transferred and nothing beyond, however much was asked for
};

class ScsiPort {
  public:
    virtual ~ScsiPort() = default;
    /// Returns when the command has ended. Fault::io: it never arrived, or timed out, or the drive
    /// went away; nothing is known then of what the drive did.
    [[nodiscard]] virtual Result<ScsiReply> execute(const ScsiCommand& command) = 0;
};

/// These, in their order, as those who use them see them.
template <typename Port>
[[nodiscard]] std::vector<ScsiPort*> ports_of(const std::vector<std::unique_ptr<Port>>& owned) {
    std::vector<ScsiPort*> ports;
    ports.reserve(owned.size());
    for (const auto& each : owned)
        ports.push_back(each.get());
    return ports;
}

} // namespace quietus
