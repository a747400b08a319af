#include "same_person.hpp"

#include "signer_certificate.hpp"

#include "quietus/core/bytes.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include <algorithm>

namespace quietus {
namespace {

using Texts = std::vector<std::string>;

// Lower case in ASCII and in the Latin-1 letters, which UTF-8 writes as C3 80 to C3 9E.
std::string folded(std::string_view text) {
    std::string result;
    std::uint8_t before = 0;
    for (const char each : text) {
        auto octet = static_cast<std::uint8_t>(each);
        const bool is_latin = before == 0xC3 && octet >= 0x80 && octet <= 0x9E && octet != 0x97;
        if (is_latin || (octet >= 'A' && octet <= 'Z')) octet |= 0x20U;
        before = octet;
        if (octet == ' ' && (result.empty() || result.back() == ' ')) continue;
        result.push_back(static_cast<char>(octet));
    }
    if (result.ends_with(' ')) result.pop_back();
    return result;
}

bool share_one(const Texts& some, const Texts& others) {
    return std::ranges::any_of(some, [&](const std::string& one) {
        return std::ranges::find(others, one) != others.end();
    });
}

Texts all_folded(Texts texts) {
    for (std::string& each : texts)
        each = folded(each);
    return texts;
}

void release_addresses(STACK_OF(OPENSSL_STRING) * addresses) {
    X509_email_free(addresses);
}

Texts addresses_of(X509* certificate) {
    const std::unique_ptr<STACK_OF(OPENSSL_STRING), Releasing<release_addresses>> found(
        X509_get1_email(certificate));
    Texts addresses;
    for (int i = 0; i < sk_OPENSSL_STRING_num(found.get()); ++i)
        addresses.emplace_back(sk_OPENSSL_STRING_value(found.get(), i));
    return addresses;
}

using NumberPtr = std::unique_ptr<BIGNUM, Releasing<BN_free>>;

NumberPtr number_in(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    return NumberPtr(number);
}

NumberPtr rsa_modulus(EVP_PKEY* key) {
    return number_in(key, OSSL_PKEY_PARAM_RSA_N);
}

// Of a curve's point one coordinate, which but for its own negative no other point has; however the
// certificate writes it down. Empty of a key of any other kind.
std::string key_mark(EVP_PKEY* key) {
    if (key == nullptr) return {};
    for (const char* name : {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_EC_PUB_X}) {
        const auto number = number_in(key, name);
        if (!number) continue;
        Bytes octets(static_cast<std::size_t>(BN_num_bytes(number.get())));
        BN_bn2bin(number.get(), octets.data());
        return to_hex(octets);
    }
    return {};
}

} // namespace

bool is_same_key(X509* one, X509* other) {
    EVP_PKEY* first = X509_get0_pubkey(one);
    EVP_PKEY* second = X509_get0_pubkey(other);
    if (first == nullptr || second == nullptr) return false;
    bool same = EVP_PKEY_eq(first, second) == 1;
    if (!same) { // the library calls rsaEncryption and id-RSASSA-PSS two kinds of key
        const auto modulus = rsa_modulus(first);
        const auto another = rsa_modulus(second);
        same = modulus && another && BN_cmp(modulus.get(), another.get()) == 0;
    }
    ERR_clear_error();
    return same;
}

bool is_same_person(X509* one, X509* other) {
    return is_same_person(marks_of(one), marks_of(other));
}

PersonMarks marks_of(X509* certificate) {
    PersonMarks marks{
        key_mark(X509_get0_pubkey(certificate)), all_folded(texts_of(certificate, NID_commonName)),
        all_folded(texts_of(certificate, NID_serialNumber)), all_folded(addresses_of(certificate))};
    ERR_clear_error();
    return marks;
}

bool is_same_key(const PersonMarks& one, const PersonMarks& other) {
    return !one.key.empty() && one.key == other.key;
}

bool is_same_person(const PersonMarks& one, const PersonMarks& other) {
    return share_one(one.names, other.names) || share_one(one.numbers, other.numbers) ||
           share_one(one.addresses, other.addresses);
}

std::string name_mark(std::string_view name) {
    return folded(name);
}

} // namespace quietus
