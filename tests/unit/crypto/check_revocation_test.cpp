// Revocation and the time of judging, over lists that OpenSSL's interface makes for a test.

#include "workbench.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace quietus {
namespace {

using namespace testing_support;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view payload = R"({"type":"quietus.certificate"})";

template <auto release>
struct Freeing {
    template <typename T>
    void operator()(T* object) const {
        release(object);
    }
};
using Bio = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using List = std::unique_ptr<X509_CRL, Freeing<X509_CRL_free>>;
using Time = std::unique_ptr<ASN1_TIME, Freeing<ASN1_TIME_free>>;

Bio reading(const std::string& text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}
Certificate certificate_of(const std::string& pem) {
    return Certificate(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
}
Key key_of(const PrivateKey& key) {
    const std::string pem(key.to_pem().view());
    return Key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, nullptr, nullptr));
}

/// One entry of a list.
struct Entry {
    std::string certificate; ///< PEM
    std::int64_t since = now;
    int reason = CRL_REASON_SUPERSEDED;
    std::optional<std::int64_t> invalid_since = std::nullopt;
    bool critical_extension = false;
};

/// A list of one CA.
struct ListWish {
    Period life = decade;
    std::vector<Entry> entries = {};
    const EVP_MD* digest = EVP_sha384();
    bool key_identifier = true;
    bool partition = false; ///< a critical issuing distribution point
};

void add(X509_CRL* list, const Entry& entry) {
    X509_REVOKED* row = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(row,
                                  X509_get_serialNumber(certificate_of(entry.certificate).get()));
    X509_REVOKED_set_revocationDate(row, Time(ASN1_TIME_set(nullptr, entry.since)).get());
    ASN1_ENUMERATED* reason = ASN1_ENUMERATED_new();
    ASN1_ENUMERATED_set(reason, entry.reason);
    X509_REVOKED_add1_ext_i2d(row, NID_crl_reason, reason, 0, 0);
    ASN1_ENUMERATED_free(reason);
    if (entry.invalid_since) {
        ASN1_GENERALIZEDTIME* date = ASN1_GENERALIZEDTIME_set(nullptr, *entry.invalid_since);
        X509_REVOKED_add1_ext_i2d(row, NID_invalidity_date, date, 0, 0);
        ASN1_GENERALIZEDTIME_free(date);
    }
    if (entry.critical_extension) {
        ASN1_OBJECT* object = OBJ_txt2obj("1.2.3.4", 1);
        ASN1_OCTET_STRING* value = ASN1_OCTET_STRING_new();
        ASN1_OCTET_STRING_set(value, reinterpret_cast<const unsigned char*>("\5\0"), 2);
        X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, object, 1, value);
        X509_REVOKED_add_ext(row, extension, -1);
        X509_EXTENSION_free(extension);
        ASN1_OCTET_STRING_free(value);
        ASN1_OBJECT_free(object);
    }
    X509_CRL_add0_revoked(list, row);
}

List list_of(const Authority& ca, const ListWish& wish) {
    const Certificate issuer = certificate_of(ca.certificate);
    List list(X509_CRL_new());
    X509_CRL_set_version(list.get(), 1);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.get()));
    X509_CRL_set1_lastUpdate(list.get(), Time(ASN1_TIME_set(nullptr, wish.life.from)).get());
    X509_CRL_set1_nextUpdate(list.get(), Time(ASN1_TIME_set(nullptr, wish.life.until)).get());
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer.get(), nullptr, nullptr, list.get(), 0);
    const auto extend = [&](int nid, const char* value) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
        EXPECT_NE(extension, nullptr);
        X509_CRL_add_ext(list.get(), extension, -1);
        X509_EXTENSION_free(extension);
    };
    if (wish.key_identifier) extend(NID_authority_key_identifier, "keyid:always");
    if (wish.partition) extend(NID_issuing_distribution_point, "critical,onlyCA:TRUE");
    for (const Entry& entry : wish.entries)
        add(list.get(), entry);
    X509_CRL_sort(list.get());
    EXPECT_GT(X509_CRL_sign(list.get(), key_of(ca.key).get(), wish.digest), 0);
    return list;
}

std::string pem_of(const Authority& ca, const ListWish& wish) {
    const List list = list_of(ca, wish);
    const Bio memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509_CRL(memory.get(), list.get());
    char* start = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &start);
    return {start, static_cast<std::size_t>(length)};
}

