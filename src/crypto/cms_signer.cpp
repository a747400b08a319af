#include "quietus/crypto/cms_signer.hpp"

#include "cms_make.hpp"

#include <utility>

namespace quietus {
namespace {

class CmsSigner final : public Signer {
  public:
    CmsSigner(SignerIdentity identity, PrivateKey key, std::vector<CertificatePtr> chain,
              TrustAnchors trust, Clock& clock)
        : identity_(std::move(identity)), key_(std::move(key)), chain_(std::move(chain)),
          trust_(std::move(trust)), clock_(clock) {}

    [[nodiscard]] const SignerIdentity& identity() const override { return identity_; }

    Result<Bytes> sign(std::string_view payload, DocumentType type) override {
        const std::int64_t now = clock_.utc_seconds();
        if (now < identity_.usable_from || now > identity_.usable_until)
            return Error{Fault::evidence, "sign: the key may be used from " +
                                              to_rfc3339(identity_.usable_from) + " to " +
                                              to_rfc3339(identity_.usable_until) + ", it is now " +
                                              to_rfc3339(now)};
        auto made = make_cms({key_.state().key.get(), chain_, identity_.role, now}, payload, type);
        if (!made) return std::move(made).error().during("sign");
        if (auto status = check_own(*made, payload, type); !status)
            return std::move(status).error().during("sign");
        return made;
    }

  private:
    // What an auditor would see must hold before anybody is handed the signature.
    [[nodiscard]] Status check_own(const Bytes& p7s, std::string_view payload,
                                   DocumentType type) const {
        const auto check = check_signature(as_text(p7s), payload, type, trust_);
        for (const CheckFinding& finding : check.findings)
            if (finding.code.starts_with("E_"))
                return Error{Fault::evidence,
                             "own signature does not hold: " + finding.code + ": " + finding.text};
        return {};
    }

    SignerIdentity identity_;
    PrivateKey key_;
    std::vector<CertificatePtr> chain_;
    TrustAnchors trust_;
    Clock& clock_;
};

} // namespace

Result<std::unique_ptr<Signer>> make_cms_signer(PrivateKey key, std::string_view chain,
                                                TrustAnchors trust, Clock& clock) {
    auto identity = read_signer_identity(chain);
    if (!identity) return std::move(identity).error();
    auto certificates = chain_for(key, chain);
    if (!certificates) return std::move(certificates).error();
    return std::make_unique<CmsSigner>(std::move(*identity), std::move(key),
                                       std::move(*certificates), std::move(trust), clock);
}

} // namespace quietus
