// Signatures from anybody: every check of a CMS file must end without a crash, and without a root
// to trust none may pass without a finding.
#include "quietus/core/bytes.hpp"
#include "quietus/crypto/cms.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quietus;
    const std::string_view p7s = as_text({data, size});
    const auto check = check_signature(p7s, "{}", DocumentType::certificate, TrustAnchors::none());
    if (check.findings.empty()) abort();
    return 0;
}
