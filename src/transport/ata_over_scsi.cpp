#include "quietus/transport/ata_over_scsi.hpp"

#include "ata_results.hpp"

#include <array>
#include <cstdio>
#include <initializer_list>
#include <string>

namespace quietus {
namespace {

constexpr std::uint8_t pass_through_16 = 0x85;
constexpr std::uint8_t pass_through_12 = 0xA1;
constexpr std::uint8_t status_return_descriptor = 0x09;
constexpr std::uint8_t recovered_error = 0x01;
constexpr std::uint8_t illegal_request = 0x05;
constexpr std::uint8_t unit_attention = 0x06;
constexpr std::uint8_t aborted_command = 0x0B;
constexpr std::uint8_t invalid_operation_code = 0x20;

constexpr unsigned most_attentions = 3; ///< one after the other: power, bus and drive

constexpr std::uint64_t byte_of(std::uint64_t value, unsigned index) {
    return value >> (8 * index) & 0xFFU;
}

Bytes octets(std::initializer_list<std::uint64_t> values) {
    Bytes bytes;
    for (const std::uint64_t value : values)
        bytes.push_back(static_cast<std::uint8_t>(value & 0xFFU));
    return bytes;
}

// PROTOCOL: 3 is non-data, 4 is PIO data-in, 5 is PIO data-out.
unsigned protocol_number(AtaProtocol protocol) {
    switch (protocol) {
    case AtaProtocol::non_data:
        return 3;
    case AtaProtocol::pio_in:
        return 4;
    case AtaProtocol::pio_out:
        return 5;
    }
    return 3;
}

std::uint8_t protocol_octet(const AtaCommand& command) {
    return static_cast<std::uint8_t>(protocol_number(command.protocol) << 1U |
                                     (command.extended ? 1U : 0U));
}

// CK_COND unless data comes back; T_DIR 1 from the drive; BYT_BLOK: blocks; T_LENGTH 2: in COUNT.
std::uint8_t transfer_octet(const AtaCommand& command) {
    constexpr std::uint8_t ck_cond = 0x20;
    constexpr std::uint8_t from_drive = 0x08;
    constexpr std::uint8_t blocks_in_count = 0x04 | 0x02;
    switch (command.protocol) {
    case AtaProtocol::non_data:
        return ck_cond;
    case AtaProtocol::pio_in:
        return from_drive | blocks_in_count;
    case AtaProtocol::pio_out:
        return ck_cond | blocks_in_count;
    }
    return ck_cond;
}

// ATA PASS-THROUGH (16): each register as its previous (bits 15:8 of an extended command) and
// current.
Bytes cdb_16(const AtaCommand& command) {
    const AtaTaskfile& in = command.taskfile;
    const std::uint64_t high = command.extended ? 0xFF : 0;
    return octets({pass_through_16, protocol_octet(command), transfer_octet(command),
                   byte_of(in.feature, 1) & high, byte_of(in.feature, 0),
                   byte_of(in.count, 1) & high, byte_of(in.count, 0), //
                   byte_of(in.lba, 3) & high, byte_of(in.lba, 0),     //
                   byte_of(in.lba, 4) & high, byte_of(in.lba, 1),     //
                   byte_of(in.lba, 5) & high, byte_of(in.lba, 2),     //
                   in.device, in.command, 0});
}

// ATA PASS-THROUGH (12): the current ones alone.
Bytes cdb_12(const AtaCommand& command) {
    const AtaTaskfile& in = command.taskfile;
    return octets({pass_through_12, protocol_octet(command), transfer_octet(command),
                   byte_of(in.feature, 0), byte_of(in.count, 0), byte_of(in.lba, 0),
                   byte_of(in.lba, 1), byte_of(in.lba, 2), in.device, in.command, 0, 0});
}

// Its fixed form: ERROR, STATUS, DEVICE and COUNT where INFORMATION would be, flags and LBA where
// COMMAND-SPECIFIC INFORMATION would be. Flags 40h and 20h: octets of COUNT and of the LBA that
// were left out are not 0. smartmontools takes octet 9 for the lowest of the LBA, sg3_utils for the
// highest: only an LBA that reads the same both ways is one.
AtaRegisters registers_in_fixed(ByteView sense) {
    const bool whole_count = (sense[8] & 0x40U) == 0;
    AtaRegisters out{sense[4], sense[3], sense[5], sense[6], whole_count, {}};
    const bool whole_lba = (sense[8] & 0x20U) == 0 && sense[9] == sense[11];
    if (whole_lba)
        out.lba = static_cast<std::uint64_t>(sense[9]) << 16U | sense[10] << 8U | sense[9];
    return out;
}

// Whether these may be ERROR and STATUS of a command that the drive aborted: ERR, and not BSY.
bool tells_abort(std::uint8_t error, std::uint8_t status) {
    return (status & 0x81U) == 0x01 && error != 0;
}

// Linux to 6.9 puts ERROR, STATUS, DEVICE, COUNT at octets 8 to 11; later as SAT-4 has it.
std::optional<AtaRegisters> registers_of_abort(ByteView sense) {
    if (tells_abort(sense[3], sense[4])) return registers_in_fixed(sense);
    if (!tells_abort(sense[8], sense[9])) return std::nullopt;
    return AtaRegisters{sense[9], sense[8], sense[10], sense[11], false, {}};
}

bool refuses_operation_code(const ScsiReply& reply) {
    const auto sense = decode_sense(reply.sense);
    return reply.status == scsi::check_condition && sense && sense->key == illegal_request &&
           sense->asc == invalid_operation_code;
}

Error refused(const ScsiReply& reply) {
    const auto sense = decode_sense(reply.sense);
    if (reply.status == scsi::check_condition && !sense) return sense.error();
    if (sense && sense->key == illegal_request)
        return {Fault::unsupported, "ATA PASS-THROUGH is refused (" + to_text(*sense) + ")"};
    std::array<char, 16> status{};
    std::snprintf(status.data(), status.size(), "status %02xh", reply.status);
    return {Fault::drive, std::string("ATA PASS-THROUGH failed (") +
                              (sense ? to_text(*sense) : std::string(status.data())) + ")"};
}

// Whether everything that a command without incoming data can tell has come back.
bool is_whole(const std::optional<AtaRegisters>& registers) {
    return registers && registers->whole_count && registers->lba;
}

// UNIT ATTENTION: something has happened before the command, a reset for one, and it was not
// carried out. Only what reads is sent again: the other commands may be what was reset.
bool is_attention(const Result<ScsiReply>& reply, const AtaCommand& command) {
    if (!reply || reply->status != scsi::check_condition) return false;
    const auto sense = decode_sense(reply->sense);
    return command.protocol == AtaProtocol::pio_in && sense && sense->key == unit_attention;
}

// An answer from which the registers are missing may yet be asked for them. Not one that says that
// the command never got there.
bool may_ask_again(const AtaCommand& command, const ScsiReply& reply) {
    if (command.protocol == AtaProtocol::pio_in) return false;
    if (reply.status == scsi::good || ata_registers(reply.sense)) return true;
    const auto sense = decode_sense(reply.sense);
    return !sense || sense->key == 0 || sense->key == recovered_error ||
           sense->key == aborted_command;
}

} // namespace

std::optional<AtaRegisters> ata_registers(ByteView sense) {
    constexpr std::size_t fixed_octets = 14; // up to and with ASCQ
    const auto decoded = decode_sense(sense);
    if (!decoded || decoded->deferred) return std::nullopt;
    if (decoded->format == SenseFormat::descriptor) {
        const ByteView found = sense_descriptor(sense, status_return_descriptor);
        return registers_in_descriptor(found);
    }
    if (sense.size() < fixed_octets) return std::nullopt;
    const bool information_available = decoded->asc == 0x00 && decoded->ascq == 0x1D;
    if (information_available) return registers_in_fixed(sense);
    // For a drive whose STATUS has bit 4 set Linux calls any abort an unaligned write.
    const bool unaligned_write =
        decoded->key == illegal_request && decoded->asc == 0x21 && decoded->ascq == 0x04;
    if (decoded->key == aborted_command || unaligned_write) return registers_of_abort(sense);
    return std::nullopt;
}

Result<ScsiReply> AtaOverScsi::pass_through(const AtaCommand& command) {
    if (!twelve_) {
        auto reply =
            scsi_.execute({cdb_16(command), command.in_bytes, command.timeout, command.out});
        if (!reply || !refuses_operation_code(*reply) || command.extended) return reply;
        twelve_ = true;
    }
    if (command.extended)
        return Error{Fault::unsupported, "the way to the drive takes no 48-bit commands"};
    return scsi_.execute({cdb_12(command), command.in_bytes, command.timeout, command.out});
}

Result<AtaReply> AtaOverScsi::execute(const AtaCommand& command) {
    auto reply = pass_through(command);
    for (unsigned again = 0; again < most_attentions && is_attention(reply, command); ++again)
        reply = pass_through(command);
    if (!reply) return std::move(reply).error();
    const bool answered = reply->status == scsi::good || reply->status == scsi::check_condition;
    if (!answered) return refused(*reply);
    auto registers = ata_registers(reply->sense);
    if (!is_whole(registers) && may_ask_again(command, *reply))
        if (const auto whole = ask_again({scsi_, twelve_}, reply->sense, registers))
            registers = whole;
    if (reply->status == scsi::good) return AtaReply{registers, std::move(reply->data)};
    if (!registers) return refused(*reply);
    const auto sense = decode_sense(reply->sense);
    // Registers that say "done" under a sense key that says "failed" contradict each other.
    if (registers->succeeded() && sense && sense->key != recovered_error && sense->key != 0)
        return refused(*reply);
    return AtaReply{registers, std::move(reply->data)};
}

} // namespace quietus
