// StepSecrets: what the random passes of a job draw, kept beside its journal for as long as the job
// may have to be gone on with.
//
// STATE/jobs/JOB/keys.json, mode 0600: {"keys":[{"octets":"HEX","step":2}]}. Plain, since whoever
// can read it can read the drive as well. It is on stable storage, with its folder, before anything
// is written with it, and removed when the job has come to a verdict other than interrupted, or is
// gone on with under another number.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/record/plan.hpp"
#include "quietus/stream/digest.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace quietus {

/// By the number of the step: one octet of a random_char, or the key of a random_stream.
using StepSecrets = std::map<std::uint32_t, Bytes>;

/// So many octets that nobody can foresee.
using Draw = std::function<Bytes(std::size_t)>;

/// For every step that needs some, in the order of the steps.
[[nodiscard]] StepSecrets draw_secrets(const Plan& plan, const Draw& draw = random_bytes);

/// Fault::evidence. Without secrets no file is made.
[[nodiscard]] Status save_secrets(const StepSecrets& secrets, const std::string& job_directory);
/// Fault::io when there are none to be read, Fault::invalid for any that are not just those which
/// the plan needs.
[[nodiscard]] Result<StepSecrets> read_secrets(const std::string& job_directory, const Plan& plan);
[[nodiscard]] Result<StepSecrets> parse_secrets(std::string_view text, const Plan& plan);
/// Also when there are none. What cannot be removed stays, and does no harm but be there.
void remove_secrets(const std::string& job_directory);

} // namespace quietus
