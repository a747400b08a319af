// Cells: the blocks of an emulated drive as they are stored, enciphered if it enciphers.
//
// Holds only what was written singly; what whole runs of blocks were filled with is kept once. So a
// drive of 2^48 blocks costs as much as what was done to it.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/extent.hpp"

#include <cstdint>
#include <map>

namespace quietus::emulator {

class Cells {
  public:
    /// Zeros. A block divides 64 KiB; the last one may be short.
    Cells(std::uint64_t size, std::uint32_t block_bytes);

    /// From now on every block of the extent, which begins and ends on one (or at the end), holds
    /// the text, repeated, and nothing else.
    void fill(Extent where, ByteView text);
    void hold(ByteView text) { fill({0, size_}, text); }
    void write(std::uint64_t offset, ByteView data);
    void read(std::uint64_t offset, std::span<std::uint8_t> into) const;
    /// In how many blocks the text is found by who has the key that is set now.
    [[nodiscard]] std::uint64_t holding(ByteView text) const;
    /// Those blocks, one behind the other, as who has the key reads them.
    [[nodiscard]] Bytes blocks_with(ByteView text) const;

    /// What is stored stays as it is, and is deciphered with this key from now on: under another
    /// one than it was written with, it is noise. 0: nothing is enciphered.
    void set_key(std::uint64_t key) { key_ = key; }

  private:
    static constexpr std::size_t page = 65536;
    /// What blocks were filled with, from where it stands in the map to where the next stands.
    struct Ground {
        Bytes block; ///< in the clear
        std::uint64_t key = 0;
    };

    [[nodiscard]] const Ground& ground_at(std::uint64_t offset) const;
    [[nodiscard]] std::uint64_t blocks_in(std::uint64_t bytes) const;
    [[nodiscard]] Bytes& page_at(std::uint64_t number);
    void split_ground(std::uint64_t offset);
    /// What is stored in `length` octets that no page holds.
    void stored_ground(std::uint64_t offset, std::span<std::uint8_t> into) const;
    [[nodiscard]] std::uint64_t count(ByteView octets, ByteView text) const;
    [[nodiscard]] std::uint64_t untouched(Extent where) const;

    std::uint64_t size_;
    std::uint32_t block_bytes_;
    std::uint64_t key_ = 0;
    std::map<std::uint64_t, Ground> grounds_; ///< by where they begin; one begins at 0
    std::map<std::uint64_t, Bytes> pages_;    ///< as stored
};

/// Enciphers or deciphers octets that are stored from `offset` on. A stream that depends on nothing
/// else, good for telling what a drive forgets with its key, and for nothing that is secret.
void encipher(std::uint64_t key, std::uint64_t offset, std::span<std::uint8_t> octets);

} // namespace quietus::emulator
