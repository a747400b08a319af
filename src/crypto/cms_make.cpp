#include "cms_make.hpp"

#include "der.hpp"
#include "pem.hpp"

#include "quietus/crypto/object_ids.hpp"
#include "quietus/stream/digest.hpp"

#include <algorithm>
#include <set>

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

bool embeds(CMS_ContentInfo* cms, X509* certificate) {
    const CertificateStack embedded(CMS_get1_certs(cms));
    for (int i = 0; i < sk_X509_num(embedded.get()); ++i)
        if (X509_cmp(sk_X509_value(embedded.get(), i), certificate) == 0) return true;
    return false;
}

// The signer with all attributes that do not depend on the content; null after a failure. An
// issuing CA that others share is embedded once.
CMS_SignerInfo* add_signer(CMS_ContentInfo* cms, const CmsSignature& signature) {
    CMS_SignerInfo* signer = CMS_add1_signer(cms, signature.chain.front().get(), signature.key,
                                             digest_for(signature.key), signer_flags);
    if (signer == nullptr || !add_attributes(signer, signature)) return nullptr;
    for (std::size_t i = 1; i < signature.chain.size(); ++i) {
        X509* issuer = signature.chain[i].get();
        if (!embeds(cms, issuer) && CMS_add1_cert(cms, issuer) != 1) return nullptr;
    }
    return signer;
}

using OctetStringPtr = std::unique_ptr<ASN1_OCTET_STRING, Releasing<ASN1_OCTET_STRING_free>>;

bool add_octets(CMS_SignerInfo* signer, const ASN1_OBJECT* attribute, ByteView octets) {
    const OctetStringPtr value(ASN1_OCTET_STRING_new());
    return value &&
           ASN1_OCTET_STRING_set(value.get(), octets.data(), static_cast<int>(octets.size())) ==
               1 &&
           CMS_signed_add1_attr_by_OBJ(signer, attribute, V_ASN1_OCTET_STRING, value.get(), -1) ==
               1;
}

// What CMS_final would add. Not by CMS_REUSE_DIGEST: that copies from a signer with the same
// digest, and a P-256 key signs beside a P-384 one.
bool add_content_attributes(CMS_SignerInfo* signer, CMS_ContentInfo* cms, std::string_view payload,
                            const EVP_MD* digest) {
    Bytes value(static_cast<std::size_t>(EVP_MD_get_size(digest)));
    return EVP_Digest(payload.data(), payload.size(), value.data(), nullptr, digest, nullptr) ==
               1 &&
           add_octets(signer, OBJ_nid2obj(NID_pkcs9_messageDigest), value) &&
           CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                       CMS_get0_eContentType(cms), -1) == 1;
}

bool is_station(CMS_SignerInfo* signer) {
    const ObjectPtr attribute = object_of(role_attribute_oid);
    const int at = CMS_signed_get_attr_by_OBJ(signer, attribute.get(), -1);
    if (at < 0) return false;
    const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(signer, at), 0);
    return value != nullptr && value->type == V_ASN1_OBJECT &&
           dotted_of(value->value.object) == role_oid(Role::station);
}

// SHA-384 of the signature value of the one station; nothing when there is not one.
std::optional<Bytes> station_signature_digest(CMS_ContentInfo* cms) {
    STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms);
    std::optional<Bytes> found;
    for (int i = 0; i < sk_CMS_SignerInfo_num(signers); ++i) {
        CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(signers, i);
        if (!is_station(signer)) continue;
        if (found) return std::nullopt;
        const ASN1_OCTET_STRING* value = CMS_SignerInfo_get0_signature(signer);
        found = digest(DigestKind::sha384, {ASN1_STRING_get0_data(value),
                                            static_cast<std::size_t>(ASN1_STRING_length(value))});
    }
    return found;
}

/// The parts of a SignedData that a further signature must leave as they are.
struct Parts {
    std::multiset<std::string> certificates;
    std::multiset<std::string> signers;
};

std::multiset<std::string> elements_of(const std::optional<der::Element>& set) {
    std::multiset<std::string> elements;
    if (!set) return elements;
    der::Reader rest(set->content);
    while (const auto each = rest.next())
        elements.emplace(as_text(each->whole));
    return elements;
}

