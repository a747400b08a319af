#include "quietus/crypto/cms_signer.hpp"

#include "openssl_ca.hpp"

#include "../../support/shell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace quietus {
namespace {

using namespace testing_support;
using testing::HasSubstr;

class FixedClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return seconds; }
    std::chrono::nanoseconds monotonic() override { return {}; }
    std::int64_t seconds = now;
};

class CmsSigner : public testing::Test {
  protected:
    static void SetUpTestSuite() { bench = std::make_unique<Workbench>(); }
    static void TearDownTestSuite() { bench.reset(); }

    Result<std::unique_ptr<Signer>> signer_of(const Party& party, const std::string& anchors) {
        return make_cms_signer(PrivateKey::from_pem(party.key).value(), party.chain,
                               TrustAnchors::from_pem(anchors).value(), clock);
    }
    Result<std::unique_ptr<Signer>> signer_of(const Party& party) {
        return signer_of(party, bench->anchors());
    }

    static inline std::unique_ptr<Workbench> bench;
    FixedClock clock;
};

TEST_F(CmsSigner, SignsEachTypeUnderItsOwnContentType) {
    auto signer = signer_of(bench->station);
    ASSERT_TRUE(signer);
    for (const auto type : {DocumentType::certificate, DocumentType::attempt}) {
        auto p7s = (*signer)->sign("{}", type);
        ASSERT_TRUE(p7s) << p7s.error().message;
        EXPECT_TRUE(check(*p7s, "{}", bench->anchors(), type).findings.empty());
        EXPECT_TRUE(openssl_accepts(*p7s, "{}", bench->anchors()));
    }
}

TEST_F(CmsSigner, RefusesToSignOutsideItsKeyPeriod) {
    const Period year{now - day, now + 365 * day};
    auto signer = signer_of(bench->issue(Role::station, "BENCH02", decade, year));
    ASSERT_TRUE(signer);
    EXPECT_EQ((*signer)->identity().usable_until, year.until);
    EXPECT_EQ((*signer)->identity().expires, decade.until);
    clock.seconds = year.until;
    EXPECT_TRUE((*signer)->sign("{}", DocumentType::certificate));
    for (const std::int64_t outside : {year.until + 1, year.from - 1}) {
        clock.seconds = outside;
        const auto p7s = (*signer)->sign("{}", DocumentType::certificate);
        ASSERT_FALSE(p7s);
        EXPECT_EQ(p7s.error().fault, Fault::evidence);
    }
}

TEST_F(CmsSigner, HandsOutNothingThatAnAuditorWouldRefuse) {
    const Authority elsewhere = make_root("root");
    auto signer = signer_of(bench->station, elsewhere.certificate);
    ASSERT_TRUE(signer);
    const auto p7s = (*signer)->sign("{}", DocumentType::certificate);
    ASSERT_FALSE(p7s);
    EXPECT_EQ(p7s.error().fault, Fault::evidence);
    EXPECT_THAT(p7s.error().message, HasSubstr("E_CHAIN_UNTRUSTED"));
}

TEST_F(CmsSigner, RefusesKeysAndCertificatesThatDoNotFit) {
    Party mixed = bench->station;
    mixed.key = bench->issue(Role::station, "OTHER").key;
    EXPECT_EQ(signer_of(mixed).error().fault, Fault::invalid);
    Party ca = bench->station; // a certificate without role
    ca.chain = bench->issuing.certificate;
    EXPECT_EQ(signer_of(ca).error().fault, Fault::invalid);
    ca.chain = "";
    EXPECT_EQ(signer_of(ca).error().fault, Fault::invalid);
    if (!has_openssl()) return;
    const OpensslCa openssl;
    const auto rsa = openssl.issue("R", {.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"});
    EXPECT_EQ(signer_of(rsa).error().fault, Fault::invalid);
    EXPECT_EQ(signer_of(openssl.issue("N", {.key_period = ""})).error().fault, Fault::invalid);
}

TEST(PrivateKeyText, IsReadOnlyWhenItIsAPlainPrivateKey) {
    const auto key = PrivateKey::generate(KeyKind::ed25519).value();
    EXPECT_TRUE(PrivateKey::from_pem(key.to_pem().view())->matches_public(key.public_pem()));
    EXPECT_FALSE(key.matches_public(PrivateKey::generate(KeyKind::ed25519)->public_pem()));
    EXPECT_FALSE(key.matches_public("nothing"));
    EXPECT_EQ(PrivateKey::from_pem("").error().fault, Fault::invalid);
    EXPECT_EQ(PrivateKey::from_pem(key.public_pem()).error().fault, Fault::invalid);
    const std::string text(key.to_pem().view());
    EXPECT_EQ(PrivateKey::from_pem(text.substr(0, text.size() / 2)).error().fault, Fault::invalid);
    if (!has_openssl()) GTEST_SKIP() << "no openssl program";
    const auto locked =
        shell("openssl genpkey -algorithm ED25519 -aes256 -pass pass:word 2>/dev/null");
    ASSERT_EQ(locked.status, 0);
    EXPECT_EQ(PrivateKey::from_pem(locked.output).error().fault, Fault::unsupported);
}

TEST(TrustAnchorText, IsRefusedWhenAnythingInItIsWrong) {
    const Authority root = make_root("root");
    EXPECT_TRUE(TrustAnchors::from_pem("a comment\n" + root.certificate));
    const std::string cut = root.certificate.substr(0, root.certificate.size() / 2);
    std::string garbled = root.certificate;
    garbled.replace(100, 4, "AAAA");
    for (const std::string& text :
         {std::string(), std::string("text"), cut, garbled, root.certificate + cut,
          root.certificate + garbled, root.certificate + std::string(root.key.to_pem().view())}) {
        const auto trust = TrustAnchors::from_pem(text);
        ASSERT_FALSE(trust) << text;
        EXPECT_EQ(trust.error().fault, Fault::invalid);
    }
}

} // namespace
} // namespace quietus
