// What drives send, built by hand from the offsets that the standards give.
#pragma once

#include "quietus/core/bytes.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace quietus::test {

inline void put_text(Bytes& bytes, std::size_t at, std::size_t width, const std::string& text) {
    for (std::size_t i = 0; i < width; ++i)
        bytes.at(at + i) = static_cast<std::uint8_t>(i < text.size() ? text[i] : ' ');
}
inline void put_big(Bytes& bytes, std::size_t at, std::size_t width, std::uint64_t value) {
    for (std::size_t i = 0; i < width; ++i)
        bytes.at(at + i) = static_cast<std::uint8_t>(value >> (8 * (width - 1 - i)) & 0xFFU);
}
inline void put_little(Bytes& bytes, std::size_t at, std::size_t width, std::uint64_t value) {
    for (std::size_t i = 0; i < width; ++i)
        bytes.at(at + i) = static_cast<std::uint8_t>(value >> (8 * i) & 0xFFU);
}

// --- SCSI ---

/// Standard INQUIRY data of 36 octets: SPC-4, a disk that is there.
[[nodiscard]] inline Bytes inquiry(const std::string& vendor, const std::string& product,
                                   const std::string& revision = "0001") {
    Bytes page(36);
    page[2] = 6;
    page[3] = 2;
    page[4] = 31;
    put_text(page, 8, 8, vendor);
    put_text(page, 16, 16, product);
    put_text(page, 32, 4, revision);
    return page;
}

[[nodiscard]] inline Bytes vpd(std::uint8_t code, const Bytes& body) {
    Bytes page{0, code, 0, 0};
    put_big(page, 2, 2, body.size());
    page.insert(page.end(), body.begin(), body.end());
    return page;
}
[[nodiscard]] inline Bytes vpd_text(std::uint8_t code, const std::string& text) {
    return vpd(code, Bytes(text.begin(), text.end()));
}
/// One designator of page 83h; protocol 6 (SAS) and PIV for ports and targets.
[[nodiscard]] inline Bytes designator(unsigned association, unsigned type, const std::string& hex) {
    const Bytes value = from_hex(hex).value();
    const unsigned piv = association == 0 ? 0 : 0x80;
    Bytes all{static_cast<std::uint8_t>(association == 0 ? 1 : 0x61),
              static_cast<std::uint8_t>(piv | association << 4U | type), 0,
              static_cast<std::uint8_t>(value.size())};
    all.insert(all.end(), value.begin(), value.end());
    return all;
}
[[nodiscard]] inline Bytes joined(std::initializer_list<Bytes> pieces) {
    Bytes all;
    for (const Bytes& piece : pieces)
        all.insert(all.end(), piece.begin(), piece.end());
    return all;
}
[[nodiscard]] inline Bytes rotation_page(std::uint16_t rate, unsigned zoned = 0) {
    Bytes body(60);
    put_big(body, 0, 2, rate);
    body[4] = static_cast<std::uint8_t>(zoned << 4U);
    return vpd(0xB1, body);
}
[[nodiscard]] inline Bytes capacity_16(std::uint64_t blocks, std::uint32_t block_bytes,
                                       unsigned exponent = 0) {
    Bytes reply(32);
    put_big(reply, 0, 8, blocks - 1);
    put_big(reply, 8, 4, block_bytes);
    reply[13] = static_cast<std::uint8_t>(exponent);
    return reply;
}
[[nodiscard]] inline Bytes capacity_10(std::uint64_t blocks, std::uint32_t block_bytes) {
    Bytes reply(8);
    put_big(reply, 0, 4, blocks - 1);
    put_big(reply, 4, 4, block_bytes);
    return reply;
}
[[nodiscard]] inline Bytes lun_list(std::initializer_list<std::uint64_t> addresses) {
    Bytes reply(8 + 8 * addresses.size());
    put_big(reply, 0, 4, 8 * addresses.size());
    std::size_t at = 8;
    for (const std::uint64_t address : addresses) {
        put_big(reply, at, 8, address);
        at += 8;
    }
    return reply;
}

// --- ATA ---

/// The 512 octets of IDENTIFY DEVICE. A 4 TB drive of 512-octet blocks on 4096-octet sectors at
/// 7200 rpm, until a test says otherwise.
struct IdentifySample {
    std::array<std::uint16_t, 256> words{};

