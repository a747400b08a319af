#include "quietus/crypto/issue.hpp"

#include "openssl_handles.hpp"
#include "pem.hpp"
#include "signer_extensions.hpp"

#include "quietus/crypto/object_ids.hpp"

#include <openssl/bn.h>

namespace quietus {
namespace {

constexpr long version_3 = 2;     // RFC 5280 clause 4.1.2.1
constexpr long crl_version_2 = 1; // clause 5.1.2.1
constexpr int serial_bits = 159;  // 20 octets at most, and positive (clause 4.1.2.2)

// A certificate being filled in; remembers whether any step failed.
class Draft {
  public:
    Draft(const CertificateSubject& subject, const PrivateKey& key) : certificate_(X509_new()) {
        X509* raw = certificate_.get();
        good_ = raw != nullptr && X509_set_version(raw, version_3) == 1 && set_serial() &&
                add_name("O", subject.organisation) && add_name("CN", subject.common_name) &&
                set(X509_getm_notBefore(raw), subject.validity.from) &&
                set(X509_getm_notAfter(raw), subject.validity.until) &&
                X509_set_pubkey(raw, key.state().key.get()) == 1;
    }

    // `issuer` is null for a self-signed certificate.
    void issued_by(X509* issuer) {
        issuer_ = issuer != nullptr ? issuer : certificate_.get();
        good_ =
            good_ && X509_set_issuer_name(certificate_.get(), X509_get_subject_name(issuer_)) == 1;
        add(NID_subject_key_identifier, "hash");
        add(NID_authority_key_identifier, "keyid:always");
    }

    void add(int extension, const std::string& value) {
        if (!good_) return;
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, issuer_, certificate_.get(), nullptr, nullptr, 0);
        using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Releasing<X509_EXTENSION_free>>;
        const ExtensionPtr made(X509V3_EXT_conf_nid(nullptr, &context, extension, value.c_str()));
        good_ = made && X509_add_ext(certificate_.get(), made.get(), -1) == 1;
    }

    void add_policy(std::string_view policy) {
        POLICYINFO* entry = POLICYINFO_new();
        const PoliciesPtr policies(CERTIFICATEPOLICIES_new());
        if (entry == nullptr || !policies || sk_POLICYINFO_push(policies.get(), entry) == 0) {
            POLICYINFO_free(entry);
            good_ = false;
            return;
        }
        entry->policyid = object_of(policy).release();
        good_ = good_ && X509_add1_ext_i2d(certificate_.get(), NID_certificate_policies,
                                           policies.get(), 0, X509V3_ADD_DEFAULT) == 1;
    }

    void add_key_period(const Period& period) {
        const PeriodPtr made(PKEY_USAGE_PERIOD_new());
        if (made) {
            made->notBefore = ASN1_GENERALIZEDTIME_set(nullptr, period.from);
            made->notAfter = ASN1_GENERALIZEDTIME_set(nullptr, period.until);
        }
        good_ = good_ && made && made->notBefore != nullptr && made->notAfter != nullptr &&
                X509_add1_ext_i2d(certificate_.get(), NID_private_key_usage_period, made.get(), 0,
                                  X509V3_ADD_DEFAULT) == 1;
    }

    Result<std::string> sign(const PrivateKey& key) {
        if (good_ && X509_sign(certificate_.get(), key.state().key.get(), EVP_sha384()) > 0)
            return to_pem(certificate_.get());
        return openssl_error(Fault::evidence, "cannot make a certificate");
    }

  private:
    bool add_name(const char* field, const std::string& value) {
        return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate_.get()), field,
                                          MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(value.data()),
                                          static_cast<int>(value.size()), -1, 0) == 1;
    }
    static bool set(ASN1_TIME* time, std::int64_t seconds) {
        return ASN1_TIME_set(time, seconds) != nullptr;
    }
    bool set_serial() {
        const std::unique_ptr<BIGNUM, Releasing<BN_free>> number(BN_new());
        return number &&
               BN_rand(number.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
               BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate_.get())) !=
                   nullptr;
    }

    CertificatePtr certificate_;
    X509* issuer_ = nullptr;
    bool good_ = false;
};

