#include "check_parts.hpp"

#include <openssl/rsa.h>

#include <algorithm>
#include <array>

namespace quietus {
namespace {

constexpr int least_rsa_bits = 3072;

// Known and too weak, as against unknown.
constexpr std::array weak_digests{NID_md4,       NID_md5,    NID_sha1,
                                  NID_ripemd160, NID_sha224, NID_md5_sha1};

int digest_bits(int digest) {
    return 8 * EVP_MD_get_size(EVP_get_digestbynid(digest));
}

bool has_no_parameters(const X509_ALGOR* algorithm) {
    return algorithm->parameter == nullptr;
}

bool mask_matches(const X509_ALGOR* mask, int digest) {
    if (mask == nullptr || OBJ_obj2nid(mask->algorithm) != NID_mgf1 || mask->parameter == nullptr)
        return false;
    const std::unique_ptr<X509_ALGOR, Releasing<X509_ALGOR_free>> inner(static_cast<X509_ALGOR*>(
        ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(X509_ALGOR), mask->parameter)));
    return inner && allowed_digest(inner.get()) == digest;
}

// RFC 4055 clause 3.1, with one digest throughout and a salt at least as long as it.
bool pss_matches(const X509_ALGOR* algorithm, int digest) {
    if (algorithm->parameter == nullptr) return false;
    const std::unique_ptr<RSA_PSS_PARAMS, Releasing<RSA_PSS_PARAMS_free>> parameters(
        static_cast<RSA_PSS_PARAMS*>(
            ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), algorithm->parameter)));
    return parameters && parameters->hashAlgorithm != nullptr &&
           allowed_digest(parameters->hashAlgorithm) == digest &&
           mask_matches(parameters->maskGenAlgorithm, digest) &&
           parameters->saltLength != nullptr &&
           ASN1_INTEGER_get(parameters->saltLength) >= digest_bits(digest) / 8 &&
           (parameters->trailerField == nullptr || ASN1_INTEGER_get(parameters->trailerField) == 1);
}

CheckFinding unsupported(const std::string& what) {
    return {"I_ALG_UNSUPPORTED", "this program cannot check " + what};
}

std::optional<CheckFinding> check_digest_algorithm(const X509_ALGOR* algorithm) {
    if (allowed_digest(algorithm)) return std::nullopt;
    const int nid = OBJ_obj2nid(algorithm->algorithm);
    const std::string name = dotted_of(algorithm->algorithm);
    if (std::ranges::find(weak_digests, nid) != weak_digests.end())
        return CheckFinding{"E_ALG_DIGEST", "digest " + name + " is too weak"};
    return unsupported("digest " + name);
}

// The signature algorithm must be known at all before it can be the wrong one.
CheckFinding wrong_signature(const X509_ALGOR* algorithm) {
    const std::string name = dotted_of(algorithm->algorithm);
    if (OBJ_find_sigid_algs(OBJ_obj2nid(algorithm->algorithm), nullptr, nullptr) == 1 ||
        OBJ_obj2nid(algorithm->algorithm) == NID_rsaEncryption)
        return {"E_ALG_SIG", "signature algorithm " + name +
                                 " is not allowed with this key, digest or parameters"};
    return unsupported("signature algorithm " + name);
}

std::optional<CheckFinding> check_curve(EVP_PKEY* key) {
    std::array<char, 80> name{};
    EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr);
    const int nid = OBJ_txt2nid(name.data());
    if (nid == NID_X9_62_prime256v1 || nid == NID_secp384r1 || nid == NID_secp521r1)
        return std::nullopt;
    if (EVP_PKEY_get_bits(key) < 256)
        return CheckFinding{"E_ALG_KEYSIZE", "an elliptic curve below 256 bits"};
    return unsupported("keys on curve " + std::string(name.data()));
}

std::optional<CheckFinding> check_ecdsa(EVP_PKEY* key, const X509_ALGOR* algorithm, int digest) {
    if (auto finding = check_curve(key)) return finding;
    if (digest_bits(digest) < std::min(EVP_PKEY_get_bits(key), 512))
        return CheckFinding{"E_ALG_DIGEST", "the digest is weaker than the key"};
    int expected = NID_undef;
    OBJ_find_sigid_by_algs(&expected, digest, NID_X9_62_id_ecPublicKey);
    if (OBJ_obj2nid(algorithm->algorithm) == expected && has_no_parameters(algorithm))
        return std::nullopt;
    return wrong_signature(algorithm);
}

std::optional<CheckFinding> check_rsa(EVP_PKEY* key, const X509_ALGOR* algorithm, int digest) {
    if (EVP_PKEY_get_bits(key) < least_rsa_bits)
        return CheckFinding{"E_ALG_KEYSIZE", "an RSA key below 3072 bits"};
    if (OBJ_obj2nid(algorithm->algorithm) == NID_rsassaPss && pss_matches(algorithm, digest))
        return std::nullopt;
    return wrong_signature(algorithm);
}

std::optional<CheckFinding> check_signature_algorithm(X509* certificate,
                                                      const X509_ALGOR* algorithm, int digest) {
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return unsupported("the signer's public key");
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
        return check_ecdsa(key, algorithm, digest);
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        return check_rsa(key, algorithm, digest);
    default:
        return unsupported("keys of this kind");
    }
}

} // namespace

std::optional<int> allowed_digest(const X509_ALGOR* algorithm) {
    const int nid = OBJ_obj2nid(algorithm->algorithm);
    const bool strong = nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
    // RFC 5754 clause 2: parameters absent, or NULL.
    if (!strong || (algorithm->parameter != nullptr && algorithm->parameter->type != V_ASN1_NULL))
        return std::nullopt;
    return nid;
}

bool check_algorithms(CMS_SignerInfo* signer, X509* certificate, Findings& findings) {
    X509_ALGOR* digest = nullptr;
    X509_ALGOR* signature = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, &signature);
    auto finding = check_digest_algorithm(digest);
    if (!finding)
        finding = check_signature_algorithm(certificate, signature, *allowed_digest(digest));
    if (finding) findings.push_back(std::move(*finding));
    return !finding;
}

} // namespace quietus
