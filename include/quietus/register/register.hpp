// Register: the door to the log of everything that was intended, what came of it, and which
// documents were issued. An intent is on stable storage before the first destructive command of its
// job.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/json.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/register/checkpoint.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// What is about to be done. The serial appears in the log only as an HMAC under the job's salt.
struct IntentFacts {
    std::string serial; ///< normalised; the node or path when the drive has none
    std::string technique;
    std::string plan_sha256; ///< of the plan's canonical JSON
    std::string station;
};

/// An intent as it stands in the log.
struct Intent {
    std::string job;             ///< "QTS-<station>-<8 digits>", the next number, never reused
    std::uint64_t sequence = 0;  ///< the number in it, from 1
    std::uint64_t log_index = 0; ///< of its entry, from 0
    /// 256 bits, hexadecimal. Goes onto the document and never into the log: empty when read back.
    std::string salt;
    std::string
        previous_sha384; ///< payload digest of the station's previous document; empty: first
    std::string station;
    std::string technique = {};
};

struct ResultFacts {
    std::string job;
    std::string verdict;
    std::string journal_sha256; ///< of the journal's bytes up to and including the verdict line
};

struct DocumentFacts {
    std::string job;
    std::string type; ///< "quietus.certificate", "quietus.attempt", "quietus.destruction"
    std::string payload_sha384;
};

/// What came of reading a drive once more against its certificate.
enum class RecheckVerdict : std::uint8_t { same, different, another_drive, not_established };
template <>
inline constexpr auto enum_texts<RecheckVerdict> = spellings("same", "different", "another-drive",
                                                             "not-established");

/// A drive was read once more. The document may be of another station, whose log has its job.
struct RecheckFacts {
    std::string station; ///< that read
    std::string document;
    std::string payload_sha384;
    RecheckVerdict verdict = RecheckVerdict::not_established;
    /// Whether the drive itself tells the serial that the document has.
    bool identified = false;
    Verification verification; ///< full, or a sample
    std::uint64_t bytes_matched = 0;
};

/// Somebody accepted or rejected what a certificate proves. It may be of another station.
struct StatementFacts {
    std::string station; ///< where they stated it
    std::string document;
    std::string payload_sha384; ///< of the certificate
    std::string statement_sha384;
    std::string validator;
    bool accepted = false;
};

/// Where an entry went.
struct Receipt {
    std::uint64_t log_index = 0;
};

/// What the log knows of one job.
struct LoggedJob {
    Intent intent;
    std::optional<ResultFacts> result;
    std::optional<DocumentFacts> document;
};

/// An entry, and the proof that it is in the log (C2SP tlog-proof).
struct Attested {
    std::string entry;
    std::string proof;
};

/// Why a job's document may be signed; register/testimony.hpp checks it.
struct Testimony {
    Attested intent;
    Attested result; ///< empty of a destruction, which has none
};

/// The technique of an intent to make a statement of destruction: persons did it, so that there is
/// no result.
inline constexpr std::string_view stated_destruction = "destruction";

class Register {
  public:
    virtual ~Register() = default;
    /// Makes the log under this origin, without an entry, and says by which verifier key it is to
    /// be checked ("NAME+ID+KEY"). Without it the first intent makes one under
    /// default_log_origin(). Fault::refused when there is one.
    [[nodiscard]] virtual Result<std::string> init(const std::string& origin) = 0;
    /// Proves that the log can be opened, read, signed and extended, and carries out what a crash
    /// interrupted; otherwise changes nothing. Fault::evidence.
    [[nodiscard]] virtual Status probe() = 0;
    /// Takes the next number and logs the intent; on stable storage when this returns.
    [[nodiscard]] virtual Result<Intent> append_intent(const IntentFacts& facts) = 0;
    /// Exactly one result an intent, then exactly one document (of a destruction the document
    /// alone): a second one, one out of order, and one of a job never intended are Fault::refused,
    /// as are facts that are no digest or no known word. Fault::evidence when it cannot be made
    /// durable: it is not acknowledged then, and either never in the log or in it when that is next
    /// opened.
    [[nodiscard]] virtual Result<Receipt> append_result(const ResultFacts& facts) = 0;
    [[nodiscard]] virtual Result<Receipt> append_document(const DocumentFacts& facts) = 0;
    /// As often as somebody looks. Faults as above; needs no job.
    [[nodiscard]] virtual Result<Receipt> append_recheck(const RecheckFacts& facts) = 0;
    /// Faults as above; needs no job. There is to be one about a document: who appends asks first.
    [[nodiscard]] virtual Result<Receipt> append_statement(const StatementFacts& facts) = 0;
    /// The first one about the document with this payload. Costs as jobs().
    [[nodiscard]] virtual Result<std::optional<StatementFacts>>
    statement_about(const std::string& payload_sha384) = 0;
    /// Every job in the order of its intent. Fault::invalid names the entry that does not hold.
    [[nodiscard]] virtual Result<std::vector<LoggedJob>> jobs() = 0;
    /// One job; nothing when it was never intended. Costs as much as jobs() once it has its
    /// document, and nothing to speak of before.
    [[nodiscard]] virtual Result<std::optional<LoggedJob>> find(const std::string& job) = 0;
    /// What the log says of a job that has its result, or of a destruction without its statement.
    /// Fault::refused for any other. Costs as find().
    [[nodiscard]] virtual Result<Testimony> testimony(const std::string& job) = 0;
    /// When the last entry was logged, UTC seconds; nothing for an empty log. Reads no more than
    /// that entry, and nothing vouches for it. Fault::invalid names what does not hold.
    [[nodiscard]] virtual Result<std::optional<std::int64_t>> latest_time() = 0;
    /// The proof that the job's document is in the log, a file of C2SP tlog-proof. Fault::usage
    /// when it has none.
    [[nodiscard]] virtual Result<std::string> proof(const std::string& job) = 0;
};

/// Where a log is, who signs for it, and who hears of repairs.
struct LogSetup {
    std::string directory;
    /// To the Ed25519 key of the log; asked for at the first append.
    OpenCheckpointSigner open_signer;
    /// Told, as one clause, when an open found and repaired what a crash had left.
    std::function<void(const std::string&)> report = [](const std::string&) {};
    /// A directory outside the log that keeps the last checkpoint too: a log that does not contain
    /// it is Fault::invalid. Empty: none does.
    std::string keep_in = {};
};

/// The log as a C2SP tlog-tiles directory: `checkpoint`, `tile/...`; with `pending` (the append in
/// hand), `index` (what the entries add up to; made again from them when it is not there or does
/// not fit) and `lock`. Entries are canonical JSON objects, each with its index, time, station and
/// type; the first one is the genesis. Shared by several processes: each append holds an exclusive
/// lock. An append costs the same whatever the log's size, and is acknowledged when a checkpoint
/// that includes it is on stable storage. One object is for one thread at a time. What a crash left
/// is repaired at the next append and reported; anything else that does not hold is Fault::invalid
/// naming it. The clock stamps entries and must outlive the register.
[[nodiscard]] std::unique_ptr<Register> open_log_register(LogSetup setup, Clock& clock);

} // namespace quietus
