#include "scsi_questions.hpp"

#include "asking_limits.hpp"
#include "quietus/transport/ata_over_scsi.hpp"
#include "quietus/transport/sense.hpp"
#include "wire/ata_identify.hpp"
#include "wire/scsi_capacity.hpp"
#include "wire/scsi_inquiry.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace quietus {
namespace {

constexpr std::uint8_t illegal_request = 0x05;
constexpr std::uint8_t unit_attention = 0x06;

std::string page_name(std::uint8_t page) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "VPD %02Xh", page);
    return text.data();
}

// A drive that has been reset or plugged in tells so once a command, before it does anything.
bool is_unit_attention(const ScsiReply& reply) {
    const auto sense = decode_sense(reply.sense);
    return reply.status == scsi::check_condition && sense && sense->key == unit_attention;
}

std::string refusal(const std::string& name, const ScsiReply& reply) {
    const auto sense = decode_sense(reply.sense);
    if (reply.status == scsi::check_condition && sense)
        return name + (sense->key == illegal_request ? " is refused (" : " failed (") +
               to_text(*sense) + ")";
    if (reply.status == scsi::check_condition) return name + " failed: " + sense.error().message;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), " failed (status %02xh)", reply.status);
    return name + text.data();
}

std::uint8_t octet(std::size_t value, unsigned shift) {
    return static_cast<std::uint8_t>(value >> shift & 0xFFU);
}

} // namespace

bool ScsiQuestions::given_up() const {
    return lost_ >= lost_answers_max;
}

void ScsiQuestions::note_lost(const std::string& name, const Error& error) {
    find(name + ": " + error.message);
    if (++lost_ == lost_answers_max) find("nothing more was asked");
}

void ScsiQuestions::keep(const std::string& name, const Bytes& data) {
    identity_.pages.push_back({name, to_hex(data)});
}

std::optional<Bytes> ScsiQuestions::ask(const std::string& name, const Bytes& cdb,
                                        std::size_t in_bytes) {
    constexpr int attempts = 3;
    for (int attempt = 1; !given_up(); ++attempt) {
        auto reply = port_.execute({cdb, in_bytes, identification_timeout});
        if (!reply) {
            note_lost(name, reply.error());
            return std::nullopt;
        }
        if (reply->status == scsi::good) return std::move(reply->data);
        if (attempt < attempts && is_unit_attention(*reply)) continue;
        find(refusal(name, *reply));
        return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Bytes> ScsiQuestions::inquiry() {
    constexpr std::uint8_t octets = 36;
    auto data = ask("INQUIRY", {0x12, 0, 0, 0, octets, 0}, octets);
    if (!data) return std::nullopt;
    inquiry_ = *data;
    keep("INQUIRY", *data);
    return data;
}

std::optional<Bytes> ScsiQuestions::page_of(std::uint8_t page, std::size_t in_bytes) {
    const Bytes cdb{0x12, 1, page, octet(in_bytes, 8), octet(in_bytes, 0), 0};
    return ask(page_name(page), cdb, in_bytes);
}

std::optional<Bytes> ScsiQuestions::vital_product_data(std::uint8_t page) {
    // Units from before SPC-3 read the length's low octet alone: longer ones only when they must.
    constexpr std::size_t usual_octets = 252;
    auto data = page_of(page, usual_octets);
    if (!data) return std::nullopt;
    const std::size_t compared = std::min(data->size(), inquiry_.size());
    if (compared > 0 && std::equal(inquiry_.begin(), inquiry_.begin() + compared, data->begin())) {
        find(page_name(page) + ": INQUIRY data came instead");
        return std::nullopt;
    }
    const std::size_t length = scsi::vpd_length(*data);
    constexpr std::size_t allocation_max = 0xFFFF;
    if (length > usual_octets) data = page_of(page, std::min(length, allocation_max));
    if (!data) return std::nullopt;
    keep(page_name(page), *data);
    if (const auto body = scsi::vpd_body(*data, page); !body) {
        find(page_name(page) + ": " + body.error().message);
        return std::nullopt;
    }
    data->resize(scsi::vpd_length(*data));
    return data;
}

std::optional<Bytes> ScsiQuestions::read_capacity_10() {
    auto data = ask("READ CAPACITY (10)", {0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 8);
    if (data) keep("READ CAPACITY (10)", *data);
    return data;
}

std::optional<Bytes> ScsiQuestions::read_capacity_16() {
    constexpr std::uint8_t octets = 32;
    const Bytes cdb{0x9E, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, octets, 0, 0};
    auto data = ask("READ CAPACITY (16)", cdb, octets);
    if (data) keep("READ CAPACITY (16)", *data);
    return data;
}

std::optional<Bytes> ScsiQuestions::report_luns() {
    constexpr std::size_t octets = 8 + 8 * 256;
    const Bytes cdb{0xA0, 0, 0, 0, 0, 0, 0, 0, octet(octets, 8), octet(octets, 0), 0, 0};
    auto data = ask("REPORT LUNS", cdb, octets);
    if (data) keep("REPORT LUNS", *data);
    return data;
}

std::optional<Bytes> ScsiQuestions::identify_device() {
    if (given_up()) return std::nullopt;
    AtaOverScsi ata(port_);
    AtaCommand command;
    command.taskfile.command = ata::identify_device;
    command.taskfile.count = 1;
    command.protocol = AtaProtocol::pio_in;
    command.in_bytes = ata::identify_octets;
    command.timeout = identification_timeout;
    auto reply = ata.execute(command);
    if (!reply && reply.error().fault == Fault::io) {
        note_lost("IDENTIFY DEVICE", reply.error());
        return std::nullopt;
    }
    if (!reply) {
        find("IDENTIFY DEVICE: " + reply.error().message);
        return std::nullopt;
    }
    if (reply->registers && !reply->registers->succeeded()) {
        find("IDENTIFY DEVICE is aborted by the drive");
        return std::nullopt;
    }
    keep("IDENTIFY DEVICE", reply->data);
    return std::move(reply->data);
}

} // namespace quietus
