// Resume: going on with an interrupted job, from what it is known to have put on the medium.
//
// The run gets a number of its own, and its intent is logged before it writes, like any other's: so
// each intent has one result, and no number is used twice. Its journal begins with what is carried
// over (job/starting_point.hpp) under the old job's number and its journal's digest. The signer is
// shown both journals and derives the one from the other. Whatever earlier runs are said to have
// done, the final state is read back in full by the last of them: nothing that is carried over can
// make a drive `erased` that does not read so.
//
// Asked again, as for a fresh erasure: every interlock (with the overrides that the document names
// already and those that are given now, which the new one names too), the preflight, whether the
// drive is the same now, when it is held, and after errors. Carried over: the plan, which is the
// one that was logged then; what people stated, who has to sign, and the operator's signed
// confirmation, which is of this plan and this drive. The agreement at the desk is carried over
// when the drive will prove by its own content that it is the one which was agreed on: nothing is
// written before that has been read. Otherwise it is asked for.
#pragma once

#include "quietus/app/confirm.hpp"
#include "quietus/app/dispose.hpp"
#include "quietus/app/site.hpp"
#include "quietus/certificate/certificate.hpp"
#include "quietus/core/result.hpp"
#include "quietus/job/starting_point.hpp"
#include "quietus/job/step_secrets.hpp"

#include <string>

namespace quietus {

/// An interrupted job, and what it takes to go on with it.
struct InterruptedJob {
    std::string job;
    std::string station;
    Proposal proposal; ///< the drive as it is now, the plan as it was committed
    Statements statements;
    StartingPoint from;
    StepSecrets secrets;
    bool agreed = false; ///< the drive will prove by its content that it is the one
};

/// Brings the job to its end first, if a crash has left it without. Fault::usage when there is no
/// such job; Fault::refused while it runs, when its verdict is another than interrupted, when it
/// was gone on with already (naming the job), when its journal is not the one whose digest the log
/// holds, when its drive is not there or is another (identity-changed), and for interlocks. That
/// the kernel does not know yet of blocks which the interrupted run has lifted is none: the plan
/// has it read the size again, and writes nothing unless it does.
[[nodiscard]] Result<InterruptedJob>
find_interrupted(const std::string& job, const Site& site,
                 const std::vector<std::string>& overrides = {});

/// Which job this one goes on with, by its journal; empty when it began anew, or does not say.
[[nodiscard]] std::string predecessor_of(const std::string& job, const Site& site);
/// Which job went on with this one; empty when none has.
[[nodiscard]] Result<std::string> successor_of(const std::string& job, const Site& site);

} // namespace quietus
