// ValidationPayload: the signed members of a statement of validation.
#pragma once

#include "payload.hpp"

#include "quietus/certificate/validation.hpp"

#include <string>
#include <vector>

namespace quietus {

namespace wording {
inline constexpr std::string_view validation_title = "STATEMENT OF VALIDATION";
} // namespace wording

struct ValidationPayload {
    DocumentType type = DocumentType::validation;
    std::uint32_t schema = payload_schema;
    std::string title{wording::validation_title};
    std::string id; ///< of the certificate
    std::string payload_sha384;
    std::string issued_at;
    std::string retain_until;
    std::string document_marking;
    std::string classification;
    ValidationDecision decision = ValidationDecision::rejected;
    std::string reason;
    std::string validator;
    std::string station;
    Tool tool;
    std::string time_source{wording::time_source};
    std::vector<RequiredSigner> signers_required;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("type", self.type);
        visit("schema", self.schema);
        visit("title", self.title);
        visit("id", self.id);
        visit("payload_sha384", self.payload_sha384);
        visit("issued_at", self.issued_at);
        visit("retain_until", self.retain_until);
        visit("document_marking", self.document_marking);
        visit("classification", self.classification);
        visit("decision", self.decision);
        visit("reason", self.reason);
        visit("validator", self.validator);
        visit("station", self.station);
        visit("tool", self.tool);
        visit("time_source", self.time_source);
        visit("signers_required", self.signers_required);
    }
};

} // namespace quietus
