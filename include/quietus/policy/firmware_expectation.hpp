// What a drive must return when it has done what it was told.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/record/firmware_evidence.hpp"
#include "quietus/record/technique.hpp"

#include <cstdint>
#include <vector>

namespace quietus {

struct EndState {
    Expectation expectation = Expectation::host_pass;
    /// Any of these, and the same all over. In which order a drive takes the four octets of the
    /// command's pattern is the drive's affair.
    std::vector<Bytes> patterns;
};

/// An overwrite ends with its pattern when it is not inverted, or is told to end so; otherwise it
/// is up to the drive whether the last pass is inverted (so Seagate's openSeaChest has it). Zeros
/// or ones after a block erase (OCP Datacenter NVMe SSD 2.0, NVMe-AD-8; the same is told of SATA).
/// Of a new key, of what a SECURITY ERASE UNIT writes and of a FORMAT UNIT nothing is known: drives
/// that encrypt return noise. A SCSI overwrite leaves its pattern whatever the number of its passes
/// is, inverted or not, and its octets stand in the command in the order of the medium.
[[nodiscard]] EndState end_state(Technique method, const FirmwareOptions& options);

/// Of an overwrite: what the field of its command can say (ACS-4: COUNT bits 3:0, of which 0 is 16,
/// and NVMe the same; SANITIZE of SCSI: five bits, of which 0 is none).
[[nodiscard]] constexpr std::uint32_t most_passes(Technique method) {
    return method == Technique::scsi_sanitize_overwrite ? 31 : 16;
}

/// What the method reaches by the shipped table of techniques.
[[nodiscard]] Level reported_level(Technique method);

[[nodiscard]] constexpr bool is_sanitize(Technique method) {
    return method == Technique::ata_sanitize_crypto_scramble ||
           method == Technique::ata_sanitize_block_erase ||
           method == Technique::ata_sanitize_overwrite;
}

} // namespace quietus
