// The documents that a log names, in a directory.
#pragma once

#include "log_state.hpp"

#include "quietus/certificate/profiles.hpp"
#include "quietus/crypto/cms.hpp"
#include "quietus/record/erasure_record.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>

namespace quietus {

class DocumentFolder {
  public:
    DocumentFolder(std::optional<std::string> directory, const TrustAnchors& anchors)
        : directory_(std::move(directory)), anchors_(anchors) {
        if (directory_) profiles_.add_beside(*directory_);
    }
    /// Looks at the document of this entry: there, the one that was logged, and good.
    [[nodiscard]] std::optional<CheckFinding> check(const DocumentEntry& entry) const;
    /// The same of a statement of validation about a document of the entry's station; one about
    /// another's may lie anywhere. That its signature holds is looked at with its certificate.
    [[nodiscard]] std::optional<CheckFinding> check(const StatementEntry& entry);
    /// The last interruption that the document says it goes on from; nothing where there is none.
    [[nodiscard]] std::optional<Resumption> gone_on_from(const DocumentEntry& entry) const;
    /// Names the documents that are not in the log, and the statements of validation that say of
    /// themselves that they were made at one of its stations and were not looked at above.
    void check_unlogged(const LogState& state, const std::function<void(CheckFinding)>& find) const;

  private:
    [[nodiscard]] std::string file_of(const DocumentEntry& entry) const;
    [[nodiscard]] bool is_unlogged_statement(const std::string& name, const LogState& state) const;

    std::optional<std::string> directory_;
    const TrustAnchors& anchors_;
    std::set<std::string> statements_;                ///< SHA-384 of those that the log has
    ProfileTexts profiles_ = ProfileTexts::shipped(); ///< and those beside the documents
};

} // namespace quietus
