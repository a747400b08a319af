// What the options say of policy.
#pragma once

#include "commands.hpp"

#include "quietus/app/policies.hpp"

namespace quietus::cli {

/// Where this station looks for profiles, now.
[[nodiscard]] PolicyShelf shelf_of(const Call& call);
/// What is asked of policy, by options alone.
[[nodiscard]] PolicyQuestion policy_question(const Invocation& invocation);
/// The profile of --policy, or the shipped default.
[[nodiscard]] Result<LoadedProfile> profile_of(const Call& call);

/// Direct mode with --technique, else policy. Fault::usage when both are asked for, or something is
/// missing that policy has to know.
[[nodiscard]] Status take_mode(const Call& call, DisposalRequest& request);

} // namespace quietus::cli
