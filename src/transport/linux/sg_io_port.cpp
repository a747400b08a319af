// SG_IO: struct sg_io_hdr of version 3 (scsi/sg.h; Linux, Documentation/scsi/scsi-generic.rst).
#include "quietus/core/ensure.hpp"
#include "quietus/transport/linux/command_ports.hpp"

#include <scsi/sg.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace quietus {
namespace {

constexpr std::size_t sense_octets = 252; // SPC-5: no sense data is longer
/// Lower half of driver_status: DRIVER_SENSE says that there is sense data, and no more.
constexpr unsigned driver_status_mask = 0x0F;
constexpr unsigned driver_sense = 0x08;

Error never_answered(const sg_io_hdr_t& header) {
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "no answer (host status %02xh, driver status %02xh)",
                  header.host_status, header.driver_status);
    return {Fault::io, text.data()};
}

int direction_of(const ScsiCommand& command) {
    if (!command.out.empty()) return SG_DXFER_TO_DEV;
    return command.in_bytes == 0 ? SG_DXFER_NONE : SG_DXFER_FROM_DEV;
}

// A residue that makes no sense means that nobody knows what came: then nothing did.
std::size_t transferred(const sg_io_hdr_t& header) {
    if (header.resid < 0 || static_cast<unsigned>(header.resid) > header.dxfer_len) return 0;
    return header.dxfer_len - static_cast<unsigned>(header.resid);
}

class SgIoPort final : public ScsiPort {
  public:
    SgIoPort(int descriptor, Ioctl ioctl) : descriptor_(descriptor), ioctl_(std::move(ioctl)) {}

    Result<ScsiReply> execute(const ScsiCommand& command) override {
        QUIETUS_ENSURE(command.cdb.size() >= 6 && command.cdb.size() <= 16);
        QUIETUS_ENSURE(command.out.empty() || command.in_bytes == 0);
        Bytes cdb = command.cdb;
        ScsiReply reply{0, Bytes(sense_octets), Bytes(command.in_bytes)};
        Bytes out = command.out;
        Bytes& moved = out.empty() ? reply.data : out;
        sg_io_hdr_t header{};
        header.interface_id = 'S';
        header.dxfer_direction = direction_of(command);
        header.cmdp = cdb.data();
        header.cmd_len = static_cast<unsigned char>(cdb.size());
        header.sbp = reply.sense.data();
        header.mx_sb_len = static_cast<unsigned char>(reply.sense.size());
        header.dxferp = moved.empty() ? nullptr : moved.data();
        header.dxfer_len = static_cast<unsigned>(moved.size());
        header.timeout = static_cast<unsigned>(command.timeout.count());
        if (ioctl_(descriptor_, SG_IO, &header) < 0) return system_error(Fault::io, "SG_IO");
        return answer(header, std::move(reply));
    }

  private:
    static Result<ScsiReply> answer(const sg_io_hdr_t& header, ScsiReply reply) {
        const unsigned driver = header.driver_status & driver_status_mask;
        if (header.host_status != 0 || (driver != 0 && driver != driver_sense))
            return never_answered(header);
        reply.status = header.status;
        reply.sense.resize(std::min<std::size_t>(header.sb_len_wr, sense_octets));
        reply.data.resize(std::min(transferred(header), reply.data.size()));
        return reply;
    }

    int descriptor_;
    Ioctl ioctl_;
};

} // namespace

std::unique_ptr<ScsiPort> make_sg_io_port(int descriptor, Ioctl ioctl) {
    return std::make_unique<SgIoPort>(descriptor, std::move(ioctl));
}

} // namespace quietus
