#include "tcg_pages.hpp"

#include "octet_fields.hpp"

#include <cstdint>
#include <initializer_list>

namespace quietus::emulator {
namespace {

constexpr std::size_t header_octets = 48;
constexpr std::uint8_t version_1 = 0x10;

std::uint32_t feature_of(SecuritySubsystem subsystem) {
    switch (subsystem) {
    case SecuritySubsystem::enterprise:
        return 0x0100;
    case SecuritySubsystem::opal_1:
        return 0x0200;
    case SecuritySubsystem::opal_2:
        return 0x0203;
    case SecuritySubsystem::opalite:
        return 0x0301;
    case SecuritySubsystem::pyrite_1:
        return 0x0302;
    case SecuritySubsystem::pyrite_2:
        return 0x0303;
    case SecuritySubsystem::ruby:
        return 0x0304;
    case SecuritySubsystem::key_per_io:
        return 0x0305;
    }
    return 0;
}

// `first` octets of the body, and zeros.
void add(Bytes& page, std::uint32_t feature, std::initializer_list<unsigned> first,
         std::size_t octets) {
    const std::size_t at = page.size();
    page.resize(at + 4 + octets);
    put_big(page, at, 2, feature);
    page[at + 2] = version_1;
    page[at + 3] = static_cast<std::uint8_t>(octets);
    std::size_t next = at + 4;
    for (const unsigned octet : first)
        page[next++] = static_cast<std::uint8_t>(octet);
}

unsigned bit(bool set, unsigned position) {
    return set ? 1U << position : 0U;
}

void add_traits(Bytes& page, const TcgTraits& traits) {
    add(page, 0x0001, {0x01}, 12); // TPer: synchronous
    add(page, 0x0002,
        {1U | bit(traits.locking_enabled, 1) | bit(traits.locked, 2) |
         bit(traits.media_encryption, 3)},
        12);
    for (const SecuritySubsystem each : traits.subsystems)
        add(page, feature_of(each), {0x10, 0x00, 0x00, 0x01}, 16); // one ComID, 1000h
    if (traits.removal.empty()) return;
    unsigned mechanisms = 0;
    for (const RemovalMechanism each : traits.removal)
        mechanisms |= bit(true, static_cast<unsigned>(each));
    add(page, 0x0404, {0, 0, mechanisms}, 32);
}

} // namespace

Bytes tcg_discovery(const std::optional<TcgTraits>& traits, bool sid_blocked) {
    Bytes page(header_octets);
    if (traits) add_traits(page, *traits);
    add(page, 0x0402, {bit(sid_blocked, 1)}, 12);
    put_big(page, 0, 4, page.size() - 4);
    put_big(page, 4, 4, 1); // revision
    page.resize(tcg_discovery_octets);
    return page;
}

} // namespace quietus::emulator
