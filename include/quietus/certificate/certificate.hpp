// Certificate: from an erasure record to a signed document on disk.
//
// The format is public and stands by itself: certificates/SPEC.md.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/json.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/signer.hpp"
#include "quietus/record/erasure_record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// Somebody who must sign a document: nobody but the holder of this certificate can.
struct RequiredSigner {
    Role role = Role::station;
    std::string certificate_sha256; ///< of the DER, hexadecimal

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("role", self.role);
        visit("certificate_sha256", self.certificate_sha256);
    }
    friend bool operator==(const RequiredSigner&, const RequiredSigner&) = default;
};

/// The operator's signature over what they agreed to before the erase; certificate/confirmation.hpp
/// says what is in it.
struct SignedConfirmation {
    std::string statement;              ///< canonical JSON: the bytes that were signed
    std::vector<std::string> signature; ///< DER of the CMS in base 64, cut to the longest string

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("statement", self.statement);
        visit("signature", self.signature);
    }
};

/// The disposal order that a job followed.
struct FollowedOrder {
    std::string id;
    std::string sha256;   ///< of its exact text, hexadecimal
    std::string approver; ///< who signed it; empty: nobody, and it was read for its values alone

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("id", self.id);
        visit("sha256", self.sha256);
        visit("approver", self.approver);
    }
};

/// What people stated about the job: ids and references, not signed by them; and who of them is to
/// sign the document.
struct Statements {
    std::string document_marking = "OFFICIAL";
    std::string op; ///< operator id
    std::string witness;
    std::string organisation;
    std::string contractor;
    std::string site;
    std::string country;
    std::string authority;
    std::string hold_clearance;
    std::vector<std::string> references;
    std::string asset_tag;
    std::vector<std::string> overrides; ///< interlocks that the operator set aside
    std::optional<FollowedOrder> order;
    std::vector<RequiredSigner> signers; ///< persons; the station signs in any case
    std::optional<SignedConfirmation> confirmation;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("document_marking", self.document_marking);
        visit("operator", self.op);
        visit("witness", self.witness);
        visit("organisation", self.organisation);
        visit("contractor", self.contractor);
        visit("site", self.site);
        visit("country", self.country);
        visit("authority", self.authority);
        visit("hold_clearance", self.hold_clearance);
        visit("references", self.references);
        visit("asset_tag", self.asset_tag);
        visit("overrides", self.overrides);
        visit("order", self.order);
        visit("signers", self.signers);
        visit("confirmation", self.confirmation);
    }
};

/// Where a job stands in the station's sequence and in its log.
struct Placement {
    std::string station;
    std::uint64_t sequence = 0;
    std::string previous_sha384;
    std::uint64_t intent_log_index = 0;
    std::string salt;
    std::string journal_sha256;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("station", self.station);
        visit("sequence", self.sequence);
        visit("previous_sha384", self.previous_sha384);
        visit("intent_log_index", self.intent_log_index);
        visit("salt", self.salt);
        visit("journal_sha256", self.journal_sha256);
    }
};

/// The program that did it: for the document, so that a bad release can be found again.
struct Tool {
    std::string version;
    std::string commit;
    std::string openssl;
    std::string libblkid;
    std::string kernel;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("version", self.version);
        visit("commit", self.commit);
        visit("openssl", self.openssl);
        visit("libblkid", self.libblkid);
        visit("kernel", self.kernel);
    }
};

struct DocumentRequest {
    const ErasureRecord& record;
    const Statements& statements;
    const Placement& placement;
    const Tool& tool;
};

/// What the names of a document's files have after the id, before ".json" and the others.
[[nodiscard]] constexpr std::string_view suffix_of(DocumentType type) {
    if (type == DocumentType::rehearsal) return ".qrh";
    if (type == DocumentType::destruction) return ".qds";
    return type == DocumentType::certificate ? ".qdc" : ".qar";
}

/// A signed document: exact bytes.
struct Certificate {
    DocumentType type = DocumentType::attempt;
    std::string id;
    std::string payload; ///< canonical JSON
    std::string p7s;     ///< DER
};

/// Builds the payload and judges it as the auditor will: a certificate of erasure when and only
/// when the verdict is `erased` and follows from the evidence, else an attempt record; of an
/// emulated drive neither, but a rehearsal. Not signed yet; the same request, signer and time give
/// the same octets. Fault::evidence, also when an emulated drive and a key for real ones meet, or
/// the other way round.
[[nodiscard]] Result<Certificate> draft_document(const DocumentRequest& request,
                                                 const SignerIdentity& signer,
                                                 std::int64_t issued_at);

/// Drafts the document and has it signed. Fault::evidence, also when the auditor's own checks would
/// refuse the result.
[[nodiscard]] Result<Certificate> certify(const DocumentRequest& request, Signer& signer,
                                          Clock& clock);

/// Saves ID.qdc.json and ID.qdc.p7s (attempt: .qar, rehearsal: .qrh, destruction: .qds) into an
/// existing directory, durably and never over anything; returns the path of the JSON file. When the
/// second file cannot be saved the first is removed again. Fault::evidence.
[[nodiscard]] Result<std::string> save_certificate(const Certificate& certificate,
                                                   const std::string& directory);

} // namespace quietus
