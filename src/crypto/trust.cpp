#include "trust.hpp"

#include "pem.hpp"

#include "quietus/core/ensure.hpp"

namespace quietus {

TrustAnchors::TrustAnchors(std::unique_ptr<State> state) : state_(std::move(state)) {}
TrustAnchors::TrustAnchors(TrustAnchors&&) noexcept = default;
TrustAnchors& TrustAnchors::operator=(TrustAnchors&&) noexcept = default;
TrustAnchors::~TrustAnchors() = default;

TrustAnchors TrustAnchors::none() {
    return TrustAnchors(std::make_unique<State>());
}

Result<TrustAnchors> TrustAnchors::from_pem(std::string_view pem) {
    auto content = read_pem(pem);
    if (!content) return std::move(content).error().during("trust anchors");
    if (content->certificates.empty())
        return Error{Fault::invalid, "trust anchors: no certificate in them"};
    auto state = std::make_unique<State>();
    state->roots.reset(X509_STORE_new());
    for (const CertificatePtr& root : content->certificates)
        QUIETUS_ENSURE(state->roots && X509_STORE_add_cert(state->roots.get(), root.get()) == 1);
    state->crls = std::move(content->crls);
    return TrustAnchors(std::move(state));
}

} // namespace quietus
