#include "scsi_capacity.hpp"

#include "octets.hpp"

#include <limits>

namespace quietus::scsi {
namespace {

constexpr std::size_t luns_header = 8;
constexpr std::size_t lun_octets = 8;
/// More than any drive's; a longer block is a misreading.
constexpr std::uint64_t block_bytes_max = 1U << 24U;

Error malformed(const char* why) {
    return {Fault::drive, why};
}

Result<Capacity> capacity(std::uint64_t last, std::uint64_t block_bytes) {
    if (block_bytes == 0 || block_bytes > block_bytes_max)
        return malformed("its block size makes no sense");
    if (last >= std::numeric_limits<std::uint64_t>::max() / block_bytes)
        return malformed("its number of blocks makes no sense");
    return Capacity{(last + 1) * block_bytes, static_cast<std::uint32_t>(block_bytes), std::nullopt,
                    false};
}

} // namespace

Result<Capacity> parse_capacity_10(ByteView reply) {
    if (reply.size() < 8) return malformed("it is cut short");
    const std::uint64_t last = wire::big(reply, 0, 4);
    if (last == 0xFFFFFFFF) return Error{Fault::unsupported, "the unit is too large for it"};
    return capacity(last, wire::big(reply, 4, 4));
}

Result<Capacity> parse_capacity_16(ByteView reply) {
    constexpr std::size_t up_to_provisioning = 15;
    if (reply.size() < up_to_provisioning) return malformed("it is cut short");
    auto found = capacity(wire::big(reply, 0, 8), wire::big(reply, 8, 4));
    if (!found) return found;
    const unsigned exponent = reply[13] & 0x0FU;
    found->physical_block_bytes = found->block_bytes << exponent; // below 2^39: checked next
    if (found->block_bytes > block_bytes_max >> exponent) found->physical_block_bytes.reset();
    found->provisioned = (reply[14] & 0x80U) != 0;
    return found;
}

std::size_t luns_length(ByteView reply) {
    return reply.size() < luns_header ? 0 : luns_header + wire::big(reply, 0, 4);
}

Result<std::vector<std::uint64_t>> parse_luns(ByteView reply) {
    constexpr std::uint8_t well_known = 0xC1; // extended addressing, well-known logical unit
    if (reply.size() < luns_header || luns_length(reply) > reply.size())
        return malformed("it is cut short");
    std::vector<std::uint64_t> found;
    for (std::size_t at = luns_header; at + lun_octets <= luns_length(reply); at += lun_octets)
        if (reply[at] != well_known) found.push_back(wire::big(reply, at, lun_octets));
    return found;
}

// SAM-5 clause 4.7: peripheral addressing on bus 0, or flat space, both of a single level.
std::optional<std::uint32_t> plain_lun(std::uint64_t address) {
    const auto first = static_cast<std::uint32_t>(address >> 48U);
    const bool single = (address & 0xFFFFFFFFFFFFU) == 0;
    if (!single) return std::nullopt;
    if (first >> 14U == 1) return first & 0x3FFFU;
    if (first >> 8U == 0) return first;
    return std::nullopt;
}

} // namespace quietus::scsi
