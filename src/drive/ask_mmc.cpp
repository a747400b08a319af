#include "ask_mmc.hpp"

#include "asking_limits.hpp"
#include "wire/mmc_registers.hpp"
#include "wire/octets.hpp"

#include <array>
#include <optional>

namespace quietus {
namespace {

constexpr std::uint8_t send_ext_csd = 8;
/// JESD84-B51 clause 6.13: card status bits that report an error of this command (31, 30, 29, 26,
/// 21, 20, 19); others are about an earlier one.
constexpr std::uint32_t card_error_bits = 0xE4380000;

std::optional<Bytes> read_register(MmcPort& port, DriveIdentity& identity) {
    const auto reply = port.execute({send_ext_csd, 0, mmc::ext_csd_octets, identification_timeout});
    if (!reply) {
        identity.findings.push_back("EXT_CSD: " + reply.error().message);
        return std::nullopt;
    }
    if ((reply->card_status & card_error_bits) == 0) return reply->data;
    identity.findings.push_back("EXT_CSD is refused by the card");
    return std::nullopt;
}

void add_area(DriveIdentity& identity, std::uint64_t bytes, PartKind kind, const char* title) {
    if (bytes > 0) identity.parts.push_back({"", bytes, kind, title});
}

void tell(const mmc::ExtCsd& card, DriveIdentity& identity) {
    identity.source = IdentitySource::drive;
    identity.size_bytes = card.size_bytes;
    identity.logical_block_bytes = card.block_bytes;
    identity.rotation_rpm = 0;
    identity.zoned = Zoned::none;
    identity.backing = Backing::physical;
    identity.backing_evidence = "EXT_CSD: an MMC card";
    identity.firmware = card.firmware.empty() ? "" : "0x" + to_hex(card.firmware);
    add_area(identity, card.boot_bytes, PartKind::boot_area, "boot area 1");
    add_area(identity, card.boot_bytes, PartKind::boot_area, "boot area 2");
    constexpr std::array<const char*, 4> titles{"general purpose area 1", "general purpose area 2",
                                                "general purpose area 3", "general purpose area 4"};
    for (std::size_t area = 0; area < titles.size(); ++area)
        add_area(identity, card.general_purpose_bytes.at(area), PartKind::general_purpose_area,
                 titles.at(area));
    add_area(identity, card.rpmb_bytes, PartKind::rpmb, "RPMB");
}

} // namespace

DriveIdentity ask_mmc(MmcPort& port) {
    DriveIdentity identity;
    const auto data = read_register(port, identity);
    if (!data) return identity;
    identity.pages.push_back({"EXT_CSD", to_hex(*data)});
    const auto card = mmc::parse_ext_csd(*data);
    if (card)
        tell(*card, identity);
    else
        identity.findings.push_back("EXT_CSD: " + card.error().message);
    return identity;
}

} // namespace quietus
