// issue: from a job's journal to its signed document. Run at the end of every erasure, and again by
// `certify JOB` as often as needed: what has been done already is found in the log and left alone.
#pragma once

#include "quietus/app/site.hpp"
#include "quietus/certificate/certificate.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/journal.hpp"
#include "quietus/job/order.hpp"
#include "quietus/transport/surface.hpp"

#include <string>

namespace quietus {

/// The journal's first line: all that the document needs besides the record.
[[nodiscard]] Json committed_line(const CommittedPlan& order, const Statements& statements);

/// Ends the journal of a job that never came to its verdict: whatever its step lines prove is
/// judged with `reason` as the cause of the stop, so it can never be `erased`.
[[nodiscard]] Status close_journal(FileJournal& journal, const std::string& job, const Stop& stop,
                                   Clock& clock);

/// Held from before an intent is logged until its journal is locked: nobody takes a job that is
/// just beginning for one that a crash left. Waits.
[[nodiscard]] Result<AppendFile> lock_jobs(const Places& places);

struct IssuedDocument {
    Verdict verdict = Verdict::failed;
    Level level = Level::none;
    LevelBasis level_basis = LevelBasis::host_read_back;
    std::vector<Finding> findings;
    std::string path;                          ///< of the JSON file
    DocumentType type = DocumentType::attempt; ///< of a destruction: nothing is said of an erasure
};

/// Logs the result (which must carry this journal's digest), makes and saves the document, and logs
/// it; what an earlier run had done of this is taken as it is. Fault::evidence when something
/// cannot be saved, Fault::invalid when journal and log disagree.
[[nodiscard]] Result<IssuedDocument> issue_document(const std::string& job,
                                                    const FileJournal& journal, const Site& site);

/// `quietus certify JOB`: closes the journal of a job that never reached its verdict (crash, power
/// cut) as interrupted, one that cannot be read as indeterminate, then issues what is missing. A
/// statement of destruction that was saved and not logged is logged; of one that was not even saved
/// nothing is known any more, and its number gets an attempt record.
/// Fault::usage when there is no such job,
/// Fault::refused while it is still running or when its document has been issued.
[[nodiscard]] Result<IssuedDocument> certify_job(const std::string& job, const Site& site);

} // namespace quietus
