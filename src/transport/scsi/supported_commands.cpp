#include "quietus/transport/scsi/supported_commands.hpp"

#include "big_endian.hpp"

namespace quietus::scsi {
namespace {

constexpr std::size_t header_octets = 4;

Error malformed(const char* why) {
    return {Fault::drive, std::string("REPORT SUPPORTED OPERATION CODES: ") + why};
}

ScsiOffer offer_of(unsigned support) {
    constexpr unsigned not_supported = 1;
    constexpr unsigned as_the_standard_has_it = 3;
    constexpr unsigned as_the_vendor_likes = 5;
    if (support == as_the_standard_has_it) return ScsiOffer::yes;
    return support == not_supported || support == as_the_vendor_likes ? ScsiOffer::no
                                                                      : ScsiOffer::unknown;
}

} // namespace

ScsiOffer SupportedCommand::looks_at(std::size_t octet, std::uint8_t bits) const {
    if (offer != ScsiOffer::yes || octet >= usage.size()) return ScsiOffer::unknown;
    return (usage[octet] & bits) == bits ? ScsiOffer::yes : ScsiOffer::no;
}

Result<SupportedCommand> parse_supported_command(ByteView reply) {
    if (reply.size() < header_octets) return malformed("it is cut short");
    SupportedCommand found{offer_of(reply[1] & 7U), {}};
    if (found.offer != ScsiOffer::yes) return found;
    const std::size_t length = number_at(reply, 2, 2);
    if (reply.size() < header_octets + length) return malformed("its usage map is cut short");
    const ByteView map = reply.subspan(header_octets, length);
    found.usage.assign(map.begin(), map.end());
    return found;
}

std::uint64_t supported_commands_length(ByteView reply) {
    return reply.size() < header_octets ? 0 : header_octets + number_at(reply, 0, 4);
}

Result<std::vector<ListedCommand>> parse_supported_commands(ByteView reply) {
    constexpr std::size_t descriptor_octets = 8;
    constexpr std::size_t with_timeouts = 20;
    constexpr unsigned has_timeouts = 0x02;
    constexpr unsigned has_action = 0x01;
    const std::uint64_t end = supported_commands_length(reply);
    if (end == 0 || end > reply.size()) return malformed("it is cut short");
    std::vector<ListedCommand> found;
    for (std::size_t at = header_octets; at < end;) {
        if (at + descriptor_octets > end) return malformed("it ends within a descriptor");
        const ByteView each = reply.subspan(at, descriptor_octets);
        ListedCommand listed{each[0], std::nullopt};
        if ((each[5] & has_action) != 0)
            listed.service_action = static_cast<std::uint16_t>(number_at(each, 2, 2));
        found.push_back(listed);
        at += (each[5] & has_timeouts) != 0 ? with_timeouts : descriptor_octets;
        if (at > end) return malformed("it ends within a descriptor");
    }
    return found;
}

} // namespace quietus::scsi
