#include "ata_pages.hpp"
#include "octet_fields.hpp"

#include <numeric>

namespace quietus::emulator {
namespace {

constexpr std::uint64_t valid = std::uint64_t{1} << 63U;
constexpr std::uint8_t identify_log = 0x30;
constexpr std::uint8_t log_pages = 7; // of it, those left out counted in

// General purpose log directory (ACS-4 clause 9.2): of each log how many pages it has.
Bytes directory() {
    Bytes page(512);
    put_little(page, 0, 2, 1); // version
    put_little(page, std::size_t{2} * identify_log, 2, log_pages);
    return page;
}

// ACS-4 clause 9.11: a page begins with a valid quadword of its number and revision 1.
Bytes headed(std::uint8_t number) {
    Bytes page(512);
    put_little(page, 0, 8, valid | std::uint64_t{number} << 16U | 1);
    return page;
}

Bytes list_of_pages() {
    Bytes page = headed(0);
    const Bytes numbers{0x00, 0x01, 0x02, 0x03, 0x06};
    page[8] = static_cast<std::uint8_t>(numbers.size());
    std::copy(numbers.begin(), numbers.end(), page.begin() + 9);
    return page;
}

Bytes capacity(const AtaCondition& now) {
    Bytes page = headed(2);
    put_little(page, 8, 8, valid | now.capacity.accessible());
    put_little(page, 24, 8, valid | now.traits.logical_bytes / 2);
    return page;
}

// Bit 51: the DEFINITIVE ENDING PATTERN bit of OVERWRITE EXT is honoured.
Bytes supported_capabilities(const AtaCondition& now) {
    Bytes page = headed(3);
    const bool definitive = now.traits.sanitize.definitive_ending_pattern;
    put_little(page, 8, 8, valid | (definitive ? std::uint64_t{1} << 51U : 0));
    return page;
}

// What words 92, 128, 90 and 89 say, and at 48 that all is enciphered. Bit 7 there would say that a
// restricted sanitize operation overrides security: it does not.
Bytes security(const AtaCondition& now) {
    Bytes page = headed(6);
    put_little(page, 8, 8, valid | now.security.word_92());
    put_little(page, 16, 8, valid | now.security.word_128());
    put_little(page, 24, 8, valid | now.security.word_90());
    put_little(page, 32, 8, valid | now.security.word_89());
    put_little(page, 48, 8, valid | (now.traits.encrypts ? 1U : 0U));
    return page;
}

void put_attribute(Bytes& page, std::size_t index, unsigned id, std::uint64_t raw) {
    constexpr std::size_t first = 2;
    constexpr std::size_t octets = 12;
    const std::size_t at = first + index * octets;
    page[at] = static_cast<std::uint8_t>(id);
    put_little(page, at + 1, 2, 0x0032); // kept up to date, of events, by counting
    page[at + 3] = page[at + 4] = 100;   // value, worst
    put_little(page, at + 5, 6, raw);
}

} // namespace

std::optional<Bytes> log_page(const AtaCondition& now, std::uint8_t log, std::uint16_t page) {
    if (log == 0x00) return page == 0 ? std::optional(directory()) : std::nullopt;
    if (log != identify_log) return std::nullopt;
    switch (page) {
    case 0x00:
        return list_of_pages();
    case 0x01:
        return identify_page(now);
    case 0x02:
        return capacity(now);
    case 0x03:
        return supported_capabilities(now);
    case 0x06:
        return now.traits.security.supported ? std::optional(security(now)) : std::nullopt;
    default:
        return std::nullopt;
    }
}

// The layout that ATA-3 clause 6 described and drives have kept; octet 511 makes the sum 0.
Bytes smart_data(const AtaCondition& now) {
    Bytes page(512);
    put_little(page, 0, 2, 0x0010);
    put_attribute(page, 0, 5, now.retired_blocks);
    put_attribute(page, 1, 9, now.hours_on);
    put_attribute(page, 2, 197, now.traits.pending_blocks);
    put_attribute(page, 3, 198, now.traits.pending_blocks);
    page[511] = static_cast<std::uint8_t>(0U - std::accumulate(page.begin(), page.end(), 0U));
    return page;
}

} // namespace quietus::emulator
