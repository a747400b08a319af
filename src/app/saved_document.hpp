// SavedDocument: what a run that was cut short had already saved of a job's document.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/signer.hpp"

#include <optional>
#include <string>

namespace quietus {

struct SavedDocument {
    DocumentType type = DocumentType::attempt;
    std::string path; ///< of the JSON file
    std::string payload;
};

/// What is looked for, and where.
struct DocumentSearch {
    const std::string& job;
    const std::string& journal_sha256;
    const SignerIdentity& signer;
    const std::string& directory;
};

/// The document, signed by this signer, that lacks nothing but its entry in the log. A payload
/// without a signature is removed: it was never issued. Fault::evidence when something else is in
/// the way of the document's files; that is left alone.
[[nodiscard]] Result<std::optional<SavedDocument>> find_saved(const DocumentSearch& search);
/// The same of a statement of destruction, which has no journal.
[[nodiscard]] Result<std::optional<SavedDocument>>
find_saved_statement(const DocumentSearch& search);

} // namespace quietus
