// Building a payload from the facts of a finished job.
#pragma once

#include "payload.hpp"

namespace quietus {

/// What the document is to say: its type, the judgement in it, and when it is issued.
struct Issue {
    DocumentType type = DocumentType::attempt;
    const Judgement& judgement;
    const SignerIdentity& signer;
    std::int64_t at = 0; ///< UTC seconds
};

/// The drive as documents have it, its texts made to fit.
[[nodiscard]] DrivePayload drive_payload(const Drive& drive);
/// identity_digest of a drive that is in a document.
[[nodiscard]] std::string identity_digest(const DrivePayload& facts);

/// Text from outside, made to fit the profile.
[[nodiscard]] std::string fit(std::string_view text);
[[nodiscard]] Statements fitted(const Statements& statements);
[[nodiscard]] Tool fitted(const Tool& tool);
[[nodiscard]] PolicyBasis fitted(const PolicyBasis& basis);
/// RFC 3339: as long as keys are kept, or longer where a rule asks for it.
[[nodiscard]] std::string retain_until(const PolicyBasis& policy, std::int64_t issued_at);

[[nodiscard]] Payload build_payload(const DocumentRequest& request, const Issue& issue);

/// The canonical bytes. Lists of extents that would make them larger than the profile allows are
/// replaced by count and digest, the longest first. Fault::invalid when it cannot be made to fit.
[[nodiscard]] Result<std::string> encode(Payload payload);

} // namespace quietus
