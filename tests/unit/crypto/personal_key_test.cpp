// Several signers on one document: what is added, what stays, and what other software says of it.
#include "quietus/crypto/personal_key.hpp"

#include "openssl_ca.hpp"

#include "quietus/stream/digest.hpp"

#include "../../support/shell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace quietus {
namespace {

using namespace testing_support;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view payload = R"({"id":"QTS-BENCH01-00000001"})";

class SeveralSigners : public testing::Test {
  protected:
    static void SetUpTestSuite() { bench = std::make_unique<Workbench>(); }
    static void TearDownTestSuite() { bench.reset(); }

    static PersonalKey key_of(const Party& party) {
        return PersonalKey::make(PrivateKey::from_pem(party.key).value(), party.chain).value();
    }
    static Bytes beside(const Party& party, const Bytes& p7s) {
        auto made = key_of(party).sign_beside(as_text(p7s), payload, now);
        EXPECT_TRUE(made) << made.error().message;
        return made ? *made : Bytes{};
    }
    static Bytes by_station() { return sign(bench->station, payload); }

    static inline std::unique_ptr<Workbench> bench;
};

// The elements of the SET OF SignerInfo (RFC 5652 clause 5.1), as this test reads them.
std::vector<std::string> signer_infos(const Bytes& p7s) {
    DerTree tree = DerTree::parse(p7s);
    std::vector<std::string> infos;
    for (const DerTree& each : signers(tree).children)
        infos.emplace_back(as_text(each.encode()));
    return infos;
}

TEST_F(SeveralSigners, StandSideBySideAndHold) {
    const Bytes two = beside(bench->issue(Role::op, "alice"), by_station());
    const Bytes three = beside(bench->issue(Role::witness, "bob"), two);
    for (const Bytes& p7s : {two, three}) {
        const auto checked = check(p7s, payload, bench->anchors());
        EXPECT_THAT(codes(checked), IsEmpty());
        EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    }
    const auto checked = check(three, payload, bench->anchors());
    std::vector<std::string> names;
    for (const CheckedSigner& signer : checked.signers)
        names.push_back(signer.name);
    EXPECT_THAT(names, UnorderedElementsAre("BENCH01", "alice", "bob"));
}

TEST_F(SeveralSigners, KeepEveryOlderSignatureOctetForOctet) {
    const Bytes one = by_station();
    const Bytes two = beside(bench->issue(Role::op, "alice"), one);
    const Bytes three = beside(bench->issue(Role::witness, "bob"), two);
    const auto older = signer_infos(two);
    const auto newer = signer_infos(three);
    ASSERT_EQ(older.size(), 2u);
    ASSERT_EQ(newer.size(), 3u);
    EXPECT_THAT(older, testing::Contains(signer_infos(one).front()));
    for (const std::string& each : older)
        EXPECT_THAT(newer, testing::Contains(each));
}

TEST_F(SeveralSigners, MayHaveKeysOfDifferentStrength) {
    if (!has_openssl()) GTEST_SKIP() << "no openssl program";
    const OpensslCa ca;
    const Party station = ca.issue("BENCH01");
    const Party op =
        ca.issue("alice", {.key = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
                           .extended = "emailProtection,1.3.6.1.5.5.7.3.36,2.25.1831565813.2"});
    const std::string anchors = ca.root() + ca.crls();
    const std::int64_t at = 1'800'000'000;
    const Bytes one = sign(station, payload);
    auto two = key_of(op).sign_beside(as_text(one), payload, at);
    ASSERT_TRUE(two) << two.error().message;
    EXPECT_THAT(codes(check(*two, payload, anchors)), IsEmpty());
    EXPECT_TRUE(openssl_accepts(*two, payload, anchors));
}

TEST_F(SeveralSigners, BindTheWitnessToTheSignatureOfTheStation) {
    const Bytes one = by_station();
    DerTree tree = DerTree::parse(one);
    const Bytes& value = signer(tree).children.back().content;     // RFC 5652 clause 5.3
    const std::string bound = "0430" + sha384_hex(as_text(value)); // OCTET STRING of 48
    // `openssl asn1parse -genstr OID:2.25.1831565813.22`
    const std::string object = "06076986e9adf37516";
    const Bytes witnessed = beside(bench->issue(Role::witness, "bob"), one);
    EXPECT_THAT(to_hex(witnessed), HasSubstr(object + "3132" + bound)); // in a SET
    const Bytes operated = beside(bench->issue(Role::op, "alice"), one);
    EXPECT_THAT(to_hex(operated), testing::Not(HasSubstr(object)));
}

TEST_F(SeveralSigners, NeedAStationToWitness) {
    const Bytes lone = sign(bench->issue(Role::op, "alice"), payload, {.role = Role::op});
    const auto made =
        key_of(bench->issue(Role::witness, "bob")).sign_beside(as_text(lone), payload, now);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().fault, Fault::invalid);
}

TEST_F(SeveralSigners, SignWithinTheirKeyPeriodOnly) {
    const Period year{now - day, now + day};
    const PersonalKey key = key_of(bench->issue(Role::op, "alice", decade, year));
    for (const std::int64_t at : {year.from - 1, year.until + 1}) {
        const auto made = key.sign_beside(as_text(by_station()), payload, at);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().fault, Fault::refused);
        EXPECT_EQ(key.sign(payload, DocumentType::attempt, at).error().fault, Fault::refused);
    }
    EXPECT_TRUE(key.sign_beside(as_text(by_station()), payload, year.until));
}

TEST_F(SeveralSigners, TakeNothingThatIsNoSignature) {
    const PersonalKey key = key_of(bench->issue(Role::op, "alice"));
    const std::string whole(as_text(by_station()));
    for (const std::string& bytes : {std::string(), std::string("0"), whole.substr(1), whole + "x",
                                     whole.substr(0, whole.size() - 1)}) {
        const auto made = key.sign_beside(bytes, payload, now);
        ASSERT_FALSE(made) << bytes.size();
        EXPECT_EQ(made.error().fault, Fault::invalid);
    }
}

TEST(LockedKey, OpensWithItsPassphraseAlone) {
    const Secret right("correct horse battery staple");
    const auto key = PrivateKey::generate(KeyKind::ecdsa_p384).value();
    const Secret locked = key.to_pem(right);
    EXPECT_THAT(std::string(locked.view()), HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
    EXPECT_TRUE(PrivateKey::from_pem(locked.view(), right)->matches_public(key.public_pem()));
    EXPECT_EQ(PrivateKey::from_pem(locked.view()).error().fault, Fault::unsupported);
    const auto wrong = PrivateKey::from_pem(locked.view(), Secret("correct horse"));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().fault, Fault::refused);
}

TEST(LockedKey, IsWhatOpensslReadsAndWrites) {
    if (!has_openssl()) GTEST_SKIP() << "no openssl program";
    const OpensslCa place;
    const auto key = PrivateKey::generate(KeyKind::ecdsa_p384).value();
    place.write("ours.key", key.to_pem(Secret("word")).view());
    EXPECT_EQ(place.run("openssl pkey -in ours.key -passin pass:word -pubout"), key.public_pem());
    EXPECT_THAT(place.run("openssl asn1parse -in ours.key"), HasSubstr("PBKDF2"));
    place.run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -aes256 "
              "-pass pass:word -out theirs.key");
    EXPECT_TRUE(PrivateKey::from_pem(place.read("theirs.key"), Secret("word")));
}

} // namespace
} // namespace quietus
