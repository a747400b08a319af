// IDENTIFY DEVICE data word by word, for tests: signed and summed as word 255 asks.
#pragma once

#include "quietus/core/bytes.hpp"

#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <string>
#include <utility>

namespace quietus::test {

class IdentifyData {
  public:
    IdentifyData() : octets_(512) {
        set(83, 0x4400); // marked; 48-bit
        text(10, 10, "S3R1AL");
        text(27, 20, "EXAMPLE 4000");
    }
    IdentifyData& set(std::size_t word, std::uint16_t value) {
        octets_[2 * word] = static_cast<std::uint8_t>(value & 0xFFU);
        octets_[2 * word + 1] = static_cast<std::uint8_t>(value >> 8U);
        return *this;
    }
    IdentifyData& text(std::size_t first, std::size_t words, std::string value) {
        value.resize(2 * words, ' ');
        for (std::size_t at = 0; at < value.size(); at += 2)
            set(first + at / 2,
                static_cast<std::uint16_t>(static_cast<std::uint8_t>(value[at]) << 8U |
                                           static_cast<std::uint8_t>(value[at + 1])));
        return *this;
    }
    IdentifyData& number(std::size_t first, std::size_t words, std::uint64_t value) {
        for (std::size_t at = 0; at < words; ++at)
            set(first + at, static_cast<std::uint16_t>(value >> (16 * at) & 0xFFFFU));
        return *this;
    }
    [[nodiscard]] Bytes octets() const {
        Bytes signed_data = octets_;
        signed_data[510] = 0xA5;
        signed_data[511] = 0;
        const auto sum = std::accumulate(signed_data.begin(), signed_data.end(), 0U);
        signed_data[511] = static_cast<std::uint8_t>(0x100U - (sum & 0xFFU));
        return signed_data;
    }

  private:
    Bytes octets_;
};

} // namespace quietus::test
