#include "ata_pages.hpp"
#include "octet_fields.hpp"

#include <algorithm>
#include <bit>
#include <initializer_list>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr unsigned valid_word = 0x4000; // bits 15:14 are 01b

void put_word(Bytes& page, std::size_t word, unsigned value) {
    put_little(page, 2 * word, 2, value);
}

unsigned bits(std::initializer_list<std::pair<unsigned, bool>> each) {
    unsigned word = 0;
    for (const auto& [position, set] : each)
        if (set) word |= 1U << position;
    return word;
}

// The octets of each word are swapped.
void put_ata_text(Bytes& page, std::size_t word, std::size_t octets, const std::string& text) {
    put_text(page, 2 * word, octets, text);
    for (std::size_t at = 2 * word; at < 2 * word + octets; at += 2)
        std::swap(page[at], page[at + 1]);
}

void put_capacity(Bytes& page, const AtaCondition& now) {
    constexpr std::uint64_t most_in_28_bits = 0x0FFFFFFF;
    const AtaTraits& traits = now.traits;
    const std::uint64_t blocks = now.capacity.accessible();
    put_little(page, std::size_t{2} * 60, 4, std::min(blocks, most_in_28_bits));
    if (traits.extended) put_little(page, std::size_t{2} * 100, 8, blocks);
    const bool several = traits.physical_bytes > traits.logical_bytes;
    const bool longer = traits.logical_bytes > 512;
    const auto exponent = static_cast<unsigned>(
        std::countr_zero(std::max(traits.physical_bytes / traits.logical_bytes, 1U)));
    put_word(page, 106, valid_word | bits({{13, several}, {12, longer}}) | exponent);
    if (longer) put_little(page, std::size_t{2} * 117, 4, traits.logical_bytes / 2);
}

// Words 82 to 87 and 119, 120: what there is, and what of it is in use.
void put_feature_sets(Bytes& page, const AtaCondition& now) {
    const AtaTraits& traits = now.traits;
    const bool hpa = traits.max_address == MaxAddress::hpa;
    const bool cache = traits.cached_writes != 0;
    const bool security = traits.security.supported;
    const auto word_82 = [&](bool secured) {
        return bits({{0, true}, {1, secured}, {3, true}, {5, cache}, {10, hpa}, {14, true}});
    };
    put_word(page, 82, word_82(security));
    put_word(page, 85, word_82(now.security.is_enabled()));
    const unsigned word_83 =
        bits({{10, traits.extended}, {11, traits.dco}, {12, true}, {13, traits.extended}});
    put_word(page, 83, valid_word | word_83);
    put_word(page, 86, word_83 | 1U << 15U);                          // words 119 and 120 are valid
    const unsigned word_84 = bits({{5, true}, {8, traits.wwn != 0}}); // logs, a worldwide name
    put_word(page, 84, valid_word | word_84);
    put_word(page, 87, valid_word | word_84);
    const unsigned word_119 = bits({{8, traits.max_address == MaxAddress::ama}});
    put_word(page, 119, valid_word | word_119);
    put_word(page, 120, valid_word | word_119);
}

// Bit 11: what may be done while it sanitizes is as in ACS-3 and later.
unsigned word_59(const SanitizeTraits& sanitize) {
    if (!sanitize.supported) return 0;
    return bits({{15, sanitize.block_erase},
                 {14, sanitize.overwrite},
                 {13, sanitize.crypto_scramble},
                 {12, true},
                 {11, true},
                 {10, sanitize.antifreeze}});
}

} // namespace

Bytes identify_page(const AtaCondition& now) {
    const AtaTraits& traits = now.traits;
    Bytes page(512);
    put_word(page, 0, 0x0040); // an ATA drive, not removable
    put_word(page, 1, 16383);  // cylinders, heads, sectors of drives from 8 GB on
    put_word(page, 3, 16);
    put_word(page, 6, 63);
    put_ata_text(page, 10, 20, now.serial);
    put_ata_text(page, 23, 8, traits.firmware);
    put_ata_text(page, 27, 40, traits.model);
    if (traits.tcg) put_word(page, 48, valid_word | 1U); // Trusted Computing
    put_word(page, 49, 0x0F00);                          // IORDY, LBA, DMA
    put_word(page, 50, valid_word);
    put_word(page, 53, 0x0006); // words 64 to 70 and 88 are valid
    put_word(page, 59, word_59(traits.sanitize));
    put_capacity(page, now);
    put_word(page, 69, bits({{0, traits.zoned}, {4, traits.encrypts}}));
    put_word(page, 76, 0x000E);   // 1.5, 3 and 6 Gb/s
    put_word(page, 78, 1U << 6U); // settings are kept over a COMRESET
    put_word(page, 79, 1U << 6U); // the same, in use
    put_word(page, 80, 0x0FF0);   // ATA/ATAPI-4 to ACS-4
    put_feature_sets(page, now);
    put_word(page, 88, 0x407F);
    put_word(page, 89, now.security.word_89());
    put_word(page, 90, now.security.word_90());
    put_word(page, 92, traits.security.supported ? now.security.word_92() : 0);
    for (std::size_t i = 0; i < 4; ++i)
        put_word(page, 108 + i, static_cast<unsigned>(traits.wwn >> (48 - 16 * i) & 0xFFFFU));
    put_word(page, 128, now.security.word_128());
    put_word(page, 217, traits.rotates ? 7200 : 1);
    put_word(page, 222, 0x10FF); // Serial ATA
    seal(page);
    return page;
}

} // namespace quietus::emulator
