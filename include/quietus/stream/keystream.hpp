// Keystream: the AES-256-CTR stream of one key, addressable by byte offset.
//
// NIST SP 800-38A section 6.5: octet o of the stream is octet o mod 16 of AES-256(key, o / 16), the
// counter block being a 128-bit big-endian number from 0. Any part can be made again from the key
// alone, so a pass can be read back in any order, and years later.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace quietus {

class Keystream {
  public:
    static constexpr std::size_t key_bytes = 32;

    /// `key` has 32 octets (QUIETUS_ENSURE); it is not kept beyond the cipher's own schedule, which
    /// is wiped at the end.
    explicit Keystream(ByteView key);
    Keystream(Keystream&&) noexcept;
    Keystream& operator=(Keystream&&) noexcept;
    ~Keystream();

    /// Octets [offset, offset + out.size()) of the stream. Going on where the last call ended is
    /// cheapest.
    void fill(std::span<std::uint8_t> out, std::uint64_t offset);
    /// `in` exclusive-or that part of the stream, into `out` of the same size: all zero exactly
    /// when `in` is that part of the stream. Cheaper than making the stream and comparing.
    void combine(ByteView in, std::span<std::uint8_t> out, std::uint64_t offset);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Known answers of the generator: the cipher must produce the published octets, at offset 0,
/// across block boundaries and after a jump. Fault::drive never; Fault::invalid when one is wrong,
/// and then nothing may be written with it.
[[nodiscard]] Status test_keystream();

} // namespace quietus
