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
/// is up to the drive whether the last pass is inverted (so Seagate's openSeaChest has it); of NVMe
/// the last pass is never inverted (NVM Express Base 2.1, figure 647). Zeros or ones after a block
/// erase (OCP Datacenter NVMe SSD 2.0, NVMe-AD-8; the same is told of SATA).
/// Of a new key, of what a SECURITY ERASE UNIT writes and of a FORMAT UNIT nothing is known: drives
/// that encrypt return noise. A SCSI overwrite leaves its pattern whatever the number of its passes
/// is, inverted or not, and its octets stand in the command in the order of the medium.
[[nodiscard]] EndState end_state(Technique method, const FirmwareOptions& options);

/// The same of what was done: an NVMe overwrite leaves its pattern where it was told to deallocate
/// nothing and has done so; else what stands for nothing, of which nothing is known.
[[nodiscard]] EndState end_state(const FirmwareEvidence& evidence);

/// What the method reaches at the most by the shipped table of techniques, a vendor's claim
/// included: whether that counts is for the plan's policy to say.
[[nodiscard]] Level reported_level(Technique method);

[[nodiscard]] constexpr bool is_sanitize(Technique method) {
    return method == Technique::ata_sanitize_crypto_scramble ||
           method == Technique::ata_sanitize_block_erase ||
           method == Technique::ata_sanitize_overwrite;
}

[[nodiscard]] constexpr bool is_nvme_format(Technique method) {
    return method == Technique::nvme_format_crypto_erase ||
           method == Technique::nvme_format_user_data;
}

} // namespace quietus
