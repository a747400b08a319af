// Fuzz target: everything that a drive or a bridge sends to say who it is. The first octet selects
// the parser; from 16 on it selects a kind of drive, and the rest is the drive's replies in turn:
// length (two octets, most significant first), status, octets.
#include "ask_drive.hpp"
#include "ask_facts.hpp"
#include "wire/ata_identify.hpp"
#include "wire/mmc_registers.hpp"
#include "wire/nvme_identify.hpp"
#include "wire/scsi_capacity.hpp"
#include "wire/scsi_designators.hpp"
#include "wire/scsi_inquiry.hpp"

#include "quietus/transport/ata_over_scsi.hpp"
#include "quietus/transport/nvme/namespaces.hpp"

#include <algorithm>
#include <cstdlib>

namespace quietus {
namespace {

// Replies out of the input; when it is used up nobody answers.
class FuzzPort final : public ScsiPort, public NvmePort, public MmcPort {
  public:
    explicit FuzzPort(ByteView input) : input_(input) {}

    Result<ScsiReply> execute(const ScsiCommand& command) override {
        auto reply = next(command.in_bytes);
        if (!reply) return reply.error();
        const bool good = status_ == scsi::good;
        return ScsiReply{status_, good ? Bytes() : *reply, good ? *reply : Bytes()};
    }
    Result<NvmeReply> execute(const NvmeCommand& command) override {
        auto reply = next(command.in_bytes);
        if (!reply) return reply.error();
        reply->resize(status_ == 0 ? command.in_bytes : 0);
        return NvmeReply{status_, 0, *reply};
    }
    Result<std::uint32_t> namespace_id() override { return 1U; }
    Result<MmcReply> execute(const MmcCommand& command) override {
        auto reply = next(command.in_bytes);
        if (!reply) return reply.error();
        return MmcReply{status_, *reply};
    }

    unsigned asked = 0;

  private:
    Result<Bytes> next(std::size_t limit) {
        constexpr std::size_t header = 3;
        ++asked;
        if (input_.size() < header) return Error{Fault::io, "no answer"};
        const std::size_t announced = std::size_t{input_[0]} << 8U | input_[1];
        status_ = input_[2];
        const std::size_t length = std::min({announced, input_.size() - header, limit});
        const ByteView data = input_.subspan(header, length);
        input_ = input_.subspan(header + length);
        return Bytes(data.begin(), data.end());
    }

    ByteView input_;
    std::uint8_t status_ = 0;
};

// Identification ends, and what it says is text that can be shown.
void ask(DriveKind kind, ByteView replies) {
    constexpr unsigned commands_max = 100;
    FuzzPort port(replies);
    const DriveIdentity drive = identify_by_commands(kind, {&port, &port, &port});
    const auto printable = [](const std::string& text) {
        return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
    };
    if (port.asked > commands_max) std::abort();
    if (!printable(drive.model) || !printable(drive.firmware) || !printable(drive.unit))
        std::abort();
    if (!is_hex(drive.serial_raw_hex)) std::abort();
    if (!std::ranges::all_of(drive.findings, printable)) std::abort();
}

// What it tells besides ends too, and no hidden area is smaller than what shows.
void ask_more(ByteView replies) {
    constexpr unsigned commands_max = 60;
    FuzzPort port(replies);
    const auto told = ask_ata_facts(port);
    if (port.asked > commands_max) std::abort();
    if (!told) return;
    const auto native = native_sectors(told->hidden);
    if (native && *native < told->hidden.accessible) std::abort();
    Drive drive;
    ata::tell(*told, drive);
}

void read_sense(ByteView data) {
    static_cast<void>(decode_sense(data));
    static_cast<void>(ata_registers(data));
    for (unsigned type = 0; type < 256; ++type)
        static_cast<void>(sense_descriptor(data, static_cast<std::uint8_t>(type)));
}

void read_pages(ByteView data) {
    static_cast<void>(scsi::parse_inquiry(data));
    static_cast<void>(scsi::vpd_length(data));
    for (unsigned page = 0; page < 256; ++page) {
        const auto body = scsi::vpd_body(data, static_cast<std::uint8_t>(page));
        if (body && body->size() > data.size()) std::abort();
    }
    static_cast<void>(scsi::parse_ata_information(data));
    static_cast<void>(scsi::parse_characteristics(data));
    static_cast<void>(scsi::is_thin(data));
    static_cast<void>(scsi::parse_capacity_10(data));
    static_cast<void>(scsi::parse_capacity_16(data));
    static_cast<void>(scsi::parse_luns(data));
    const auto designators = scsi::parse_designators(data);
    if (!designators) return;
    static_cast<void>(
        scsi::is_worldwide(scsi::best_name(*designators, scsi::Association::logical_unit)));
}

void read_nvme(ByteView data) {
    static_cast<void>(nvme::parse_descriptors(data));
    Bytes padded(data.begin(), data.end());
    padded.resize(nvme::identify_octets);
    static_cast<void>(nvme::parse_controller(padded));
    static_cast<void>(nvme::parse_namespace(padded));
    static_cast<void>(nvme::parse_list(padded, 0));
    static_cast<void>(nvme::parse_descriptors(padded));
}

void read_registers(ByteView data) {
    static_cast<void>(mmc::parse_ext_csd(data));
    static_cast<void>(mmc::parse_cid(as_text(data), mmc::CardKind::mmc));
    static_cast<void>(mmc::parse_cid(as_text(data), mmc::CardKind::sd));
}

} // namespace
} // namespace quietus

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    if (size == 0) return 0;
    const ByteView rest = ByteView(data, size).subspan(1);
    switch (data[0]) {
    case 0:
        read_sense(rest);
        break;
    case 1:
        read_pages(rest);
        break;
    case 2:
        static_cast<void>(ata::parse_identify(rest));
        break;
    case 3:
        read_nvme(rest);
        break;
    case 4:
        read_registers(rest);
        break;
    case 16:
        ask(DriveKind::ata, rest);
        break;
    case 17:
        ask(DriveKind::scsi, rest);
        break;
    case 18:
        ask(DriveKind::usb, rest);
        break;
    case 19:
        ask(DriveKind::nvme, rest);
        break;
    case 20:
        ask(DriveKind::mmc, rest);
        break;
    case 21:
        ask_more(rest);
        break;
    default:
        break;
    }
    return 0;
}
