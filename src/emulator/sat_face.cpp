#include "quietus/emulator/sat_face.hpp"

#include "octet_fields.hpp"
#include "sat_pages.hpp"
#include "sat_sense.hpp"

#include <algorithm>
#include <utility>

namespace quietus::emulator {
namespace {

constexpr SenseCode invalid_operation{0x05, 0x20, 0x00};
constexpr SenseCode invalid_field{0x05, 0x24, 0x00};
constexpr SenseCode invalid_parameter{0x05, 0x26, 0x00};
constexpr SenseCode was_reset{0x06, 0x29, 0x00};
constexpr SenseCode information_available{0x01, 0x00, 0x1D};
constexpr SenseCode aborted_command{0x0B, 0x00, 0x00};

// PROTOCOL
constexpr unsigned non_data = 3;
constexpr unsigned pio_in = 4;
constexpr unsigned pio_out = 5;
constexpr unsigned response_information = 15;

ScsiReply check_condition(Bytes sense) {
    return {scsi::check_condition, std::move(sense), {}};
}

ScsiReply refused(const SenseCode& code) {
    return check_condition(fixed_sense(code));
}

/// No more than was made room for, and than the CDB allows.
ScsiReply sent(Bytes data, const ScsiCommand& command, std::size_t allocated) {
    data.resize(std::min({data.size(), command.in_bytes, allocated}));
    return {scsi::good, {}, std::move(data)};
}

std::size_t big(const Bytes& cdb, std::size_t at, std::size_t octets) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < octets; ++i)
        value = value << 8U | cdb[at + i];
    return value;
}

std::uint64_t reversed(std::uint64_t lba, unsigned octets) {
    std::uint64_t other = 0;
    for (unsigned i = 0; i < octets; ++i)
        other = other << 8U | (lba >> (8 * i) & 0xFFU);
    return other;
}

} // namespace

/// An ATA PASS-THROUGH taken apart.
struct SatFace::PassThrough {
    unsigned protocol = 0;
    bool ck_cond = false;
    bool from_drive = false;
    AtaCommand command;
};

SatFace::SatFace(AtaDrive& drive, const SatTraits& traits) : drive_(drive), traits_(traits) {}

Result<Bytes> SatFace::identify(std::chrono::milliseconds timeout) {
    AtaCommand command{{0xEC, 0, 1, 0, 0}, AtaProtocol::pio_in, false, 512, timeout};
    auto reply = drive_.execute(command);
    if (!reply) return std::move(reply).error();
    return std::move(reply->data);
}

// Octets of a 48-bit register lie in pairs, bits 15:8 or 31:24, 39:32, 47:40 first.
SatFace::PassThrough SatFace::taken_apart(const ScsiCommand& command) {
    const Bytes& cdb = command.cdb;
    const bool sixteen = cdb[0] == 0x85;
    PassThrough pass;
    pass.protocol = cdb[1] >> 1U & 0x0FU;
    pass.ck_cond = (cdb[2] & 0x20U) != 0;
    pass.from_drive = (cdb[2] & 0x08U) != 0;
    AtaTaskfile& in = pass.command.taskfile;
    if (sixteen) {
        const auto lba = [&](std::size_t at, unsigned shift) {
            return std::uint64_t{cdb[at]} << shift;
        };
        in.feature = static_cast<std::uint16_t>(cdb[3] << 8U | cdb[4]);
        in.count = static_cast<std::uint16_t>(cdb[5] << 8U | cdb[6]);
        in.lba = lba(8, 0) | lba(10, 8) | lba(12, 16) | lba(7, 24) | lba(9, 32) | lba(11, 40);
        in.device = cdb[13];
        in.command = cdb[14];
        pass.command.extended = (cdb[1] & 1U) != 0;
    } else {
        in = {cdb[9], cdb[3], cdb[4], little(cdb, 5, 3), cdb[8]};
    }
    pass.command.in_bytes = command.in_bytes;
    pass.command.timeout = command.timeout;
    pass.command.out = command.out;
    return pass;
}

// What a pass-through command brings back, once the drive has answered.
ScsiReply SatFace::brought_back(const PassThrough& pass, AtaReply reply) {
    Returned returned{*reply.registers, pass.command.extended};
    AtaRegisters& out = returned.registers;
    const bool good = out.succeeded();
    if (drive_.is_turned(Knob::lba_swapped) && out.lba)
        out.lba = reversed(*out.lba, pass.command.extended ? 6 : 3);
    last_ = status_return(returned);
    log_index_ = static_cast<std::uint8_t>(log_index_ % 15 + 1);
    results_[log_index_] = last_;
    const bool without = drive_.is_turned(Knob::no_return_descriptor);
    if (good && (!pass.ck_cond || without)) {
        reply.data.resize(std::min(reply.data.size(), pass.command.in_bytes));
        return {scsi::good, {}, std::move(reply.data)};
    }
    const SenseCode code = good ? information_available : aborted_command;
    if (without) return refused(code);
    if (drive_.is_turned(Knob::fixed_sense))
        return check_condition(fixed_sense(code, returned, has_log() ? log_index_ : 0));
    if (!good && drive_.is_turned(Knob::fixed_sense_shifted))
        return check_condition(shifted_sense(returned));
    return check_condition(descriptor_sense(code, returned));
}

bool SatFace::has_log() const {
    return traits_.results_log && !drive_.is_turned(Knob::log_unreadable) &&
           !drive_.is_turned(Knob::no_return_descriptor);
}

