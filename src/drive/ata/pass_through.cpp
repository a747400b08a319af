#include "quietus/drive/ata/pass_through.hpp"

#include "quietus/transport/ata/commands.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace quietus::ata {
namespace {

struct Echo {
    std::uint8_t count;
    std::uint32_t lba; ///< 24 bits: the other four would stand in DEVICE
};

// No octet stands for another: one that is dropped, doubled or swapped shows.
constexpr std::array<Echo, 6> echoes{{{0x01, 0x020304},
                                      {0xA5, 0x5AC396},
                                      {0xFF, 0xFEFDFC},
                                      {0x80, 0x010000},
                                      {0x55, 0x00AA01},
                                      {0x10, 0x9900E7}}};

constexpr std::uint8_t error_bit = 0x01;
constexpr std::uint8_t abort_bit = 0x04;

std::string hex(std::uint64_t value) {
    std::array<char, 20> text{};
    std::snprintf(text.data(), text.size(), "%02lxh", static_cast<unsigned long>(value));
    return text.data();
}

std::string flaw_of(const Echo& sent, const Result<AtaReply>& reply) {
    if (!reply) return "NOP: " + reply.error().message;
    if (!reply->registers) return "NOP: no registers came back";
    const AtaRegisters& got = *reply->registers;
    const bool aborted = (got.status & error_bit) != 0 && (got.error & abort_bit) != 0;
    if (!aborted) return "NOP: it was not aborted, as every drive does";
    if ((got.count & 0xFFU) != sent.count)
        return "NOP: the count " + hex(sent.count) + " came back as " + hex(got.count & 0xFFU);
    if (got.lba && (*got.lba & 0xFFFFFFU) != sent.lba)
        return "NOP: the address " + hex(sent.lba) + " came back as " + hex(*got.lba & 0xFFFFFFU);
    return {};
}

// ACS-4, CHECK POWER MODE: what COUNT may say. 40h and 41h of drives from before ACS-2.
bool is_power_mode(std::uint8_t mode) {
    constexpr std::array<std::uint8_t, 9> modes{0x00, 0x01, 0x40, 0x41, 0x80,
                                                0x81, 0x82, 0x83, 0xFF};
    return std::ranges::find(modes, mode) != modes.end();
}

PassThroughRecord tried(AtaPort& port) {
    PassThroughRecord record;
    record.addresses_seen = true;
    for (const Echo& echo : echoes) {
        ++record.echoes;
        const auto reply = port.execute(nop(echo.count, echo.lba));
        record.text = flaw_of(echo, reply);
        if (!record.text.empty()) return record;
        record.addresses_seen = record.addresses_seen && reply->registers->lba;
    }
    const auto reply = port.execute(check_power_mode());
    if (!reply || !reply->registers || !reply->registers->succeeded()) {
        record.text =
            "CHECK POWER MODE: " + (reply ? "no answer that says so" : reply.error().message);
        return record;
    }
    const auto mode = static_cast<std::uint8_t>(reply->registers->count & 0xFFU);
    record.power_mode = to_hex(Bytes{mode});
    record.trusted = is_power_mode(mode);
    if (!record.trusted) record.text = "CHECK POWER MODE: " + hex(mode) + " is no power mode";
    return record;
}

// What has succeeded may come back in another form than what was aborted. Two octets that are
// known, in an order that is.
std::string flaw_of_return_status(const Result<AtaReply>& reply) {
    constexpr std::uint64_t sound = 0xC24F;
    constexpr std::uint64_t failing = 0x2CF4;
    if (!reply) return reply.error().message;
    if (!reply->registers || !reply->registers->succeeded()) return "no answer that says so";
    if (!reply->registers->lba) return "the address was left out on the way";
    const std::uint64_t word = *reply->registers->lba >> 8U & 0xFFFFU;
    return word == sound || word == failing ? "" : hex(word) + " is no status";
}

} // namespace

PassThroughRecord test_pass_through(AtaPort& port, const IdentifyWords& words) {
    PassThroughRecord record = tried(port);
    if (!record.trusted) return record;
    if (words.has_smart()) {
        record.text = flaw_of_return_status(port.execute(smart_return_status()));
        if (!record.text.empty()) record.text = "SMART RETURN STATUS: " + record.text;
    } else if (!record.addresses_seen) {
        record.text = "NOP: the address was left out on the way, and the drive has no SMART to try";
    }
    record.trusted = record.text.empty();
    return record;
}

} // namespace quietus::ata