    IdentifySample() {
        words[0] = 0x0040;
        text(10, 10, "        ZC14AB7K");
        text(23, 4, "TN05");
        text(27, 20, "ST4000NM0035-1V4107");
        words[53] = 0x0007;
        sectors(7814037168);
        words[83] = 0x7D61; // 48-bit, marked valid
        words[87] = 0x6173; // name present, marked valid
        words[106] = 0x6003;
        words[217] = 7200;
        name(0x5000C500A1B2C3D4);
    }
    void text(std::size_t first, std::size_t count, std::string value) {
        value.resize(2 * count, ' ');
        for (std::size_t i = 0; i < count; ++i)
            words.at(first + i) =
                static_cast<std::uint16_t>(static_cast<std::uint8_t>(value[2 * i]) << 8U |
                                           static_cast<std::uint8_t>(value[2 * i + 1]));
    }
    void sectors(std::uint64_t count) {
        words[60] = 0xFFFF;
        words[61] = 0x0FFF;
        for (std::size_t i = 0; i < 4; ++i)
            words.at(100 + i) = static_cast<std::uint16_t>(count >> (16 * i) & 0xFFFFU);
    }
    void name(std::uint64_t wwn) {
        for (std::size_t i = 0; i < 4; ++i)
            words.at(108 + i) = static_cast<std::uint16_t>(wwn >> (48 - 16 * i) & 0xFFFFU);
    }
    /// As the drive sends it, without signature and sum.
    [[nodiscard]] Bytes bare() const {
        Bytes data(512);
        for (std::size_t i = 0; i < words.size(); ++i)
            put_little(data, 2 * i, 2, words.at(i));
        return data;
    }
    /// With the signature, and the sum that makes all octets add up to 0 (ACS-4, word 255).
    [[nodiscard]] Bytes sealed() const {
        Bytes data = bare();
        data[510] = 0xA5;
        data[511] = 0;
        const unsigned sum = std::accumulate(data.begin(), data.end(), 0U);
        data[511] = static_cast<std::uint8_t>(0U - sum);
        return data;
    }
};

[[nodiscard]] inline Bytes with_octets_swapped(Bytes bytes) {
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2)
        std::swap(bytes[at], bytes[at + 1]);
    return bytes;
}

/// Page 89h of a translator.
[[nodiscard]] inline Bytes ata_information(const Bytes& identify) {
    Bytes body(568);
    put_text(body, 4, 8, "linux");
    put_text(body, 12, 16, "libata");
    put_text(body, 28, 4, "3.00");
    body[52] = 0xEC;
    std::copy(identify.begin(), identify.end(), body.begin() + 56);
    return vpd(0x89, body);
}

// --- NVMe ---

struct ControllerData {
    Bytes data = Bytes(4096);

    ControllerData() {
        put_little(data, 0, 2, 0x144D);
        put_text(data, 4, 20, "S4EVNF0M123456");
        put_text(data, 24, 40, "Samsung SSD 970 EVO Plus 1TB");
        put_text(data, 64, 8, "2B2QEXM7");
        put_little(data, 80, 4, 0x00010300);
        put_little(data, 516, 4, 1);
        const std::string nqn = "nqn.2014.08.org.example:970";
        std::copy(nqn.begin(), nqn.end(), data.begin() + 768);
    }
    void manages_namespaces() { data[256] = 0x08; }
};
/// A namespace of 2^`exponent` octets a block, in format 0.
[[nodiscard]] inline Bytes namespace_data(std::uint64_t blocks, unsigned exponent,
                                          const std::string& nguid = std::string(32, '0'),
                                          const std::string& eui64 = std::string(16, '0')) {
    Bytes data(4096);
    put_little(data, 0, 8, blocks);
    put_little(data, 8, 8, blocks);
    const Bytes names = from_hex(nguid + eui64).value();
    std::copy(names.begin(), names.end(), data.begin() + 104);
    data[130] = static_cast<std::uint8_t>(exponent);
    return data;
}
[[nodiscard]] inline Bytes namespace_list(const std::vector<std::uint32_t>& identifiers) {
    Bytes data(4096);
    for (std::size_t i = 0; i < identifiers.size(); ++i)
        put_little(data, 4 * i, 4, identifiers[i]);
    return data;
}

// --- MMC ---

/// A 32 GB eMMC 5.1 with two boot areas of 4 MiB and an RPMB of 4 MiB.
[[nodiscard]] inline Bytes ext_csd() {
    Bytes data(512);
    data[192] = 8;
    put_little(data, 212, 4, 61071360);
    data[221] = 16; // write protection groups of 16 erase groups
    data[224] = 1;
    data[226] = 32;
    data[168] = 32;
    put_text(data, 254, 8, "\x0a\x01\x02\x03\x04\x05\x06\x07");
    return data;
}

} // namespace quietus::test
