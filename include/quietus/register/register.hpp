// Register: the door to the log of everything that was intended, what came of it, and which
// documents were issued. An intent is on stable storage before the first destructive command of its
// job.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/core/json.hpp"
#include "quietus/core/result.hpp"

#include <cstdint>
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
};

struct ResultFacts {
    std::string job;
    std::string verdict;
    std::string journal_sha256; ///< of the journal's bytes up to and including the verdict line
};

struct DocumentFacts {
    std::string job;
    std::string type; ///< "quietus.certificate" or "quietus.attempt"
    std::string payload_sha384;
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

class Register {
  public:
    virtual ~Register() = default;
    /// Appends a trial of nothing: proves that the log can be opened, read and extended, without
    /// changing it. Fault::evidence.
    [[nodiscard]] virtual Status probe() = 0;
    /// Takes the next number and logs the intent; on stable storage when this returns.
    [[nodiscard]] virtual Result<Intent> append_intent(const IntentFacts& facts) = 0;
    /// Exactly one result an intent, then exactly one document: a second one, one out of order, and
    /// one of a job never intended are Fault::refused, as are facts that are no digest or no known
    /// word. Fault::evidence when it cannot be made durable; the log is then as it was before.
    [[nodiscard]] virtual Result<Receipt> append_result(const ResultFacts& facts) = 0;
    [[nodiscard]] virtual Result<Receipt> append_document(const DocumentFacts& facts) = 0;
    /// Every job in the order of its intent. Fault::invalid names the line that does not hold.
    [[nodiscard]] virtual Result<std::vector<LoggedJob>> jobs() = 0;
};

/// The log as files in a directory: `entries`, one canonical JSON entry a line, each with its
/// index, time, station and type; the first one is the genesis. Shared by several processes: each
/// append holds an exclusive lock while it reads the log and writes. Lines that one object has read
/// before are compared and not parsed again; it is for one thread at a time. A last line without
/// newline was torn by a crash before anybody relied on it: it is not read, and the next append
/// removes it. Anything else that does not hold is Fault::invalid naming the line. The clock stamps
/// entries and must outlive the register.
[[nodiscard]] std::unique_ptr<Register> open_log_register(const std::string& directory,
                                                          Clock& clock);

} // namespace quietus
