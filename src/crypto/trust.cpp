#include "trust.hpp"

#include "der.hpp"
#include "pem.hpp"

#include "quietus/core/ensure.hpp"

namespace quietus {
namespace {

// A CA publishes its list in DER (RFC 5280 clause 4.2.1.13), people pass it on as PEM.
Result<std::vector<CrlPtr>> read_crls(std::string_view text) {
    const ByteView octets = as_bytes(text);
    if (octets.empty() || octets[0] != der::sequence) {
        auto content = read_pem(text);
        if (!content) return std::move(content).error();
        if (!content->certificates.empty()) return Error{Fault::invalid, "a certificate in it"};
        return std::move(content->crls);
    }
    const unsigned char* at = octets.data();
    std::vector<CrlPtr> lists;
    lists.emplace_back(d2i_X509_CRL(nullptr, &at, static_cast<long>(octets.size())));
    if (!lists.front() || at != octets.data() + octets.size())
        return openssl_error(Fault::invalid, "not one revocation list in DER");
    return lists;
}

} // namespace

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

Status TrustAnchors::add_crls(std::string_view text) {
    auto lists = read_crls(text);
    if (!lists) return std::move(lists).error().during("revocation lists");
    if (lists->empty()) return Error{Fault::invalid, "revocation lists: none in it"};
    for (CrlPtr& each : *lists)
        state_->crls.push_back(std::move(each));
    return {};
}

void TrustAnchors::judge_as_of(std::int64_t utc_seconds) {
    state_->judged_at = utc_seconds;
}

} // namespace quietus
