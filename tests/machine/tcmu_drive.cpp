// tcmu_drive: an emulated SATA drive as a SCSI disk of this machine's kernel, behind SAT.
//
//   tcmu_drive UIO_NAME [--number N] [--native BLOCKS] [--accessible BLOCKS] [--speed N]
//              [--knob NAME]...
//
// The kernel's disk is made by configfs beforehand (see rig.sh). The drive is full of a secret; on
// every line of its standard input it says in how many blocks that is left. The drive's hours pass
// N times as fast as ours.
#include "tcmu_ring.hpp"

#include "quietus/core/enum_text.hpp"
#include "quietus/emulator/ata_drive.hpp"
#include "quietus/emulator/sat_face.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace quietus::test {
namespace {

using namespace std::chrono_literals;
using emulator::AtaDrive;
using emulator::AtaTraits;
using emulator::Knob;
using emulator::SatFace;
using emulator::SimulatedClock;

const std::string secret = "the secret that must not be left";

struct Order {
    std::string uio_name;
    AtaTraits traits;
    std::vector<Knob> knobs;
    unsigned speed = 60;
};

// No two drives have the same names.
void set_number(AtaTraits& traits, std::uint64_t number) {
    traits.serial = "EMU" + std::to_string(number);
    traits.wwn += number;
}

std::optional<Order> parse(std::span<char* const> arguments) {
    if (arguments.size() < 2) return std::nullopt;
    Order order;
    order.uio_name = arguments[1];
    order.traits.blocks = 32768;
    order.traits.cached_writes = 64;
    for (std::size_t at = 2; at + 1 < arguments.size(); at += 2) {
        const std::string option = arguments[at];
        const char* value = arguments[at + 1];
        const auto number = std::strtoull(value, nullptr, 10);
        if (option == "--native")
            order.traits.blocks = number;
        else if (option == "--accessible")
            order.traits.accessible_blocks = number;
        else if (option == "--number")
            set_number(order.traits, number);
        else if (option == "--speed")
            order.speed = static_cast<unsigned>(number);
        else if (const auto knob = from_text<Knob>(value); option == "--knob" && knob)
            order.knobs.push_back(*knob);
        else
            return std::nullopt;
    }
    return order;
}

std::uint64_t big_endian(const Bytes& cdb, std::size_t at, std::size_t octets) {
    std::uint64_t value = 0;
    for (std::size_t i = at; i < at + octets; ++i)
        value = value << 8U | cdb[i];
    return value;
}

/// What moves blocks, which a translator makes commands of the drive's own of.
class SatDisk {
  public:
    explicit SatDisk(const Order& order)
        : speed_(order.speed), drive_(order.traits, clock_), sat_(drive_),
          last_(std::chrono::steady_clock::now()) {
        drive_.hold(as_bytes(secret));
        for (const Knob knob : order.knobs)
            drive_.turn(knob);
    }

    std::uint64_t residue() { return drive_.residue(as_bytes(secret)); }

    TargetReply answer(const TargetCommand& command) {
        const auto now = std::chrono::steady_clock::now();
        clock_.advance((now - last_) * speed_);
        last_ = now;
        switch (command.cdb[0]) {
        case 0x28: // READ (10), (12), (16)
        case 0xA8:
        case 0x88:
            return move(Direction::read, command);
        case 0x2A: // WRITE (10), (12), (16)
        case 0xAA:
        case 0x8A:
            return move(Direction::write, command);
        case 0x35: // SYNCHRONIZE CACHE (10), (16)
        case 0x91:
            return flush();
        default:
            return translate(command);
        }
    }

  private:
    static constexpr std::uint8_t check_condition = 2;

    static TargetReply sense(std::uint8_t key, std::uint8_t asc, std::uint8_t ascq) {
        Bytes fixed(18);
        fixed[0] = 0x70;
        fixed[2] = key;
        fixed[7] = 10;
        fixed[12] = asc;
        fixed[13] = ascq;
        return {check_condition, fixed, {}};
    }