class CheckRevocation : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        bench = std::make_unique<Workbench>();
        genuine = sign(bench->station, payload);
    }
    static void TearDownTestSuite() { bench.reset(); }

    // What is found with these lists of the two CAs, judged when it was signed or later.
    static auto found(const ListWish& root, const ListWish& issuing, std::int64_t at = now) {
        return codes(check_as_of(at, genuine, payload,
                                 bench->root.certificate + pem_of(bench->root, root) +
                                     pem_of(bench->issuing, issuing)));
    }
    static auto found_if(const Entry& entry) { return found({}, {.entries = {entry}}); }
    static Entry station(std::int64_t since, int reason) {
        return {.certificate = bench->station.chain, .since = since, .reason = reason};
    }

    static inline std::unique_ptr<Workbench> bench;
    static inline Bytes genuine;
};

TEST_F(CheckRevocation, AcceptsListsWithoutTheSigner) {
    EXPECT_THAT(found({}, {}), IsEmpty());
    const Party other = bench->issue(Role::station, "OTHER");
    EXPECT_THAT(found_if({.certificate = other.chain, .reason = CRL_REASON_KEY_COMPROMISE}),
                IsEmpty());
}

TEST_F(CheckRevocation, ComparesDatesOnlyWhenTheKeyStayedGood) {
    for (const int reason : {CRL_REASON_AFFILIATION_CHANGED, CRL_REASON_SUPERSEDED,
                             CRL_REASON_CESSATION_OF_OPERATION}) {
        EXPECT_THAT(found_if(station(now + 1, reason)), IsEmpty()) << reason;
        EXPECT_THAT(found_if(station(now, reason)), UnorderedElementsAre("E_REVOKED")) << reason;
    }
    for (const int reason :
         {CRL_REASON_UNSPECIFIED, CRL_REASON_KEY_COMPROMISE, CRL_REASON_CA_COMPROMISE,
          CRL_REASON_CERTIFICATE_HOLD, CRL_REASON_PRIVILEGE_WITHDRAWN, CRL_REASON_AA_COMPROMISE})
        EXPECT_THAT(found_if(station(now + 1, reason)), UnorderedElementsAre("E_REVOKED"))
            << reason;
}

TEST_F(CheckRevocation, ReckonsFromTheEarlierDayThatTheCaKnowsOf) {
    Entry entry = station(now + 10 * day, CRL_REASON_SUPERSEDED);
    EXPECT_THAT(found_if(entry), IsEmpty());
    entry.invalid_since = now - day;
    EXPECT_THAT(found_if(entry), UnorderedElementsAre("E_REVOKED"));
}

TEST_F(CheckRevocation, TakesAnEntryThatItDoesNotUnderstandForTheWorst) {
    Entry entry = station(now + 1, CRL_REASON_SUPERSEDED);
    entry.critical_extension = true;
    EXPECT_THAT(found_if(entry), UnorderedElementsAre("E_REVOKED"));
}

TEST_F(CheckRevocation, LooksAtTheCaOnThePathToo) {
    const Entry ca{.certificate = bench->issuing.certificate,
                   .since = now + day,
                   .reason = CRL_REASON_CA_COMPROMISE};
    EXPECT_THAT(found({.entries = {ca}}, {}), UnorderedElementsAre("E_REVOKED"));
}

TEST_F(CheckRevocation, IsUndecidedWithoutAListOfEachCa) {
    for (const Authority* ca : {&bench->root, &bench->issuing})
        EXPECT_THAT(codes(check(genuine, payload, bench->root.certificate + pem_of(*ca, {}))),
                    UnorderedElementsAre("I_REVOCATION_UNKNOWN"));
}

TEST_F(CheckRevocation, TakesAListOfPartForNone) {
    EXPECT_THAT(found({}, {.partition = true}), UnorderedElementsAre("I_REVOCATION_UNKNOWN"));
}

TEST_F(CheckRevocation, RefusesAListThatTheCaDidNotSign) {
    Authority forger = make_root("forger");
    forger.certificate = bench->issuing.certificate; // its name, another's key
    EXPECT_THAT(codes(check(genuine, payload, bench->anchors() + pem_of(forger, {}))),
                UnorderedElementsAre("E_CRL_SIG"));
    EXPECT_THAT(found({}, {.digest = EVP_sha1()}),
                UnorderedElementsAre("E_CRL_SIG", "E_CRL_STALE"));
}

