// Path, permissions, algorithms and revocation, over hierarchies of the openssl program.

#include "openssl_ca.hpp"

#include "../../support/shell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <memory>

namespace quietus {
namespace {

using namespace testing_support;
using testing::Contains;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view payload = R"({"type":"quietus.certificate"})";

// The program stamps its certificates with today's date.
std::int64_t soon() {
    return std::time(nullptr) + 3600;
}

class CheckPath : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (has_openssl()) ca = std::make_unique<OpensslCa>();
    }
    static void TearDownTestSuite() { ca.reset(); }
    void SetUp() override {
        if (!ca) GTEST_SKIP() << "no openssl program";
    }

    static auto found(const Party& party, const std::string& anchors, Signing how = {}) {
        if (how.at == now) how.at = soon();
        return codes(check(sign(party, payload, how), payload, anchors));
    }
    static auto found(const LeafWish& wish, const Signing& how = {}) {
        return found(ca->issue("BENCH01", wish), ca->root() + ca->crls(), how);
    }

    static inline std::unique_ptr<OpensslCa> ca;
};

TEST_F(CheckPath, AcceptsADepartmentalStation) {
    EXPECT_THAT(found(LeafWish{}), IsEmpty());
}

TEST_F(CheckPath, SaysWhatItCannotKnow) {
    const Party station = ca->issue("BENCH01");
    EXPECT_THAT(found(station, ca->root()), UnorderedElementsAre("I_REVOCATION_UNKNOWN"));
    EXPECT_THAT(found(station, ""), UnorderedElementsAre("I_CHAIN_NO_TRUST"));
}

TEST_F(CheckPath, RefusesAnotherRootOfTheSameName) {
    const OpensslCa rogue;
    const Party station = ca->issue("BENCH01");
    EXPECT_THAT(found(station, rogue.root() + rogue.crls()), Contains("E_CHAIN_UNTRUSTED"));
    // An issuing CA is no anchor, pinned or embedded.
    EXPECT_THAT(found(station, ca->read("issuing.pem")), Contains("E_CHAIN_UNTRUSTED"));
}

TEST_F(CheckPath, RefusesWrongUsages) {
    EXPECT_THAT(found(LeafWish{.usage = "critical,digitalSignature"}),
                UnorderedElementsAre("E_CHAIN_KU"));
    EXPECT_THAT(found(LeafWish{.usage = "critical,nonRepudiation"}),
                UnorderedElementsAre("E_CHAIN_KU"));
    EXPECT_THAT(found(LeafWish{.extended = ""}), UnorderedElementsAre("E_CHAIN_EKU"));
    EXPECT_THAT(found(LeafWish{.extended = "critical,timeStamping"}),
                UnorderedElementsAre("E_CHAIN_EKU"));
    // the operator's role does not sign as station
    EXPECT_THAT(found(LeafWish{.extended = "emailProtection,2.25.1831565813.2"}),
                UnorderedElementsAre("E_CHAIN_EKU"));
    EXPECT_THAT(found(LeafWish{.extended = "anyExtendedKeyUsage"}),
                UnorderedElementsAre("E_CHAIN_EKU"));
}

TEST_F(CheckPath, RefusesAnIssuingCaThatMayNotGrantTheRole) {
    const OpensslCa narrow("1", "extendedKeyUsage=emailProtection,2.25.1831565813.2\n");
    EXPECT_THAT(found(narrow.issue("BENCH01"), narrow.root() + narrow.crls()),
                Contains("E_CHAIN_EKU"));
}

TEST_F(CheckPath, RefusesSigningOutsideTheKeyPeriodOrWithoutOne) {
    EXPECT_THAT(found(LeafWish{.key_period = ""}), UnorderedElementsAre("E_KEY_PERIOD"));
    // 2020-01-01 to 2021-01-01
    EXPECT_THAT(
        found(LeafWish{.key_period = "DER:30:22:80:0F:32:30:32:30:30:31:30:31:30:30:30:30:30:30:5A:"
                                     "81:0F:32:30:32:31:30:31:30:31:30:30:30:30:30:30:5A"}),
        UnorderedElementsAre("E_KEY_PERIOD"));
}

TEST_F(CheckPath, RefusesSigningOutsideTheCertificatesLife) {
    EXPECT_THAT(found(LeafWish{}, {.at = soon() - 30 * day}), Contains("E_CHAIN_NOTYET"));
    EXPECT_THAT(found(LeafWish{}, {.at = soon() + 3700 * day}), Contains("E_CHAIN_EXPIRED"));
}

TEST_F(CheckPath, RefusesAPathLongerThanTheCaAllows) {
    ASSERT_FALSE(ca->issue("BENCH01").key.empty());
    EXPECT_THAT(found(ca->issue_one_deeper(), ca->root()), Contains("E_CHAIN_PATHLEN"));
}

// A contractor has a CA of its own, which may name its own people and nobody else's.
TEST_F(CheckPath, HoldsAContractorsCaToItsNames) {
    const OpensslCa bound("1", "nameConstraints=critical,permitted;dirName:only\n[only]\n"
                               "O=contractor\n");
    const auto named = [&](const std::string& subject) {
        return found(bound.issue("", {.subject = subject}), bound.root() + bound.crls());
    };
    EXPECT_THAT(named("/O=contractor/CN=BENCH01"), IsEmpty());
    EXPECT_THAT(named("/O=contractor/OU=leeds/CN=BENCH01"), IsEmpty());
    for (const char* other : {"/O=dept/CN=BENCH01", "/CN=BENCH01", "/CN=BENCH01/O=contractor",
                              "/O=dept/O=contractor/CN=BENCH01"})
        EXPECT_THAT(named(other), UnorderedElementsAre("E_CHAIN_NAME")) << other;
}

