// Signatures from anybody: every check of a CMS file must end without a crash; without a root to
// trust none may pass without a finding; and under a root, over its payload, only the signers of
// the genuine document may.
#include "trusted/trusted.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/crypto/cms.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace quietus;

TrustAnchors anchors_of(const std::string& pem) {
    auto anchors = TrustAnchors::from_pem(pem);
    if (!anchors) abort();
    return std::move(*anchors);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::Trusted& genuine = fuzz::trusted();
    static const TrustAnchors roots = anchors_of(genuine.root);
    const std::string_view p7s = as_text({data, size});
    if (check_signature(p7s, "{}", DocumentType::certificate, TrustAnchors::none())
            .findings.empty())
        abort();
    const auto check = check_signature(p7s, genuine.payload, DocumentType::certificate, roots);
    if (!fuzz::Trusted::holds(check)) return 0;
    // Fewer may have signed: who must is in the payload, and none of this program's affair.
    for (const std::string& signer : fuzz::Trusted::hashes(check))
        if (std::ranges::find(genuine.signers, signer) == genuine.signers.end()) abort();
    return 0;
}