// A CA that changed its key has two lists under one name.
TEST_F(CheckRevocation, PassesOverTheListOfTheSameCasOtherKey) {
    auto key = PrivateKey::generate(KeyKind::ecdsa_p384).value();
    auto certificate =
        issue_issuing_ca(bench->root_issuer(), key, {"issuing", "tests", decade}).value();
    const Authority renewed{std::move(key), std::move(certificate)};
    const ListWish all_revoked{
        .entries = {station(now - day, CRL_REASON_KEY_COMPROMISE)}}; // of the other key
    EXPECT_THAT(codes(check(genuine, payload, bench->anchors() + pem_of(renewed, all_revoked))),
                IsEmpty());
    EXPECT_THAT(
        codes(check(genuine, payload,
                    bench->root.certificate + pem_of(bench->root, {}) + pem_of(renewed, {}))),
        UnorderedElementsAre("I_REVOCATION_UNKNOWN"));
}

TEST_F(CheckRevocation, WantsListsThatReachTheSignature) {
    EXPECT_THAT(found({}, {.life = {now - 2 * day, now}}), IsEmpty());
    EXPECT_THAT(found({}, {.life = {now - 2 * day, now - 1}}), UnorderedElementsAre("E_CRL_STALE"));
}

TEST_F(CheckRevocation, IsUndecidedWhenTheListsEndedBeforeTheJudging) {
    const ListWish month{.life = {now - day, now + 30 * day}};
    EXPECT_THAT(found({}, month, now + 30 * day), IsEmpty());
    EXPECT_THAT(found({}, month, now + 30 * day + 1), UnorderedElementsAre("I_CRL_STALE"));
    EXPECT_THAT(found(month, month, now), IsEmpty());
}

TEST_F(CheckRevocation, KnowsNoListsFromAfterTheJudging) {
    const ListWish later{.life = {now + 10 * day, now + 40 * day},
                         .entries = {station(now + 9 * day, CRL_REASON_KEY_COMPROMISE)}};
    EXPECT_THAT(found({}, later, now + 10 * day), UnorderedElementsAre("E_REVOKED"));
    EXPECT_THAT(found({}, later, now + day), UnorderedElementsAre("I_REVOCATION_UNKNOWN"));
}

TEST_F(CheckRevocation, IsUndecidedWhenTheCertificateHasExpiredSince) {
    const std::int64_t end = decade.until;
    const ListWish lasting{.life = {decade.from, end + 100 * day}};
    EXPECT_THAT(found(lasting, lasting, end), IsEmpty());
    EXPECT_THAT(found(lasting, lasting, end + 1), UnorderedElementsAre("I_CHAIN_EXPIRED"));
}

TEST_F(CheckRevocation, ReadsFurtherListsInPemAndDer) {
    const auto outcome = [&](const std::string& more) {
        auto trust = TrustAnchors::from_pem(bench->root.certificate).value();
        EXPECT_TRUE(trust.add_crls(pem_of(bench->root, {})).has_value());
        EXPECT_TRUE(trust.add_crls(more).has_value());
        return codes(check_signature(as_text(genuine), payload, DocumentType::certificate, trust));
    };
    const ListWish revoking{.entries = {station(now, CRL_REASON_KEY_COMPROMISE)}};
    const List list = list_of(bench->issuing, revoking);
    unsigned char* der = nullptr;
    const int length = i2d_X509_CRL(list.get(), &der);
    const std::string octets(der, der + length);
    OPENSSL_free(der);
    EXPECT_THAT(outcome(pem_of(bench->issuing, {})), IsEmpty());
    EXPECT_THAT(outcome(pem_of(bench->issuing, revoking)), UnorderedElementsAre("E_REVOKED"));
    EXPECT_THAT(outcome(octets), UnorderedElementsAre("E_REVOKED"));

    auto trust = TrustAnchors::from_pem(bench->root.certificate).value();
    for (const std::string& wrong :
         {std::string{}, std::string("x"), octets + "x", octets.substr(0, octets.size() - 1),
          bench->root.certificate, bench->crls + bench->root.certificate,
          bench->crls.substr(0, bench->crls.size() - 20)}) {
        const auto status = trust.add_crls(wrong);
        ASSERT_FALSE(status.has_value()) << wrong;
        EXPECT_EQ(status.error().fault, Fault::invalid);
    }
    EXPECT_FALSE(trust.add_crls(std::string_view{}).has_value()); // no octets at all
    EXPECT_FALSE(TrustAnchors::from_pem(std::string_view{}).has_value());
    EXPECT_THAT(codes(check_signature(as_text(genuine), payload, DocumentType::certificate, trust)),
                UnorderedElementsAre("I_REVOCATION_UNKNOWN"))
        << "nothing of it was added";
}

} // namespace
} // namespace quietus
