// The firmware of an emulated SATA drive: its states, the clock of its operations, its commands.
#pragma once

#include "ata_pages.hpp"
#include "ata_sanitize.hpp"
#include "ata_security.hpp"
#include "erasing.hpp"
#include "max_address.hpp"

#include "quietus/emulator/ata_drive.hpp"

#include <optional>
#include <string>

namespace quietus::emulator {

/// What stands in COUNT and LBA at the end of a command.
struct AtaOutput {
    std::uint16_t count = 0;
    std::uint64_t lba = 0;
};

class AtaDrive::Firmware {
  public:
    Firmware(const AtaTraits& traits, SimulatedClock& clock);

    void turn(Knob knob);
    [[nodiscard]] bool is_turned(Knob knob) const { return knobs_.contains(knob); }
    void power_cycle();
    void hard_reset();
    /// Brings everything up to the time that it is.
    void catch_up();
    [[nodiscard]] Media& media() { return media_; }
    [[nodiscard]] const AtaTraits& traits() const { return traits_; }
    [[nodiscard]] Result<AtaReply> execute(const AtaCommand& command);
    /// Whether a reset has happened that no translator has told of yet; asked once.
    [[nodiscard]] bool take_reset();
    [[nodiscard]] AtaCondition condition();
    [[nodiscard]] AtaMemory memory();
    void recall(const AtaMemory& memory);
    [[nodiscard]] std::uint64_t accessible() const { return capacity_.accessible(); }

    std::optional<std::uint64_t> scsi_blocks; ///< that a translator shows, at most

  private:
    /// One command of the table in commands.cpp.
    struct Row {
        std::uint8_t command;
        bool while_locked;     ///< it runs then; Security commands ask their own table
        bool while_sanitizing; ///< it runs in SD2 and SD3
        bool extended;         ///< of the 48-bit command set
        AtaReply (Firmware::*run)(const AtaCommand& command);
    };
    [[nodiscard]] static const Row* find(std::uint8_t command);
    [[nodiscard]] AtaReply dispatch(const AtaCommand& command);
    [[nodiscard]] bool is_refused(const Row& row, const AtaCommand& command) const;

    // Replies
    [[nodiscard]] AtaReply done(AtaOutput output = {}) const;
    [[nodiscard]] AtaReply failed(std::uint8_t error, AtaOutput output = {}) const;
    [[nodiscard]] AtaReply sent(Bytes page) const;
    [[nodiscard]] AtaReply answered(const CapacityAnswer& answer) const;
    [[nodiscard]] AtaReply changed(const CapacityAnswer& answer);

    // Commands
    AtaReply nop(const AtaCommand& command);
    AtaReply read_native_max(const AtaCommand& command);
    AtaReply set_max(const AtaCommand& command);
    AtaReply accessible_max(const AtaCommand& command);
    AtaReply read_log(const AtaCommand& command);
    AtaReply smart(const AtaCommand& command);
    AtaReply device_configuration(const AtaCommand& command);
    AtaReply sanitize(const AtaCommand& command);
    AtaReply check_power_mode(const AtaCommand& command);
    AtaReply idle_immediate(const AtaCommand& command);
    AtaReply trusted_receive(const AtaCommand& command);
    AtaReply flush_cache(const AtaCommand& command);
    AtaReply identify_device(const AtaCommand& command);
    AtaReply set_features(const AtaCommand& command);
    AtaReply security(const AtaCommand& command);

    [[nodiscard]] std::optional<ErasingOrder> sanitize_order(const AtaCommand& command) const;
    [[nodiscard]] AtaReply sanitize_aborted(SanitizeReason reason) const;
    [[nodiscard]] ErasingOrder erase_unit_order(const AtaCommand& command) const;

    // Operations
    void begin(ErasingOrder order);
    void end_operation();
    void happen_half_way();
    [[nodiscard]] bool is_busy() const;
    /// When what runs is over; nothing when it never is.
    [[nodiscard]] std::optional<std::chrono::nanoseconds> over_at() const;
    [[nodiscard]] std::chrono::nanoseconds worked() const;
    [[nodiscard]] bool waits_out(std::chrono::nanoseconds deadline);
    void set_access();
    void freeze();

    AtaTraits traits_;
    SimulatedClock& clock_;
    Knobs knobs_;
    Media media_;
    AtaSecurity security_;
    AtaSanitize sanitize_;
    AtaCapacity capacity_;
    std::string serial_;

    std::optional<Erasing> running_;
    bool sanitizes_ = false; ///< what runs is a sanitize operation, and not ERASE UNIT
    bool half_way_ = false;
    std::chrono::nanoseconds began_{};
    std::optional<std::chrono::nanoseconds> paused_; ///< since when IDLE IMMEDIATE has halted it
    bool ended_well_ = false;                        ///< the last operation
    bool lost_ = false; ///< the power went under the command that was under way
    bool reset_ = false;
    bool says_ok_next_ = false; ///< fails-then-says-ok: it has told of the failure once
};

} // namespace quietus::emulator
