// A signer's chain looked at by itself, before it is ever used: what an auditor would say of it.
#pragma once

#include "quietus/core/result.hpp"
#include "quietus/crypto/cms.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

/// `chain` is PEM, signer first. Its path to `trust` at the time `at` (UTC seconds), revocation,
/// usage, key usage period, name constraints and path lengths, as check_signature would find them
/// for a signature made then in the one role that the certificate grants.
[[nodiscard]] std::vector<CheckFinding>
check_signer_chain(std::string_view chain, const TrustAnchors& trust, std::int64_t at);

/// The same text in our spelling and without certificates that are their own issuers: a root is
/// brought by whoever checks. Fault::invalid when it is not PEM, holds anything but certificates,
/// or none that has an issuer.
[[nodiscard]] Result<std::string> without_roots(std::string_view chain);

/// A file of trust anchors taken apart. Fault::invalid.
struct AnchorParts {
    std::string roots; ///< PEM
    std::string lists; ///< revocation lists, PEM; empty when there are none
};
[[nodiscard]] Result<AnchorParts> split_anchors(std::string_view pem);

} // namespace quietus