// RFC 5652 clause 5.1; empty where it is laid out otherwise.
Parts parts_of(ByteView octets) {
    const auto within = [](const std::optional<der::Element>& element) {
        return der::Reader(element ? element->content : ByteView{});
    };
    der::Reader info = within(der::Reader(octets).next(der::sequence));
    (void)info.next(der::object_id);
    der::Reader content = within(info.next(der::context_0));
    der::Reader data = within(content.next(der::sequence));
    (void)data.next(der::integer);
    (void)data.next(der::set);
    (void)data.next(der::sequence);
    Parts parts;
    parts.certificates = elements_of(data.next(der::context_0));
    parts.signers = elements_of(data.next(der::set));
    return parts;
}

bool extends(const Bytes& after, ByteView before) {
    const Parts newer = parts_of(after);
    const Parts older = parts_of(before);
    return !older.signers.empty() && newer.signers.size() == older.signers.size() + 1 &&
           std::ranges::includes(newer.signers, older.signers) &&
           std::ranges::includes(newer.certificates, older.certificates);
}

CmsPtr read_cms(std::string_view p7s) {
    const ByteView octets = as_bytes(p7s);
    const unsigned char* at = octets.data();
    CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(octets.size())));
    if (!cms || at != octets.data() + octets.size() || CMS_get0_SignerInfos(cms.get()) == nullptr)
        return nullptr;
    return cms;
}

Status bind_witness(CMS_SignerInfo* signer, CMS_ContentInfo* cms) {
    const auto bound = station_signature_digest(cms);
    if (!bound) return Error{Fault::invalid, "not signed by one station that it could witness"};
    if (!add_octets(signer, object_of(witness_binding_oid).get(), *bound))
        return openssl_error(Fault::evidence, "cannot sign");
    return {};
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

Result<std::vector<CertificatePtr>> chain_for(const PrivateKey& key, std::string_view chain) {
    auto content = read_pem(chain);
    if (!content) return std::move(content).error();
    if (content->certificates.empty()) return Error{Fault::invalid, "no certificate in it"};
    EVP_PKEY* raw = key.state().key.get();
    if (EVP_PKEY_eq(X509_get0_pubkey(content->certificates.front().get()), raw) != 1) {
        ERR_clear_error();
        return Error{Fault::invalid, "key and certificate do not belong together"};
    }
    if (digest_for(raw) == nullptr)
        return Error{Fault::invalid, "a key of this kind cannot sign documents"};
    return std::move(content->certificates);
}

Result<Bytes> make_cms(const CmsSignature& signature, std::string_view payload, DocumentType type) {
    const CmsPtr cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, content_flags));
    const ObjectPtr content_type = object_of(content_type_oid(type));
    if (cms && CMS_set1_eContentType(cms.get(), content_type.get()) == 1 &&
        add_signer(cms.get(), signature) != nullptr &&
        CMS_final(cms.get(), reading(payload).get(), nullptr, content_flags) == 1) {
        Bytes der = der_of(cms.get(), i2d_CMS_ContentInfo);
        if (!der.empty()) return der;
    }
    return openssl_error(Fault::evidence, "cannot sign");
}

Result<Bytes> add_to_cms(const CmsSignature& signature, std::string_view p7s,
                         std::string_view payload) {
    const CmsPtr cms = read_cms(p7s);
    if (!cms) return openssl_error(Fault::invalid, "not a signature of a document");
    CMS_SignerInfo* signer = add_signer(cms.get(), signature);
    if (signer == nullptr ||
        !add_content_attributes(signer, cms.get(), payload, digest_for(signature.key)))
        return openssl_error(Fault::evidence, "cannot sign");
    if (signature.role == Role::witness)
        if (auto status = bind_witness(signer, cms.get()); !status)
            return std::move(status).error();
    if (CMS_SignerInfo_sign(signer) != 1) return openssl_error(Fault::evidence, "cannot sign");
    Bytes der = der_of(cms.get(), i2d_CMS_ContentInfo);
    if (!extends(der, as_bytes(p7s)))
        return Error{Fault::invalid, "an older signature would not stay as it is"};
    return der;
}

} // namespace quietus
