// Structure, attributes, digest and signature value: one wrong thing at a time.

#include "workbench.hpp"

#include "quietus/crypto/object_ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace quietus {
namespace {

using namespace testing_support;
using testing::AnyOf;
using testing::Contains;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view payload = R"({"type":"quietus.certificate"})";

// Object identifiers in DER: RFC 2985 and RFC 5035.
const Bytes signing_time{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05};
const Bytes message_digest{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04};
const Bytes signing_certificate_v2{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
                                   0x01, 0x09, 0x10, 0x02, 0x2F};

class CheckSignature : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        bench = std::make_unique<Workbench>();
        genuine = sign(bench->station, payload);
    }
    static void TearDownTestSuite() { bench.reset(); }
    void SetUp() override { cms = DerTree::parse(genuine); }

    static auto found(const Bytes& p7s) { return codes(check(p7s, payload, bench->anchors())); }
    auto found_after_edit() { return found(cms.encode()); }
    auto found_after_resigning() {
        resign(cms, bench->station);
        return found_after_edit();
    }
    void drop(const Bytes& object) {
        std::erase_if(signed_attributes(cms).children,
                      [&](DerTree& each) { return each[0].content == object; });
    }

    static inline std::unique_ptr<Workbench> bench;
    static inline Bytes genuine;
    DerTree cms;
};

TEST_F(CheckSignature, NamesTheSigner) {
    const auto result = check(genuine, payload, bench->anchors());
    EXPECT_THAT(result.findings, IsEmpty());
    ASSERT_EQ(result.signers.size(), 1u);
    EXPECT_EQ(result.signers[0].name, "BENCH01");
    EXPECT_EQ(result.signers[0].role, Role::station);
    EXPECT_EQ(result.signers[0].signed_at, now);
    EXPECT_FALSE(result.signers[0].self_issued_root);
}

TEST_F(CheckSignature, ResigningAloneChangesNothing) {
    EXPECT_THAT(found_after_resigning(), IsEmpty()) << "the tool used below works";
}

