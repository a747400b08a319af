#include "ata_identify.hpp"

#include "octets.hpp"

#include <numeric>
#include <string>
#include <utility>

namespace quietus::ata {
namespace {

constexpr std::uint8_t signature = 0xA5;
constexpr std::uint16_t compact_flash = 0x848A; // word 0 of a CFA card, which is no packet device
constexpr std::uint32_t block_bytes_max = 1U << 24U;

using Words = Bytes; // 512 octets, each word least significant octet first

std::uint16_t word(const Words& data, std::size_t number) {
    return static_cast<std::uint16_t>(wire::little(data, 2 * number, 2));
}

bool bit(const Words& data, std::size_t number, unsigned position) {
    return (word(data, number) >> position & 1U) != 0;
}

// Words that are valid only when their bits 15:14 are 01b.
bool is_marked(const Words& data, std::size_t number) {
    return word(data, number) >> 14U == 1;
}

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

// Text is stored with the octets of each word swapped.
Bytes text(const Words& data, std::size_t first_word, std::size_t octets) {
    return swapped(ByteView(data).subspan(2 * first_word, octets));
}

std::optional<std::uint64_t> wwn_of(const Words& data) {
    const bool present = is_marked(data, 87) && bit(data, 87, 8);
    if (!present) return std::nullopt;
    std::uint64_t name = 0;
    for (std::size_t number = 108; number <= 111; ++number)
        name = name << 16U | word(data, number);
    if (name == 0) return std::nullopt;
    return name;
}

std::optional<std::uint64_t> sectors_of(const Words& data) {
    const bool extended_number = bit(data, 53, 1) && bit(data, 69, 3);
    const bool feature_48_bit = is_marked(data, 83) && bit(data, 83, 10);
    std::uint64_t sectors = wire::little(data, std::size_t{2} * 60, 4);
    if (extended_number)
        sectors = wire::little(data, std::size_t{2} * 230, 8);
    else if (feature_48_bit)
        sectors = wire::little(data, std::size_t{2} * 100, 8);
    if (sectors == 0) return std::nullopt;
    return sectors;
}

void read_block_sizes(const Words& data, Identify& identify) {
    if (!is_marked(data, 106)) return;
    const std::uint64_t words_a_block = wire::little(data, std::size_t{2} * 117, 4);
    const bool long_blocks = bit(data, 106, 12) && words_a_block > 0;
    if (long_blocks && words_a_block <= block_bytes_max / 2)
        identify.logical_bytes = static_cast<std::uint32_t>(2 * words_a_block);
    const unsigned exponent = bit(data, 106, 13) ? word(data, 106) & 0x0FU : 0;
    identify.physical_bytes = identify.logical_bytes;
    if (identify.logical_bytes <= block_bytes_max >> exponent)
        identify.physical_bytes = identify.logical_bytes << exponent;
}

std::optional<std::uint32_t> rotation_of(std::uint16_t rate) {
    if (rate == 1) return 0;
    if (rate <= 0x0400 || rate == 0xFFFF) return std::nullopt;
    return rate;
}

// Word 69 bits 1:0: 1 is host-aware; of a device-managed drive (2) the zones are its own affair.
Zoned zoned_of(const Words& data) {
    const unsigned field = word(data, 69) & 3U;
    if (!bit(data, 53, 1) || field == 3) return Zoned::unknown;
    return field == 1 ? Zoned::host_aware : Zoned::none;
}

// SATA 3.2 clause 13.2, word 78 bit 9: the Hybrid Information feature, for which NCQ (word 76 bit
// 8) is a condition. ATA8-ACS clause 7.16, word 214 bit 4: the NV Cache feature set, and in words
// 215 (low) and 216 the size of its cache in blocks; ACS-3 made them obsolete. Microsoft's ata.h,
// IDENTIFY_DEVICE_DATA, has all of them at the same places. Words 76 and 78 are void when all 0 or
// all 1. A drive that tells neither passes for one that just turns: what is said of memory that no
// address leads to (spare-blocks-not-reached) is said of every drive.
std::string flash_cache_of(const Words& data) {
    const auto is_told = [&](std::size_t number) {
        return word(data, number) != 0 && word(data, number) != 0xFFFF;
    };
    if (is_told(76) && is_told(78) && bit(data, 76, 8) && bit(data, 78, 9))
        return "word 78: Hybrid Information";
    const std::uint64_t blocks = wire::little(data, std::size_t{2} * 215, 4);
    if (is_told(214) && bit(data, 214, 4) && blocks != 0 && blocks != UINT32_MAX)
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
    const Words words =
        identify.integrity == Integrity::swapped ? swapped(data) : Words(data.begin(), data.end());
    if (bit(words, 0, 15) && word(words, 0) != compact_flash)
        return Error{Fault::drive, "it is not an ATA drive's"};
    identify.complete = word(words, 0) == compact_flash || !bit(words, 0, 2);
    identify.serial = text(words, 10, 20);
    identify.firmware = text(words, 23, 8);
    identify.model = text(words, 27, 40);
    identify.wwn = wwn_of(words);
    identify.sectors = sectors_of(words);
    read_block_sizes(words, identify);
    identify.rotation_rpm = rotation_of(word(words, 217));
    identify.zoned = zoned_of(words);
    identify.flash_cache = flash_cache_of(words);
    return identify;
}

} // namespace quietus::ata
