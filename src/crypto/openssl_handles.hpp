// OpenSSL's objects with an owner each, and its error queue as an Error.
#pragma once

#include "quietus/core/bytes.hpp"
#include "quietus/core/result.hpp"
#include "quietus/crypto/private_key.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

template <auto release>
struct Releasing {
    template <typename T>
    void operator()(T* object) const {
        release(object);
    }
};

inline void release_certificates(STACK_OF(X509) * stack) {
    sk_X509_pop_free(stack, X509_free);
}
inline void release_openssl_octets(unsigned char* octets) {
    OPENSSL_free(octets);
}

using BioPtr = std::unique_ptr<BIO, Releasing<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Releasing<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Releasing<X509_free>>;
using CertificateStack = std::unique_ptr<STACK_OF(X509), Releasing<release_certificates>>;
using CrlPtr = std::unique_ptr<X509_CRL, Releasing<X509_CRL_free>>;
using CmsPtr = std::unique_ptr<CMS_ContentInfo, Releasing<CMS_ContentInfo_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Releasing<X509_STORE_free>>;
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, Releasing<ASN1_OBJECT_free>>;
using TimePtr = std::unique_ptr<ASN1_TIME, Releasing<ASN1_TIME_free>>;
using PeriodPtr = std::unique_ptr<PKEY_USAGE_PERIOD, Releasing<PKEY_USAGE_PERIOD_free>>;
using KeyUsagesPtr = std::unique_ptr<EXTENDED_KEY_USAGE, Releasing<EXTENDED_KEY_USAGE_free>>;
using PoliciesPtr = std::unique_ptr<CERTIFICATEPOLICIES, Releasing<CERTIFICATEPOLICIES_free>>;
using OctetsPtr = std::unique_ptr<unsigned char, Releasing<release_openssl_octets>>;

struct PrivateKey::State {
    KeyPtr key;
};

/// "WHAT: REASON" with the last reason in OpenSSL's queue, which is emptied.
[[nodiscard]] Error openssl_error(Fault fault, std::string_view what);

/// A read-only view; `text` must outlive it.
[[nodiscard]] BioPtr reading(std::string_view text);
/// What was written to a memory BIO so far.
[[nodiscard]] std::string_view written(BIO* memory);

/// The object identifier for dotted text of ours.
[[nodiscard]] ObjectPtr object_of(std::string_view dotted);
[[nodiscard]] std::string dotted_of(const ASN1_OBJECT* object);

/// UTC seconds; nothing when it is no date.
[[nodiscard]] std::optional<std::int64_t> utc_seconds_of(const ASN1_TIME* time);

/// The DER encoding of anything with an i2d function.
template <typename Object>
[[nodiscard]] Bytes der_of(const Object* object, int (*encode)(const Object*, unsigned char**)) {
    unsigned char* octets = nullptr;
    const int length = encode(object, &octets);
    const OctetsPtr owner(octets);
    return length <= 0 ? Bytes{} : Bytes(octets, octets + length);
}

} // namespace quietus
