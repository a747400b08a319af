#include "quietus/transport/ata/identify_words.hpp"

#include "quietus/core/ensure.hpp"
#include "quietus/transport/ata/commands.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <utility>

namespace quietus::ata {
namespace {

constexpr std::uint8_t signature = 0xA5;

std::string printable(std::uint8_t octet) {
    if (octet >= 0x20 && octet < 0x7F) return {static_cast<char>(octet)};
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\x%02x", octet);
    return text.data();
}

bool is_padding(std::uint8_t octet) {
    return octet == ' ' || octet == 0;
}

} // namespace

Result<IdentifyWords> IdentifyWords::parse(ByteView data) {
    if (data.size() != block_octets) return Error{Fault::drive, "IDENTIFY DEVICE: it is cut short"};
    const auto sum = std::accumulate(data.begin(), data.end(), 0U) & 0xFFU;
    if (data[510] != signature)
        return Error{Fault::drive, "IDENTIFY DEVICE: it has no checksum to prove it"};
    if (sum != 0) return Error{Fault::drive, "IDENTIFY DEVICE: its sum is wrong"};
    IdentifyWords words(Bytes(data.begin(), data.end()));
    if (words.bit(0, 15)) return Error{Fault::drive, "IDENTIFY DEVICE: it is not an ATA drive's"};
    if (words.sectors() > std::min(most_sectors, UINT64_MAX / words.logical_bytes()))
        return Error{Fault::drive, "IDENTIFY DEVICE: more octets than can be counted"};
    return words;
}

IdentifyWords IdentifyWords::unproven(Bytes octets) {
    QUIETUS_ENSURE(octets.size() == block_octets);
    return IdentifyWords(std::move(octets));
}

std::uint16_t IdentifyWords::word(std::size_t number) const {
    return static_cast<std::uint16_t>(octets_[2 * number] | octets_[2 * number + 1] << 8U);
}

bool IdentifyWords::bit(std::size_t number, unsigned position) const {
    return (word(number) >> position & 1U) != 0;
}

bool IdentifyWords::is_marked(std::size_t number) const {
    return word(number) >> 14U == 1;
}

std::string IdentifyWords::text(std::size_t first, std::size_t words) const {
    Bytes octets;
    for (std::size_t at = first; at < first + words; ++at) {
        octets.push_back(octets_[2 * at + 1]);
        octets.push_back(octets_[2 * at]);
    }
    std::size_t begin = 0;
    while (begin < octets.size() && is_padding(octets[begin]))
        ++begin;
    while (octets.size() > begin && is_padding(octets.back()))
        octets.pop_back();
    std::string text;
    for (std::size_t at = begin; at < octets.size(); ++at)
        text += printable(octets[at]);
    return text;
}

std::uint64_t IdentifyWords::number(std::size_t first, std::size_t words) const {
    std::uint64_t value = 0;
    for (std::size_t at = first + words; at > first; --at)
        value = value << 16U | word(at - 1);
    return value;
}

std::string IdentifyWords::model() const {
    std::string model = text(27, 20);
    const auto in_a_row = [](char one, char next) { return one == ' ' && next == ' '; };
    model.erase(std::unique(model.begin(), model.end(), in_a_row), model.end());
    return model;
}

std::string IdentifyWords::serial() const {
    return text(10, 10);
}

std::uint64_t IdentifyWords::sectors() const {
    const bool extended_number = bit(53, 1) && bit(69, 3);
    if (extended_number) return number(230, 4);
    return has_48_bit() ? number(100, 4) : number(60, 2);
}

std::uint32_t IdentifyWords::logical_bytes() const {
    const std::uint64_t words = number(117, 2);
    const bool long_blocks = is_marked(106) && bit(106, 12) && words > 256;
    return long_blocks && words <= (1U << 23U) ? static_cast<std::uint32_t>(2 * words)
                                               : static_cast<std::uint32_t>(block_octets);
}

// The commands are of the 48-bit set: without that the bits mean nothing.
SanitizeFeatures IdentifyWords::sanitize() const {
    const bool supported = bit(59, 12) && has_48_bit();
    return {supported, supported && bit(59, 13), supported && bit(59, 14), supported && bit(59, 15),
            supported && bit(59, 10)};
}

SecurityFeatures IdentifyWords::security() const {
    SecurityFeatures features;
    features.word = word(128);
    features.supported = bit(82, 1) && bit(128, 0);
    features.enabled = bit(85, 1) || bit(128, 1);
    features.locked = bit(128, 2);
    features.frozen = bit(128, 3);
    features.count_expired = bit(128, 4);
    features.enhanced_erase = bit(128, 5);
    features.level_maximum = bit(128, 8);
    features.master_identifier = word(92);
    return features;
}

// Bit 15: the value has 15 bits, else 8; both count in units of two minutes.
std::optional<EraseTime> IdentifyWords::erase_time(bool enhanced) const {
    const std::uint16_t raw = word(enhanced ? 90 : 89);
    const bool wide = (raw & 0x8000U) != 0;
    const std::uint16_t largest = wide ? 0x7FFF : 0xFF;
    const auto value = static_cast<std::uint16_t>(raw & largest);
    if (value == 0) return std::nullopt;
    return EraseTime{std::chrono::minutes(2 * value), value == largest};
}

bool IdentifyWords::has_48_bit() const {
    return is_marked(83) && bit(83, 10);
}

bool IdentifyWords::has_protected_area() const {
    return bit(82, 10);
}

bool IdentifyWords::has_accessible_max() const {
    return bit(119, 8) && is_marked(119);
}

bool IdentifyWords::has_overlay() const {
    return is_marked(83) && bit(83, 11);
}

bool IdentifyWords::has_smart() const {
    return bit(82, 0) && bit(85, 0);
}

bool IdentifyWords::has_logs() const {
    return is_marked(84) && bit(84, 5);
}

bool IdentifyWords::has_trusted_computing() const {
    return is_marked(48) && bit(48, 0);
}

Result<IdentifyWords> read_identify(AtaPort& port) {
    const auto reply = port.execute(identify());
    if (!reply) return Error(reply.error()).during("IDENTIFY DEVICE");
    return IdentifyWords::parse(reply->data);
}

} // namespace quietus::ata
