#include "sat_pages.hpp"

#include "octet_fields.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr std::uint64_t all_of_32 = 0xFFFFFFFF;
constexpr std::size_t mode_header = 8;

// The serial number that answers now, in reading order: words 10 to 19.
Bytes serial_in(const Bytes& identify) {
    Bytes serial(identify.begin() + 20, identify.begin() + 40);
    for (std::size_t at = 0; at < serial.size(); at += 2)
        std::swap(serial[at], serial[at + 1]);
    return serial;
}

Bytes vpd(std::uint8_t page, const Bytes& body) {
    Bytes all(4 + body.size());
    all[1] = page;
    put_big(all, 2, 2, body.size());
    std::copy(body.begin(), body.end(), all.begin() + 4);
    return all;
}

// One designator: the drive's NAA name (SPC-5 clause 7.7.6).
Bytes designators(std::uint64_t wwn) {
    if (wwn == 0) return {};
    Bytes body{0x01, 0x03, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0};
    put_big(body, 4, 8, wwn);
    return body;
}

// SAT-4 clause 12.4.2: who translates, the drive's first FIS, IDENTIFY DEVICE and its data.
Bytes ata_information(const Bytes& identify) {
    Bytes body(568);
    put_text(body, 4, 8, "EMULATED");
    put_text(body, 12, 16, "TRANSLATOR");
    put_text(body, 28, 4, "1");
    body[32] = 0x34; // device to host FIS
    body[34] = 0x50;
    body[52] = 0xEC;
    std::copy(identify.begin(), identify.end(), body.begin() + 56);
    return body;
}

} // namespace

Bytes inquiry_data(const AtaTraits& traits) {
    Bytes data(36);
    data[2] = 0x06; // SPC-4
    data[3] = 0x02;
    data[4] = 31;
    data[7] = 0x02; // CMDQUE
    put_text(data, 8, 8, "ATA");
    put_text(data, 16, 16, traits.model);
    put_text(data, 32, 4, traits.firmware);
    return data;
}

std::optional<Bytes> vpd_page(VpdQuestion question, const AtaTraits& traits,
                              const Bytes& identify) {
    Bytes rotation(60);
    put_big(rotation, 0, 2, traits.rotates ? 7200 : 1);
    switch (question.page) {
    case 0x00:
        return vpd(0x00, question.with_sat ? Bytes{0x00, 0x80, 0x83, 0x89, 0xB1}
                                           : Bytes{0x00, 0x80, 0x83, 0xB1});
    case 0x80:
        return vpd(0x80, serial_in(identify));
    case 0x83:
        return vpd(0x83, designators(traits.wwn));
    case 0x89:
        if (!question.with_sat) return std::nullopt;
        return vpd(0x89, ata_information(identify));
    case 0xB1:
        return vpd(0xB1, rotation);
    default:
        return std::nullopt;
    }
}

Bytes capacity_10(const AtaTraits& traits, std::uint64_t blocks) {
    Bytes data(8);
    put_big(data, 0, 4, std::min(blocks - 1, all_of_32));
    put_big(data, 4, 4, traits.logical_bytes);
    return data;
}

Bytes capacity_16(const AtaTraits& traits, std::uint64_t blocks) {
    Bytes data(32);
    put_big(data, 0, 8, blocks - 1);
    put_big(data, 8, 4, traits.logical_bytes);
    data[13] = static_cast<std::uint8_t>(
        std::countr_zero(std::max(traits.physical_bytes / traits.logical_bytes, 1U)));
    return data;
}

Bytes mode_data(const AtaTraits& traits, std::uint64_t blocks, bool long_lba) {
    Bytes data(mode_header + (long_lba ? 16U : 8U));
    put_big(data, 0, 2, data.size() - 2);
    data[4] = long_lba ? 1 : 0;
    put_big(data, 6, 2, data.size() - mode_header);
    if (long_lba)
        put_big(data, mode_header, 8, blocks);
    else
        put_big(data, mode_header, 4, std::min(blocks, all_of_32));
    put_big(data, data.size() - 4, 4, traits.logical_bytes);
    return data;
}

std::optional<std::uint64_t> selected_blocks(const AtaTraits& traits, const Bytes& data) {
    if (data.size() < mode_header) return std::nullopt;
    const bool long_lba = (data[4] & 1U) != 0;
    const std::size_t length = long_lba ? 16 : 8;
    const Bytes as_it_is = mode_data(traits, 0, long_lba);
    const auto at = [&data](std::size_t offset) {
        return data.begin() + static_cast<long>(offset);
    };
    if (data.size() != mode_header + length || data[6] != 0 || data[7] != length ||
        !std::equal(at(data.size() - 4), data.end(), as_it_is.end() - 4))
        return std::nullopt;
    std::uint64_t blocks = 0;
    for (std::size_t i = 0; i < (long_lba ? 8U : 4U); ++i)
        blocks = blocks << 8U | data[mode_header + i];
    return !long_lba && blocks == all_of_32 ? ~std::uint64_t{0} : blocks;
}

} // namespace quietus::emulator