TEST_F(CheckSignature, RefusesWhatIsNoCms) {
    EXPECT_THAT(found({}), UnorderedElementsAre("E_SIG_PARSE"));
    EXPECT_THAT(found({0x30, 0x80}), UnorderedElementsAre("E_SIG_PARSE"));
    EXPECT_THAT(found({0x30, 0x84, 0xC0, 0, 0, 0}), UnorderedElementsAre("E_SIG_PARSE"));
    EXPECT_THAT(found(Bytes(200'000, 0x31)), UnorderedElementsAre("E_SIG_PARSE"));
}

TEST_F(CheckSignature, RefusesOversize) {
    EXPECT_THAT(found(Bytes((256U << 10U) + 1)), UnorderedElementsAre("E_SIZE"));
    const std::string large((4U << 20U) + 1, ' ');
    EXPECT_THAT(codes(check(genuine, large, bench->anchors())), UnorderedElementsAre("E_SIZE"));
}

TEST_F(CheckSignature, RefusesCmsOfAnotherKind) {
    // ContentInfo of type data (1.2.840.113549.1.7.1)
    const Bytes data = branch(0x30, {leaf(0x06, {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1}),
                                     branch(0xA0, {leaf(0x04, {'x'})})})
                           .encode();
    EXPECT_THAT(found(data), UnorderedElementsAre("E_SIG_TYPE"));
}

TEST_F(CheckSignature, RefusesIndefiniteLength) {
    // the outer SEQUENCE as 30 80 ... 00 00
    Bytes ber{0x30, 0x80};
    for (DerTree& child : cms.children) {
        const Bytes part = child.encode();
        ber.insert(ber.end(), part.begin(), part.end());
    }
    ber.insert(ber.end(), {0, 0});
    EXPECT_TRUE(openssl_accepts(ber, payload, bench->anchors()));
    EXPECT_THAT(found(ber), UnorderedElementsAre("E_SIG_NOT_DER"));
}

// Parts that the library keeps as it found them, and so encodes again as they were.
TEST_F(CheckSignature, RefusesEncodingsThatAreNotDistinguishedDeepInside) {
    const Bytes long_form{0x31, 0x81, 0x02, 0x05, 0x00}; // SET { NULL }, length in two octets
    const auto with_value = [&](const Bytes& value) {
        // an attribute of another's, 1.2.3
        signed_attributes(cms).children.push_back(
            branch(0x30, {leaf(0x06, {0x2A, 0x03}), branch(0x31, {leaf(0x30, value)})}));
        const auto result = found_after_resigning();
        cms = DerTree::parse(genuine);
        return result;
    };
    EXPECT_THAT(with_value({0x02, 0x01, 0x01}), IsEmpty()) << "the attribute alone does no harm";
    EXPECT_THAT(with_value(long_form), UnorderedElementsAre("E_SIG_NOT_DER"));
    EXPECT_THAT(with_value({0x02, 0x02, 0x00, 0x01}), UnorderedElementsAre("E_SIG_NOT_DER"));
    EXPECT_THAT(with_value({0x02, 0x02, 0xFF, 0x80}), UnorderedElementsAre("E_SIG_NOT_DER"));
    EXPECT_THAT(with_value({0x01, 0x01, 0x01}), UnorderedElementsAre("E_SIG_NOT_DER"));
    EXPECT_THAT(with_value({0x03, 0x02, 0x01, 0x01}), UnorderedElementsAre("E_SIG_NOT_DER"));
    EXPECT_THAT(with_value({0x24, 0x03, 0x04, 0x01, 0x00}), UnorderedElementsAre("E_SIG_NOT_DER"));
    EXPECT_THAT(with_value({0x31, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01}),
                UnorderedElementsAre("E_SIG_NOT_DER"));
    Bytes deep; // 60 SEQUENCEs
    for (int i = 0; i < 60; ++i)
        deep = leaf(0x30, deep).encode();
    EXPECT_THAT(with_value(deep), UnorderedElementsAre("E_SIG_NOT_DER"));
}

TEST_F(CheckSignature, RefusesOtherVersions) {
    signed_data(cms)[0].content = {4};
    EXPECT_THAT(found_after_edit(), Contains("E_SIG_VERSION"));
    cms = DerTree::parse(genuine);
    signer(cms)[0].content = {3};
    EXPECT_THAT(found_after_edit(), Contains("E_SIG_VERSION"));
}

TEST_F(CheckSignature, RefusesAnotherContentType) {
    for (const auto type :
         {DocumentType::attempt, DocumentType::destruction, DocumentType::validation,
          DocumentType::confirmation, DocumentType::profile, DocumentType::order})
        EXPECT_THAT(codes(check(genuine, payload, bench->anchors(), type)),
                    Contains("E_SIG_CONTENT_TYPE"));
}

TEST_F(CheckSignature, RefusesNoSignerAndTooMany) {
    signers(cms).children.clear();
    EXPECT_THAT(found_after_edit(), Contains("E_SIG_NO_SIGNER"));
    cms = DerTree::parse(genuine);
    while (signers(cms).children.size() < 9)
        signers(cms).children.push_back(signer(cms));
    EXPECT_THAT(found_after_edit(), Contains("E_SIG_TOO_MANY"));
}

TEST_F(CheckSignature, RefusesUnsignedAttributes) {
    // an empty set, and one with an attribute
    signer(cms).children.push_back(branch(0xA1, {}));
    EXPECT_THAT(found_after_edit(), Contains("E_SIG_UNSIGNED_ATTRS"));
    signer(cms).children.back().children.push_back(
        branch(0x30, {leaf(0x06, {0x2A, 0x03}), branch(0x31, {leaf(0x05, {})})}));
    EXPECT_THAT(found_after_edit(), Contains("E_SIG_UNSIGNED_ATTRS"));
}

TEST_F(CheckSignature, RefusesUnusedMaterial) {
    DerTree other = DerTree::parse(sign(bench->issue(Role::witness, "w"), payload));
    certificates(cms).children.push_back(certificates(other)[0]);
    certificates(cms).children.push_back(certificates(other)[1]);
    certificates(cms).sort();
    EXPECT_THAT(found_after_edit(), UnorderedElementsAre("E_SIG_EXTRA"));
    cms = DerTree::parse(genuine);
    auto& fields = signed_data(cms).children;
    fields.insert(fields.begin() + 4, branch(0xA1, {}));
    EXPECT_THAT(found_after_edit(), Contains("E_SIG_EXTRA"));
}

TEST_F(CheckSignature, RefusesASignerWithoutCertificate) {
    auto& fields = signed_data(cms).children;
    fields.erase(fields.begin() + 3);
    EXPECT_THAT(found_after_edit(), Contains("E_SIG_NO_CERT"));
}

TEST_F(CheckSignature, RefusesAttributesTwiceOrWithTwoValues) {
    signed_attributes(cms).children.push_back(attribute(cms, message_digest));
    EXPECT_THAT(found_after_resigning(), Contains("E_SIG_DUP_ATTR"));
    cms = DerTree::parse(genuine);
    DerTree& values = attribute(cms, message_digest)[1];
    values.children.push_back(values[0]);
    EXPECT_THAT(found_after_resigning(), Contains("E_SIG_DUP_ATTR"));
}

TEST_F(CheckSignature, RefusesMissingAttributes) {
    drop(signing_time);
    EXPECT_THAT(found_after_resigning(), UnorderedElementsAre("E_SIG_TIME"));
    cms = DerTree::parse(genuine);
    drop(signing_certificate_v2);
    EXPECT_THAT(found_after_resigning(), UnorderedElementsAre("E_SIG_NO_ESS"));
    cms = DerTree::parse(genuine);
    drop(message_digest);
    EXPECT_THAT(found_after_resigning(), Contains("E_DIGEST"));
    EXPECT_THAT(found(sign(bench->station, payload, {.role = std::nullopt})),
                UnorderedElementsAre("E_SIG_ROLE_ATTR", "E_ROLE_MISSING"));
}

TEST_F(CheckSignature, RefusesASigningTimeThatIsNotDer) {
    for (const char* text : {"270115080000+0000", "2701150800Z", "270231080000Z", "x", ""}) {
        cms = DerTree::parse(genuine);
        const ByteView octets = as_bytes(text);
        attribute(cms, signing_time)[1][0].content.assign(octets.begin(), octets.end());
        // Newer versions of OpenSSL (3.5, not 3.0) read no message that has such a time in it.
        EXPECT_THAT(found_after_resigning(), Contains(AnyOf("E_SIG_TIME", "E_SIG_PARSE"))) << text;
    }
}

TEST_F(CheckSignature, RefusesAnotherPayload) {
    EXPECT_THAT(codes(check(genuine, "{}", bench->anchors())), UnorderedElementsAre("E_DIGEST"));
    EXPECT_THAT(codes(check(genuine, "", bench->anchors())), UnorderedElementsAre("E_DIGEST"));
}

TEST_F(CheckSignature, RefusesAWrongSignatureValue) {
    signer(cms)[5].content.back() ^= 1;
    EXPECT_THAT(found_after_edit(), UnorderedElementsAre("E_SIGNATURE"));
}

TEST_F(CheckSignature, RefusesACertificateOtherThanTheOneSignedFor) {
    DerTree other = DerTree::parse(sign(bench->issue(Role::station, "OTHER"), payload));
    attribute(cms, signing_certificate_v2) = attribute(other, signing_certificate_v2);
    EXPECT_THAT(found_after_resigning(), UnorderedElementsAre("E_ESS_MISMATCH"));
}

TEST_F(CheckSignature, RefusesAnEmptyOrWeakCertificateReference) {
    attribute(cms, signing_certificate_v2)[1][0] = branch(0x30, {branch(0x30, {})});
    EXPECT_THAT(found_after_resigning(), UnorderedElementsAre("E_ESS_MISMATCH"));
    // ESSCertIDv2 with SHA-1 (1.3.14.3.2.26)
    const DerTree sha1 = branch(0x30, {leaf(0x06, {0x2B, 0x0E, 0x03, 0x02, 0x1A})});
    attribute(cms, signing_certificate_v2)[1][0] =
        branch(0x30, {branch(0x30, {branch(0x30, {sha1, leaf(0x04, Bytes(20))})})});
    EXPECT_THAT(found_after_resigning(), UnorderedElementsAre("E_ESS_MISMATCH"));
}

TEST_F(CheckSignature, RefusesDigestListsThatDoNotAgree) {
    // SHA-512 (2.16.840.1.101.3.4.2.3) beside SHA-384
    const DerTree sha512 =
        branch(0x30, {leaf(0x06, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03})});
    signed_data(cms)[1].children.push_back(sha512);
    signed_data(cms)[1].sort();
    EXPECT_THAT(found_after_edit(), UnorderedElementsAre("E_ALG_DIGEST"));
}

TEST_F(CheckSignature, CallsADigestItDoesNotKnowUndecided) {
    // SHA3-384 (2.16.840.1.101.3.4.2.9)
    const Bytes sha3{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x09};
    signed_data(cms)[1][0][0].content = sha3;
    signer(cms)[2][0].content = sha3;
    EXPECT_THAT(found_after_edit(), UnorderedElementsAre("I_ALG_UNSUPPORTED"));
}

// The library compares issuer names regardless of case, and nobody signs the signer's identifier.
TEST_F(CheckSignature, RefusesAnIssuerNameThatIsOnlySimilar) {
    DerTree& name = signer(cms)[1][0];
    name.children.back()[0][1].content[0] ^= 0x20U; // i of "issuing"
    const Bytes p7s = cms.encode();
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    EXPECT_THAT(found(p7s), Contains("E_SIG_NO_CERT"));
}

TEST_F(CheckSignature, RefusesTimesToCome) {
    EXPECT_THAT(codes(check_as_of(now, genuine, payload, bench->anchors())), IsEmpty());
    // clocks differ by five minutes, not by more
    EXPECT_THAT(codes(check_as_of(now - 300, genuine, payload, bench->anchors())), IsEmpty());
    EXPECT_THAT(codes(check_as_of(now - 301, genuine, payload, bench->anchors())),
                UnorderedElementsAre("E_TIME_WINDOW"));
}

// A changed byte or a missing end is never taken for a signature without findings.
TEST_F(CheckSignature, NoticesEveryChangedByte) {
    const auto trust = TrustAnchors::from_pem(bench->anchors()).value();
    constexpr unsigned letter_case = 0x20;
    for (std::size_t i = 0; i < genuine.size(); ++i) {
        for (const unsigned flip : {1U << (i % 8), letter_case}) {
            Bytes changed = genuine;
            changed[i] = static_cast<std::uint8_t>(changed[i] ^ flip);
            EXPECT_FALSE(
                check_signature(as_text(changed), payload, DocumentType::certificate, trust)
                    .findings.empty())
                << "byte " << i << " xor " << flip;
        }
    }
}

TEST_F(CheckSignature, NoticesEveryTruncation) {
    const auto trust = TrustAnchors::from_pem(bench->anchors()).value();
    for (std::size_t length = 0; length < genuine.size(); ++length) {
        const auto cut = as_text(genuine).substr(0, length);
        EXPECT_FALSE(
            check_signature(cut, payload, DocumentType::certificate, trust).findings.empty())
            << length;
    }
}

} // namespace
} // namespace quietus
