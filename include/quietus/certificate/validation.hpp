// The statement of validation: a person accepts or rejects what a certificate proves against the
// sensitivity of the data. One a certificate, beside it, signed by the validator alone: somebody
// else than its operator and its witness. The format: certificates/SPEC.md.
#pragma once

#include "quietus/certificate/certificate.hpp"
#include "quietus/core/enum_text.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/cms.hpp"
#include "quietus/crypto/signer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

enum class ValidationDecision : std::uint8_t { accepted, rejected };
template <>
inline constexpr auto enum_texts<ValidationDecision> = spellings("accepted", "rejected");

/// What the names of its files have after ID.qdc.
inline constexpr std::string_view validation_payload_suffix = ".validation.json";
inline constexpr std::string_view validation_signature_suffix = ".validation.p7s";

/// Its two files as they lie beside a certificate.
struct ValidationFiles {
    std::string payload = {};
    std::string p7s = {};
    /// Why one of them, or neither, is here: I_FILE, E_SIZE, E_TYPE.
    std::vector<CheckFinding> findings = {};
};

/// What one says.
struct StatedValidation {
    ValidationDecision decision = ValidationDecision::rejected;
    std::string validator;        ///< common name of the certificate that signed it
    std::string classification;   ///< against which it was decided, as the certificate has it given
    std::string reason;           ///< never empty of one that rejects
    std::string station;          ///< in whose log it stands
    std::string issued_at;        ///< RFC 3339 UTC
    std::string statement_sha384; ///< of its payload

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("decision", self.decision);
        visit("validator", self.validator);
        visit("classification", self.classification);
        visit("reason", self.reason);
        visit("station", self.station);
        visit("issued_at", self.issued_at);
        visit("statement_sha384", self.statement_sha384);
    }
};

struct ValidationDraft {
    std::string_view certificate; ///< its exact payload, which was found valid
    ValidationDecision decision = ValidationDecision::rejected;
    std::string classification; ///< empty: the one that the certificate has
    std::string reason;
    std::string document_marking; ///< empty: the certificate's
    std::string station;
    const Tool& tool;
};

/// The payload, canonical JSON, not signed yet. Fault::usage when the certificate has no
/// classification and none is given, when another one than the certificate's is accepted, or a
/// rejection has no reason; Fault::invalid when it is no certificate's payload; Fault::evidence.
[[nodiscard]] Result<std::string> draft_validation(const ValidationDraft& draft,
                                                   const SignerIdentity& validator,
                                                   std::int64_t issued_at);

} // namespace quietus
