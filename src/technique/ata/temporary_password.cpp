#include "quietus/technique/ata/temporary_password.hpp"

#include "quietus/stream/digest.hpp"

#include <string>

namespace quietus::ata {

Bytes temporary_password(std::string_view model, std::string_view serial) {
    constexpr std::size_t password_octets = 32;
    std::string text = "quietus temporary ATA password 1\n";
    text += std::string(model) + "\n" + std::string(serial) + "\n";
    const std::string digest = sha256_hex(text);
    const ByteView octets = as_bytes(digest).first(password_octets);
    return {octets.begin(), octets.end()};
}

} // namespace quietus::ata
