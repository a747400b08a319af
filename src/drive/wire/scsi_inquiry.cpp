#include "scsi_inquiry.hpp"

#include "octets.hpp"

#include <algorithm>

namespace quietus::scsi {
namespace {

constexpr std::size_t vpd_header = 4;
constexpr std::size_t identify_octets = 512;

Error malformed(const char* why) {
    return {Fault::drive, why};
}

std::optional<std::uint32_t> rotation_of(std::uint64_t rate) {
    constexpr std::uint64_t non_rotating = 1;
    constexpr std::uint64_t least_rpm = 0x0401;
    constexpr std::uint64_t most_rpm = 0xFFFE;
    if (rate == non_rotating) return 0;
    if (rate < least_rpm || rate > most_rpm) return std::nullopt;
    return static_cast<std::uint32_t>(rate);
}

// ZONED of SBC-4: 1 is host-aware; in a device-managed drive (2) the zones are its own affair.
Zoned zoned_of(unsigned field) {
    if (field == 3) return Zoned::unknown;
    return field == 1 ? Zoned::host_aware : Zoned::none;
}

} // namespace

Result<Inquiry> parse_inquiry(ByteView page) {
    constexpr std::size_t least = 36;
    constexpr std::size_t up_to_length = 5;
    if (page.size() < least) return malformed("INQUIRY data is cut short");
    const std::size_t announced = up_to_length + page[4];
    if (announced < least) return malformed("INQUIRY data says that it has no model");
    Inquiry inquiry;
    inquiry.qualifier = static_cast<std::uint8_t>(page[0] >> 5U);
    inquiry.type = page[0] & 0x1FU;
    inquiry.removable = (page[1] & 0x80U) != 0;
    inquiry.version = page[2];
    inquiry.tpgs = page[5] >> 4U & 3U;
    inquiry.vendor = page.subspan(8, 8);
    inquiry.product = page.subspan(16, 16);
    inquiry.revision = page.subspan(32, 4);
    return inquiry;
}

std::string model_text(const Inquiry& inquiry) {
    const std::string vendor = wire::plain_text(inquiry.vendor);
    const std::string product = wire::plain_text(inquiry.product);
    const bool named = !vendor.empty() && vendor != "ATA";
    return named ? vendor + (product.empty() ? "" : " ") + product : product;
}

std::size_t vpd_length(ByteView page) {
    return page.size() < vpd_header ? 0 : vpd_header + wire::big(page, 2, 2);
}

Result<ByteView> vpd_body(ByteView page, std::uint8_t code) {
    if (page.size() < vpd_header) return malformed("it has no header");
    if (page[1] != code) return malformed("another page came");
    if (vpd_length(page) > page.size()) return malformed("it is cut short");
    return page.subspan(vpd_header, vpd_length(page) - vpd_header);
}

Result<AtaInformation> parse_ata_information(ByteView page) {
    constexpr std::size_t body_octets = 568;
    const auto body = vpd_body(page, vpd_ata_information);
    if (!body) return body.error();
    if (body->size() < body_octets) return malformed("it has no IDENTIFY data");
    return AtaInformation{body->subspan(4, 8), body->subspan(12, 16), (*body)[52],
                          body->subspan(56, identify_octets)};
}

Result<Characteristics> parse_characteristics(ByteView page) {
    const auto body = vpd_body(page, vpd_characteristics);
    if (!body) return body.error();
    if (body->size() < 2) return malformed("it is empty");
    Characteristics found{rotation_of(wire::big(*body, 0, 2)), Zoned::unknown};
    if (body->size() > 4) found.zoned = zoned_of((*body)[4] >> 4U & 3U);
    return found;
}

Result<bool> is_thin(ByteView page) {
    constexpr unsigned thin = 2;
    const auto body = vpd_body(page, vpd_provisioning);
    if (!body) return body.error();
    if (body->size() < 3) return malformed("it is empty");
    return ((*body)[2] & 7U) == thin;
}

} // namespace quietus::scsi
