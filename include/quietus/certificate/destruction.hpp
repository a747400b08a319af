// The statement of physical destruction: persons say that a drive was destroyed, how, and who saw
// it. Nobody proves it, and no verdict stands in it.
//
// The station gives it a number, notes the intent in its log and signs that this is what was stated
// here; what it says is for the persons to sign. The format: certificates/SPEC.md.
#pragma once

#include "quietus/certificate/certificate.hpp"
#include "quietus/core/result.hpp"
#include "quietus/policy/destruction.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// What persons state of it.
struct DestructionFacts {
    std::string method; ///< id of the catalogue
    std::string equipment;
    std::optional<std::uint32_t> particle_mm; ///< the largest that was left
    std::string residue;                      ///< what became of the pieces
    std::string destroyed_at;                 ///< RFC 3339 UTC
    /// What the pieces count as still, by the catalogue; empty where it does not say.
    std::string residue_counts_as;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("method", self.method);
        visit("equipment", self.equipment);
        visit("particle_mm", self.particle_mm);
        visit("residue", self.residue);
        visit("destroyed_at", self.destroyed_at);
        visit("residue_counts_as", self.residue_counts_as);
    }
};

/// All that a statement is made of.
struct DestructionRecord {
    Drive drive;                  ///< as it was seen, or as persons state it
    bool seen_by_station = false; ///< it was attached here when the statement was made
    DestructionFacts facts;
    PolicyBasis policy;
    bool sufficient = false; ///< by that policy
    std::string reason;      ///< why not
    /// Jobs of this station that left the drive to be destroyed.
    std::vector<std::string> closes;
    Statements statements; ///< with operator and witness among its signers
};

/// What the log's intent announces: SHA-256 over drive, facts and jobs, hexadecimal.
[[nodiscard]] std::string destruction_sha256(const DestructionRecord& record);

struct DestructionRequest {
    const DestructionRecord& record;
    const Placement& placement; ///< without a journal
    const Tool& tool;
};

/// The unsigned statement. Fault::evidence when the auditor's own checks would refuse it.
[[nodiscard]] Result<Certificate> draft_destruction(const DestructionRequest& request,
                                                    const SignerIdentity& station,
                                                    std::int64_t issued_at);

/// What a statement says, read back. Fault::invalid.
struct StatedDestruction {
    std::string id;
    std::string station;
    std::uint64_t sequence = 0;
    std::string previous_sha384;
    std::uint64_t intent_index = 0;
    std::string salt;
    std::string content_sha256; ///< as destruction_sha256 has it
    Drive drive;
    std::vector<std::string> closes;
    std::vector<RequiredSigner> signers;
};
[[nodiscard]] Result<StatedDestruction> read_destruction(std::string_view payload);

} // namespace quietus
