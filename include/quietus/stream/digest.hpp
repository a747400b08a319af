// Digest: SHA-256 and SHA-384 (FIPS 180-4), of octets at hand or fed in pieces.
#pragma once

#include "quietus/core/bytes.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace quietus {

enum class DigestKind : std::uint8_t { sha256, sha384 };

class Digest {
  public:
    explicit Digest(DigestKind kind);
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    ~Digest();

    void update(ByteView bytes);
    /// The digest of everything fed in; the object may not be fed afterwards.
    [[nodiscard]] Bytes finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

[[nodiscard]] Bytes digest(DigestKind kind, ByteView bytes);
/// Lower-case hexadecimal.
[[nodiscard]] std::string sha256_hex(std::string_view text);
[[nodiscard]] std::string sha384_hex(std::string_view text);

/// HMAC-SHA-256 (RFC 2104).
[[nodiscard]] Bytes hmac_sha256(ByteView key, ByteView message);

/// "OpenSSL 3.0.22": the library in use.
[[nodiscard]] std::string openssl_version();

/// Octets from the operating system's generator, by way of OpenSSL; ends the program when there are
/// none to be had, since nothing that follows could be trusted.
[[nodiscard]] Bytes random_bytes(std::size_t count);

} // namespace quietus