Result<ScsiReply> SatFace::pass_through(const ScsiCommand& command) {
    PassThrough pass = taken_apart(command);
    if (pass.protocol == response_information) {
        const bool told =
            traits_.response_information && !drive_.is_turned(Knob::no_return_descriptor);
        return told ? sent(last_, command, last_.size()) : refused(invalid_field);
    }
    const bool known = pass.protocol == non_data || (pass.protocol == pio_in && pass.from_drive) ||
                       (pass.protocol == pio_out && !pass.from_drive);
    if (!known) return refused(invalid_field);
    pass.command.protocol = pass.protocol == non_data ? AtaProtocol::non_data
                            : pass.from_drive         ? AtaProtocol::pio_in
                                                      : AtaProtocol::pio_out;
    if (drive_.is_turned(Knob::count_zeroed) && pass.protocol == non_data)
        pass.command.taskfile.count = 0;
    auto reply = drive_.execute(pass.command);
    if (!reply) return std::move(reply).error();
    return brought_back(pass, std::move(*reply));
}

// Page 16h: a parameter for each of the last 15 commands, its code the log index (from memory of
// sg_logs of sg3_utils).
ScsiReply SatFace::log_sense(const ScsiCommand& command) const {
    const unsigned page = command.cdb[2] & 0x3FU;
    if (!has_log()) return refused(invalid_operation);
    if (page != 0x16 || command.cdb[3] != 0) return refused(invalid_field);
    Bytes data{0x16, 0, 0, 0};
    for (const auto& [index, result] : results_) {
        const Bytes head{0, index, 0x03, static_cast<std::uint8_t>(result.size())};
        data.insert(data.end(), head.begin(), head.end());
        data.insert(data.end(), result.begin(), result.end());
    }
    put_big(data, 2, 2, data.size() - 4);
    return sent(std::move(data), command, big(command.cdb, 7, 2));
}

Result<ScsiReply> SatFace::inquiry(const ScsiCommand& command) {
    const std::size_t allocated = big(command.cdb, 3, 2);
    const bool vital = (command.cdb[1] & 1U) != 0;
    if (!vital) return sent(inquiry_data(drive_.traits()), command, allocated);
    const auto identified = identify(command.timeout);
    if (!identified) return identified.error();
    auto page = vpd_page({command.cdb[2], traits_.sat_page}, drive_.traits(), *identified);
    return page ? sent(std::move(*page), command, allocated) : refused(invalid_field);
}

Result<ScsiReply> SatFace::read_capacity(const ScsiCommand& command) {
    const bool sixteen = command.cdb[0] == 0x9E;
    if (sixteen && (command.cdb[1] & 0x1FU) != 0x10) return refused(invalid_field);
    const auto identified = identify(command.timeout);
    if (!identified) return identified.error();
    const std::uint64_t blocks = drive_.scsi_blocks();
    return sixteen ? sent(capacity_16(drive_.traits(), blocks), command, big(command.cdb, 10, 4))
                   : sent(capacity_10(drive_.traits(), blocks), command, 8);
}

// No page but all that there are, of which it has none.
ScsiReply SatFace::mode_sense(const ScsiCommand& command) {
    const unsigned page = command.cdb[2] & 0x3FU;
    const bool without_descriptor = (command.cdb[1] & 0x08U) != 0;
    const bool long_lba = (command.cdb[1] & 0x10U) != 0;
    if (page != 0x3F || without_descriptor) return refused(invalid_field);
    return sent(mode_data(drive_.traits(), drive_.scsi_blocks(), long_lba), command,
                big(command.cdb, 7, 2));
}

// 0 changes nothing, all bits set give back what there is, more than that is refused: IBM Ultrastar
// 146Z10 manual, 8.8.1.2; Seagate SCSI Commands Reference rev. J, 5.3.4.2 and 5.3.4.3.
ScsiReply SatFace::mode_select(const ScsiCommand& command) {
    const auto blocks = selected_blocks(drive_.traits(), command.out);
    if (!blocks || big(command.cdb, 7, 2) != command.out.size()) return refused(invalid_parameter);
    if (*blocks == 0) return {};
    const bool all = *blocks == ~std::uint64_t{0};
    const bool done = drive_.shorten(all ? std::nullopt : std::optional(*blocks));
    return done ? ScsiReply{} : refused(invalid_parameter);
}

Result<ScsiReply> SatFace::perform(const ScsiCommand& command) {
    switch (command.cdb[0]) {
    case 0x00: // TEST UNIT READY
        return ScsiReply{};
    case 0x03: // REQUEST SENSE: nothing is kept
        return sent(fixed_sense(SenseCode{}), command, command.cdb[4]);
    case 0x12:
        return inquiry(command);
    case 0x25:
    case 0x9E:
        return read_capacity(command);
    case 0x4D:
        return log_sense(command);
    case 0x55:
        return mode_select(command);
    case 0x5A:
        return mode_sense(command);
    case 0x85:
        return traits_.sixteen ? pass_through(command) : refused(invalid_operation);
    case 0xA1:
        return pass_through(command);
    default:
        return refused(invalid_operation);
    }
}

// SAM-5 clause 5.14: INQUIRY and REQUEST SENSE are answered before a unit attention is told.
Result<ScsiReply> SatFace::execute(const ScsiCommand& command) {
    constexpr std::size_t cut_to = 18;
    ScsiCommand padded = command;
    padded.cdb.resize(16);
    const std::uint8_t code = padded.cdb[0];
    const bool tells = code != 0x12 && code != 0x03;
    if (tells && drive_.take_reset()) return refused(was_reset);
    auto reply = perform(padded);
    const bool cuts = drive_.is_turned(Knob::sense_cut_to_18);
    if (reply && cuts && reply->sense.size() > cut_to) reply->sense.resize(cut_to);
    return reply;
}

} // namespace quietus::emulator
