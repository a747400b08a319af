// Stated: what a document says of its drive and of what was done to it, for somebody who looks at
// the drive again.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/erasure_record.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace quietus {

struct StatedErasure {
    std::string id;
    std::string payload_sha384;
    Drive drive; ///< the fields that documents have, their texts as documents spell them
    Evidence evidence;
    std::uint64_t covered_bytes = 0; ///< what was hidden before the erasure included
    Verdict verdict = Verdict::failed;
    ExtentSet kept = {}; ///< ciphertext that was left alone: nothing is known of what it holds
};

/// From a payload that check_document found valid. Fault::invalid when it is no payload at all.
[[nodiscard]] Result<StatedErasure> read_stated(std::string_view payload);

/// A drive as a document would state it now, so that its texts can be compared with such.
[[nodiscard]] Drive as_stated(const Drive& drive);

} // namespace quietus
