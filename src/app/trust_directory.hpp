// The trust directory: roots that a station believes, and texts that somebody signed under them.
#pragma once

#include "quietus/app/policies.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/cms.hpp"
#include "quietus/crypto/signer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quietus {

[[nodiscard]] bool exists(const std::string& path);

/// A text with the signature that holds over it.
struct SignedText {
    std::string text;
    std::string p7s; ///< DER
    CheckedSigner signer;
};

/// FILE, signed in FILE.p7s as this type of document by somebody whose certificate leads to a root
/// in TRUST/*.pem now. Fault::refused with the reason when it is not, was altered, or is signed by
/// nobody who is trusted here; Fault::usage when there is no such file.
[[nodiscard]] Result<SignedText> read_signed_text(const std::string& path, DocumentType type,
                                                  const PolicyShelf& shelf);

/// Signs a text as this type of document: FILE.p7s, never over anything; its path. Fault::refused
/// when the key is of another role than that type wants, or outside its period; Fault::evidence.
[[nodiscard]] Result<std::string> sign_text(const std::string& path, DocumentType type,
                                            const PersonalKey& key, std::int64_t now);

/// New, or there already with this content. Fault::evidence.
[[nodiscard]] Status save_once(const std::string& path, const std::string& content);

} // namespace quietus
