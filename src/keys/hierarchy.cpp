#include "hierarchy.hpp"

#include <utility>

namespace quietus {
namespace {

constexpr std::int64_t year = 31'557'600; // 365.25 days
constexpr std::int64_t signer_years = 15;
constexpr std::int64_t ca_years = 20;

CertificateSubject named(const std::string& name, const Period& validity) {
    return {name, "self-issued by quietus", validity, true};
}

Result<CertifiedKey> make_root(const std::string& station, const Period& life) {
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384);
    if (!key) return std::move(key).error();
    auto certificate = issue_root(*key, named("root of " + station, life));
    if (!certificate) return std::move(certificate).error();
    return CertifiedKey{std::move(*key), std::move(*certificate)};
}

Result<CertifiedKey> make_issuing(const Issuer& root, const std::string& station,
                                  const Period& life) {
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384);
    if (!key) return std::move(key).error();
    auto certificate = issue_issuing_ca(root, *key, named("issuing CA of " + station, life));
    if (!certificate) return std::move(certificate).error();
    return CertifiedKey{std::move(*key), std::move(*certificate)};
}

/// Who is to sign, in which role, and for how long.
struct Holder {
    const std::string& name;
    Role role;
    Period life;
};

Result<CertifiedKey> make_signer(const Issuer& issuing, const Holder& holder) {
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384);
    if (!key) return std::move(key).error();
    auto certificate =
        issue_signer(issuing, *key, {named(holder.name, holder.life), holder.role, holder.life});
    if (!certificate) return std::move(certificate).error();
    return CertifiedKey{std::move(*key), std::move(*certificate)};
}

Result<std::string> make_crls(const Issuer& root, const Issuer& issuing, const Period& life) {
    auto upper = issue_empty_crl(root, life);
    if (!upper) return std::move(upper).error();
    auto lower = issue_empty_crl(issuing, life);
    if (!lower) return std::move(lower).error();
    return *upper + *lower;
}

} // namespace

Result<SignerHierarchy> make_signer_hierarchy(const std::string& name, Role role,
                                              std::int64_t now) {
    const Period ca_life{now, now + ca_years * year};
    const Period life{now, now + signer_years * year};
    auto root = make_root(name, ca_life);
    if (!root) return std::move(root).error();
    auto issuing = make_issuing({root->key, root->certificate}, name, ca_life);
    if (!issuing) return std::move(issuing).error();
    auto signer = make_signer({issuing->key, issuing->certificate}, {name, role, life});
    if (!signer) return std::move(signer).error();
    auto crls =
        make_crls({root->key, root->certificate}, {issuing->key, issuing->certificate}, ca_life);
    if (!crls) return std::move(crls).error();
    return SignerHierarchy{std::move(*root), std::move(*issuing), std::move(*signer),
                           std::move(*crls), life};
}

Result<Hierarchy> make_hierarchy(const std::string& station, Role role, std::int64_t now) {
    auto made = make_signer_hierarchy(station, role, now);
    if (!made) return std::move(made).error();
    auto log = PrivateKey::generate(KeyKind::ed25519);
    if (!log) return std::move(log).error();
    return Hierarchy{std::move(made->root), std::move(made->issuing), std::move(made->signer),
                     std::move(made->crls), std::move(*log),          made->life};
}

} // namespace quietus