void add_policy(Draft& draft, const CertificateSubject& subject) {
    if (subject.self_issued) draft.add_policy(self_issued_policy_oid);
}

Result<CertificatePtr> certificate_of(const Issuer& issuer) {
    auto content = read_pem(issuer.certificate);
    if (!content) return std::move(content).error().during("issuer");
    if (content->certificates.empty()) return Error{Fault::invalid, "issuer: no certificate in it"};
    return std::move(content->certificates.front());
}

bool set_crl_number(X509_CRL* crl) {
    using NumberPtr = std::unique_ptr<ASN1_INTEGER, Releasing<ASN1_INTEGER_free>>;
    const NumberPtr number(ASN1_INTEGER_new());
    return number && ASN1_INTEGER_set(number.get(), 1) == 1 &&
           X509_CRL_add1_ext_i2d(crl, NID_crl_number, number.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool set_crl_issuer(X509_CRL* crl, X509* issuer) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, nullptr, nullptr, crl, 0);
    using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Releasing<X509_EXTENSION_free>>;
    const ExtensionPtr made(
        X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
    return X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer)) == 1 && made &&
           X509_CRL_add_ext(crl, made.get(), -1) == 1;
}

bool set_crl_times(X509_CRL* crl, const Period& validity) {
    const TimePtr from(ASN1_TIME_set(nullptr, validity.from));
    const TimePtr until(ASN1_TIME_set(nullptr, validity.until));
    return from && until && X509_CRL_set1_lastUpdate(crl, from.get()) == 1 &&
           X509_CRL_set1_nextUpdate(crl, until.get()) == 1;
}

} // namespace

Result<std::string> issue_root(const PrivateKey& key, const CertificateSubject& subject) {
    Draft draft(subject, key);
    draft.issued_by(nullptr);
    draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:1");
    draft.add(NID_key_usage, "critical,keyCertSign,cRLSign");
    add_policy(draft, subject);
    return draft.sign(key);
}

Result<std::string> issue_issuing_ca(const Issuer& issuer, const PrivateKey& key,
                                     const CertificateSubject& subject) {
    auto above = certificate_of(issuer);
    if (!above) return std::move(above).error();
    Draft draft(subject, key);
    draft.issued_by(above->get());
    draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    draft.add(NID_key_usage, "critical,keyCertSign,cRLSign");
    add_policy(draft, subject);
    return draft.sign(issuer.key);
}

Result<std::string> issue_signer(const Issuer& issuer, const PrivateKey& key,
                                 const SignerSubject& signer) {
    auto above = certificate_of(issuer);
    if (!above) return std::move(above).error();
    Draft draft(signer.subject, key);
    draft.issued_by(above->get());
    for (const auto& [extension, value] : signer_extensions(signer.role))
        draft.add(extension, value);
    draft.add_key_period(signer.key_usage);
    add_policy(draft, signer.subject);
    return draft.sign(issuer.key);
}

Result<std::string> issue_empty_crl(const Issuer& issuer, const Period& validity) {
    auto above = certificate_of(issuer);
    if (!above) return std::move(above).error();
    const CrlPtr crl(X509_CRL_new());
    if (crl && X509_CRL_set_version(crl.get(), crl_version_2) == 1 &&
        set_crl_issuer(crl.get(), above->get()) && set_crl_times(crl.get(), validity) &&
        set_crl_number(crl.get()) &&
        X509_CRL_sign(crl.get(), issuer.key.state().key.get(), EVP_sha384()) > 0)
        return to_pem(crl.get());
    return openssl_error(Fault::evidence, "cannot make a revocation list");
}

} // namespace quietus
