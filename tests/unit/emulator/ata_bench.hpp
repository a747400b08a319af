// AtaBench: an emulated SATA drive full of secrets, and the commands that tests send it.
#pragma once

#include "quietus/emulator/ata_drive.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace quietus::emulator {

inline const std::string secret = "an old secret 8d1f";

/// The registers of a command, as the standard's tables write them.
struct Registers {
    std::uint8_t command = 0;
    std::uint16_t feature = 0;
    std::uint16_t count = 0;
    std::uint64_t lba = 0;
};

// SANITIZE DEVICE (WD HC580 clause 12.38; the tables of T13's e08197)
inline constexpr Registers sanitize_status{0xB4, 0x0000, 0, 0};
inline constexpr Registers sanitize_clear{0xB4, 0x0000, 1, 0};
inline constexpr Registers crypto_scramble{0xB4, 0x0011, 0, 0x43727970};
inline constexpr Registers block_erase{0xB4, 0x0012, 0, 0x426B4572};
inline constexpr Registers sanitize_freeze{0xB4, 0x0020, 0, 0x46724C6B};
inline constexpr Registers sanitize_antifreeze{0xB4, 0x0040, 0, 0x416E7469};
/// OVERWRITE EXT with this COUNT and pattern.
constexpr Registers overwrite(std::uint16_t count, std::uint32_t pattern) {
    return {0xB4, 0x0014, count, std::uint64_t{0x4F57} << 32U | pattern};
}
constexpr Registers unrestricted(Registers registers) {
    registers.count |= 0x10U;
    return registers;
}

/// The block of the Security commands: word 0, password, word 17.
inline Bytes password_block(std::uint16_t word_0, std::string_view password,
                            std::uint16_t identifier = 0) {
    Bytes block(512);
    block[0] = static_cast<std::uint8_t>(word_0 & 0xFFU);
    block[1] = static_cast<std::uint8_t>(word_0 >> 8U);
    std::copy(password.begin(), password.end(), block.begin() + 2);
    block[34] = static_cast<std::uint8_t>(identifier & 0xFFU);
    block[35] = static_cast<std::uint8_t>(identifier >> 8U);
    return block;
}

struct AtaBench {
    explicit AtaBench(const AtaTraits& traits = {}) : drive(traits, clock) {
        drive.hold(as_bytes(secret));
    }

    static AtaCommand command_of(const Registers& registers) {
        AtaCommand command;
        command.taskfile = {registers.command, registers.feature, registers.count, registers.lba,
                            0x40};
        constexpr std::uint8_t wide[] = {0x27, 0x2F, 0x37, 0x78, 0xB4, 0xEA};
        command.extended =
            std::find(std::begin(wide), std::end(wide), registers.command) != std::end(wide);
        // A command of 28 bits has the highest four in DEVICE.
        if (!command.extended)
            command.taskfile.device |= static_cast<std::uint8_t>(registers.lba >> 24U & 0x0FU);
        command.timeout = std::chrono::seconds(15);
        return command;
    }
    AtaRegisters send(const Registers& registers) { return answer(command_of(registers)); }
    AtaRegisters send(const Registers& registers, Bytes out,
                      std::chrono::milliseconds timeout = std::chrono::seconds(15)) {
        AtaCommand command = command_of(registers);
        command.protocol = AtaProtocol::pio_out;
        command.out = std::move(out);
        command.timeout = timeout;
        return answer(command);
    }
    Bytes fetch(const Registers& registers) {
        AtaCommand command = command_of(registers);
        command.protocol = AtaProtocol::pio_in;
        command.in_bytes = 512;
        const auto reply = drive.execute(command);
        return reply ? reply->data : Bytes();
    }
    Bytes identify() { return fetch({0xEC, 0, 1, 0}); }
    unsigned word(unsigned number) {
        const Bytes page = identify();
        if (page.size() != 512) return 0xDEAD0000;
        return page[2 * number] | static_cast<unsigned>(page[2 * number + 1]) << 8U;
    }
    std::uint64_t blocks_shown() {
        return word(100) | std::uint64_t{word(101)} << 16U | std::uint64_t{word(102)} << 32U |
               std::uint64_t{word(103)} << 48U;
    }

    // Security
    AtaRegisters set_password(std::string_view password, std::uint16_t word_0 = 0) {
        return send({0xF1, 0, 1, 0}, password_block(word_0, password));
    }
    AtaRegisters unlock(std::string_view password, std::uint16_t word_0 = 0) {
        return send({0xF2, 0, 1, 0}, password_block(word_0, password));
    }
    AtaRegisters disable(std::string_view password, std::uint16_t word_0 = 0) {
        return send({0xF6, 0, 1, 0}, password_block(word_0, password));
    }
    AtaRegisters erase_unit(std::string_view password, std::uint16_t word_0 = 0) {
        (void)send({0xF3, 0, 0, 0});
        return send({0xF4, 0, 1, 0}, password_block(word_0, password), std::chrono::hours(12));
    }

    /// Asks for the sanitize status until it is no longer in progress, or for a day.
    AtaRegisters sanitized() {
        AtaRegisters last;
        for (int minute = 0; minute < 24 * 60; ++minute) {
            last = send(sanitize_status);
            if ((last.count & 0x4000U) == 0) break;
            clock.advance(std::chrono::minutes(1));
        }
        return last;
    }
    std::uint64_t residue() { return drive.residue(as_bytes(secret)); }

    /// What a read of one block brings, or the error.
    struct BlockRead {
        int error = 0;
        Bytes data;
    };
    BlockRead read(std::uint64_t block) {
        const auto port = drive.open_block();
        const std::uint64_t octets = port->geometry().block_bytes;
        port->start(Direction::read, 0, {block * octets, octets});
        const auto done = port->wait(std::chrono::hours(1));
        if (!done || !*done) return {-1, {}};
        const auto slot = port->slot(0).first(octets);
        return {(*done)->error, Bytes(slot.begin(), slot.end())};
    }
    int write(std::uint64_t block, std::string_view text) {
        const auto port = drive.open_block();
        const std::uint64_t octets = port->geometry().block_bytes;
        const auto slot = port->slot(0).first(octets);
        for (std::size_t i = 0; i < slot.size(); ++i)
            slot[i] = static_cast<std::uint8_t>(text[i % text.size()]);
        port->start(Direction::write, 0, {block * octets, octets});
        const auto done = port->wait(std::chrono::hours(1));
        return !done || !*done ? -1 : (*done)->error;
    }
    bool holds_secret(std::uint64_t block) {
        const BlockRead got = read(block);
        return got.error == 0 && as_text(got.data).find(secret) != std::string_view::npos;
    }

    SimulatedClock clock;
    AtaDrive drive;

  private:
    AtaRegisters answer(const AtaCommand& command) {
        const auto reply = drive.execute(command);
        if (!reply) return {0xFF, 0xFF, 0, 0, false, {}};
        return *reply->registers;
    }
};

/// No answer came; see AtaBench::answer.
inline bool is_lost(const AtaRegisters& registers) {
    return registers.status == 0xFF;
}
inline bool is_aborted(const AtaRegisters& registers) {
    return registers.status == 0x51 && registers.error == 0x04;
}

} // namespace quietus::emulator
