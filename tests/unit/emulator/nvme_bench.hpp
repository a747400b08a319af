// NvmeBench: an emulated NVMe drive full of secrets, and the commands that tests send it.
#pragma once

#include "quietus/emulator/nvme_drive.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace quietus::emulator {

inline const std::string nvme_secret = "an old secret 5c27";

struct NvmeBench {
    explicit NvmeBench(const NvmeTraits& traits = {}) : drive(traits, clock) {
        drive.hold(as_bytes(nvme_secret));
    }

    static NvmeCommand command_of(std::uint8_t opcode, std::uint32_t nsid, std::uint32_t word,
                                  std::size_t in_bytes = 0) {
        return {opcode, nsid, {word}, in_bytes, std::chrono::seconds(60)};
    }
    /// The status; FFFFh when no answer came.
    std::uint16_t status_of(const NvmeCommand& command) {
        const auto reply = drive.execute(command);
        return reply ? reply->status : std::uint16_t{0xFFFF};
    }
    std::uint16_t sanitize(std::uint32_t word, std::uint32_t pattern = 0) {
        NvmeCommand command = command_of(0x84, 0, word);
        command.cdw10_15[1] = pattern;
        return status_of(command);
    }
    std::uint16_t format(std::uint32_t nsid, std::uint32_t word,
                         std::chrono::hours timeout = std::chrono::hours(24)) {
        NvmeCommand command = command_of(0x80, nsid, word);
        command.timeout = timeout;
        return status_of(command);
    }
    Bytes fetch(std::uint8_t opcode, std::uint32_t nsid, std::uint32_t word, std::size_t octets) {
        const auto reply = drive.execute(command_of(opcode, nsid, word, octets));
        return reply ? reply->data : Bytes();
    }
    Bytes identify(std::uint32_t what, std::uint32_t nsid = 0) {
        return fetch(0x06, nsid, what, 4096);
    }
    Bytes log(std::uint32_t page = 0x81) { return fetch(0x02, 0xFFFFFFFF, page, 512); }
    static unsigned word_of(const Bytes& page, std::size_t at, std::size_t octets = 2) {
        unsigned value = 0;
        for (std::size_t i = octets; i-- > 0;)
            value = value << 8U | page.at(at + i);
        return value;
    }
    /// SSTAT, SPROG, SCDW10 and SSI of the Sanitize Status log.
    unsigned sstat() { return word_of(log(), 2); }
    unsigned sprog() { return word_of(log(), 0); }
    unsigned echo() { return word_of(log(), 4, 4); }
    unsigned ssi() { return log().at(36); }

    /// Waits until the log says that nothing is in progress, or that the host may verify.
    unsigned sanitized() {
        for (int minute = 0; minute < 24 * 60; ++minute) {
            const Bytes page = log();
            const bool over = page.empty() || (page[2] & 7U) != 2 || (page[36] & 0x0FU) == 5;
            if (over) break;
            clock.advance(std::chrono::minutes(1));
        }
        return sstat();
    }
    std::uint64_t residue() { return drive.residue(as_bytes(nvme_secret)); }

    /// What a read of one block brings through the block layer, or the error.
    struct BlockRead {
        int error = 0;
        Bytes data;
    };
    BlockRead read(std::uint64_t block, std::uint32_t nsid = 1) {
        const auto port = drive.open_block(nsid);
        if (!port) return {-1, {}};
        const std::uint64_t octets = port->geometry().block_bytes;
        port->start(Direction::read, 0, {block * octets, octets});
        const auto done = port->wait(std::chrono::hours(1));
        if (!done || !*done) return {-1, {}};
        const auto slot = port->slot(0).first(octets);
        return {(*done)->error, Bytes(slot.begin(), slot.end())};
    }
    int write(std::uint64_t block, std::uint8_t octet, std::uint32_t nsid = 1) {
        const auto port = drive.open_block(nsid);
        const std::uint64_t octets = port->geometry().block_bytes;
        for (std::uint8_t& each : port->slot(0).first(octets))
            each = octet;
        port->start(Direction::write, 0, {block * octets, octets});
        const auto done = port->wait(std::chrono::hours(1));
        return !done || !*done ? -1 : (*done)->error;
    }
    bool holds_secret(std::uint64_t block, std::uint32_t nsid = 1) {
        const BlockRead got = read(block, nsid);
        return got.error == 0 && as_text(got.data).find(nvme_secret) != std::string_view::npos;
    }

    SimulatedClock clock;
    NvmeDrive drive;
};

// Dword 10 of Sanitize, as figure 372 has it.
inline constexpr std::uint32_t nvme_exit_failure = 0x001;
inline constexpr std::uint32_t nvme_block_erase = 0x002;
inline constexpr std::uint32_t nvme_overwrite_once = 0x013;
inline constexpr std::uint32_t nvme_crypto_erase = 0x004;
inline constexpr std::uint32_t nvme_exit_verification = 0x005;
inline constexpr std::uint32_t nvme_ause = 0x008;
inline constexpr std::uint32_t nvme_ndas = 0x200;
inline constexpr std::uint32_t nvme_emvs = 0x400;

// SSTAT: global data erased, and the status of the operation.
inline constexpr unsigned nvme_done = 0x101;
inline constexpr unsigned nvme_running = 0x002;
inline constexpr unsigned nvme_failed = 0x003;

} // namespace quietus::emulator
