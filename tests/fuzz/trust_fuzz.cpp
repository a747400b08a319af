// Trust files and revocation lists from anybody, in PEM or DER: reading them and judging a genuine
// signature by them must end without a crash. Lists alone make nothing trusted, and under trusted
// roots they change nothing about who signed.
#include "trusted/trusted.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/crypto/cms.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    const fuzz::Trusted& genuine = fuzz::trusted();
    const std::string_view text = as_text({data, size});
    const auto check = [&](const TrustAnchors& trust) {
        return check_signature(genuine.p7s, genuine.payload, DocumentType::certificate, trust);
    };
    if (const auto trust = TrustAnchors::from_pem(text)) {
        if (check(*trust).signers.size() != 3) abort();
    }
    auto nobody = TrustAnchors::none();
    if (nobody.add_crls(text) && fuzz::Trusted::holds(check(nobody))) abort();
    auto roots = TrustAnchors::from_pem(genuine.root);
    if (!roots) abort();
    const bool added = roots->add_crls(text).has_value();
    const auto result = check(*roots);
    if (fuzz::Trusted::hashes(result) != genuine.signers) abort();
    if (!added && !fuzz::Trusted::holds(result)) abort();
    return 0;
}
