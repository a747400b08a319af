#include "workbench.hpp"

#include "quietus/crypto/object_ids.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace quietus::testing_support {
namespace {

void must(bool held) {
    if (held) return;
    ERR_print_errors_fp(stderr);
    throw std::runtime_error("the workbench failed");
}

BIO* bio_of(std::string_view text) {
    return BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
}

EVP_PKEY* key_of(const Party& party) {
    BIO* bio = bio_of(party.key);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    must(key != nullptr);
    return key;
}

STACK_OF(X509) * chain_of(const std::string& pem) {
    BIO* bio = bio_of(pem);
    STACK_OF(X509)* stack = sk_X509_new_null();
    while (X509* each = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr))
        sk_X509_push(stack, each);
    BIO_free(bio);
    ERR_clear_error();
    return stack;
}

ASN1_OBJECT* object(std::string_view dotted) {
    return OBJ_txt2obj(std::string(dotted).c_str(), 1);
}

void add_attributes(CMS_SignerInfo* signer, const Signing& how) {
    if ((how.flags & CMS_NOATTR) != 0) return;
    ASN1_TIME* time = ASN1_TIME_set(nullptr, how.at);
    must(CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time->type, time, -1) == 1);
    ASN1_TIME_free(time);
    if (how.bound_to) {
        ASN1_OBJECT* attribute = object(witness_binding_oid);
        must(CMS_signed_add1_attr_by_OBJ(signer, attribute, V_ASN1_OCTET_STRING,
                                         how.bound_to->data(),
                                         static_cast<int>(how.bound_to->size())) == 1);
        ASN1_OBJECT_free(attribute);
    }
    if (!how.role) return;
    ASN1_OBJECT* attribute = object(role_attribute_oid);
    ASN1_OBJECT* role = object(role_oid(*how.role));
    must(CMS_signed_add1_attr_by_OBJ(signer, attribute, V_ASN1_OBJECT, role, -1) == 1);
    ASN1_OBJECT_free(attribute);
    ASN1_OBJECT_free(role);
}

Bytes encoded(CMS_ContentInfo* cms) {
    unsigned char* der = nullptr;
    const int length = i2d_CMS_ContentInfo(cms, &der);
    must(length > 0);
    Bytes bytes(der, der + length);
    OPENSSL_free(der);
    return bytes;
}

Authority make_issuing(const Authority& root) {
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384).value();
    auto certificate =
        issue_issuing_ca({root.key, root.certificate}, key, {"issuing", "tests", decade}).value();
    return {std::move(key), std::move(certificate)};
}

} // namespace

Authority make_root(const std::string& name, Period life) {
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384).value();
    auto certificate = issue_root(key, {name, "tests", life}).value();
    return {std::move(key), std::move(certificate)};
}

Workbench::Workbench()
    : root(make_root("root")), issuing(make_issuing(root)),
      crls(issue_empty_crl(root_issuer(), decade).value() +
           issue_empty_crl(issuing_issuer(), decade).value()),
      station(issue(Role::station, "BENCH01")) {}

Party Workbench::issue(Role role, const std::string& name, Period life,
                       std::optional<Period> key_usage) const {
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384).value();
    const SignerSubject subject{{name, "tests", life}, role, key_usage.value_or(life)};
    auto certificate = issue_signer(issuing_issuer(), key, subject).value();
    return {std::string(key.to_pem().view()), certificate + issuing.certificate};
}

