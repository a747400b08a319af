// reread: is this the drive of a certificate, and does it still read as that says?
//
// Anybody can ask, on any station and whenever they like: the seed of a final random pass is in the
// certificate on purpose. Nothing is written to the drive, so its being mounted or in other use is
// no reason not to read it, and is told with the answer.
#pragma once

#include "quietus/app/site.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/exit_status.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/carry_out.hpp"
#include "quietus/record/erasure_record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

struct RereadRequest {
    std::string target;        ///< as select() takes it
    std::string certificate;   ///< any file of the document
    const TrustAnchors& trust; ///< for everybody who signed it
    Verification verification; ///< full, or a sample
    JobWatch& watch;           ///< told of the reading as of a job's only step
};

/// What was read, and what the log now says of it.
struct Reading {
    Drive drive;
    RecheckVerdict verdict = RecheckVerdict::not_established;
    bool identified = false;   ///< the drive itself tells the serial that the certificate has
    std::string reason;        ///< one clause: why it is another drive or not established, or empty
    std::vector<Guard> in_use; ///< who could change the drive meanwhile
    ReadBackRecord read_back;
    StopReason stopped = StopReason::none;
    bool page_cache = false; ///< some bytes came through the host's cache
    std::uint64_t log_index = 0;
};

struct Reread {
    DocumentReport document;
    std::optional<Reading> reading; ///< none when the document is no valid certificate
};

/// The station's key and log are tried first, then the document is checked as an auditor does; only
/// for a certificate that is valid under the trust given is the drive looked for and read. Faults
/// of preflight(), read_document(), select() and Host::open_to_read(); Fault::evidence when the
/// answer cannot be logged. Not answered by a fault: any other drive, content or document.
[[nodiscard]] Result<Reread> reread(const RereadRequest& request, const Site& site);

/// 0 for the same alone; 1 for another drive, other content, or a document that does not hold; 6
/// when any of it is not established, 7 when somebody stopped it, 3 for an attempt record.
[[nodiscard]] ExitStatus exit_status(const Reread& reread);

} // namespace quietus
