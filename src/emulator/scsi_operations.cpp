// SANITIZE and FORMAT UNIT of an emulated SAS drive.
#include "scsi_firmware.hpp"

#include "octet_fields.hpp"

#include <utility>

namespace quietus::emulator {
namespace {

constexpr SenseCode invalid_operation{0x05, 0x20, 0x00};
constexpr SenseCode invalid_field{0x05, 0x24, 0x00};
constexpr SenseCode invalid_parameter{0x05, 0x26, 0x00};

constexpr unsigned action_overwrite = 0x01;
constexpr unsigned action_block_erase = 0x02;
constexpr unsigned action_crypto_erase = 0x03;
constexpr unsigned action_exit_failure = 0x1F;

// Octet 1 of SANITIZE
constexpr unsigned immediate = 0x80;
constexpr unsigned zoned_no_reset = 0x40;
constexpr unsigned unrestricted_exit = 0x20;

std::uint64_t big(const Bytes& octets, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
        value = value << 8U | octets[at + i];
    return value;
}

bool needs_writing(ScsiReadAfterErase reads) {
    return reads == ScsiReadAfterErase::fails || reads == ScsiReadAfterErase::write_required;
}

// Inverted between passes so that the last writes the pattern as it is given (Seagate SCSI Commands
// Reference, SANITIZE: of an even number the first is inverted).
std::vector<Bytes> overwrite_passes(const Bytes& pattern, unsigned count, bool inverts) {
    Bytes inverted = pattern;
    for (std::uint8_t& each : inverted)
        each = static_cast<std::uint8_t>(~each);
    std::vector<Bytes> passes;
    for (unsigned i = 0; i < count; ++i)
        passes.push_back(inverts && (count - 1 - i) % 2 == 1 ? inverted : pattern);
    return passes;
}

} // namespace

bool ScsiDrive::Firmware::offers(unsigned action) const {
    const ScsiSanitizeTraits& traits = traits_.sanitize;
    return (action == action_overwrite && traits.overwrite) ||
           (action == action_block_erase && traits.block_erase) ||
           (action == action_crypto_erase && traits.crypto_erase) ||
           (action == action_exit_failure && traits.exit_failure);
}

std::optional<ScsiWork> ScsiDrive::Firmware::sanitize_work(const Given& given) const {
    const Bytes& cdb = given.command.cdb;
    const Bytes& list = given.command.out;
    const unsigned action = cdb[1] & 0x1FU;
    ScsiWork work;
    work.event = (cdb[1] & unrestricted_exit) != 0 ? ScsiEvent::sanitize_unrestricted
                                                   : ScsiEvent::sanitize_restricted;
    work.order.addressed_bytes = traits_.blocks * given.unit.stored_bytes();
    work.order.takes = traits_.sanitize.crypto_takes;
    work.must_be_written =
        action == action_crypto_erase && needs_writing(traits_.after_crypto_erase);
    if (action == action_crypto_erase) return list.empty() ? std::optional(work) : std::nullopt;
    if (action == action_block_erase) {
        work.order.passes = {Bytes(4, 0)};
        work.order.takes = traits_.sanitize.block_takes;
        work.must_be_written = needs_writing(traits_.after_block_erase);
        return list.empty() ? std::optional(work) : std::nullopt;
    }
    constexpr unsigned test = 0x60;
    if (list.size() < 5 || (list[0] & test) != 0) return std::nullopt;
    const unsigned count = list[0] & 0x1FU;
    const std::uint64_t length = big(list, 2, 2);
    if (count == 0 || length != list.size() - 4 || length > traits_.block_bytes)
        return std::nullopt;
    const Bytes pattern(list.begin() + 4, list.end());
    work.order.passes = overwrite_passes(pattern, count, (list[0] & 0x80U) != 0);
    work.order.takes = traits_.sanitize.pass_takes * static_cast<long>(count);
    return work;
}

Result<ScsiReply> ScsiDrive::Firmware::sanitize(Given& given) {
    const Bytes& cdb = given.command.cdb;
    const ScsiSanitizeTraits& traits = traits_.sanitize;
    const unsigned action = cdb[1] & 0x1FU;
    if (!traits.overwrite && !traits.block_erase && !traits.crypto_erase)
        return refused(invalid_operation);
    const bool unknown = !offers(action) ||
                         ((cdb[1] & zoned_no_reset) != 0 && !traits.zoned_no_reset) ||
                         ((cdb[1] & unrestricted_exit) != 0 && !traits.exit_failure);
    if (unknown) return refused(invalid_field);
    if (action == action_exit_failure) {
        const ScsiAnswer answer = given.unit.perform(ScsiEvent::exit_failure);
        if (given.unit.states().is_under_way()) return barred(given.unit);
        return answer.is_good() ? ScsiReply{} : refused(answer.sense);
    }
    auto work = sanitize_work(given);
    if (!work || big(cdb, 7, 2) != given.command.out.size()) return refused(invalid_parameter);
    if (given.unit.states().is_under_way()) return barred(given.unit);
    const ScsiAnswer answer = given.unit.begin(*work);
    if (!answer.is_good()) return refused(answer.sense);
    for (ScsiUnit& other : units_)
        if (&other != &given.unit && traits.reaches_all_units)
            static_cast<void>(other.begin(*work));
    return begun(given, (cdb[1] & immediate) != 0);
}

// The format stays as it is: with another type of protection information it is refused. Blocks that
// have moved to spare ones are not reached.
std::optional<ScsiWork> ScsiDrive::Firmware::format_work(const Given& given) const {
    const Bytes& cdb = given.command.cdb;
    const Bytes& list = given.command.out;
    ScsiWork work;
    work.order.addressed_bytes = given.unit.shown_blocks() * given.unit.stored_bytes();
    work.order.reserve = false;
    work.order.takes = traits_.format.takes;
    work.order.passes = {Bytes{0}};
    constexpr unsigned format_data = 0x10;
    constexpr unsigned long_list = 0x20;
    const unsigned protection = cdb[1] >> 6U;
    if ((cdb[1] & format_data) == 0)
        return protection == 0 && traits_.protection == 0 ? std::optional(work) : std::nullopt;
    const std::size_t header = (cdb[1] & long_list) != 0 ? 8 : 4;
    if (list.size() < header) return std::nullopt;
    const unsigned usage = list[0] & 7U;
    const unsigned type = protection == 2 ? 1 : protection == 3 ? 2 + (usage & 1U) : 0;
    if (type != traits_.protection) return std::nullopt;
    constexpr unsigned valid_options = 0x80;
    constexpr unsigned patterned = 0x08;
    if ((list[1] & patterned) == 0) return work;
    if ((list[1] & valid_options) == 0 || list.size() < header + 5) return std::nullopt;
    const std::uint64_t length = big(list, header + 2, 2);
    if (length == 0 || length != list.size() - header - 4) return std::nullopt;
    work.order.passes = {Bytes(list.begin() + static_cast<long>(header + 4), list.end())};
    return work;
}

Result<ScsiReply> ScsiDrive::Firmware::format_unit(Given& given) {
    if (!traits_.format.supported) return refused(invalid_operation);
    if (given.unit.states().is_under_way()) return barred(given.unit);
    auto work = format_work(given);
    if (!work) return refused(given.command.out.empty() ? invalid_field : invalid_parameter);
    const ScsiAnswer answer = given.unit.begin(std::move(*work));
    if (!answer.is_good()) return refused(answer.sense);
    constexpr unsigned immediate_list = 0x02;
    return begun(given, given.command.out.size() > 1 && (given.command.out[1] & immediate_list));
}

Result<ScsiReply> ScsiDrive::Firmware::begun(Given& given, bool at_once) {
    if (at_once) return ScsiReply{};
    const bool over = waits_out(given.unit, given.deadline);
    if (!over || std::exchange(lost_, false))
        return Error{Fault::io, "the emulated drive does not answer"};
    return given.unit.states().has_failed() ? barred(given.unit) : ScsiReply{};
}

} // namespace quietus::emulator
