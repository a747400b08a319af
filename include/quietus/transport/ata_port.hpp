// AtaPort: ATA commands as registers in and registers out.
//
// Implemented by AtaOverScsi and emulator/ata_drive. A drive that aborts a command has answered:
// that is a reply.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace quietus {

enum class AtaProtocol : std::uint8_t { non_data, pio_in, pio_out };

/// The input registers of a command (ACS-4 clause 7.1).
struct AtaTaskfile {
    std::uint8_t command = 0;
    std::uint16_t feature = 0; ///< bits 15:8 in extended commands only
    std::uint16_t count = 0;   ///< the same
    std::uint64_t lba = 0;     ///< 28 bits, in extended commands 48
    std::uint8_t device = 0;
};

struct AtaCommand {
    AtaTaskfile taskfile;
    AtaProtocol protocol = AtaProtocol::non_data;
    bool extended = false;    ///< one of the 48-bit command set
    std::size_t in_bytes = 0; ///< a multiple of 512; `count` says the same in blocks
    std::chrono::milliseconds timeout{};
    Bytes out = {}; ///< of pio_out: what the drive is sent, as `in_bytes`
};

/// The output registers.
struct AtaRegisters {
    std::uint8_t status = 0;
    std::uint8_t error = 0;
    std::uint8_t device = 0;
    std::uint16_t count = 0;
    /// Whether bits 15:8 of the count are known. If not, nothing may be concluded from their being
    /// 0.
    bool whole_count = false;
    /// Absent when octets of it were left out, or came in an order on which translators disagree.
    std::optional<std::uint64_t> lba;

    /// ACS-4 clause 6, STATUS: BSY, DF, DRQ and ERR are 0, DRDY is 1.
    [[nodiscard]] bool succeeded() const { return (status & 0xE9U) == 0x40U; }
};

struct AtaReply {
    /// What the drive's registers held at the end. Absent when the way there did not bring them
    /// back: a command without data has then proved nothing.
    std::optional<AtaRegisters> registers;
    Bytes data; ///< what was transferred and nothing beyond
};

class AtaPort {
  public:
    virtual ~AtaPort() = default;
    /// Fault::unsupported when the way to the drive refuses such commands, Fault::drive when what
    /// came back cannot be understood, Fault::io when nothing came back.
    [[nodiscard]] virtual Result<AtaReply> execute(const AtaCommand& command) = 0;
};

} // namespace quietus
