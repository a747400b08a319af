// Job lines: the progress of jobs for people, on stderr.
#pragma once

#include "followed_jobs.hpp"

#include <memory>

namespace quietus::cli {

/// A line at the start and end of a step, every half minute, and on SIGUSR1. `shows_plans`: in a
/// dry run they are the result; else the operator is shown them.
[[nodiscard]] std::unique_ptr<FollowedJobs> make_plain_lines(Clock& clock, bool shows_plans);

/// On a terminal: a line for each drive, drawn over and over.
[[nodiscard]] std::unique_ptr<FollowedJobs> make_bars(Clock& clock, bool shows_plans);

} // namespace quietus::cli
