// The key of somebody who signs, from --key, --certificate and --passin.
#pragma once

#include "quietus/app/sign.hpp"
#include "quietus/options/options.hpp"

namespace quietus::cli {

/// Fault::usage when one of the two is missing; what load_personal_key refuses.
[[nodiscard]] Result<PersonalKey> signing_key_of(const Invocation& invocation);

} // namespace quietus::cli
