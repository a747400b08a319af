// CmsSigner: the Signer over a private key at hand.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/crypto/cms.hpp"
#include "quietus/crypto/private_key.hpp"
#include "quietus/crypto/signer.hpp"

#include <memory>
#include <string_view>

namespace quietus {

/// `chain` is PEM: the signer's certificate first, then its issuing CAs, without the root. The
/// signer checks each signature it made against the payload and `trust` before handing it out
/// (Fault::evidence), and refuses to sign outside its key usage period (Fault::evidence).
/// Fault::invalid when key and certificate do not belong together, or when the certificate lacks a
/// role, a key usage period, or a key that can sign CMS (ECDSA P-256, P-384, P-521).
/// The clock gives the signing time and must outlive the signer.
[[nodiscard]] Result<std::unique_ptr<Signer>>
make_cms_signer(PrivateKey key, std::string_view chain, TrustAnchors trust, Clock& clock);

/// What a signer certificate (the first in the PEM text) says about its holder. Fault::invalid.
[[nodiscard]] Result<SignerIdentity> read_signer_identity(std::string_view chain);

} // namespace quietus
