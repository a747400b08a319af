#include "check_parts.hpp"
#include "der.hpp"

#include "quietus/crypto/signer.hpp"

#include <algorithm>
#include <set>

namespace quietus {
namespace {

constexpr std::uint8_t signed_data_version = 3; // RFC 5652 clause 5.1: eContentType is not id-data
constexpr std::uint8_t signer_by_issuer = 1;    // clause 5.3: issuerAndSerialNumber
constexpr std::uint8_t signer_by_key_id = 3;    // clause 5.3: subjectKeyIdentifier

bool is_version(const std::optional<der::Element>& element, std::uint8_t version) {
    return element && element->tag == der::integer && element->content.size() == 1 &&
           element->content[0] == version;
}

// An AlgorithmIdentifier of a digest as text to compare; empty when it has parameters (NULL apart).
std::string digest_identifier(const std::optional<der::Element>& element) {
    if (!element || element->tag != der::sequence) return {};
    der::Reader fields(element->content);
    const auto object = fields.next(der::object_id);
    constexpr std::uint8_t null_tag = 0x05;
    const auto parameters = fields.next(null_tag);
    if (!object || !fields.at_end() || (parameters && !parameters->content.empty())) return {};
    return to_hex(object->content);
}

// Looks over the SignedData for what OpenSSL's interface does not show.
class Walk {
  public:
    explicit Walk(Findings& findings) : findings_(findings) {}

    void content_info(ByteView octets) {
        der::Reader outer(octets);
        const auto info = outer.next(der::sequence);
        if (!info) return unreadable();
        der::Reader fields(info->content);
        const auto type = fields.next(der::object_id);
        const auto content = fields.next(der::context_0);
        if (!type || !content || !fields.at_end()) return unreadable();
        const auto data = der::Reader(content->content).next(der::sequence);
        if (!data) return unreadable();
        signed_data(der::Reader(data->content));
    }

  private:
    void add(const char* code, const char* text) { findings_.push_back({code, text}); }
    void unreadable() { add("E_SIG_PARSE", "not laid out as SignedData"); }

    void signed_data(der::Reader fields) {
        if (!is_version(fields.next(), signed_data_version))
            add("E_SIG_VERSION", "the version of the SignedData is not 3");
        const auto digests = fields.next(der::set);
        const auto content = fields.next(der::sequence);
        const auto certificates = fields.next(der::context_0);
        const auto lists = fields.next(der::context_1);
        const auto signers = fields.next(der::set);
        if (!digests || !content || !signers || !fields.at_end()) return unreadable();
        if (certificates) check_certificates(der::Reader(certificates->content));
        if (lists) add("E_SIG_EXTRA", "revocation lists are embedded");
        for (der::Reader each(signers->content); !each.at_end();)
            check_signer(each.next());
        check_digests(der::Reader(digests->content));
    }

    void check_certificates(der::Reader each) {
        while (!each.at_end()) {
            const auto certificate = each.next();
            if (!certificate) return unreadable();
            if (certificate->tag != der::sequence)
                add("E_SIG_EXTRA", "something other than an X.509 certificate is embedded");
        }
    }

    void check_signer(const std::optional<der::Element>& signer) {
        if (!signer) return;
        der::Reader fields(signer->content);
        const auto version = fields.next();
        const auto who = fields.next();
        const bool by_key = who && who->tag != der::sequence;
        if (!is_version(version, by_key ? signer_by_key_id : signer_by_issuer))
            add("E_SIG_VERSION", "the version of a SignerInfo does not go with its identifier");
        used_.insert(digest_identifier(fields.next()));
    }

    // The list must name each digest of the signers once and nothing else.
    void check_digests(der::Reader each) {
        std::multiset<std::string> listed;
        while (!each.at_end()) {
            const auto algorithm = each.next();
            if (!algorithm) return unreadable();
            listed.insert(digest_identifier(algorithm));
        }
        if (!std::ranges::equal(listed, used_) || listed.contains(std::string{}))
            add("E_ALG_DIGEST", "the list of digests does not agree with the signers' digests");
    }

    Findings& findings_;
    std::set<std::string> used_;
};

void check_content(CMS_ContentInfo* cms, DocumentType type, Findings& findings) {
    const std::string content_type = dotted_of(CMS_get0_eContentType(cms));
    if (content_type != content_type_oid(type))
        findings.push_back({"E_SIG_CONTENT_TYPE", "signed as content type " + content_type +
                                                      ", the document is a " +
                                                      std::string(to_text(type))});
    ASN1_OCTET_STRING** content = CMS_get0_content(cms);
    if (content == nullptr || *content != nullptr)
        findings.push_back({"E_SIG_NOT_DETACHED", "the signature carries content of its own"});
}

void check_signer_count(CMS_ContentInfo* cms, Findings& findings) {
    constexpr int most = 8;
    const int count = sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms));
    if (count <= 0) findings.push_back({"E_SIG_NO_SIGNER", "nobody signed"});
    if (count > most)
        findings.push_back({"E_SIG_TOO_MANY", std::to_string(count) + " signers, at most 8"});
}

} // namespace

CmsPtr check_structure(std::string_view p7s, DocumentType type, Findings& findings) {
    const ByteView octets = as_bytes(p7s);
    const unsigned char* at = octets.data();
    CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(octets.size())));
    if (!cms) {
        findings.push_back({"E_SIG_PARSE", openssl_error(Fault::invalid, "no CMS").message});
        return nullptr;
    }
    const auto taken = static_cast<std::size_t>(at - octets.data());
    if (taken != octets.size())
        findings.push_back({"E_SIG_TRAILING", std::to_string(octets.size() - taken) +
                                                  " bytes after the end of the signature"});
    const Bytes again = der_of(cms.get(), i2d_CMS_ContentInfo);
    // The library keeps some parts as it found them, so that encoding again is not enough.
    if (!std::ranges::equal(again, octets.first(taken)) || !der::is_distinguished(again))
        findings.push_back({"E_SIG_NOT_DER", "not in distinguished encoding"});
    if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) {
        findings.push_back({"E_SIG_TYPE", "CMS, but no SignedData"});
        return nullptr;
    }
    Walk(findings).content_info(again);
    check_content(cms.get(), type, findings);
    check_signer_count(cms.get(), findings);
    return cms;
}

} // namespace quietus
