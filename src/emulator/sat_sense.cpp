#include "sat_sense.hpp"

namespace quietus::emulator {
namespace {

constexpr std::size_t fixed_octets = 18;

std::uint8_t octet(std::uint64_t value, unsigned index) {
    return static_cast<std::uint8_t>(value >> (8 * index) & 0xFFU);
}

} // namespace

Bytes status_return(const Returned& returned) {
    const AtaRegisters& out = returned.registers;
    const std::uint64_t lba = out.lba.value_or(0);
    const auto high = [&](std::uint64_t value, unsigned index) {
        return returned.extended ? octet(value, index) : std::uint8_t{0};
    };
    return {0x09,
            0x0C,
            static_cast<std::uint8_t>(returned.extended ? 1 : 0),
            out.error,
            high(out.count, 1),
            octet(out.count, 0),
            high(lba, 3),
            octet(lba, 0),
            high(lba, 4),
            octet(lba, 1),
            high(lba, 5),
            octet(lba, 2),
            out.device,
            out.status};
}

Bytes descriptor_sense(const SenseCode& code) {
    return {0x72, code.key, code.asc, code.ascq, 0, 0, 0, 0};
}

Bytes descriptor_sense(const SenseCode& code, const Returned& returned) {
    Bytes sense = descriptor_sense(code);
    const Bytes descriptor = status_return(returned);
    sense[7] = static_cast<std::uint8_t>(descriptor.size());
    sense.insert(sense.end(), descriptor.begin(), descriptor.end());
    return sense;
}

Bytes fixed_sense(const SenseCode& code) {
    Bytes sense(fixed_octets);
    sense[0] = 0x70;
    sense[2] = code.key;
    sense[7] = fixed_octets - 8;
    sense[12] = code.asc;
    sense[13] = code.ascq;
    return sense;
}

Bytes fixed_sense(const SenseCode& code, const Returned& returned, std::uint8_t log_index) {
    constexpr std::uint8_t valid = 0x80;
    const AtaRegisters& out = returned.registers;
    const std::uint64_t lba = out.lba.value_or(0);
    Bytes sense = fixed_sense(code);
    sense[0] |= valid;
    sense[3] = out.error;
    sense[4] = out.status;
    sense[5] = out.device;
    sense[6] = octet(out.count, 0);
    const bool extended = returned.extended;
    sense[8] = static_cast<std::uint8_t>(
        (extended ? 0x80U : 0) | (extended && out.count > 0xFF ? 0x40U : 0) |
        (extended && lba > 0xFFFFFF ? 0x20U : 0) | (log_index & 0x0FU));
    for (unsigned i = 0; i < 3; ++i)
        sense[9 + i] = octet(lba, i);
    return sense;
}

Bytes shifted_sense(const Returned& returned) {
    constexpr std::uint8_t seek_complete = 0x10;
    const AtaRegisters& out = returned.registers;
    const bool unaligned_write = (out.status & seek_complete) != 0;
    Bytes sense =
        fixed_sense(unaligned_write ? SenseCode{0x05, 0x21, 0x04} : SenseCode{0x0B, 0, 0});
    sense[8] = out.error;
    sense[9] = out.status;
    sense[10] = out.device;
    sense[11] = octet(out.count, 0);
    return sense;
}

} // namespace quietus::emulator
