#include "scsi_pages.hpp"

#include "octet_fields.hpp"

#include <algorithm>

namespace quietus::emulator {
namespace {

constexpr std::uint64_t all_of_32 = 0xFFFFFFFF;

Bytes vpd(std::uint8_t page, const Bytes& body) {
    Bytes all(4 + body.size());
    all[1] = page;
    put_big(all, 2, 2, body.size());
    std::ranges::copy(body, all.begin() + 4);
    return all;
}

// The unit's NAA name, its last digit by the unit, and the name of the drive that all share.
Bytes designators(const ScsiSituation& now) {
    constexpr std::uint8_t target_device = 0xA3; // SAS, association 2, NAA
    Bytes body{0x01, 0x03, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0};
    put_big(body, 4, 8, now.traits.wwn + now.unit);
    Bytes target{0x61, target_device, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0};
    put_big(target, 4, 8, now.traits.wwn - 1);
    body.insert(body.end(), target.begin(), target.end());
    return body;
}

Bytes ports(const ScsiTraits& traits) {
    Bytes body;
    for (unsigned port = 1; port <= traits.ports; ++port) {
        Bytes each(24);
        put_big(each, 2, 2, port);
        put_big(each, 10, 2, 12);
        each[12] = 0x61;
        each[13] = 0x93; // SAS, association 1, NAA
        each[15] = 8;
        put_big(each, 16, 8, traits.wwn + 16 + port);
        body.insert(body.end(), each.begin(), each.end());
    }
    return body;
}

Bytes characteristics(const ScsiTraits& traits) {
    Bytes body(60);
    put_big(body, 0, 2, traits.rotates ? 7200 : 1);
    body[3] =
        static_cast<std::uint8_t>(static_cast<unsigned>(traits.after_block_erase) << 6U |
                                  static_cast<unsigned>(traits.after_crypto_erase) << 4U | 0x02U);
    return body;
}

} // namespace

Bytes scsi_inquiry(const ScsiTraits& traits) {
    Bytes data(36);
    data[2] = 0x06; // SPC-4
    data[3] = 0x02;
    data[4] = 31;
    data[5] = traits.protection != 0 ? 0x01 : 0; // PROTECT
    data[6] = traits.ports > 1 ? 0x10 : 0;       // MULTIP
    data[7] = 0x02;                              // CMDQUE
    put_text(data, 8, 8, traits.vendor);
    put_text(data, 16, 16, traits.product);
    put_text(data, 32, 4, traits.revision);
    return data;
}

std::optional<Bytes> scsi_vpd(const ScsiSituation& now, std::uint8_t page) {
    constexpr unsigned all_types = 7U << 3U;
    Bytes serial(now.serial.size());
    put_text(serial, 0, serial.size(), now.serial);
    Bytes extended(60);
    extended[0] = static_cast<std::uint8_t>(now.traits.protection != 0 ? all_types : 0);
    switch (page) {
    case 0x00:
        return vpd(0x00, {0x00, 0x80, 0x83, 0x86, 0x88, 0xB1});
    case 0x80:
        return vpd(0x80, serial);
    case 0x83:
        return vpd(0x83, designators(now));
    case 0x86:
        return vpd(0x86, extended);
    case 0x88:
        return vpd(0x88, ports(now.traits));
    case 0xB1:
        return vpd(0xB1, characteristics(now.traits));
    default:
        return std::nullopt;
    }
}

Bytes scsi_capacity_10(const ScsiSituation& now) {
    Bytes data(8);
    put_big(data, 0, 4, std::min(now.shown_blocks - 1, all_of_32));
    put_big(data, 4, 4, now.traits.block_bytes);
    return data;
}

Bytes scsi_capacity_16(const ScsiSituation& now) {
    Bytes data(32);
    put_big(data, 0, 8, now.shown_blocks - 1);
    put_big(data, 8, 4, now.traits.block_bytes);
    const unsigned type = now.traits.protection;
    data[12] = static_cast<std::uint8_t>(type != 0 ? 1U | (type - 1) << 1U : 0U);
    data[13] = now.traits.physical_exponent;
    return data;
}

std::optional<Bytes> scsi_log(const ScsiSituation& now, std::uint8_t page) {
    if (page != 0x15) return std::nullopt;
    Bytes data(20);
    data[0] = 0x15;
    put_big(data, 2, 2, 16);
    data[6] = 0x03;
    data[7] = 12;
    put_big(data, 8, 4, now.powered_minutes);
    return data;
}

Bytes scsi_defects(const ScsiSituation& now) {
    Bytes data{0, 0x0C, 0, 0, 0, 0, 0, 0};
    put_big(data, 4, 4, now.grown_defects * 8);
    return data;
}

Bytes scsi_keys(const ScsiTraits& traits) {
    Bytes data(traits.reserved_by != 0 ? 16 : 8);
    put_big(data, 4, 4, data.size() - 8);
    if (traits.reserved_by != 0) put_big(data, 8, 8, traits.reserved_by);
    return data;
}

Bytes scsi_reservation(const ScsiTraits& traits) {
    constexpr std::uint8_t exclusive_for_registrants = 6;
    Bytes data(traits.reserved_by != 0 ? 24 : 8);
    if (traits.reserved_by == 0) return data;
    put_big(data, 4, 4, 16);
    put_big(data, 8, 8, traits.reserved_by);
    data[21] = exclusive_for_registrants;
    return data;
}

Bytes scsi_luns(const ScsiTraits& traits) {
    Bytes data(8 + 8 * std::size_t{traits.units});
    put_big(data, 0, 4, data.size() - 8);
    for (unsigned unit = 0; unit < traits.units; ++unit)
        put_big(data, 8 + 8 * std::size_t{unit}, 2, unit);
    return data;
}

std::vector<ScsiUsage> scsi_usages(const ScsiTraits& traits) {
    std::vector<ScsiUsage> rows{
        {0x00, {}, "000000000007"},
        {0x03, {}, "03010000ff07"},
        {0x12, {}, "1201ffffff07"},
        {0x25, {}, "25000000000000000007"},
        {0x35, {}, "3506ffffffff1fffff07"},
        {0x4D, {}, "4d00ff00000000ffff07"},
        {0x55, {}, "5511000000000000ff07"},
        {0x5A, {}, "5a18ff00000000ffff07"},
        {0x5E, 0x00, "5e1f0000000000ffff07"},
        {0x5E, 0x01, "5e1f0000000000ffff07"},
        {0x9E, 0x10, "9e1f00000000000000000000ffff0007"},
        {0xA0, {}, "a000ff000000ffffffff0007"},
        {0xB7, {}, "b71fffffffffffffffff0007"},
    };
    if (traits.reports != ReportsCommands::not_at_all)
        rows.push_back({0xA3, 0x0C, "a31f87ffffffffffffff0007"});
    if (traits.tcg) rows.push_back({0xA2, {}, "a2ffffff0000ffffffff0007"});
    if (traits.format.supported) rows.push_back({0x04, {}, "04f800000307"});
    const ScsiSanitizeTraits& offers = traits.sanitize;
    const unsigned flags =
        0x9FU | (offers.exit_failure ? 0x20U : 0U) | (offers.zoned_no_reset ? 0x40U : 0U);
    const std::string second = to_hex(Bytes{static_cast<std::uint8_t>(flags)});
    if (offers.overwrite) rows.push_back({0x48, 0x01, "48" + second + "0000000000ffff07"});
    if (offers.block_erase) rows.push_back({0x48, 0x02, "48" + second + "0000000000000007"});
    if (offers.crypto_erase) rows.push_back({0x48, 0x03, "48" + second + "0000000000000007"});
    if (offers.exit_failure) rows.push_back({0x48, 0x1F, "481f0000000000000007"});
    return rows;
}

} // namespace quietus::emulator
