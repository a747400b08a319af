// AtaSecurity: the Security feature set of an emulated drive.
//
// ACS-4 clause 4.18 (number from memory). The table is that of T13/e05179r4, which became ACS's;
// what manuals of WD (Ultrastar DC HC310 clauses 11.38 to 11.43, HC580 12.39 to 12.44) and Hitachi
// (Travelstar 5K160 clause 12.9) add is said at each place. A drive without power is in SEC0 or
// SEC3; it is never asked there.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/ata_memory.hpp"
#include "quietus/emulator/ata_traits.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace quietus::emulator {

enum class SecurityState : std::uint8_t {
    sec1, ///< disabled, not frozen
    sec2, ///< disabled, frozen
    sec4, ///< enabled, locked
    sec5, ///< enabled, unlocked, not frozen
    sec6, ///< enabled, unlocked, frozen
};

enum class SecurityCommand : std::uint8_t {
    set_password,     ///< F1h
    unlock,           ///< F2h
    erase_prepare,    ///< F3h
    erase_unit,       ///< F4h
    freeze_lock,      ///< F5h
    disable_password, ///< F6h
};

/// The state after a command that succeeds; nothing: it is aborted, whatever came with it. SET
/// PASSWORD is here one of a user password: one of a master password changes no state.
using SecurityRow = std::array<std::optional<SecurityState>, 6>;
[[nodiscard]] const std::array<SecurityRow, 5>& security_table();

class AtaSecurity {
  public:
    explicit AtaSecurity(const SecurityTraits& traits);

    /// Whether the command succeeds. `block` is the data of those that have some. ERASE UNIT that
    /// succeeds may begin: the state changes with `erased`.
    [[nodiscard]] bool perform(SecurityCommand command, ByteView block);
    /// Whether the block of an ERASE UNIT asks for the enhanced erase.
    [[nodiscard]] static bool asks_for_enhanced(ByteView block);
    /// ERASE UNIT has ended well: no user password is left.
    void erased();
    /// Any other command: ERASE UNIT must follow ERASE PREPARE at once.
    void forget_prepare() { prepared_ = false; }
    void power_on();
    void remember(AtaMemory& memory) const;
    void recall(const AtaMemory& memory);

    [[nodiscard]] SecurityState state() const { return state_; }
    [[nodiscard]] bool is_locked() const { return state_ == SecurityState::sec4; }
    [[nodiscard]] bool is_enabled() const;
    [[nodiscard]] bool is_frozen() const;
    // Of IDENTIFY DEVICE
    [[nodiscard]] std::uint16_t word_89() const;
    [[nodiscard]] std::uint16_t word_90() const;
    [[nodiscard]] std::uint16_t word_92() const { return master_identifier_; }
    [[nodiscard]] std::uint16_t word_128() const;

  private:
    using Password = std::array<std::uint8_t, 32>;
    [[nodiscard]] static Password padded(std::string_view text);
    [[nodiscard]] bool may(SecurityCommand command, ByteView block);
    [[nodiscard]] bool matches(SecurityCommand command, ByteView block);
    void set(ByteView block);

    SecurityTraits traits_;
    SecurityState state_ = SecurityState::sec1;
    Password user_{};
    Password master_{};
    bool maximum_ = false;
    std::uint16_t master_identifier_;
    unsigned attempts_ = 5;
    bool prepared_ = false;
};

} // namespace quietus::emulator
