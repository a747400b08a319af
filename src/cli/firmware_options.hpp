// What the options say of how a drive erases itself.
#pragma once

#include "quietus/app/dispose.hpp"
#include "quietus/core/result.hpp"
#include "quietus/options/options.hpp"

namespace quietus::cli {

/// Takes --pattern, --passes, --invert and --definitive-ending for a SANITIZE overwrite,
/// --allow-unrestricted-exit and --zoned-no-reset for any SANITIZE. Fault::usage for any other
/// technique, for none, for --scheme beside another than an overwrite, and for values out of range.
[[nodiscard]] Status take_firmware_options(const Invocation& invocation, DisposalRequest& request);

/// With policy, which chooses the technique: Fault::usage when one of them is given.
[[nodiscard]] Status refuse_firmware_options(const Invocation& invocation);

} // namespace quietus::cli
