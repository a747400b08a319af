// Audiences: the same events for a terminal, for a plain stream, and as JSON Lines.
#pragma once

#include "quietus/app/dispose.hpp"
#include "quietus/core/clock.hpp"

#include <memory>
#include <string>

namespace quietus::cli {

struct Call;

/// Progress on stderr (bars on a terminal, plain lines otherwise, nothing with --quiet), or events
/// on stdout with --json. Every event also goes to the log.
[[nodiscard]] std::unique_ptr<Audience> make_audience(const Call& call, Clock& clock);

/// The same progress of one reading of this drive, without events: on stderr, with --json too.
[[nodiscard]] std::unique_ptr<JobWatch> make_reading_watch(const Call& call, Clock& clock,
                                                           const std::string& node);

} // namespace quietus::cli
