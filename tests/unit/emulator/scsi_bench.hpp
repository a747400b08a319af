// ScsiBench: an emulated SAS drive full of secrets, and the commands that tests send it.
#pragma once

#include "quietus/emulator/scsi_drive.hpp"
#include "quietus/transport/scsi/unit_state.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace quietus::emulator {

struct ScsiBench {
    explicit ScsiBench(const ScsiTraits& traits = {}) : drive(traits, clock) {
        drive.hold(as_bytes(secret));
    }

    /// CDB and what is sent, hexadecimal.
    Result<ScsiReply> send(const std::string& cdb, const std::string& out = {}, unsigned unit = 0,
                           std::chrono::milliseconds timeout = std::chrono::seconds(15)) {
        return drive.commands(unit).execute(
            {from_hex(cdb).value(), 4096, timeout, from_hex(out).value()});
    }
    /// "good", "2/04h/1Bh", "status 18h...", "lost".
    std::string told(const Result<ScsiReply>& reply) {
        if (!reply) return "lost";
        return reply->status == scsi::good ? "good" : scsi::refusal_text(*reply);
    }
    std::string tell(const std::string& cdb, const std::string& out = {}, unsigned unit = 0) {
        return told(send(cdb, out, unit));
    }
    Bytes data(const std::string& cdb, unsigned unit = 0) {
        const auto reply = send(cdb, {}, unit);
        return reply ? reply->data : Bytes{};
    }
    std::string sense(unsigned unit = 0) {
        const auto state = scsi::decode_unit_state(ByteView(data("03000000fc00", unit)));
        return state ? to_text(state->sense) : state.error().message;
    }
    std::optional<std::uint16_t> progress() {
        const Bytes answer = data("03000000fc00");
        return scsi::sense_progress(answer);
    }
    /// Lets it work until it says something else than that it does; what it says then.
    std::string ended(unsigned unit = 0) {
        std::string last;
        for (int minute = 0; minute < 24 * 60; ++minute) {
            last = sense(unit);
            if (last != "2/04h/1bh" && last != "2/04h/04h") break;
            clock.advance(std::chrono::minutes(1));
        }
        return last;
    }
    std::uint64_t residue() { return drive.residue(as_bytes(secret)); }

    /// What a read of one block brings, or the error.
    std::pair<int, Bytes> read(std::uint64_t block, unsigned unit = 0) {
        const auto port = drive.open_block(unit);
        const std::uint64_t octets = port->geometry().block_bytes;
        port->start(Direction::read, 0, {block * octets, octets});
        const auto done = port->wait(std::chrono::hours(1));
        if (!done || !*done) return {-1, {}};
        const auto slot = port->slot(0).first(octets);
        return {(*done)->error, Bytes(slot.begin(), slot.end())};
    }
    int write(std::uint64_t block, std::uint8_t octet) {
        const auto port = drive.open_block();
        const std::uint64_t octets = port->geometry().block_bytes;
        for (std::uint8_t& each : port->slot(0).first(octets))
            each = octet;
        port->start(Direction::write, 0, {block * octets, octets});
        const auto done = port->wait(std::chrono::hours(1));
        return !done || !*done ? -1 : (*done)->error;
    }

    inline static const std::string secret = "an old secret 77c2";
    SimulatedClock clock;
    ScsiDrive drive;
};

namespace cdb {
inline const std::string test_unit_ready = "000000000000";
inline const std::string block_erase = "48820000000000000000";
inline const std::string block_erase_unrestricted = "48a20000000000000000";
inline const std::string block_erase_waited_for = "48020000000000000000";
inline const std::string crypto_erase = "48830000000000000000";
inline const std::string exit_failure = "481f0000000000000000";
inline const std::string overwrite = "48810000000000000800";
inline const std::string format = "041000000000";
} // namespace cdb
inline const std::string format_immediately = "00020000";

} // namespace quietus::emulator
