#include "check_parts.hpp"
#include "signer_certificate.hpp"
#include "trust.hpp"

#include <algorithm>

namespace quietus {
namespace {

// 128 bits of security: ECDSA P-256, RSA 3072, SHA-256 and up.
constexpr int security_level = 3;
constexpr int longest_path = 6;

using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Releasing<X509_STORE_CTX_free>>;

const char* code_of(int error) {
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "E_CHAIN_EXPIRED";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "E_CHAIN_NOTYET";
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
        return "E_CHAIN_PATHLEN";
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
        return "E_CHAIN_KU";
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
        return "E_CHAIN_NAME";
    case X509_V_ERR_INVALID_POLICY_EXTENSION:
    case X509_V_ERR_NO_EXPLICIT_POLICY:
        return "E_CHAIN_POLICY";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return "E_CHAIN_WEAK";
    default:
        return "E_CHAIN_UNTRUSTED";
    }
}

void add_once(Findings& findings, CheckFinding finding) {
    if (std::ranges::find(findings, finding) == findings.end())
        findings.push_back(std::move(finding));
}

// Notes the error and lets the library go on, so that all of them are found. Any finding at all
// means that there is no path.
int note_error(int good, X509_STORE_CTX* context) {
    if (good == 1) return 1;
    const int error = X509_STORE_CTX_get_error(context);
    auto& findings = *static_cast<Findings*>(X509_STORE_CTX_get_app_data(context));
    add_once(findings, {code_of(error),
                        std::string("certificate path: ") + X509_verify_cert_error_string(error)});
    return 1;
}

// Which policies there are is the CAs' affair: we ask for none, and hold everybody to those that a
// CA demands. An empty set would fail even signers who meet them.
bool accept_any_policy(X509_VERIFY_PARAM* rules) {
    ASN1_OBJECT* any = OBJ_nid2obj(NID_any_policy); // static: nobody's to free
    return X509_VERIFY_PARAM_add0_policy(rules, any) == 1;
}

bool prepare(X509_STORE_CTX* context, const SignedDocument& document, X509* certificate,
             std::int64_t at) {
    if (X509_STORE_CTX_init(context, document.trust.roots.get(), certificate,
                            document.certificates) != 1)
        return false;
    X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(rules, at);
    X509_VERIFY_PARAM_set_auth_level(rules, security_level);
    X509_VERIFY_PARAM_set_depth(rules, longest_path);
    constexpr unsigned long flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_POLICY_CHECK;
    return X509_VERIFY_PARAM_set_flags(rules, flags) == 1 && accept_any_policy(rules);
}

// A CA whose certificate lists what its signers may be must list the role (its own EKU limits
// those beneath it).
void check_ca_usages(STACK_OF(X509) * path, const SignerClaims& claims, Findings& findings) {
    if (!claims.role) return;
    for (int i = 1; i < sk_X509_num(path); ++i) {
        X509* ca = sk_X509_value(path, i);
        const auto granted = granted_roles(ca);
        if (has_extended_key_usage(ca) && std::ranges::find(granted, *claims.role) == granted.end())
            add_once(findings, {"E_CHAIN_EKU", "an issuing CA may not grant the role " +
                                                   std::string(to_text(*claims.role))});
    }
}

void check_role(X509* certificate, const SignerClaims& claims, Findings& findings) {
    const auto granted = granted_roles(certificate);
    const bool fits =
        claims.role ? std::ranges::find(granted, *claims.role) != granted.end() : !granted.empty();
    if (!fits)
        findings.push_back({"E_CHAIN_EKU", "the certificate does not grant the role " +
                                               std::string(claims.role ? to_text(*claims.role)
                                                                       : "of any signer")});
}

// Who it is must be one name: persons are told apart by it.
void check_name(X509* certificate, Findings& findings) {
    if (texts_of(certificate, NID_commonName).size() != 1)
        findings.push_back(
            {"E_CHAIN_NAME", "the certificate does not name its holder by one common name"});
}

void check_key_period(X509* certificate, const SignerClaims& claims, Findings& findings) {
    const auto period = key_usage_period(certificate);
    if (!period)
        findings.push_back({"E_KEY_PERIOD", "the certificate has no private-key usage period"});
    else if (claims.signed_at &&
             (*claims.signed_at < period->from || *claims.signed_at > period->until))
        findings.push_back({"E_KEY_PERIOD", "signed outside the private-key usage period"});
}

} // namespace

void check_permissions(X509* certificate, const SignerClaims& claims, Findings& findings) {
    constexpr std::uint32_t needed = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;
    const std::uint32_t usage = X509_get_key_usage(certificate);
    const bool is_ca = (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
    if (usage == UINT32_MAX || (usage & needed) != needed || is_ca)
        findings.push_back(
            {"E_CHAIN_KU", "the certificate is not for digital signature and non-repudiation"});
    check_role(certificate, claims, findings);
    check_name(certificate, findings);
    check_key_period(certificate, claims, findings);
}

CertificateStack check_path(X509* certificate, const SignerClaims& claims,
                            const SignedDocument& document, Findings& findings) {
    if (!document.trust.roots) {
        findings.push_back({"I_CHAIN_NO_TRUST", "no trust anchor to check the signer against"});
        return nullptr;
    }
    if (!claims.signed_at) return nullptr; // already a finding
    if (auto known = document.trust.known.find(certificate, claims, document)) return known;
    const StoreContextPtr context(X509_STORE_CTX_new());
    Findings found;
    if (!context || !prepare(context.get(), document, certificate, *claims.signed_at)) {
        findings.push_back({"E_CHAIN_UNTRUSTED", "the certificate path cannot be checked"});
        return nullptr;
    }
    X509_STORE_CTX_set_app_data(context.get(), &found);
    X509_STORE_CTX_set_verify_cb(context.get(), note_error);
    if (X509_verify_cert(context.get()) != 1 && found.empty())
        found.push_back({"E_CHAIN_UNTRUSTED", "the certificate path cannot be built"});
    CertificateStack path(X509_STORE_CTX_get1_chain(context.get()));
    check_ca_usages(path.get(), claims, found);
    if (found.empty())
        document.trust.known.keep(certificate, claims, document, path.get());
    else
        path.reset();
    findings.insert(findings.end(), found.begin(), found.end());
    return path;
}

} // namespace quietus
