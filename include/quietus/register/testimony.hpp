// Testimony: what a log says of one job, with the proof that it says so, for somebody who has the
// log's verifier key and none of its files.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/note.hpp"
#include "quietus/register/register.hpp"

#include <string>

namespace quietus {

/// What the entries of a job state, believed because a signed checkpoint contains them.
struct AttestedJob {
    Intent intent;
    std::string plan_sha256;
    std::string serial_hmac;
    std::string technique;
    ResultFacts result;
};

/// Fault::invalid says which entry is not in the log that `log` signs for, or is of another job.
[[nodiscard]] Result<AttestedJob> check_testimony(const Testimony& testimony,
                                                  const NoteVerifier& log);

/// The same of an intent alone: the result is empty.
[[nodiscard]] Result<AttestedJob> check_intent(const Attested& attested, const NoteVerifier& log);

} // namespace quietus
