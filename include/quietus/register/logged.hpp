// Whether a document is in a log: by the log's directory, or by a proof that somebody took from it.
//
// Codes: certificates/SPEC.md.
#pragma once

#include "quietus/certificate/check.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/note.hpp"

#include <memory>
#include <string>
#include <vector>

namespace quietus {

/// The document that is looked for: its id, its type and what it says of itself.
struct LoggedDocument {
    std::string id;
    DocumentType type;
    const DocumentTrace& trace;
    /// The statement of validation beside it, which has to be the one that a log has.
    const StatedValidation* validation = nullptr;
};

class DocumentLog {
  public:
    /// A log's directory, which is read when it is asked. The verifiers must outlive it.
    static DocumentLog in_directory(const std::string& path, const std::vector<NoteVerifier>& logs);
    DocumentLog(DocumentLog&&) noexcept;
    DocumentLog& operator=(DocumentLog&&) noexcept;
    ~DocumentLog();

    /// What speaks against its being in the log, or does not let it be decided; nothing when it is.
    /// What concerns the log as a whole is found again for each document.
    [[nodiscard]] std::vector<CheckFinding> check(const LoggedDocument& document);

  private:
    struct State;
    explicit DocumentLog(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// The same from the text of a C2SP tlog-proof whose extra line is the entry.
[[nodiscard]] std::vector<CheckFinding> check_log_proof(std::string_view proof,
                                                        const LoggedDocument& document,
                                                        const std::vector<NoteVerifier>& logs);

/// The largest proof that is read, in bytes.
inline constexpr std::size_t log_proof_limit = note_limit;

} // namespace quietus
