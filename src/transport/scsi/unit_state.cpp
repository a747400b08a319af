#include "quietus/transport/scsi/unit_state.hpp"

#include "quietus/transport/scsi/commands.hpp"

#include <array>
#include <cstdio>

namespace quietus::scsi {
namespace {

constexpr std::uint8_t no_sense = 0x00;
constexpr std::uint8_t not_ready = 0x02;
constexpr std::uint8_t unit_attention = 0x06;

constexpr std::uint8_t valid = 0x80; // SKSV

ScsiCondition condition_of(const Sense& sense) {
    const unsigned code = static_cast<unsigned>(sense.asc << 8U) | sense.ascq;
    const bool may_progress = sense.key == not_ready || sense.key == no_sense;
    if (code == 0x041B && may_progress) return ScsiCondition::sanitizing;
    if (code == 0x0404 && may_progress) return ScsiCondition::formatting;
    if (code == 0x3103) return ScsiCondition::sanitize_failed;
    if (code == 0x3100 || code == 0x3101) return ScsiCondition::format_failed;
    if (sense.key == unit_attention) return ScsiCondition::attention;
    if (sense.key == not_ready) return ScsiCondition::not_ready;
    // 5Eh: a power condition, out of which a command brings it
    const bool resting = sense.asc == 0x5E;
    if (sense.key == no_sense && (code == 0 || resting)) return ScsiCondition::idle;
    return ScsiCondition::unknown;
}

} // namespace

std::optional<std::uint16_t> sense_progress(ByteView sense) {
    const auto decoded = decode_sense(sense);
    if (!decoded) return std::nullopt;
    if (decoded->format == SenseFormat::descriptor) {
        constexpr std::uint8_t sense_key_specific = 0x02;
        const ByteView found = sense_descriptor(sense, sense_key_specific);
        if (found.size() < 7 || (found[4] & valid) == 0) return std::nullopt;
        return static_cast<std::uint16_t>(found[5] << 8U | found[6]);
    }
    constexpr std::size_t up_to_progress = 18;
    const std::size_t announced = std::size_t{8} + sense[7];
    if (sense.size() < up_to_progress || announced < up_to_progress || (sense[15] & valid) == 0)
        return std::nullopt;
    return static_cast<std::uint16_t>(sense[16] << 8U | sense[17]);
}

Result<UnitState> decode_unit_state(ByteView sense) {
    const auto decoded = decode_sense(sense);
    if (!decoded) return decoded.error();
    return UnitState{condition_of(*decoded), sense_progress(sense), *decoded,
                     Bytes(sense.begin(), sense.end())};
}

Result<UnitState> decode_unit_state(const ScsiReply& reply) {
    if (reply.status == good) return decode_unit_state(ByteView(reply.data));
    if (reply.status != check_condition)
        return Error{Fault::drive, "REQUEST SENSE failed: " + refusal_text(reply)};
    auto state = decode_unit_state(ByteView(reply.sense));
    if (state && state->condition == ScsiCondition::idle) state->condition = ScsiCondition::unknown;
    return state;
}

Result<UnitState> ask_unit_state(ScsiPort& port) {
    for (unsigned told = 0;; ++told) {
        const auto reply = port.execute(request_sense());
        if (!reply) return reply.error();
        auto state = decode_unit_state(*reply);
        const bool again = state && state->condition == ScsiCondition::attention;
        if (!again || told == attentions_most) return state;
    }
}

std::string refusal_text(const ScsiReply& reply) {
    if (reply.status == check_condition) {
        const auto sense = decode_sense(reply.sense);
        return sense ? to_text(*sense) : sense.error().message;
    }
    constexpr std::uint8_t busy = 0x08;
    constexpr std::uint8_t reservation_conflict = 0x18;
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "status %02xh", reply.status);
    std::string words = text.data();
    if (reply.status == busy) words += ": it is busy";
    if (reply.status == reservation_conflict) words += ": another host has reserved it";
    return words;
}

} // namespace quietus::scsi
