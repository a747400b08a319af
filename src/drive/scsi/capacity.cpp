#include "quietus/drive/scsi/capacity.hpp"

#include "quietus/transport/scsi/ask_erasure.hpp"
#include "quietus/transport/scsi/commands.hpp"
#include "quietus/transport/scsi/pages.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <string>
#include <utility>

namespace quietus::scsi {
namespace {

Result<Bytes> answer_to(ScsiPort& port, const ScsiCommand& question, const char* name) {
    const auto reply = ask_past_attentions(port, question);
    if (!reply) return Error(reply.error()).during(name);
    if (reply->status != good)
        return Error{Fault::drive, std::string(name) + ": " + refusal_text(*reply)};
    return reply->data;
}

Result<ModeDescriptor> descriptor_of(ScsiPort& port) {
    constexpr std::uint8_t all_pages = 0x3F;
    const auto data = answer_to(port, mode_sense(all_pages), "MODE SENSE (10)");
    if (!data) return data.error();
    return parse_mode_descriptor(*data);
}

void say(HiddenAreaRecord& record, HiddenState state, std::string text) {
    record.state = state;
    record.text = std::move(text);
}

} // namespace

Result<UnitFormat> read_unit_format(ScsiPort& port) {
    const auto data = answer_to(port, read_capacity_16(), "READ CAPACITY (16)");
    if (!data) return data.error();
    return parse_unit_format(*data);
}

void lift_shortened_capacity(ScsiPort& port, HiddenAreaRecord& record) {
    const auto before = read_unit_format(port);
    if (!before) return say(record, HiddenState::unknown, before.error().message);
    record.before.accessible = before->blocks;
    const auto descriptor = descriptor_of(port);
    if (!descriptor) return say(record, HiddenState::unknown, descriptor.error().message);
    const auto reply =
        ask_past_attentions(port, select_all_blocks(before->block_bytes, descriptor->is_long));
    if (!reply) return say(record, HiddenState::unknown, "MODE SELECT: " + reply.error().message);
    if (reply->status != good)
        return say(record, HiddenState::refused, "MODE SELECT: " + refusal_text(*reply));
    const auto after = read_unit_format(port);
    if (!after) return say(record, HiddenState::unknown, after.error().message);
    record.lifted.emplace().accessible = after->blocks;
    if (after->block_bytes != before->block_bytes || after->blocks < before->blocks)
        return say(record, HiddenState::unknown,
                   "the capacity is another than it was, and no larger");
    say(record, after->blocks == before->blocks ? HiddenState::none : HiddenState::lifted, "");
}

} // namespace quietus::scsi
