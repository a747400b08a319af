#include "mmc_registers.hpp"

#include "octets.hpp"

namespace quietus::mmc {
namespace {

/// Indices into EXT_CSD.
constexpr std::size_t data_sector_size = 61;
constexpr std::size_t gp_size_mult = 143; // 3 octets for each of four areas
constexpr std::size_t partition_setting_completed = 155;
constexpr std::size_t partitioning_support = 160;
constexpr std::size_t rpmb_size_mult = 168;
constexpr std::size_t revision = 192;
constexpr std::size_t sec_count = 212;
constexpr std::size_t hc_wp_grp_size = 221;
constexpr std::size_t hc_erase_grp_size = 224;
constexpr std::size_t boot_size_mult = 226;
constexpr std::size_t firmware_version = 254;

constexpr std::uint64_t sector = 512;
constexpr std::uint64_t area_unit = 128U << 10U;
constexpr std::uint64_t group_unit = 512U << 10U;

// Areas of general purpose exist once their sizes have been set for good.
std::array<std::uint64_t, 4> general_purpose(ByteView data) {
    std::array<std::uint64_t, 4> sizes{};
    const bool in_force =
        (data[partitioning_support] & 1U) != 0 && (data[partition_setting_completed] & 1U) != 0;
    if (!in_force) return sizes;
    const std::uint64_t group =
        std::uint64_t{data[hc_wp_grp_size]} * data[hc_erase_grp_size] * group_unit;
    for (std::size_t area = 0; area < sizes.size(); ++area)
        sizes[area] = wire::little(data, gp_size_mult + 3 * area, 3) * group; // below 2^60
    return sizes;
}

} // namespace

Result<ExtCsd> parse_ext_csd(ByteView data) {
    constexpr std::uint8_t revision_with_firmware = 7; // eMMC 5.0
    if (data.size() != ext_csd_octets) return Error{Fault::drive, "it is cut short"};
    if (wire::all(data, data[0])) return Error{Fault::drive, "it is empty"};
    ExtCsd found;
    const std::uint64_t sectors = wire::little(data, sec_count, 4);
    if (sectors != 0) found.size_bytes = sectors * sector;
    if (data[data_sector_size] == 1) found.block_bytes = 4096;
    found.boot_bytes = data[boot_size_mult] * area_unit;
    found.rpmb_bytes = data[rpmb_size_mult] * area_unit;
    found.general_purpose_bytes = general_purpose(data);
    if (data[revision] >= revision_with_firmware) {
        const ByteView version = data.subspan(firmware_version, 8);
        found.firmware.assign(version.begin(), version.end());
    }
    return found;
}

Result<Cid> parse_cid(std::string_view hex, CardKind kind) {
    constexpr std::size_t cid_octets = 16;
    const auto octets = from_hex(hex);
    if (!octets || octets->size() != cid_octets)
        return Error{Fault::invalid, "a CID is not 32 hexadecimal digits"};
    // MID; MMC: card type, OID (1), PNM (6); SD: OID (2), PNM (5); then PRV, PSN (4), MDT and CRC.
    const std::size_t name_octets = kind == CardKind::mmc ? 6 : 5;
    const std::size_t revision_at = 3 + name_octets;
    const ByteView all = *octets;
    const ByteView serial = all.subspan(revision_at + 1, 4);
    return Cid{all[0], wire::plain_text(all.subspan(3, name_octets)),
               Bytes(serial.begin(), serial.end()), all[revision_at]};
}

} // namespace quietus::mmc
