// INQUIRY and vital product data (SPC-5 clauses 6.7 and 7.7; SBC-4 clause 6.6; SAT-4 clause 12.4).
//
// Pure parsers over what was transferred. Fault::drive when a page is not what it claims to be.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus::scsi {

inline constexpr std::uint8_t type_disk = 0x00;
inline constexpr std::uint8_t type_zoned_disk = 0x14; ///< host-managed zoned (ZBC)

inline constexpr std::uint8_t vpd_supported = 0x00;
inline constexpr std::uint8_t vpd_serial = 0x80;
inline constexpr std::uint8_t vpd_designators = 0x83;
inline constexpr std::uint8_t vpd_ata_information = 0x89;
inline constexpr std::uint8_t vpd_characteristics = 0xB1;
inline constexpr std::uint8_t vpd_provisioning = 0xB2;

/// Standard INQUIRY data. Views into the page.
struct Inquiry {
    std::uint8_t qualifier = 0; ///< 0: a logical unit is there
    std::uint8_t type = 0;
    bool removable = false;
    std::uint8_t version = 0; ///< 5 is SPC-3
    std::uint8_t tpgs = 0;    ///< target port group support: not 0, asymmetric access
    ByteView vendor;
    ByteView product;
    ByteView revision;
};
/// At least the 36 octets that every drive sends.
[[nodiscard]] Result<Inquiry> parse_inquiry(ByteView page);
/// Vendor and product as people know the drive; the product alone behind a translator.
[[nodiscard]] std::string model_text(const Inquiry& inquiry);

/// The octets after a page's header, as many as it announces: the page must bear this code and be
/// whole. A unit that ignores EVPD and sends its INQUIRY data is found out by the caller.
[[nodiscard]] Result<ByteView> vpd_body(ByteView page, std::uint8_t code);
/// How many octets the page has by its own account, header included; 0 without a header.
[[nodiscard]] std::size_t vpd_length(ByteView page);

/// Page 89h: what the translator says of itself and the IDENTIFY data that it passes on.
struct AtaInformation {
    ByteView translator_vendor;
    ByteView translator_product;
    std::uint8_t command = 0; ///< ECh: IDENTIFY DEVICE, A1h: of a packet device
    ByteView identify;        ///< 512 octets
};
[[nodiscard]] Result<AtaInformation> parse_ata_information(ByteView page);

/// Page B1h.
struct Characteristics {
    std::optional<std::uint32_t> rotation_rpm; ///< 0: does not rotate; absent: not reported
    Zoned zoned = Zoned::unknown;
};
[[nodiscard]] Result<Characteristics> parse_characteristics(ByteView page);

/// Page B2h, PROVISIONING TYPE: blocks are given out when written.
[[nodiscard]] Result<bool> is_thin(ByteView page);

} // namespace quietus::scsi
