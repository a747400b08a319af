#include "scsi_states.hpp"

namespace quietus::emulator {
namespace {

using enum ScsiState;

constexpr SenseCode good{};
constexpr SenseCode sanitize_in_progress{0x02, 0x04, 0x1B};
constexpr SenseCode format_in_progress{0x02, 0x04, 0x04};
constexpr SenseCode sanitize_command_failed{0x03, 0x31, 0x03};
constexpr SenseCode medium_format_corrupted{0x03, 0x31, 0x00};
constexpr SenseCode format_command_failed{0x03, 0x31, 0x01};
constexpr SenseCode invalid_field_in_cdb{0x05, 0x24, 0x00};

ScsiRow all(const SenseCode& sense, ScsiState state) {
    ScsiRow row;
    row.fill({sense, state});
    return row;
}

// As ScsiEvent: restricted, unrestricted, exit failure mode, format, access, power on.
std::array<ScsiRow, 7> made_table() {
    const ScsiAnswer begins{good, sanitizing};
    const ScsiAnswer formats{good, formatting};
    std::array<ScsiRow, 7> table{};
    table[0] = {begins, begins, {good, idle}, formats, {good, idle}, {good, idle}};
    table[1] = all(sanitize_in_progress, sanitizing);
    table[1][5] = {good, sanitizing};
    const ScsiAnswer fails_restricted{sanitize_command_failed, sanitize_failed_restricted};
    const ScsiAnswer barred{invalid_field_in_cdb, sanitize_failed_restricted};
    table[2] = {begins,           barred,           barred,
                fails_restricted, fails_restricted, {good, sanitize_failed_restricted}};
    const ScsiAnswer fails{sanitize_command_failed, sanitize_failed_unrestricted};
    table[3] = {begins, begins, {good, idle}, fails, fails, {good, sanitize_failed_unrestricted}};
    table[4] = all(format_in_progress, formatting);
    table[4][5] = {good, format_corrupt};
    table[5] = {begins,
                begins,
                {good, format_failed},
                formats,
                {format_command_failed, format_failed},
                {good, format_failed}};
    table[6] = {begins,
                begins,
                {good, format_corrupt},
                formats,
                {medium_format_corrupted, format_corrupt},
                {good, format_corrupt}};
    return table;
}

} // namespace

const std::array<ScsiRow, 7>& scsi_table() {
    static const std::array<ScsiRow, 7> table = made_table();
    return table;
}

ScsiAnswer ScsiStates::perform(ScsiEvent event) {
    const ScsiAnswer answer =
        scsi_table()[static_cast<std::size_t>(state_)][static_cast<std::size_t>(event)];
    if (answer.is_good() && event == ScsiEvent::sanitize_restricted) unrestricted_ = false;
    if (answer.is_good() && event == ScsiEvent::sanitize_unrestricted) unrestricted_ = true;
    state_ = answer.next;
    return answer;
}

void ScsiStates::ended(bool well) {
    const bool sanitized = state_ == sanitizing;
    if (well)
        state_ = idle;
    else if (sanitized)
        state_ = unrestricted_ ? sanitize_failed_unrestricted : sanitize_failed_restricted;
    else
        state_ = format_failed;
}

void ScsiStates::remember(ScsiUnitMemory& memory) const {
    memory.state = static_cast<std::uint32_t>(state_);
    memory.unrestricted = unrestricted_;
}

void ScsiStates::recall(const ScsiUnitMemory& memory) {
    state_ = static_cast<ScsiState>(memory.state);
    unrestricted_ = memory.unrestricted;
}

SenseCode ScsiStates::sense() const {
    return scsi_table()[static_cast<std::size_t>(state_)]
                       [static_cast<std::size_t>(ScsiEvent::access)]
                           .sense;
}

} // namespace quietus::emulator
