// sign: a person adds their signature to a document that names them, later and with their own key.
#pragma once

#include "quietus/certificate/check.hpp"
#include "quietus/core/clock.hpp"
#include "quietus/core/result.hpp"
#include "quietus/keys/personal_keys.hpp"

#include <optional>
#include <string>
#include <vector>

namespace quietus {

/// The roots of all these files together. Fault::io, Fault::invalid naming the file.
[[nodiscard]] Result<TrustAnchors> read_trust(const std::vector<std::string>& files);

struct SignRequest {
    std::string document;     ///< any file of it
    std::optional<Role> role; ///< as what they mean to sign; else what the certificate says
    const PersonalKey& key;
    const TrustAnchors& trust; ///< for the roots of all who sign, this person included
};

struct AddedSignature {
    std::string id;   ///< of the document
    std::string file; ///< that was replaced
    SignerIdentity signer;
    std::vector<Role> missing; ///< who has still not signed
};

/// The document is checked as an auditor would before the signature is made and again with it; only
/// then is its .p7s replaced. Fault::invalid when it does not verify, Fault::refused when it cannot
/// be decided whether it does, when it does not require this key, or when the key has signed it
/// before or may not sign now; Fault::usage when the certificate is for another role;
/// Fault::evidence when the file cannot be replaced. In all these cases it is as it was.
[[nodiscard]] Result<AddedSignature> sign_document(const SignRequest& request, Clock& clock);

} // namespace quietus
