// Files that hold private keys: readable by their owner alone, and never left in freed memory.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/secret.hpp"

#include <string>

namespace quietus {

/// Creates the file (0600), on stable storage and read back. Fault::evidence, also when anything of
/// that name exists.
[[nodiscard]] Status create_secret_file(const std::string& path, const Secret& secret);

/// The whole content. Fault::io when it cannot be opened; Fault::refused with a hint when it does
/// not belong to the caller or its mode lets others in; Fault::invalid when it is a symlink, no
/// regular file, or over 64 KiB.
[[nodiscard]] Result<Secret> read_secret_file(const std::string& path);

} // namespace quietus
