// Pages in which a SCSI drive tells of its format, its health and who else uses it.
//
// Pure parsers over what was transferred; Fault::drive when it is cut short or is another page.
// Layouts as sg3_utils (sg_modes, sg_persist, sg_vpd, sg_readcap) and smartmontools (scsiprint)
// read them.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/scsi_evidence.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace quietus::scsi {

/// READ CAPACITY (16).
struct UnitFormat {
    std::uint64_t blocks = 0; ///< 2^64 cannot be told
    std::uint32_t block_bytes = 0;
    std::uint8_t protection = 0;          ///< type of protection information; 0: none
    std::uint8_t protection_interval = 0; ///< exponent
    std::uint8_t physical_exponent = 0;   ///< 2^n logical blocks a physical one
};
[[nodiscard]] Result<UnitFormat> parse_unit_format(ByteView reply);

/// MODE SENSE (10): header and block descriptor.
struct ModeDescriptor {
    bool write_protected = false;
    std::optional<std::uint64_t> blocks; ///< nothing: as many as there are, or more than it can say
    std::uint32_t block_bytes = 0;
};
[[nodiscard]] Result<ModeDescriptor> parse_mode_descriptor(ByteView reply);

/// VPD page B1h, octet 7.
struct ErasedReads {
    ScsiReadAfterErase after_block_erase = ScsiReadAfterErase::unspecified;
    ScsiReadAfterErase after_crypto_erase = ScsiReadAfterErase::unspecified;
};
/// Unspecified where the page is too short to tell.
[[nodiscard]] Result<ErasedReads> parse_erased_reads(ByteView page);

/// VPD page 86h, SPT: a bit for each type of protection information that it can be formatted with,
/// bit 0 for type 1.
[[nodiscard]] Result<std::uint8_t> parse_protection_types(ByteView page);

/// VPD page 88h: relative identifiers of the ports by which the drive can be reached.
[[nodiscard]] Result<std::vector<std::uint16_t>> parse_ports(ByteView page);

/// Log page 15h: minutes that the drive was powered.
[[nodiscard]] Result<std::uint64_t> parse_powered_minutes(ByteView page);

/// The header of READ DEFECT DATA (12): how many grown defects there are. Nothing when the drive
/// has the list in no format whose descriptors have a known size.
[[nodiscard]] Result<std::optional<std::uint64_t>> parse_grown_defects(ByteView reply);

/// PERSISTENT RESERVE IN.
struct Reservation {
    std::uint64_t key = 0;
    std::uint8_t type = 0; ///< 1 and 3: exclusive; 5 to 8: for registrants
};
[[nodiscard]] Result<std::vector<std::uint64_t>> parse_reservation_keys(ByteView reply);
[[nodiscard]] Result<std::optional<Reservation>> parse_reservation(ByteView reply);

} // namespace quietus::scsi
