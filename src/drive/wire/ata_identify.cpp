#include "ata_identify.hpp"

#include "octets.hpp"

#include "quietus/transport/ata/identify_words.hpp"

#include <numeric>
#include <string>
#include <utility>

namespace quietus::ata {
namespace {

constexpr std::uint8_t signature = 0xA5;
constexpr std::uint16_t compact_flash = 0x848A; // word 0 of a CFA card, which is no packet device
constexpr std::uint32_t block_bytes_max = 1U << 24U;

Bytes swapped(ByteView octets) {
    Bytes pairs(octets.begin(), octets.end());
    for (std::size_t at = 0; at + 1 < pairs.size(); at += 2)
        std::swap(pairs[at], pairs[at + 1]);
    return pairs;
}

Integrity integrity_of(ByteView data) {
    const auto sum = std::accumulate(data.begin(), data.end(), 0U) & 0xFFU;
    if (data[510] == signature) return sum == 0 ? Integrity::proven : Integrity::broken;
    return data[511] == signature && sum == 0 ? Integrity::swapped : Integrity::absent;
}

// Text is stored with the octets of each word swapped; here it keeps its padding.
Bytes text(const IdentifyWords& words, std::size_t first_word, std::size_t octets) {
    return swapped(ByteView(words.octets()).subspan(2 * first_word, octets));
}

std::optional<std::uint64_t> wwn_of(const IdentifyWords& words) {
    const bool present = words.is_marked(87) && words.bit(87, 8);
    if (!present) return std::nullopt;
    std::uint64_t name = 0;
    for (std::size_t number = 108; number <= 111; ++number)
        name = name << 16U | words.word(number);
    if (name == 0) return std::nullopt;
    return name;
}

std::uint32_t physical_bytes_of(const IdentifyWords& words) {
    const bool several = words.is_marked(106) && words.bit(106, 13);
    const unsigned exponent = several ? words.word(106) & 0x0FU : 0;
    const std::uint32_t logical = words.logical_bytes();
    return logical <= block_bytes_max >> exponent ? logical << exponent : logical;
}

std::optional<std::uint32_t> rotation_of(std::uint16_t rate) {
    if (rate == 1) return 0;
    if (rate <= 0x0400 || rate == 0xFFFF) return std::nullopt;
    return rate;
}

// Word 69 bits 1:0: 1 is host-aware; of a device-managed drive (2) the zones are its own affair.
Zoned zoned_of(const IdentifyWords& words) {
    const unsigned field = words.word(69) & 3U;
    if (!words.bit(53, 1) || field == 3) return Zoned::unknown;
    return field == 1 ? Zoned::host_aware : Zoned::none;
}

// SATA 3.2 clause 13.2, word 78 bit 9: the Hybrid Information feature, for which NCQ (word 76 bit
// 8) is a condition. ATA8-ACS clause 7.16, word 214 bit 4: the NV Cache feature set, and in words
// 215 (low) and 216 the size of its cache in blocks; ACS-3 made them obsolete. Microsoft's ata.h,
// IDENTIFY_DEVICE_DATA, has all of them at the same places. Words 76 and 78 are void when all 0 or
// all 1. A drive that tells neither passes for one that just turns: what is said of memory that no
// address leads to (spare-blocks-not-reached) is said of every drive.
std::string flash_cache_of(const IdentifyWords& words) {
    const auto is_told = [&](std::size_t number) {
        return words.word(number) != 0 && words.word(number) != 0xFFFF;
    };
    if (is_told(76) && is_told(78) && words.bit(76, 8) && words.bit(78, 9))
        return "word 78: Hybrid Information";
    const std::uint64_t blocks = words.number(215, 2);
    if (is_told(214) && words.bit(214, 4) && blocks != 0 && blocks != UINT32_MAX)
        return "words 214 to 216: an NV cache of " + std::to_string(blocks) + " blocks";
    return {};
}

} // namespace

Result<Identify> parse_identify(ByteView data) {
    if (data.size() != identify_octets) return Error{Fault::drive, "it is cut short"};
    if (wire::all(data, data[0])) return Error{Fault::drive, "it is empty"};
    Identify identify;
    identify.integrity = integrity_of(data);
    if (identify.integrity == Integrity::broken) return Error{Fault::drive, "its sum is wrong"};
    const bool is_swapped = identify.integrity == Integrity::swapped;
    const IdentifyWords words =
        IdentifyWords::unproven(is_swapped ? swapped(data) : Bytes(data.begin(), data.end()));
    if (words.bit(0, 15) && words.word(0) != compact_flash)
        return Error{Fault::drive, "it is not an ATA drive's"};
    identify.complete = words.word(0) == compact_flash || !words.bit(0, 2);
    identify.serial = text(words, 10, 20);
    identify.firmware = text(words, 23, 8);
    identify.model = text(words, 27, 40);
    identify.wwn = wwn_of(words);
    if (words.sectors() != 0) identify.sectors = words.sectors();
    identify.logical_bytes = words.logical_bytes();
    identify.physical_bytes = physical_bytes_of(words);
    identify.rotation_rpm = rotation_of(words.word(217));
    identify.zoned = zoned_of(words);
    identify.flash_cache = flash_cache_of(words);
    return identify;
}

} // namespace quietus::ata
