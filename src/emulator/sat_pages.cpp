#include "sat_pages.hpp"

#include "octet_fields.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

namespace quietus::emulator {
namespace {

std::uint64_t blocks_in(const AtaTraits& traits, const Bytes& identify) {
    return traits.extended ? little(identify, std::size_t{2} * 100, 8)
                           : little(identify, std::size_t{2} * 60, 4);
}

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

Bytes capacity_10(const AtaTraits& traits, const Bytes& identify) {
    constexpr std::uint64_t too_many = 0xFFFFFFFF;
    Bytes data(8);
    put_big(data, 0, 4, std::min(blocks_in(traits, identify) - 1, too_many));
    put_big(data, 4, 4, traits.logical_bytes);
    return data;
}

Bytes capacity_16(const AtaTraits& traits, const Bytes& identify) {
    Bytes data(32);
    put_big(data, 0, 8, blocks_in(traits, identify) - 1);
    put_big(data, 8, 4, traits.logical_bytes);
    data[13] = static_cast<std::uint8_t>(
        std::countr_zero(std::max(traits.physical_bytes / traits.logical_bytes, 1U)));
    return data;
}

} // namespace quietus::emulator
