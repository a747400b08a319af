#include "signer_certificate.hpp"

#include "pem.hpp"

#include "quietus/crypto/cms_signer.hpp"
#include "quietus/crypto/object_ids.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>

namespace quietus {
namespace {

template <typename Ptr>
Ptr extension(X509* certificate, int id) {
    return Ptr(
        static_cast<typename Ptr::pointer>(X509_get_ext_d2i(certificate, id, nullptr, nullptr)));
}

} // namespace

std::optional<Role> role_of_oid(std::string_view dotted) {
    for (std::size_t index = 0; index < enum_texts<Role>.size(); ++index)
        if (role_oid(static_cast<Role>(index)) == dotted) return static_cast<Role>(index);
    return std::nullopt;
}

std::vector<Role> granted_roles(X509* certificate) {
    std::vector<Role> roles;
    const auto usages = extension<KeyUsagesPtr>(certificate, NID_ext_key_usage);
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i)
        if (const auto role = role_of_oid(dotted_of(sk_ASN1_OBJECT_value(usages.get(), i))))
            roles.push_back(*role);
    return roles;
}

bool has_extended_key_usage(X509* certificate) {
    return X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1) >= 0;
}

std::optional<Period> key_usage_period(X509* certificate) {
    const auto period = extension<PeriodPtr>(certificate, NID_private_key_usage_period);
    if (!period) return std::nullopt;
    const auto from = utc_seconds_of(period->notBefore);
    const auto until = utc_seconds_of(period->notAfter);
    if (!from || !until) return std::nullopt;
    return Period{*from, *until};
}

bool is_self_issued(X509* certificate) {
    const auto policies = extension<PoliciesPtr>(certificate, NID_certificate_policies);
    for (int i = 0; i < sk_POLICYINFO_num(policies.get()); ++i)
        if (dotted_of(sk_POLICYINFO_value(policies.get(), i)->policyid) == self_issued_policy_oid)
            return true;
    return false;
}

std::vector<std::string> texts_of(X509* certificate, int attribute) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    std::vector<std::string> texts;
    int at = -1;
    while ((at = X509_NAME_get_index_by_NID(subject, attribute, at)) >= 0) {
        unsigned char* octets = nullptr;
        const int length = ASN1_STRING_to_UTF8(
            &octets, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
        const OctetsPtr owner(octets);
        if (length > 0) texts.emplace_back(octets, octets + length);
    }
    return texts;
}

std::string common_name(X509* certificate) {
    const auto names = texts_of(certificate, NID_commonName);
    return names.empty() ? std::string{} : names.front();
}

std::string fingerprint(X509* certificate) {
    return to_hex(digest(DigestKind::sha256, der_of(certificate, i2d_X509)));
}

Result<SignerIdentity> read_signer_identity(std::string_view chain) {
    auto content = read_pem(chain);
    if (!content) return std::move(content).error();
    if (content->certificates.empty()) return Error{Fault::invalid, "no certificate in it"};
    X509* certificate = content->certificates.front().get();
    const auto roles = granted_roles(certificate);
    if (roles.size() != 1) return Error{Fault::invalid, "the certificate does not grant one role"};
    const auto period = key_usage_period(certificate);
    const auto expires = utc_seconds_of(X509_get0_notAfter(certificate));
    ERR_clear_error();
    if (!period || !expires)
        return Error{Fault::invalid, "the certificate has no private-key usage period"};
    return SignerIdentity{roles.front(),
                          common_name(certificate),
                          fingerprint(certificate),
                          period->from,
                          period->until,
                          *expires,
                          is_self_issued(certificate)};
}

} // namespace quietus
