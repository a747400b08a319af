// Proofs that an entry is in a log, as a file that can be checked offline (C2SP tlog-proof).
#pragma once

#include "merkle.hpp"

#include "quietus/core/result.hpp"
#include "quietus/crypto/note.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

struct LogProof {
    std::uint64_t index = 0;
    std::vector<Hash> path; ///< from the entry's sibling up
    std::string note;       ///< the signed checkpoint
    std::string entry = {}; ///< what it proves, as the `extra` line; empty: not said
};

[[nodiscard]] std::string proof_text(const LogProof& proof);
/// Nothing is verified, and nobody vouches for the entry unless its hash is proven. Fault::invalid.
[[nodiscard]] Result<LogProof> parse_proof(std::string_view text);
/// Whether the entry is in the log that `log` signs for. Fault::invalid says why not.
[[nodiscard]] Status check_proof(const LogProof& proof, std::string_view entry,
                                 const NoteVerifier& log);

} // namespace quietus