    static Extent extent_of(const Bytes& cdb, std::uint64_t block) {
        if (cdb[0] >= 0x80 && cdb[0] < 0xA0)
            return {big_endian(cdb, 2, 8) * block, big_endian(cdb, 10, 4) * block};
        if (cdb[0] >= 0xA0) return {big_endian(cdb, 2, 4) * block, big_endian(cdb, 6, 4) * block};
        return {big_endian(cdb, 2, 4) * block, big_endian(cdb, 7, 2) * block};
    }

    // Why a drive does not move blocks now: it is at work or locked, or it is the blocks.
    TargetReply why(Direction direction) {
        auto ready = sat_.execute({Bytes(6), 0, 1s});
        if (ready && ready->status != 0) return {ready->status, ready->sense, {}};
        return direction == Direction::read ? sense(3, 0x11, 0) : sense(3, 0x0C, 0);
    }

    TargetReply move(Direction direction, const TargetCommand& command) {
        const auto blocks = drive_.open_scsi_block();
        const BlockGeometry geometry = blocks->geometry();
        const Extent whole = extent_of(command.cdb, geometry.block_bytes);
        if (whole.end() > geometry.size_bytes || whole.length > command.bytes)
            return sense(5, 0x21, 0);
        TargetReply reply;
        const std::size_t most = blocks->slot(0).size();
        for (std::uint64_t done = 0; done < whole.length; done += most) {
            const Extent part{whole.offset + done,
                              std::min<std::uint64_t>(most, whole.length - done)};
            const auto buffer = blocks->slot(0).first(static_cast<std::size_t>(part.length));
            if (direction == Direction::write)
                std::copy_n(command.out.begin() + static_cast<std::ptrdiff_t>(done), part.length,
                            buffer.begin());
            blocks->start(direction, 0, part);
            const auto ended = blocks->wait(1h);
            if (!ended || !*ended || (*ended)->error != 0) return why(direction);
            if (direction == Direction::read)
                reply.data.insert(reply.data.end(), buffer.begin(), buffer.end());
        }
        return reply;
    }

    TargetReply flush() {
        const auto flushed = drive_.open_scsi_block()->flush(1h);
        return flushed == 0 ? TargetReply{} : why(Direction::write);
    }

    TargetReply translate(const TargetCommand& command) {
        ScsiCommand sent{command.cdb, 0, 24h};
        // Which way data goes only the command says; both are offered where it is ATA's.
        const bool takes = takes_data(command.cdb);
        if (takes)
            sent.out = command.out;
        else
            sent.in_bytes = command.bytes;
        auto reply = sat_.execute(sent);
        if (!reply) return sense(0xB, 0, 0);
        return {reply->status, reply->sense, reply->data};
    }

    static bool takes_data(const Bytes& cdb) {
        if (cdb[0] == 0x15 || cdb[0] == 0x55) return true; // MODE SELECT
        const bool ata = cdb[0] == 0x85 || cdb[0] == 0xA1;
        return ata && (cdb[2] & 0x08U) == 0 && (cdb[2] & 0x03U) != 0; // T_DIR, T_LENGTH
    }

    unsigned speed_;
    SimulatedClock clock_;
    AtaDrive drive_;
    SatFace sat_;
    std::chrono::steady_clock::time_point last_;
};

int serve(const Order& order) {
    auto ring = TcmuRing::open(order.uio_name);
    if (!ring) {
        std::cerr << ring.error().message << '\n';
        return 1;
    }
    SatDisk disk(order);
    std::cout << "ready\n" << std::flush;
    while (true) {
        pollfd both[]{{ring->descriptor(), POLLIN, 0}, {0, POLLIN, 0}};
        if (::poll(both, 2, -1) < 0) return 1;
        if ((both[0].revents & POLLIN) != 0)
            ring->serve([&](const TargetCommand& command) { return disk.answer(command); });
        if (both[1].revents == 0) continue;
        std::string line;
        if (!std::getline(std::cin, line)) return 0;
        std::cout << disk.residue() << '\n' << std::flush;
    }
}

} // namespace
} // namespace quietus::test

int main(int count, char** arguments) {
    const auto order = quietus::test::parse({arguments, static_cast<std::size_t>(count)});
    if (order) return quietus::test::serve(*order);
    std::cerr << "usage: tcmu_drive UIO_NAME [--number N] [--native BLOCKS] [--accessible BLOCKS] "
                 "[--speed N] [--knob NAME]...\n";
    return 64;
}