Bytes sign(const Party& party, std::string_view payload, const Signing& how) {
    EVP_PKEY* key = key_of(party);
    STACK_OF(X509)* chain = chain_of(party.chain);
    constexpr unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL;
    CMS_ContentInfo* cms = CMS_sign(nullptr, nullptr, nullptr, nullptr, flags);
    ASN1_OBJECT* type = object(content_type_oid(how.type));
    must(CMS_set1_eContentType(cms, type) == 1);
    ASN1_OBJECT_free(type);
    const unsigned pss = how.pss ? CMS_KEY_PARAM : 0;
    CMS_SignerInfo* signer =
        CMS_add1_signer(cms, sk_X509_value(chain, 0), key, how.digest,
                        CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | how.flags | pss);
    must(signer != nullptr);
    if (how.pss)
        must(EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(signer),
                                          RSA_PKCS1_PSS_PADDING) == 1);
    add_attributes(signer, how);
    for (int i = 1; i < sk_X509_num(chain); ++i)
        must(CMS_add1_cert(cms, sk_X509_value(chain, i)) == 1);
    BIO* content = bio_of(payload);
    must(CMS_final(cms, content, nullptr, flags) == 1);
    Bytes der = encoded(cms);
    BIO_free(content);
    CMS_ContentInfo_free(cms);
    sk_X509_pop_free(chain, X509_free);
    EVP_PKEY_free(key);
    return der;
}

Bytes binding_to(const Bytes& p7s) {
    DerTree cms = DerTree::parse(p7s);
    const Bytes value = signer(cms)[5].content;
    Bytes binding(48);
    must(EVP_Digest(value.data(), value.size(), binding.data(), nullptr, EVP_sha384(), nullptr) ==
         1);
    return binding;
}

void resign(DerTree& cms, const Party& party) {
    signed_attributes(cms).sort();
    DerTree attributes = signed_attributes(cms);
    attributes.tag = 0x31; // RFC 5652 clause 5.4: signed as an explicit SET OF
    const Bytes octets = attributes.encode();
    EVP_PKEY* key = key_of(party);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t length = 1024;
    Bytes value(length);
    must(EVP_DigestSignInit(context, nullptr, EVP_sha384(), nullptr, key) == 1);
    must(EVP_DigestSign(context, value.data(), &length, octets.data(), octets.size()) == 1);
    value.resize(length);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    signer(cms)[5] = leaf(0x04, value);
}

Bytes merged(const Bytes& one, const Bytes& other) {
    DerTree result = DerTree::parse(one);
    DerTree more = DerTree::parse(other);
    for (DerTree& each : signers(more).children)
        signers(result).children.push_back(each);
    for (DerTree& each : certificates(more).children) {
        bool known = false;
        for (DerTree& held : certificates(result).children)
            known = known || held.encode() == each.encode();
        if (!known) certificates(result).children.push_back(each);
    }
    signers(result).sort();
    certificates(result).sort();
    return result.encode();
}

bool openssl_accepts(ByteView p7s, std::string_view payload, const std::string& anchors,
                     unsigned flags) {
    const unsigned char* at = p7s.data();
    CMS_ContentInfo* cms = d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(p7s.size()));
    if (cms == nullptr) return false;
    X509_STORE* store = X509_STORE_new();
    STACK_OF(X509)* roots = chain_of(anchors);
    for (int i = 0; i < sk_X509_num(roots); ++i)
        X509_STORE_add_cert(store, sk_X509_value(roots, i));
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), now);
    X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
    BIO* content = bio_of(payload);
    const bool accepted = CMS_verify(cms, nullptr, store, content, nullptr, flags) == 1;
    BIO_free(content);
    sk_X509_pop_free(roots, X509_free);
    X509_STORE_free(store);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return accepted;
}

std::set<std::string> codes(const SignatureCheck& check) {
    std::set<std::string> found;
    for (const CheckFinding& finding : check.findings)
        found.insert(finding.code);
    return found;
}

SignatureCheck check(ByteView p7s, std::string_view payload, const std::string& anchors,
                     DocumentType type) {
    const auto trust =
        anchors.empty() ? TrustAnchors::none() : TrustAnchors::from_pem(anchors).value();
    return check_signature(as_text(p7s), payload, type, trust);
}

SignatureCheck check_as_of(std::int64_t time, ByteView p7s, std::string_view payload,
                           const std::string& anchors) {
    auto trust = TrustAnchors::from_pem(anchors).value();
    trust.judge_as_of(time);
    return check_signature(as_text(p7s), payload, DocumentType::certificate, trust);
}

} // namespace quietus::testing_support
