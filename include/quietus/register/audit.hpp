// The audit of a log: is it as it was signed, is anything missing, was anything put away?
//
// Works from files alone, in one pass; memory does not grow with the log. Codes:
// quietus-register(5).
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/cms.hpp"
#include "quietus/crypto/note.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

struct RegisterAudit {
    std::string directory; ///< with `checkpoint` and `tile`
    /// Checkpoints from earlier days: files `checkpoint` and `*.checkpoint` in this directory.
    std::optional<std::string> previous;
    std::optional<std::string> documents; ///< ID.qdc.json, ID.qar.json and their signatures
    std::string evidence;                 ///< where both sides of a fork are written
    const std::vector<NoteVerifier>& logs;
    const TrustAnchors& anchors;
};

struct RegisterReport {
    std::string origin; ///< hostile text unless the signature holds
    std::uint64_t size = 0;
    std::string root_sha256;  ///< as the checkpoint has it, hexadecimal
    std::uint64_t pinned = 0; ///< entries that an earlier checkpoint held outside confirms
    std::uint64_t intents = 0;
    std::uint64_t documents = 0;
    bool read_whole = false; ///< every entry was looked at, and all that follows from them
    std::vector<CheckFinding> findings; ///< at most the first 1000
    std::uint64_t more_findings = 0;    ///< beyond those
    std::vector<std::string> saved;     ///< files that prove a fork
};

/// E_: tampering or a broken rule is proven; I_: something was missing that would have decided; W_:
/// worth knowing.
[[nodiscard]] RegisterReport audit_register(const RegisterAudit& request);

} // namespace quietus
