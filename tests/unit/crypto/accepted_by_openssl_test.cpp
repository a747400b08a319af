// Forgeries and oddities that OpenSSL's CMS_verify accepts, each refused here by its own code.

#include "workbench.hpp"

#include "../../support/shell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace quietus {
namespace {

using namespace testing_support;
using testing::Contains;
using testing::UnorderedElementsAre;

constexpr std::string_view payload = R"({"type":"quietus.certificate"})";

class AcceptedByOpenssl : public testing::Test {
  protected:
    static void SetUpTestSuite() { bench = std::make_unique<Workbench>(); }
    static void TearDownTestSuite() { bench.reset(); }
    static inline std::unique_ptr<Workbench> bench;
};

TEST_F(AcceptedByOpenssl, AGenuineSignatureIsAcceptedHereToo) {
    const Bytes p7s = sign(bench->station, payload);
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    EXPECT_THAT(codes(check(p7s, payload, bench->anchors())), testing::IsEmpty());
}

TEST_F(AcceptedByOpenssl, SignerWithoutSignedAttributes) {
    const Bytes p7s = sign(bench->station, payload, {.flags = CMS_NOATTR});
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    EXPECT_THAT(codes(check(p7s, payload, bench->anchors())), Contains("E_SIG_NO_SIGNED_ATTRS"));
}

TEST_F(AcceptedByOpenssl, GenuineAttributesPassedOffAsContent) {
    DerTree cms = DerTree::parse(sign(bench->station, payload));
    DerTree attributes = signed_attributes(cms);
    attributes.tag = 0x31;
    const Bytes forged_payload = attributes.encode();
    auto& fields = signer(cms).children;
    fields.erase(fields.begin() + 3);
    const Bytes p7s = cms.encode();
    EXPECT_TRUE(openssl_accepts(p7s, as_text(forged_payload), bench->anchors()));
    EXPECT_THAT(codes(check(p7s, as_text(forged_payload), bench->anchors())),
                Contains("E_SIG_NO_SIGNED_ATTRS"));
}

TEST_F(AcceptedByOpenssl, ContentTypeOtherThanTheSignedOne) {
    DerTree cms = DerTree::parse(sign(bench->station, payload, {.type = DocumentType::attempt}));
    DerTree other = DerTree::parse(sign(bench->station, payload));
    signed_data(cms)[2] = signed_data(other)[2]; // an attempt dressed up as a certificate
    const Bytes p7s = cms.encode();
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    EXPECT_THAT(codes(check(p7s, payload, bench->anchors())),
                UnorderedElementsAre("E_SIG_CONTENT_TYPE_ATTR"));
}

TEST_F(AcceptedByOpenssl, BytesAfterTheEnd) {
    Bytes p7s = sign(bench->station, payload);
    p7s.push_back(0);
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    EXPECT_THAT(codes(check(p7s, payload, bench->anchors())),
                UnorderedElementsAre("E_SIG_TRAILING"));
}

TEST_F(AcceptedByOpenssl, OneSignerCountedTwice) {
    const Party person = bench->issue(Role::op, "p.jones");
    Bytes p7s = merged(sign(bench->station, payload), sign(person, payload, {.role = Role::op}));
    p7s = merged(p7s, sign(person, payload, {.role = Role::witness}));
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    EXPECT_THAT(codes(check(p7s, payload, bench->anchors())), Contains("E_ROLE_SAME_KEY"));
}

TEST_F(AcceptedByOpenssl, CarriesContentOfItsOwn) {
    DerTree cms = DerTree::parse(sign(bench->station, payload));
    const ByteView octets = as_bytes(payload);
    signed_data(cms)[2].children.push_back(
        branch(0xA0, {leaf(0x04, Bytes(octets.begin(), octets.end()))}));
    const Bytes p7s = cms.encode();
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    EXPECT_THAT(codes(check(p7s, payload, bench->anchors())),
                UnorderedElementsAre("E_SIG_NOT_DETACHED"));
}

// Hierarchy and certificate made by the openssl program.
TEST_F(AcceptedByOpenssl, WebServerCertificateOfTheSameCa) {
    if (!has_openssl()) GTEST_SKIP() << "no openssl program";
    std::string base = testing::TempDir() + "quietus-web-XXXXXX";
    ASSERT_NE(mkdtemp(base.data()), nullptr);
    const std::string at = "cd " + base + " && ";
    const auto slurp = [&](const std::string& name) {
        std::ifstream file(base + "/" + name);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    std::ofstream(base + "/issuing.key") << bench->issuing.key.to_pem().view();
    std::ofstream(base + "/issuing.pem") << bench->issuing.certificate;
    std::ofstream(base + "/web.ext") << "basicConstraints=critical,CA:FALSE\n"
                                        "keyUsage=critical,digitalSignature,nonRepudiation\n"
                                        "extendedKeyUsage=serverAuth\n"
                                        "authorityKeyIdentifier=keyid\n";
    const auto made = shell(
        at + "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout web.key "
             "-subj /CN=www.example.org -out web.csr && openssl x509 -req -in web.csr -CA "
             "issuing.pem -CAkey issuing.key -sha384 -days 3000 -extfile web.ext -out web.pem");
    ASSERT_EQ(made.status, 0) << made.output;
    const Party web{slurp("web.key"), slurp("web.pem") + bench->issuing.certificate};
    const Bytes p7s = sign(web, payload);
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    EXPECT_THAT(codes(check(p7s, payload, bench->anchors())),
                UnorderedElementsAre("E_CHAIN_EKU", "E_KEY_PERIOD"));
    std::filesystem::remove_all(base);
}

} // namespace
} // namespace quietus
