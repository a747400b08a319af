#include "cms_make.hpp"

#include "quietus/crypto/object_ids.hpp"

namespace quietus {
namespace {

// CMS_PARTIAL: attributes are added before anything is signed. Never CMS_STREAM, which would emit
// indefinite lengths.
constexpr unsigned content_flags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL;
// CMS_CADES: adds signing-certificate-v2 (RFC 5035 clause 3).
constexpr unsigned signer_flags = CMS_BINARY | CMS_PARTIAL | CMS_CADES | CMS_NOSMIMECAP;

bool add_attributes(CMS_SignerInfo* signer, const CmsSignature& signature) {
    const TimePtr now(ASN1_TIME_set(nullptr, signature.signed_at));
    const ObjectPtr role = object_of(role_oid(signature.role));
    return now &&
           CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, now->type, now.get(), -1) ==
               1 &&
           CMS_signed_add1_attr_by_OBJ(signer, object_of(role_attribute_oid).get(), V_ASN1_OBJECT,
                                       role.get(), -1) == 1;
}

bool add_signer(CMS_ContentInfo* cms, const CmsSignature& signature) {
    CMS_SignerInfo* signer = CMS_add1_signer(cms, signature.chain.front().get(), signature.key,
                                             digest_for(signature.key), signer_flags);
    if (signer == nullptr || !add_attributes(signer, signature)) return false;
    for (std::size_t i = 1; i < signature.chain.size(); ++i)
        if (CMS_add1_cert(cms, signature.chain[i].get()) != 1) return false;
    return true;
}

} // namespace

const EVP_MD* digest_for(const EVP_PKEY* key) {
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC) return nullptr;
    switch (EVP_PKEY_get_bits(key)) {
    case 256:
        return EVP_sha256();
    case 384:
        return EVP_sha384();
    case 521:
        return EVP_sha512();
    default:
        return nullptr;
    }
}

Result<Bytes> make_cms(const CmsSignature& signature, std::string_view payload, DocumentType type) {
    const CmsPtr cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, content_flags));
    const ObjectPtr content_type = object_of(content_type_oid(type));
    if (cms && CMS_set1_eContentType(cms.get(), content_type.get()) == 1 &&
        add_signer(cms.get(), signature) &&
        CMS_final(cms.get(), reading(payload).get(), nullptr, content_flags) == 1) {
        Bytes der = der_of(cms.get(), i2d_CMS_ContentInfo);
        if (!der.empty()) return der;
    }
    return openssl_error(Fault::evidence, "cannot sign");
}

} // namespace quietus
