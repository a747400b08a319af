#include "quietus/transport/traced_nvme.hpp"

#include "quietus/core/bytes.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <string>

namespace quietus {
namespace {

std::string hex(std::uint32_t value, int digits) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%0*x", digits, static_cast<unsigned>(value));
    return text.data();
}

// The drive's own description and not its content: Get Log Page, Identify, Security Receive.
bool tells_of_itself(std::uint8_t opcode) {
    return opcode == 0x02 || opcode == 0x06 || opcode == 0x82;
}

// Pages end in zeros for the most part.
std::string page_of(Bytes data) {
    while (data.size() > 1 && data.back() == 0)
        data.pop_back();
    return to_hex(data);
}

std::string line_of(const NvmeCommand& command, const Result<NvmeReply>& reply) {
    std::string line = "nvme " + hex(command.opcode, 2) + " nsid " + hex(command.nsid, 8) + " cdw";
    for (const std::uint32_t word : command.cdw10_15)
        line += ' ' + hex(word, 8);
    line += " -> ";
    if (!reply) return line + "lost";
    line += hex(reply->status, 4) + ' ' + hex(reply->result, 8);
    if (!reply->data.empty() && tells_of_itself(command.opcode))
        line += " data " + page_of(reply->data);
    return line;
}

} // namespace

Result<NvmeReply> TracedNvme::execute(const NvmeCommand& command) {
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
