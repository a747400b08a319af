#include "quietus/transport/traced_scsi.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace quietus {
namespace {

constexpr std::uint8_t pass_through_16 = 0x85;
constexpr std::uint8_t pass_through_12 = 0xA1;

// Of a command that brings data: whether it is the drive's own description and not its content.
bool tells_of_itself(const Bytes& cdb) {
    if (cdb[0] == pass_through_16 || cdb[0] == pass_through_12) {
        const bool wide = cdb[0] == pass_through_16;
        constexpr unsigned response_information = 15;
        if ((cdb[1] >> 1U & 0x0FU) == response_information) return true;
        const std::uint8_t opcode = cdb[wide ? 14 : 9];
        const std::uint8_t feature = cdb[wide ? 4 : 3];
        return opcode == 0xEC || opcode == 0x2F || (opcode == 0xB0 && feature == 0xD0) ||
               (opcode == 0xB1 && feature == 0xC2);
    }
    // REQUEST SENSE, INQUIRY, READ CAPACITY (10), LOG SENSE, MODE SENSE (10), PERSISTENT RESERVE
    // IN, REPORT LUNS, READ DEFECT DATA (12); READ CAPACITY (16) and REPORT SUPPORTED OPERATION
    // CODES by their service actions
    constexpr std::array<std::uint8_t, 8> pages{0x03, 0x12, 0x25, 0x4D, 0x5A, 0x5E, 0xA0, 0xB7};
    const unsigned action = cdb[1] & 0x1FU;
    return std::ranges::find(pages, cdb[0]) != pages.end() || (cdb[0] == 0x9E && action == 0x10) ||
           (cdb[0] == 0xA3 && action == 0x0C);
}

std::string line_of(const ScsiCommand& command, const Result<ScsiReply>& reply) {
    std::string line = "scsi " + to_hex(command.cdb);
    if (!command.out.empty()) line += " out *";
    line += " -> ";
    if (!reply) return line + "lost";
    line += to_hex(Bytes{reply->status});
    if (!reply->sense.empty()) line += " sense " + to_hex(reply->sense);
    if (!reply->data.empty() && tells_of_itself(command.cdb))
        line += " data " + to_hex(reply->data);
    return line;
}

} // namespace

Result<ScsiReply> TracedScsi::execute(const ScsiCommand& command) {
    const auto started = clock_.monotonic();
    auto reply = port_.execute(command);
    const auto taken =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - started);
    std::string lines = line_of(command, reply) + "\n# " + std::to_string(taken.count()) + " ms";
    if (!reply) lines += ": " + escaped(reply.error().message);
    log_.add(lines + "\n");
    return reply;
}

} // namespace quietus
