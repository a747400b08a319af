#include "check_parts.hpp"
#include "check_roles.hpp"
#include "same_person.hpp"
#include "signer_certificate.hpp"
#include "trust.hpp"

#include <algorithm>

namespace quietus {
namespace {

constexpr std::size_t p7s_max = 256U << 10U;
constexpr std::size_t payload_max = 4U << 20U;
constexpr int signers_max = 8;
constexpr int certificates_max = 32;

// The identifier is not signed, and the library compares names regardless of case and spacing: only
// the certificate's own octets will do.
bool names_exactly(CMS_SignerInfo* signer, X509* certificate) {
    ASN1_OCTET_STRING* key_id = nullptr;
    X509_NAME* issuer = nullptr;
    ASN1_INTEGER* serial = nullptr;
    return CMS_SignerInfo_cert_cmp(signer, certificate) == 0 &&
           CMS_SignerInfo_get0_signer_id(signer, &key_id, &issuer, &serial) == 1 &&
           (issuer == nullptr || der_of<X509_NAME>(issuer, i2d_X509_NAME) ==
                                     der_of(X509_get_issuer_name(certificate), i2d_X509_NAME));
}

// The check of one document: signer after signer, then what concerns them together.
class DocumentCheck {
  public:
    explicit DocumentCheck(const SignedDocument& document) : document_(document) {}

    SignatureCheck run(Findings found) && {
        check_.findings = std::move(found);
        if (sk_X509_num(document_.certificates) > certificates_max) {
            check_.findings.push_back({"E_SIG_EXTRA", "more than 32 embedded certificates"});
            return std::move(check_);
        }
        STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(document_.cms);
        const int count = std::min(sk_CMS_SignerInfo_num(signers), signers_max);
        for (int i = 0; i < count; ++i)
            check_signer(sk_CMS_SignerInfo_value(signers, i), i);
        check_roles(holders_, document_.type, check_.findings);
        check_bindings(holders_, check_.findings);
        check_use_of_certificates();
        return std::move(check_);
    }

  private:
    void check_signer(CMS_SignerInfo* signer, int index) {
        Findings findings;
        X509* certificate = certificate_of(signer);
        const auto claims = check_attributes(signer, certificate, document_, findings);
        if (certificate == nullptr) {
            findings.push_back({"E_SIG_NO_CERT", "the signer's certificate is not embedded"});
            all_paths_known_ = false;
        } else {
            check_value(signer, certificate, findings);
            check_certificate(certificate, claims, findings);
            note_signer(certificate, signer, claims);
        }
        for (CheckFinding& each : findings) // number them: there may be eight
            check_.findings.push_back(
                {each.code, "signer " + std::to_string(index + 1) + ": " + each.text});
    }

    X509* certificate_of(CMS_SignerInfo* signer) const {
        for (int i = 0; i < sk_X509_num(document_.certificates); ++i) {
            X509* certificate = sk_X509_value(document_.certificates, i);
            if (names_exactly(signer, certificate)) return certificate;
        }
        return nullptr;
    }

    static void check_value(CMS_SignerInfo* signer, X509* certificate, Findings& findings) {
        // Without signed attributes there is nothing that the value could be over.
        if (!check_algorithms(signer, certificate, findings) ||
            CMS_signed_get_attr_count(signer) <= 0)
            return;
        CMS_SignerInfo_set1_signer_cert(signer, certificate);
        if (CMS_SignerInfo_verify(signer) != 1)
            findings.push_back({"E_SIGNATURE", "the signature value is wrong"});
    }

    void check_certificate(X509* certificate, const SignerClaims& claims, Findings& findings) {
        check_permissions(certificate, claims, findings);
        check_signing_time(claims, document_.trust, findings);
        CertificateStack path = check_path(certificate, claims, document_, findings);
        if (!path) {
            all_paths_known_ = false;
            return;
        }
        check_expiry(path.get(), document_.trust, findings);
        check_revocation(path.get(), *claims.signed_at, document_.trust, findings);
        paths_.push_back(std::move(path));
    }

    void note_signer(X509* certificate, CMS_SignerInfo* signer, const SignerClaims& claims) {
        if (!claims.role) return;
        holders_.push_back({certificate, signer, *claims.role, claims});
        check_.signers.push_back({*claims.role, common_name(certificate), fingerprint(certificate),
                                  claims.signed_at.value_or(0), is_without_ca(certificate),
                                  marks_of(certificate)});
    }

    // Nobody but the signer could revoke: the root is of our own making, or the signer itself.
    [[nodiscard]] bool is_without_ca(const X509* certificate) const {
        if (paths_.empty()) return false;
        STACK_OF(X509)* path = paths_.back().get();
        const int length = sk_X509_num(path);
        return X509_cmp(sk_X509_value(path, 0), certificate) == 0 &&
               (length == 1 || is_self_issued(sk_X509_value(path, length - 1)));
    }

    // Everything embedded must be part of a path, once: nothing else protects it from change.
    void check_use_of_certificates() {
        if (!all_paths_known_) return;
        for (int i = 0; i < sk_X509_num(document_.certificates); ++i)
            if (!is_used(sk_X509_value(document_.certificates, i)) || is_repeated(i))
                check_.findings.push_back(
                    {"E_SIG_EXTRA", "an embedded certificate is not part of a signer's path"});
    }

    [[nodiscard]] bool is_used(const X509* certificate) const {
        return std::ranges::any_of(paths_, [&](const CertificateStack& path) {
            for (int i = 0; i < sk_X509_num(path.get()); ++i)
                if (X509_cmp(sk_X509_value(path.get(), i), certificate) == 0) return true;
            return false;
        });
    }

    [[nodiscard]] bool is_repeated(int index) const {
        for (int i = 0; i < index; ++i)
            if (X509_cmp(sk_X509_value(document_.certificates, i),
                         sk_X509_value(document_.certificates, index)) == 0)
                return true;
        return false;
    }

    const SignedDocument document_;
    SignatureCheck check_;
    std::vector<RoleHolder> holders_;
    std::vector<CertificateStack> paths_;
    bool all_paths_known_ = true;
};

} // namespace

SignatureCheck check_signature(std::string_view p7s, std::string_view payload, DocumentType type,
                               const TrustAnchors& trust) {
    Findings findings;
    if (p7s.size() > p7s_max || payload.size() > payload_max) {
        findings.push_back({"E_SIZE", "signature over 256 KiB or payload over 4 MiB"});
        return {std::move(findings), {}};
    }
    const CmsPtr cms = check_structure(p7s, type, findings);
    if (!cms) return {std::move(findings), {}};
    const CertificateStack certificates(CMS_get1_certs(cms.get()));
    auto check =
        DocumentCheck({cms.get(), certificates.get(), payload, type, trust.state()}).run(findings);
    ERR_clear_error();
    return check;
}

} // namespace quietus
