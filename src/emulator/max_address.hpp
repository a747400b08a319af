// AtaCapacity: how many of its blocks a drive shows: HPA or AMA, and DCO beneath.
//
// HPA as ATA8-ACS clause 4.10 and T13/e03124r12 have it, with the error reports of the Fujitsu
// MHW2 and Hitachi 7K3000 manuals; DCO as the Hitachi 7K1000.B manual has it (tables 74, 75); AMA
// as ACS-3 clause 4.5 (number and text from memory).
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/emulator/ata_memory.hpp"
#include "quietus/emulator/ata_traits.hpp"

#include <cstdint>
#include <optional>

namespace quietus::emulator {

/// How a command of these feature sets ends: ERROR, 0 for success, and what stands in the
/// registers.
struct CapacityAnswer {
    std::uint8_t error = 0;
    std::uint64_t lba = 0;
    std::uint8_t count = 0;
};

/// Why DCO refuses (Hitachi 7K1000.B table 75), in COUNT.
enum class DcoReason : std::uint8_t {
    frozen = 0x01,
    modified = 0x03,
    set_max_established = 0x06,
    other = 0xFF,
};

class AtaCapacity {
  public:
    explicit AtaCapacity(const AtaTraits& traits);

    /// READ NATIVE MAX ADDRESS (F8h), EXT (27h).
    [[nodiscard]] CapacityAnswer read_native_max(bool extended);
    /// SET MAX ADDRESS (F9h), EXT (37h), which must follow the former at once.
    [[nodiscard]] CapacityAnswer set_max(bool extended, std::uint64_t lba, bool non_volatile);
    /// ACCESSIBLE MAX ADDRESS (78h): GET NATIVE (0000h), SET (0001h), FREEZE (0002h).
    [[nodiscard]] CapacityAnswer accessible_max(std::uint16_t feature, std::uint64_t lba);
    /// DEVICE CONFIGURATION (B1h): RESTORE, FREEZE LOCK, SET. IDENTIFY is `dco_identify`.
    [[nodiscard]] CapacityAnswer dco_restore();
    [[nodiscard]] CapacityAnswer dco_freeze();
    [[nodiscard]] CapacityAnswer dco_set(ByteView block);
    /// 512 octets; nothing when it is aborted.
    [[nodiscard]] std::optional<Bytes> dco_identify() const;
    /// Any other command: SET MAX ADDRESS has to follow READ NATIVE MAX ADDRESS.
    void forget_native_read() { native_read_.reset(); }
    void power_on();
    void remember(AtaMemory& memory) const;
    void recall(const AtaMemory& memory);

    [[nodiscard]] std::uint64_t accessible() const { return accessible_; }
    [[nodiscard]] std::uint64_t native() const { return native_; }

  private:
    [[nodiscard]] bool is_set() const { return accessible_ < native_; }
    [[nodiscard]] CapacityAnswer refused(DcoReason reason) const;
    void set_native(std::uint64_t blocks);

    AtaTraits traits_;
    std::uint64_t native_;             ///< what DCO leaves
    std::uint64_t accessible_;         ///< what HPA or AMA leaves of that
    std::uint64_t kept_;               ///< what is accessible after the next power-on
    std::optional<bool> native_read_;  ///< the last command read it; true: in 48 bits
    std::optional<bool> set_extended_; ///< what is set now was set in 48 bits
    bool non_volatile_used_ = false;   ///< since power-on
    bool accessible_max_set_ = false;  ///< the same
    bool ama_frozen_ = false;
    bool dco_frozen_ = false;
};

} // namespace quietus::emulator
