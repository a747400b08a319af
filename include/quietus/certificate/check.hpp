// Checking a document: what the auditor's program does, and what the signer does before it signs.
#pragma once

#include "quietus/certificate/certificate.hpp"
#include "quietus/certificate/profiles.hpp"
#include "quietus/certificate/validation.hpp"
#include "quietus/crypto/cms.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace quietus {

enum class DocumentVerdict : std::uint8_t { valid, invalid, indeterminate, not_an_erasure };
template <>
inline constexpr auto enum_texts<DocumentVerdict> = spellings("valid", "invalid", "indeterminate",
                                                              "not-an-erasure");

/// The largest files that are looked into, in bytes.
inline constexpr std::size_t payload_limit = std::size_t{4} << 20U;
inline constexpr std::size_t p7s_limit = std::size_t{256} << 10U;

/// What the checks across documents, of a log and of what is required go by.
struct DocumentTrace {
    std::string station;
    std::uint64_t number = 0;
    std::string payload_sha384;
    std::string previous_sha384; ///< empty: the station's first
    std::string serial;          ///< empty: none that the drive itself states
    Level level = Level::none;
    std::uint64_t intent_index = 0;
    std::string tool_version; ///< of the program that made it
    std::string tool_commit;
};

struct DocumentReport {
    std::string file; ///< as named by the caller
    std::string id;   ///< only from a payload whose signature holds under the trust given
    /// Of the payload when it holds so far, else what the file's name says.
    DocumentType type = DocumentType::certificate;
    DocumentVerdict verdict = DocumentVerdict::invalid;
    std::vector<CheckFinding> findings;
    std::vector<CheckedSigner> signers;
    std::vector<RequiredSigner> required = {}; ///< only from such a payload, as the id is
    /// Of a payload of this form whose signature no E_ finding speaks against.
    std::optional<DocumentTrace> trace = {};
    /// Of a certificate the statement beside it, when nothing breaks that.
    std::optional<StatedValidation> validation = {};
};

/// The files of a document, whichever of them was named. Fault::io when one cannot be read,
/// Fault::invalid when one is no regular file, too large, or not named as a document's.
struct DocumentFiles {
    std::string name; ///< without directory and suffixes: the id, if nobody renamed it
    DocumentType type = DocumentType::certificate;
    std::string payload;
    std::string p7s;
    std::optional<ValidationFiles> validation = {}; ///< of a certificate, when one lies beside it
};
[[nodiscard]] Result<DocumentFiles> read_document(const std::string& path);
/// The same with all that speaks against it: E_TYPE, E_SIZE, I_FILE.
using DocumentReading = std::variant<DocumentFiles, std::vector<CheckFinding>>;
[[nodiscard]] DocumentReading look_at_document(const std::string& path);
/// What the names of a document's files have in common, "DIR/ID.qdc", "DIR/ID.qar", "DIR/ID.qrh" or
/// "DIR/ID.qds";
/// nothing when it is no such name.
[[nodiscard]] std::optional<std::string> document_stem(const std::string& path);
/// The verdict of what was found, of a document of this type.
[[nodiscard]] DocumentVerdict verdict_of(const std::vector<CheckFinding>& findings,
                                         DocumentType type);

/// Every check, all findings, one verdict: `invalid` after an E_ finding, else `indeterminate`
/// after an I_ finding, else by the type of the document: a certificate that its validator rejected
/// is `not_an_erasure`. Policy is asked again by the text of the
/// profile that the document names.
[[nodiscard]] DocumentReport check_document(const DocumentFiles& files, const TrustAnchors& trust,
                                            const ProfileTexts& profiles = ProfileTexts::shipped());

/// The same from a path. What look_at_document finds is in the report.
[[nodiscard]] DocumentReport check_file(const std::string& path, const TrustAnchors& trust,
                                        const ProfileTexts& profiles = ProfileTexts::shipped());

/// The semantic checks alone, of a payload not yet signed or already authenticated: type, schema,
/// totals, coverage, time order, verdict and level derivable from the evidence.
[[nodiscard]] std::vector<CheckFinding> check_semantics(std::string_view payload,
                                                        DocumentType type);

} // namespace quietus
