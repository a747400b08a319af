// What the options say of policy.
#pragma once

#include "commands.hpp"
#include "given.hpp"

#include "quietus/app/policies.hpp"

namespace quietus::cli {

/// Where this station looks for profiles, now.
[[nodiscard]] PolicyShelf shelf_of(const Call& call);
/// What is asked of policy.
[[nodiscard]] PolicyQuestion policy_question(const Given& given);
/// The profile of --policy, or the shipped default.
[[nodiscard]] Result<LoadedProfile> profile_of(const Call& call, const Given& given);

/// Direct mode with --technique, else policy. Fault::usage when both are asked for, or something is
/// missing that policy has to know.
[[nodiscard]] Status take_mode(const Call& call, const Given& given, DisposalRequest& request);

} // namespace quietus::cli
