// Keys of persons in files: theirs, wherever they keep them, and never in a station's state.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/personal_key.hpp"
#include "quietus/crypto/secret.hpp"

#include <functional>
#include <string>

namespace quietus {

/// Asked for the passphrase of a key that turns out to be encrypted; `path` is the key's.
using AskPassphrase = std::function<Result<Secret>(const std::string& path)>;

struct PersonalKeyFiles {
    std::string key;   ///< PEM: PKCS #8, encrypted or not
    std::string chain; ///< PEM: the person's certificate, then its issuing CAs
};

/// Fault::io when a file cannot be read; Fault::refused with a hint when the key's belongs to
/// somebody else or others may read it, and for a wrong passphrase; Fault::invalid, naming the
/// file, when it holds something else or the two do not belong together.
[[nodiscard]] Result<PersonalKey> load_personal_key(const PersonalKeyFiles& files,
                                                    const AskPassphrase& ask);

/// The private key alone. The same faults.
[[nodiscard]] Result<PrivateKey> load_private_key(const std::string& path,
                                                  const AskPassphrase& ask);

/// The passphrase in a file: its first line. Fault::io, or Fault::refused as for a key.
[[nodiscard]] Result<Secret> read_passphrase_file(const std::string& path);

} // namespace quietus
