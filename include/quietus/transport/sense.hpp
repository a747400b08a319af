// Sense data: why a SCSI command ended with CHECK CONDITION (SPC-5 clause 4.4).
//
// Bounded decoders of both formats. What cannot be decoded is a failure, never a success.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
#include <string>

namespace quietus {

enum class SenseFormat : std::uint8_t { fixed, descriptor };

struct Sense {
    SenseFormat format = SenseFormat::fixed;
    bool deferred = false; ///< 71h, 73h: it is about an earlier command
    std::uint8_t key = 0;
    std::uint8_t asc = 0;
    std::uint8_t ascq = 0;
};

/// Response codes 70h to 73h. Fault::drive for any other, and when octets that it announces or
/// needs are missing: a bridge has cut it short.
[[nodiscard]] Result<Sense> decode_sense(ByteView sense);

/// The first whole descriptor of this type, header included; empty when there is none, or the sense
/// is of fixed format. Searched for by its type: it stands where the drive likes.
[[nodiscard]] ByteView sense_descriptor(ByteView sense, std::uint8_t type);

/// "5/20h/00h": key, additional sense code and qualifier.
[[nodiscard]] std::string to_text(const Sense& sense);

} // namespace quietus