TEST_F(CheckPath, WantsOneNameOfTheHolder) {
    EXPECT_THAT(found(LeafWish{.subject = "/O=dept"}), UnorderedElementsAre("E_CHAIN_NAME"));
    EXPECT_THAT(found(LeafWish{.subject = "/CN=BENCH01/CN=BENCH02"}),
                UnorderedElementsAre("E_CHAIN_NAME"));
}

TEST_F(CheckPath, HoldsSignersToThePoliciesThatTheirCaDemands) {
    const OpensslCa demanding("1", "certificatePolicies=1.2.3.4\n"
                                   "policyConstraints=critical,requireExplicitPolicy:0\n");
    const auto with = [&](const std::string& policies) {
        return found(demanding.issue("BENCH01", {.more = policies}),
                     demanding.root() + demanding.crls());
    };
    EXPECT_THAT(with("certificatePolicies=1.2.3.4\n"), IsEmpty());
    EXPECT_THAT(with("certificatePolicies=1.2.3.5\n"), UnorderedElementsAre("E_CHAIN_POLICY"));
    EXPECT_THAT(with(""), UnorderedElementsAre("E_CHAIN_POLICY"));
}

TEST_F(CheckPath, RefusesASignerCertificateSignedWithSha1) {
    EXPECT_THAT(found(LeafWish{.digest = "sha1"}), Contains("E_CHAIN_WEAK"));
}

TEST_F(CheckPath, AcceptsTheOtherAllowedAlgorithms) {
    const auto curve = [](const std::string& name) {
        return LeafWish{.key = "-algorithm EC -pkeyopt ec_paramgen_curve:" + name};
    };
    EXPECT_THAT(found(curve("P-256"), {.digest = EVP_sha256()}), IsEmpty());
    EXPECT_THAT(found(curve("P-521"), {.digest = EVP_sha512()}), IsEmpty());
    const LeafWish rsa{.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"};
    EXPECT_THAT(found(rsa, {.digest = EVP_sha256(), .pss = true}), IsEmpty());
}

TEST_F(CheckPath, RefusesWeakAlgorithms) {
    EXPECT_THAT(found(LeafWish{}, {.digest = EVP_sha256()}), UnorderedElementsAre("E_ALG_DIGEST"));
    EXPECT_THAT(found(LeafWish{}, {.digest = EVP_sha224()}), Contains("E_ALG_DIGEST"));
    EXPECT_THAT(found(LeafWish{.key = "-algorithm EC -pkeyopt ec_paramgen_curve:P-224"}),
                UnorderedElementsAre("E_ALG_KEYSIZE", "E_CHAIN_WEAK"));
    const LeafWish small{.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"};
    EXPECT_THAT(found(small, {.pss = true}), UnorderedElementsAre("E_ALG_KEYSIZE", "E_CHAIN_WEAK"));
    const LeafWish rsa{.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"};
    EXPECT_THAT(found(rsa), UnorderedElementsAre("E_ALG_SIG")); // PKCS #1 version 1.5
}

TEST_F(CheckPath, CallsAnUnknownCurveUndecided) {
    EXPECT_THAT(found(LeafWish{.key = "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"},
                      {.digest = EVP_sha256()}),
                UnorderedElementsAre("I_ALG_UNSUPPORTED"));
}

TEST_F(CheckPath, RefusesARevokedSigner) {
    const Party station = ca->issue("BENCH01");
    for (const char* reason : {"", "keyCompromise", "superseded"})
        EXPECT_THAT(found(station, ca->root() + ca->crls(&station, reason)),
                    UnorderedElementsAre("E_REVOKED"))
            << reason;
}

TEST_F(CheckPath, KeepsWhatWasSignedBeforeAHarmlessRevocationOnly) {
    const Party station = ca->issue("BENCH01");
    const Signing before{.at = std::time(nullptr)};
    const auto with_reason = [&](const char* reason) {
        // Revoked a second later than signed at the earliest: the lists carry whole seconds.
        timespec pause{2, 0};
        nanosleep(&pause, nullptr);
        return found(station, ca->root() + ca->crls(&station, reason), before);
    };
    EXPECT_THAT(with_reason("superseded"), IsEmpty());
    EXPECT_THAT(with_reason("keyCompromise"), UnorderedElementsAre("E_REVOKED"));
}

TEST_F(CheckPath, RefusesAListThatTheCaDidNotSign) {
    const Party station = ca->issue("BENCH01");
    const OpensslCa rogue; // same names, other keys
    EXPECT_THAT(found(station, ca->root() + rogue.crls()), Contains("E_CRL_SIG"));
}

TEST_F(CheckPath, RefusesAListThatEndsBeforeTheSignature) {
    const Party station = ca->issue("BENCH01");
    const std::string lists = ca->crls(); // 3000 days
    EXPECT_THAT(found(station, ca->root() + lists, {.at = soon() + 3100 * day}),
                UnorderedElementsAre("E_CRL_STALE"));
}

} // namespace
} // namespace quietus
