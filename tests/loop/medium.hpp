// Medium: what the tests themselves put on a drive's backing file and find there afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quietus::rig {

/// A run of blocks.
struct Blocks {
    std::uint64_t first = 0;
    std::uint64_t count = 0;

    friend bool operator==(const Blocks&, const Blocks&) = default;
};

/// Fills the file with secrets, another one in every 512 bytes, as far as it goes.
void fill_with_secrets(const std::string& file);

/// The blocks of 512 bytes that still hold a secret: theirs, or that of another block.
[[nodiscard]] std::uint64_t secrets_in(const std::string& content);

[[nodiscard]] std::string content_of(const std::string& file);

/// `size` bytes of a pattern that is repeated from byte 0 on.
[[nodiscard]] std::string repeated(const std::string& pattern, std::uint64_t size);

/// The AES-256-CTR stream of that key (64 hexadecimal digits) from counter 0 on, as the openssl
/// command makes it.
[[nodiscard]] std::string openssl_stream(const std::string& seed, std::uint64_t size);

/// Where two contents of one size differ.
[[nodiscard]] std::vector<Blocks> differences(const std::string& one, const std::string& other,
                                              std::uint32_t block_bytes);

} // namespace quietus::rig
