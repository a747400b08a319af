// The firmware of an emulated SAS drive: its commands, and what happens to all of its units.
#pragma once

#include "scsi_pages.hpp"
#include "scsi_unit.hpp"

#include "quietus/emulator/scsi_drive.hpp"

#include <deque>
#include <memory>
#include <vector>

namespace quietus::emulator {

class ScsiDrive::Firmware {
  public:
    Firmware(const ScsiTraits& traits, SimulatedClock& clock);

    void turn(Knob knob);
    [[nodiscard]] bool is_turned(Knob knob) const { return knobs_.contains(knob); }
    void power_cycle();
    void hard_reset();
    /// Brings everything up to the time that it is.
    void catch_up();
    [[nodiscard]] ScsiMemory memory();
    void recall(const ScsiMemory& memory);
    [[nodiscard]] std::deque<ScsiUnit>& units() { return units_; }
    [[nodiscard]] const ScsiTraits& traits() const { return traits_; }
    [[nodiscard]] ScsiPort& port(unsigned unit);
    [[nodiscard]] Result<ScsiReply> execute(unsigned unit, const ScsiCommand& command);

  private:
    class Port;
    /// A command on its way to a unit, its CDB padded to 16 octets.
    struct Given {
        ScsiUnit& unit;
        unsigned number;
        ScsiCommand command;
        std::chrono::nanoseconds deadline;
    };
    /// One command of the table in scsi_commands.cpp.
    struct Row {
        std::uint8_t opcode;
        bool always;  ///< it runs whatever the unit works on
        bool changes; ///< another host's reservation bars it
        Result<ScsiReply> (Firmware::*run)(Given& given);
    };
    [[nodiscard]] static const Row* find(std::uint8_t opcode);
    [[nodiscard]] Result<ScsiReply> dispatch(Given& given);

    // Replies
    [[nodiscard]] ScsiReply refused(const SenseCode& code) const;
    [[nodiscard]] Bytes sense_of(const SenseCode& code) const;
    [[nodiscard]] Bytes sense_with_progress(const ScsiUnit& unit) const;
    [[nodiscard]] ScsiReply barred(ScsiUnit& unit) const;
    [[nodiscard]] ScsiSituation situation(const Given& given);

    // Commands
    Result<ScsiReply> test_unit_ready(Given& given);
    Result<ScsiReply> request_sense(Given& given);
    Result<ScsiReply> inquiry(Given& given);
    Result<ScsiReply> read_capacity(Given& given);
    Result<ScsiReply> synchronize_cache(Given& given);
    Result<ScsiReply> log_sense(Given& given);
    Result<ScsiReply> mode_sense(Given& given);
    Result<ScsiReply> mode_select(Given& given);
    Result<ScsiReply> persistent_reserve_in(Given& given);
    Result<ScsiReply> report_luns(Given& given);
    Result<ScsiReply> security_protocol_in(Given& given);
    Result<ScsiReply> report_supported(Given& given);
    Result<ScsiReply> read_defects(Given& given);
    Result<ScsiReply> sanitize(Given& given);
    Result<ScsiReply> format_unit(Given& given);

    [[nodiscard]] bool offers(unsigned action) const;
    /// Nothing when its parameters are none that it takes.
    [[nodiscard]] std::optional<ScsiWork> sanitize_work(const Given& given) const;
    [[nodiscard]] std::optional<ScsiWork> format_work(const Given& given) const;
    /// Begun: to be answered now, or when it is over.
    [[nodiscard]] Result<ScsiReply> begun(Given& given, bool at_once);

    // Operations
    void happen_half_way(ScsiUnit& unit);
    void tell_all(const SenseCode& attention);
    [[nodiscard]] bool is_busy(const ScsiUnit& unit) const;
    /// Lets time pass until the unit has nothing to do, or to the deadline.
    [[nodiscard]] bool waits_out(ScsiUnit& unit, std::chrono::nanoseconds deadline);

    ScsiTraits traits_;
    SimulatedClock& clock_;
    Knobs knobs_;
    std::deque<ScsiUnit> units_;
    std::vector<std::unique_ptr<ScsiPort>> ports_;
    std::string serial_;
    bool lost_ = false; ///< the power went under the command that was under way
};

} // namespace quietus::emulator
