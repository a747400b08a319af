// Passphrases: from the terminal without echo, or from where --passin and --passout say.
#pragma once

#include "quietus/app/sign.hpp"
#include "quietus/options/options.hpp"

#include <optional>

namespace quietus::cli {

/// For keys that turn out to be encrypted: `file:PATH` or `fd:N` as --passin says, else the person
/// at the terminal. Fault::usage when it says anything else. What is returned refuses
/// (Fault::refused) when there is nobody to ask.
[[nodiscard]] Result<AskPassphrase> passphrases_of(const Invocation& invocation);

/// For a key about to be made: nothing without --passout; `tty` asks twice.
[[nodiscard]] Result<std::optional<Secret>> new_passphrase(const Invocation& invocation);

} // namespace quietus::cli
