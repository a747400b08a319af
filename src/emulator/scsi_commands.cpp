// The commands of an emulated SAS drive, but for those that erase.
#include "scsi_firmware.hpp"

#include "octet_fields.hpp"
#include "sat_pages.hpp"
#include "tcg_pages.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr SenseCode invalid_operation{0x05, 0x20, 0x00};
constexpr SenseCode invalid_field{0x05, 0x24, 0x00};
constexpr SenseCode unit_not_supported{0x05, 0x25, 0x00};
constexpr SenseCode invalid_parameter{0x05, 0x26, 0x00};
constexpr SenseCode capacity_changed{0x06, 0x2A, 0x09};

std::uint64_t big(const Bytes& cdb, std::size_t at, std::size_t octets) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < octets; ++i)
        value = value << 8U | cdb[at + i];
    return value;
}

/// No more than was made room for, and than the CDB allows.
ScsiReply sent(Bytes data, const ScsiCommand& command, std::uint64_t allocated) {
    data.resize(std::min<std::uint64_t>({data.size(), command.in_bytes, allocated}));
    return {scsi::good, {}, std::move(data)};
}

bool has_service_action(std::uint8_t opcode) {
    return opcode == 0x48 || opcode == 0x5E || opcode == 0x9E || opcode == 0xA3;
}

AtaTraits with_blocks_of(std::uint32_t octets) {
    AtaTraits traits;
    traits.logical_bytes = octets;
    return traits;
}

Bytes listed(const std::vector<ScsiUsage>& usages) {
    Bytes data(4);
    for (const ScsiUsage& usage : usages) {
        Bytes each(8);
        each[0] = usage.opcode;
        put_big(each, 2, 2, usage.action.value_or(0));
        each[5] = usage.action ? 1 : 0;
        put_big(each, 6, 2, usage.map.size() / 2);
        data.insert(data.end(), each.begin(), each.end());
    }
    put_big(data, 0, 4, data.size() - 4);
    return data;
}

Bytes told_of(const ScsiUsage* usage) {
    constexpr std::uint8_t not_supported = 1;
    constexpr std::uint8_t supported = 3;
    if (usage == nullptr) return {0, not_supported, 0, 0};
    Bytes data{0, supported, 0, 0};
    const Bytes map = from_hex(usage->map).value_or(Bytes{});
    put_big(data, 2, 2, map.size());
    data.insert(data.end(), map.begin(), map.end());
    return data;
}

} // namespace

const ScsiDrive::Firmware::Row* ScsiDrive::Firmware::find(std::uint8_t opcode) {
    static constexpr std::array rows{
        Row{0x00, false, false, &Firmware::test_unit_ready},
        Row{0x03, true, false, &Firmware::request_sense},
        Row{0x04, true, true, &Firmware::format_unit},
        Row{0x12, true, false, &Firmware::inquiry},
        Row{0x25, false, false, &Firmware::read_capacity},
        Row{0x35, false, false, &Firmware::synchronize_cache},
        Row{0x48, true, true, &Firmware::sanitize},
        Row{0x4D, true, false, &Firmware::log_sense},
        Row{0x55, false, true, &Firmware::mode_select},
        Row{0x5A, false, false, &Firmware::mode_sense},
        Row{0x5E, false, false, &Firmware::persistent_reserve_in},
        Row{0x9E, false, false, &Firmware::read_capacity},
        Row{0xA0, true, false, &Firmware::report_luns},
        Row{0xA2, false, false, &Firmware::security_protocol_in},
        Row{0xA3, true, false, &Firmware::report_supported},
        Row{0xB7, false, false, &Firmware::read_defects},
    };
    const auto found = std::ranges::find(rows, opcode, &Row::opcode);
    return found == rows.end() ? nullptr : &*found;
}

// INQUIRY, REPORT LUNS and REQUEST SENSE are answered before a unit attention is told (SAM-5).
Result<ScsiReply> ScsiDrive::Firmware::dispatch(Given& given) {
    constexpr std::uint8_t reservation_conflict = 0x18;
    const std::uint8_t opcode = given.command.cdb[0];
    const bool tells = opcode != 0x12 && opcode != 0x03 && opcode != 0xA0;
    const bool absent = given.number >= units_.size();
    if (absent && tells) return refused(unit_not_supported);
    if (tells && !given.unit.attentions.empty()) {
        const SenseCode attention = given.unit.attentions.front();
        given.unit.attentions.pop_front();
        return refused(attention);
    }
    const Row* row = find(opcode);
    if (row == nullptr) return refused(invalid_operation);
    if (!row->always && given.unit.states().state() != ScsiState::idle) return barred(given.unit);
    if (row->changes && traits_.reserved_by != 0) return ScsiReply{reservation_conflict, {}, {}};
    return (this->*row->run)(given);
}

Result<ScsiReply> ScsiDrive::Firmware::test_unit_ready(Given& /*given*/) {
    return ScsiReply{};
}

Result<ScsiReply> ScsiDrive::Firmware::request_sense(Given& given) {
    const std::size_t allocated = given.command.cdb[4];
    if (given.number >= units_.size())
        return sent(sense_of(unit_not_supported), given.command, allocated);
    if (!given.unit.attentions.empty()) {
        const SenseCode attention = given.unit.attentions.front();
        given.unit.attentions.pop_front();
        return sent(sense_of(attention), given.command, allocated);
    }
    Bytes sense = sense_with_progress(given.unit);
    given.unit.told_of_failure();
    return sent(std::move(sense), given.command, allocated);
}

