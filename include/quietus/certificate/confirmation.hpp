// Confirmation: what the operator signs before the erase, so that the document can prove that they
// agreed to this plan for this drive beforehand.
//
// It is signed as canonical JSON under a content type of its own, and stands in the payload as that
// text with the signature beside it: the document's two files are all that is needed to check it.
#pragma once

#include "quietus/certificate/certificate.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"

#include <cstdint>
#include <string>

namespace quietus {

inline constexpr std::uint32_t confirmation_schema = 1;

struct Confirmation {
    DocumentType type = DocumentType::confirmation;
    std::uint32_t schema = confirmation_schema;
    std::string op;                ///< operator id: the common name of their certificate
    std::string station;           ///< where it is to be done
    std::string plan_sha256;       ///< of the canonical JSON of the plan, as in the log's intent
    std::string drive_sha256;      ///< identity_digest of the drive
    std::string attachment_sha256; ///< of the drive as it was attached then: what its code names
    std::string confirmed_at;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("type", self.type);
        visit("schema", self.schema);
        visit("operator", self.op);
        visit("station", self.station);
        visit("plan_sha256", self.plan_sha256);
        visit("drive_sha256", self.drive_sha256);
        visit("attachment_sha256", self.attachment_sha256);
        visit("confirmed_at", self.confirmed_at);
    }
};

/// The bytes that are signed. Fault::invalid when the id is outside the JSON profile.
[[nodiscard]] Result<std::string> confirmation_text(const Confirmation& confirmation);

/// SHA-256, hexadecimal, of the canonical JSON of kind, model, serial, serial_raw_hex and wwn as
/// the document's `drive` has them: what identifies a drive wherever it is attached.
[[nodiscard]] std::string identity_digest(const Drive& drive);

/// The two together, as a document takes them.
[[nodiscard]] SignedConfirmation bear(std::string statement, ByteView p7s);
/// The DER of the signature back. Fault::invalid.
[[nodiscard]] Result<std::string> signature_in(const SignedConfirmation& confirmation);

} // namespace quietus
