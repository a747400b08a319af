// Facts as the JSON of the command-line contract (see JSON in quietus(1)).
#pragma once

#include "quietus/app/dispose.hpp"
#include "quietus/core/json.hpp"
#include "quietus/record/drive.hpp"

#include <optional>

namespace quietus::cli {

/// One member of "drives" in `list --json` and `inspect --json`.
[[nodiscard]] Json drive_json(const Drive& drive);
/// With the drive's own replies: `pages`, each with name, bytes, sha256 and hex.
[[nodiscard]] Json inspected_json(const Drive& drive);
/// One member of "plans" in `plan --json`; no code for a plan that was not stored.
[[nodiscard]] Json plan_json(const Proposal& proposal, const std::optional<StoredPlan>& stored);
/// One member of "drives" in the result of `erase --json`.
[[nodiscard]] Json disposal_json(const Disposal& disposal);
[[nodiscard]] Json error_json(const Error& error, ExitStatus status, const std::string& where);

} // namespace quietus::cli
