// DestructionPayload: the signed members of a statement of physical destruction.
#pragma once

#include "payload.hpp"

#include "quietus/certificate/destruction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

namespace wording {
inline constexpr std::string_view destruction_title = "STATEMENT OF PHYSICAL DESTRUCTION";
inline constexpr std::string_view persons_stated = "persons_stated";
} // namespace wording

struct DestructionPayload {
    DocumentType type = DocumentType::destruction;
    std::uint32_t schema = payload_schema;
    std::string title{wording::destruction_title};
    std::string id;
    std::string issued_at;
    std::string retain_until;
    std::string document_marking;
    DrivePayload drive;
    StatedPayload statements;
    PolicyPayload policy;
    std::string basis{wording::persons_stated};
    bool seen_by_station = false;
    DestructionFacts destruction;
    bool sufficient = false;
    std::string reason;
    std::vector<std::string> closes;
    Tool tool;
    StationPayload station;
    LogPayload log;
    std::string time_source{wording::time_source};
    std::vector<RequiredSigner> signers_required;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("type", self.type);
        visit("schema", self.schema);
        visit("title", self.title);
        visit("id", self.id);
        visit("issued_at", self.issued_at);
        visit("retain_until", self.retain_until);
        visit("document_marking", self.document_marking);
        visit("drive", self.drive);
        visit("statements", self.statements);
        visit("policy", self.policy);
        visit("basis", self.basis);
        visit("seen_by_station", self.seen_by_station);
        visit("destruction", self.destruction);
        visit("sufficient", self.sufficient);
        visit("reason", self.reason);
        visit("closes", self.closes);
        visit("tool", self.tool);
        visit("station", self.station);
        visit("log", self.log);
        visit("time_source", self.time_source);
        visit("signers_required", self.signers_required);
    }
};

/// As far as they are the same: what the checks of all documents look at.
[[nodiscard]] Payload common_of(const DestructionPayload& payload);

} // namespace quietus
