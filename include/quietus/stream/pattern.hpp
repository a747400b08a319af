// Pattern: what a pass writes, as a function from byte offset to octet.
//
// The same object makes the data and judges what is read back; nothing is remembered in between, so
// retries, skipped blocks and any order of completion keep the phase exact.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/stream/keystream.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <variant>

namespace quietus {

class Pattern {
  public:
    /// These octets, repeated from offset 0; at least one (QUIETUS_ENSURE).
    static Pattern fixed(Bytes octets);
    /// The keystream of a 32-octet key.
    static Pattern stream(ByteView key);
    /// Each block of `block_bytes` begins with its own number, 8 octets big-endian, over `base`.
    static Pattern lba_stamp(std::uint8_t base, std::uint32_t block_bytes);
    /// Every octet of `pattern` inverted.
    static Pattern complement(Pattern pattern);

    void fill(std::span<std::uint8_t> out, std::uint64_t offset);
    /// Whether `data`, read at `offset`, is what the pattern has there.
    [[nodiscard]] bool matches(ByteView data, std::uint64_t offset);

    /// Equal phases mean equal content for buffers of one length; nothing when the content depends
    /// on the position itself, so that no two places of the drive read alike.
    [[nodiscard]] std::optional<std::uint64_t> phase(std::uint64_t offset) const;

  private:
    struct Fixed {
        Bytes octets;
        Bytes tiled; ///< the octets repeated over a page and one period more
    };
    struct Stamp {
        std::uint8_t base;
        std::uint32_t block_bytes;
    };
    using Source = std::variant<Fixed, Keystream, Stamp>;

    explicit Pattern(Source source);
    void make(std::span<std::uint8_t> out, std::uint64_t offset);
    [[nodiscard]] bool matches_page(ByteView data, std::uint64_t offset);

    Source source_;
    bool inverted_ = false;
};

} // namespace quietus
