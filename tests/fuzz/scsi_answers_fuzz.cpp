// What a SCSI drive answers when it is asked how it is and what it can do: sense data, supported
// commands, vital product data, mode and log pages, defects, reservations. The first octet picks
// the reader.
#include "quietus/core/bytes.hpp"
#include "quietus/core/ensure.hpp"
#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/scsi/supported_commands.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <cstddef>
#include <cstdint>

using namespace quietus;

namespace {

void read_sense(ByteView octets) {
    const Bytes copy(octets.begin(), octets.end());
    const auto state = scsi::decode_unit_state(octets);
    const auto by_data = scsi::decode_unit_state(ScsiReply{scsi::good, {}, copy});
    const auto by_sense = scsi::decode_unit_state(ScsiReply{scsi::check_condition, copy, {}});
    QUIETUS_ENSURE(state.has_value() == by_data.has_value());
    QUIETUS_ENSURE(!by_sense || by_sense->condition != ScsiCondition::idle);
    // Idle is said in so many octets, never by their absence.
    QUIETUS_ENSURE(!state || state->condition != ScsiCondition::idle || octets.size() >= 8);
    static_cast<void>(scsi::refusal_text({scsi::check_condition, copy, {}}));
}

void read_supported(ByteView octets) {
    const auto one = scsi::parse_supported_command(octets);
    if (one) {
        for (std::size_t at = 0; at <= one->usage.size(); ++at)
            static_cast<void>(one->looks_at(at, 0xFF));
        QUIETUS_ENSURE(one->usage.size() < octets.size());
    }
    const auto all = scsi::parse_supported_commands(octets);
    QUIETUS_ENSURE(!all || all->size() * 8 <= octets.size());
}

void read_pages(ByteView octets) {
    static_cast<void>(scsi::parse_erased_reads(octets));
    static_cast<void>(scsi::parse_protection_types(octets));
    static_cast<void>(scsi::parse_powered_minutes(octets));
    const auto ports = scsi::parse_ports(octets);
    QUIETUS_ENSURE(!ports || ports->size() * 12 <= octets.size());
}

void read_format(ByteView octets) {
    const auto format = scsi::parse_unit_format(octets);
    QUIETUS_ENSURE(!format || (format->blocks != 0 && format->block_bytes != 0));
    const auto mode = scsi::parse_mode_descriptor(octets);
    QUIETUS_ENSURE(!mode || mode->blocks != 0U);
}

void read_users(ByteView octets) {
    static_cast<void>(scsi::parse_grown_defects(octets));
    static_cast<void>(scsi::parse_reservation(octets));
    const auto keys = scsi::parse_reservation_keys(octets);
    QUIETUS_ENSURE(!keys || keys->size() * 8 <= octets.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView octets(data + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
        read_sense(octets);
        break;
    case 1:
        read_supported(octets);
        break;
    case 2:
        read_pages(octets);
        break;
    case 3:
        read_format(octets);
        break;
    default:
        read_users(octets);
        break;
    }
    return 0;
}
