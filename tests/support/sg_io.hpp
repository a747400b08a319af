// SG_IO as the kernel is given it: a command from its header, and the answer back into that.
#pragma once

#include "quietus/transport/scsi_port.hpp"

#include <scsi/sg.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace quietus::test {

inline ScsiCommand command_in(const sg_io_hdr_t& header) {
    const auto* const data = static_cast<const std::uint8_t*>(header.dxferp);
    ScsiCommand command{Bytes(header.cmdp, header.cmdp + header.cmd_len), 0,
                        std::chrono::milliseconds(header.timeout)};
    if (header.dxfer_direction == SG_DXFER_FROM_DEV) command.in_bytes = header.dxfer_len;
    if (header.dxfer_direction == SG_DXFER_TO_DEV)
        command.out.assign(data, data + header.dxfer_len);
    return command;
}

/// What came of that command. No reply: it has timed out.
inline void put_answer(const ScsiCommand& command, const Result<ScsiReply>& reply,
                       sg_io_hdr_t& header) {
    if (!reply) {
        header.host_status = 3; // DID_TIME_OUT
        return;
    }
    header.status = reply->status;
    header.sb_len_wr = static_cast<unsigned char>(reply->sense.size());
    std::ranges::copy(reply->sense, header.sbp);
    std::ranges::copy(reply->data, static_cast<std::uint8_t*>(header.dxferp));
    const bool sent = !command.out.empty();
    header.resid = sent ? 0 : static_cast<int>(header.dxfer_len - reply->data.size());
}

} // namespace quietus::test
