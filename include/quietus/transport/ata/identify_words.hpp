// IdentifyWords: what IDENTIFY DEVICE says of erasing (ACS-4 clause 7.13).
//
// Only data that proves itself: with the signature in word 255 and a sum of 0. Nothing is begun on
// a drive that cannot be told from noise.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/transport/ata_port.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace quietus::ata {

/// More than any document can say nobody counts.
inline constexpr std::uint64_t most_sectors = (std::uint64_t{1} << 53U) - 1;

/// Word 59 (ACS-2 and later).
struct SanitizeFeatures {
    bool supported = false;
    bool crypto_scramble = false;
    bool overwrite = false;
    bool block_erase = false;
    bool antifreeze = false;
};

/// Words 82, 85 and 128, and 92.
struct SecurityFeatures {
    bool supported = false;
    bool enabled = false;
    bool locked = false;
    bool frozen = false;
    bool count_expired = false; ///< five wrong passwords: a power cycle is needed
    bool enhanced_erase = false;
    bool level_maximum = false;
    std::uint16_t word = 0; ///< 128 as it is
    std::uint16_t master_identifier = 0;
};

/// Words 89 and 90: how long SECURITY ERASE UNIT takes.
struct EraseTime {
    std::chrono::minutes minutes{};
    bool at_least = false; ///< the largest value: it takes longer than that
};

class IdentifyWords {
  public:
    /// Fault::drive.
    static Result<IdentifyWords> parse(ByteView data);
    /// Of 512 octets that need not prove themselves: for who only wants to know what they say.
    static IdentifyWords unproven(Bytes octets);

    [[nodiscard]] std::uint16_t word(std::size_t number) const;
    [[nodiscard]] bool bit(std::size_t number, unsigned position) const;
    /// Words that mean something only when their bits 15:14 are 01b.
    [[nodiscard]] bool is_marked(std::size_t number) const;
    /// Of several words, the least significant first.
    [[nodiscard]] std::uint64_t number(std::size_t first, std::size_t words) const;
    /// Without the padding, octets outside printable ASCII as \xNN; of the model runs of blanks as
    /// one, as detection has it.
    [[nodiscard]] std::string model() const;
    [[nodiscard]] std::string serial() const;
    /// That the drive addresses now; 0 when it says none.
    [[nodiscard]] std::uint64_t sectors() const;
    [[nodiscard]] std::uint32_t logical_bytes() const;

    [[nodiscard]] SanitizeFeatures sanitize() const;
    [[nodiscard]] SecurityFeatures security() const;
    /// Nothing when the drive does not say.
    [[nodiscard]] std::optional<EraseTime> erase_time(bool enhanced) const;

    [[nodiscard]] bool has_48_bit() const;
    [[nodiscard]] bool has_protected_area() const; ///< HPA
    [[nodiscard]] bool has_accessible_max() const; ///< AMAC
    [[nodiscard]] bool has_overlay() const;        ///< DCO
    [[nodiscard]] bool has_smart() const;          ///< and it is on
    [[nodiscard]] bool has_logs() const;           ///< the general purpose ones
    [[nodiscard]] bool has_trusted_computing() const;

    [[nodiscard]] const Bytes& octets() const { return octets_; }

  private:
    explicit IdentifyWords(Bytes octets) : octets_(std::move(octets)) {}
    [[nodiscard]] std::string text(std::size_t first, std::size_t words) const;

    Bytes octets_;
};

/// Asks the drive now. The errors of the port, and those of parse().
[[nodiscard]] Result<IdentifyWords> read_identify(AtaPort& port);

} // namespace quietus::ata
