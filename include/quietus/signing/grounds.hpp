// Grounds: why a document may be signed. The holder of the key believes nobody: it makes the
// document again from the journal and compares, and asks the log whether that is the journal.
#pragma once

#include "quietus/certificate/certificate.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/note.hpp"
#include "quietus/crypto/signer.hpp"
#include "quietus/job/journal.hpp"
#include "quietus/record/drive.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/register/register.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace quietus {

/// What was committed, as the journal's first line tells it.
struct Committed {
    std::string event;
    std::string job;
    std::string salt;
    Drive drive;
    Plan plan;
    Statements statements;

    template <typename Self, typename Visitor>
    static void each_field(Self& self, Visitor& visit) {
        visit("event", self.event);
        visit("job", self.job);
        visit("salt", self.salt);
        visit("drive", self.drive);
        visit("plan", self.plan);
        visit("statements", self.statements);
    }
};

/// Fault::invalid when the journal has no such line, or is of another job.
[[nodiscard]] Result<Committed> read_committed(const FileJournal::Content& content,
                                               const std::string& job);
/// What stands in the journal of a job of which nothing but its intent is known: the crash came
/// before the first line.
[[nodiscard]] Committed nothing_committed(const std::string& job, Provenance provenance);

/// What under the log's HMAC stands for the drive: its serial, or its node when it has none.
[[nodiscard]] std::string logged_serial(const Drive& drive);

/// An interrupted run with which another one went on.
struct EarlierRun {
    std::string journal; ///< its octets
    Testimony testimony;
};

/// A document and what is shown for it.
struct SigningRequest {
    std::string payload;
    DocumentType type = DocumentType::attempt;
    std::string journal; ///< its octets
    Tool tool;           ///< as the document is to state it
    Testimony testimony;
    std::optional<EarlierRun> earlier = {}; ///< of a run that went on with another
};

/// Who is asked to sign, with which log, and when.
struct AskedSigner {
    SignerIdentity identity;
    NoteVerifier log;
    std::int64_t now = 0;
};

/// Whether the auditor would accept this payload, the log has this job's intent and a result with
/// exactly this journal's digest and verdict, and the payload is what the journal gives, octet for
/// octet. Of a run that went on with an interrupted one: that the log has that one too, earlier, of
/// this plan and drive and with the result `interrupted`; that what was carried over is what its
/// journal gives; and that the records go on from there. Fault::refused says which of it is not so.
[[nodiscard]] Status check_grounds(const SigningRequest& request, const AskedSigner& signer);

} // namespace quietus