Result<ScsiReply> ScsiDrive::Firmware::inquiry(Given& given) {
    constexpr std::uint8_t no_unit_here = 0x7F;
    const std::uint64_t allocated = big(given.command.cdb, 3, 2);
    if ((given.command.cdb[1] & 1U) == 0) {
        Bytes data = scsi_inquiry(traits_);
        if (given.number >= units_.size()) data[0] = no_unit_here;
        return sent(std::move(data), given.command, allocated);
    }
    auto page = scsi_vpd(situation(given), given.command.cdb[2]);
    return page ? sent(std::move(*page), given.command, allocated) : refused(invalid_field);
}

Result<ScsiReply> ScsiDrive::Firmware::read_capacity(Given& given) {
    if (given.command.cdb[0] == 0x25)
        return sent(scsi_capacity_10(situation(given)), given.command, 8);
    if ((given.command.cdb[1] & 0x1FU) != 0x10) return refused(invalid_field);
    return sent(scsi_capacity_16(situation(given)), given.command, big(given.command.cdb, 10, 4));
}

Result<ScsiReply> ScsiDrive::Firmware::synchronize_cache(Given& given) {
    constexpr SenseCode write_error{0x03, 0x0C, 0x00};
    const auto error = given.unit.media().flush(given.command.timeout);
    if (!error) return Error{Fault::io, "the emulated drive does not answer"};
    return *error == 0 ? ScsiReply{} : refused(write_error);
}

Result<ScsiReply> ScsiDrive::Firmware::log_sense(Given& given) {
    if (is_turned(Knob::log_unreadable)) return refused(invalid_operation);
    auto page = scsi_log(situation(given), given.command.cdb[2] & 0x3FU);
    return page ? sent(std::move(*page), given.command, big(given.command.cdb, 7, 2))
                : refused(invalid_field);
}

// No page: header and block descriptor are all that is asked for.
Result<ScsiReply> ScsiDrive::Firmware::mode_sense(Given& given) {
    const bool long_lba = (given.command.cdb[1] & 0x10U) != 0;
    if ((given.command.cdb[1] & 0x08U) != 0) return refused(invalid_field);
    return sent(mode_data(with_blocks_of(traits_.block_bytes), given.unit.shown_blocks(), long_lba),
                given.command, big(given.command.cdb, 7, 2));
}

// 0 changes nothing, all bits set give back what there is. A size of blocks is not changed.
Result<ScsiReply> ScsiDrive::Firmware::mode_select(Given& given) {
    const ScsiCommand& command = given.command;
    const auto blocks = selected_blocks(with_blocks_of(traits_.block_bytes), command.out);
    if (!blocks || big(command.cdb, 7, 2) != command.out.size()) return refused(invalid_parameter);
    if (*blocks == 0) return ScsiReply{};
    const bool all = *blocks == ~std::uint64_t{0};
    if (!given.unit.shorten(all ? std::nullopt : std::optional(*blocks)))
        return refused(invalid_parameter);
    given.unit.attentions.push_back(capacity_changed);
    return ScsiReply{};
}

Result<ScsiReply> ScsiDrive::Firmware::persistent_reserve_in(Given& given) {
    const unsigned action = given.command.cdb[1] & 0x1FU;
    if (action > 1) return refused(invalid_field);
    return sent(action == 0 ? scsi_keys(traits_) : scsi_reservation(traits_), given.command,
                big(given.command.cdb, 7, 2));
}

Result<ScsiReply> ScsiDrive::Firmware::report_luns(Given& given) {
    return sent(scsi_luns(traits_), given.command, big(given.command.cdb, 6, 4));
}

// Level 0 Discovery alone.
Result<ScsiReply> ScsiDrive::Firmware::security_protocol_in(Given& given) {
    const Bytes& cdb = given.command.cdb;
    if (!traits_.tcg) return refused(invalid_operation);
    if (cdb[1] != 1 || big(cdb, 2, 2) != 1 || (cdb[4] & 0x80U) != 0) return refused(invalid_field);
    return sent(tcg_discovery(traits_.tcg, false), given.command, big(cdb, 6, 4));
}

Result<ScsiReply> ScsiDrive::Firmware::report_supported(Given& given) {
    const Bytes& cdb = given.command.cdb;
    const unsigned reporting = cdb[2] & 7U;
    if ((cdb[1] & 0x1FU) != 0x0C || traits_.reports == ReportsCommands::not_at_all)
        return refused(invalid_operation);
    if (reporting != 0 && traits_.reports == ReportsCommands::as_list_alone)
        return refused(invalid_field);
    const std::vector<ScsiUsage> usages = scsi_usages(traits_);
    const std::uint64_t allocated = big(cdb, 6, 4);
    if (reporting == 0) return sent(listed(usages), given.command, allocated);
    const bool with_action = has_service_action(cdb[3]);
    if ((reporting == 1 && with_action) || (reporting == 2 && !with_action) || reporting > 3)
        return refused(invalid_field);
    const auto is_it = [&](const ScsiUsage& each) {
        return each.opcode == cdb[3] && (!each.action || *each.action == big(cdb, 4, 2));
    };
    const auto found = std::ranges::find_if(usages, is_it);
    return sent(told_of(found == usages.end() ? nullptr : &*found), given.command, allocated);
}

Result<ScsiReply> ScsiDrive::Firmware::read_defects(Given& given) {
    if (is_turned(Knob::log_unreadable)) return refused(invalid_operation);
    return sent(scsi_defects(situation(given)), given.command, big(given.command.cdb, 6, 4));
}

} // namespace quietus::emulator
