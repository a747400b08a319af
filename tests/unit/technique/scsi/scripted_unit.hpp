// A logical unit that says what it was told to say, and a stage on which it is told to begin.
#pragma once

#include "quietus/technique/scsi/operation.hpp"
#include "support/emulated_scsi.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace quietus::scsi {

struct Code {
    std::uint8_t key = 0, asc = 0, ascq = 0;
};

inline constexpr Code idle{0, 0x00, 0x00};
inline constexpr Code sanitizing{2, 0x04, 0x1B};
inline constexpr Code formatting{2, 0x04, 0x04};
inline constexpr Code sanitize_failed{3, 0x31, 0x03};
inline constexpr Code format_failed{3, 0x31, 0x01};
inline constexpr Code was_reset{6, 0x29, 0x02};
inline constexpr Code changed{6, 0x3F, 0x0E};
inline constexpr Code becoming_ready{2, 0x04, 0x01};
inline constexpr Code odd{1, 0x5D, 0x00};

inline Bytes sense_of(const Code& code, std::optional<std::uint16_t> progress = {}) {
    Bytes sense{0x70, 0, code.key, 0, 0, 0, 0, 10, 0, 0, 0, 0, code.asc, code.ascq, 0, 0, 0, 0};
    if (!progress) return sense;
    sense[15] = 0x80;
    sense[16] = static_cast<std::uint8_t>(*progress >> 8U);
    sense[17] = static_cast<std::uint8_t>(*progress & 0xFFU);
    return sense;
}

/// What it says when it is asked, one after the other, and then the last for ever; what it answers
/// to the command that begins, and to the one that ends with the operation.
class Scripted final : public ScsiPort {
  public:
    Result<ScsiReply> execute(const ScsiCommand& command) override {
        if (command.cdb[0] == 0x03) {
            const Bytes next = said.front();
            if (said.size() > 1) said.pop_front();
            if (next.empty()) return Error{Fault::io, "no answer"};
            return ScsiReply{good, {}, next};
        }
        const bool waits = (command.cdb[1] & 0x80U) == 0;
        begun.push_back(waits ? "whole" : "begin");
        std::deque<Result<ScsiReply>>& replies = waits ? to_whole : to_begin;
        const auto reply = replies.front();
        if (replies.size() > 1) replies.pop_front();
        return reply;
    }
    void say(const Code& code, std::optional<std::uint16_t> progress = {}) {
        said.push_back(sense_of(code, progress));
    }

    std::deque<Bytes> said;
    std::deque<Result<ScsiReply>> to_begin{ScsiReply{}};
    std::deque<Result<ScsiReply>> to_whole{ScsiReply{}};
    std::vector<std::string> begun;
};

inline ScsiReply check(const Code& code) {
    return {check_condition, sense_of(code), {}};
}
inline Result<ScsiReply> lost() {
    return Error{Fault::io, "no answer"};
}

struct Stage {
    explicit Stage(bool quick = false) : door(clock) {
        operation.begin = {{0x48, 0x82, 0, 0, 0, 0, 0, 0, 0, 0}, 0, std::chrono::seconds(60), {}};
        if (quick) {
            operation.whole = operation.begin;
            operation.whole->cdb[1] = 0x02;
        }
        operation.patience = patience_for(1'000'000'000'000, 1);
    }
    FirmwareOutcome run() {
        run_operation({unit, clock, door}, operation, record);
        return record.outcome;
    }
    FirmwareOutcome follow() {
        test::follow_operation({unit, clock, door}, operation, record);
        return record.outcome;
    }

    emulator::SimulatedClock clock;
    Scripted unit;
    test::WaitingDoor door;
    Operation operation;
    ScsiOperationRecord record;
};

} // namespace quietus::scsi
