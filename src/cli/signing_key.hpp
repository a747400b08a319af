// The key of somebody who signs, from --key, --certificate and --passin, and whom they trust.
#pragma once

#include "commands.hpp"

#include "quietus/app/sign.hpp"
#include "quietus/options/options.hpp"

namespace quietus::cli {

/// Fault::usage when one of the two is missing; what load_personal_key refuses.
[[nodiscard]] Result<PersonalKey> signing_key_of(const Invocation& invocation);

/// The files of --trust, or the root of this station. Fault::usage when there is neither; as
/// read_trust.
[[nodiscard]] Result<TrustAnchors> trust_of(const Call& call);

} // namespace quietus::cli
