// Who may and must sign what, with which keys, as which persons, and bound to which signature.

#include "openssl_ca.hpp"
#include "workbench.hpp"

#include "../../support/shell.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <map>
#include <memory>

namespace quietus {
namespace {

using namespace testing_support;
using testing::Contains;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view payload = R"({"type":"quietus.certificate"})";

// witness-binding attribute 2.25.1831565813.22
const Bytes witness_binding{0x69, 0x86, 0xE9, 0xAD, 0xF3, 0x75, 0x16};

class CheckRoles : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        bench = std::make_unique<Workbench>();
        op = bench->issue(Role::op, "p.jones");
        witness = bench->issue(Role::witness, "a.khan");
        by_station = sign(bench->station, payload);
    }
    static void TearDownTestSuite() { bench.reset(); }

    static auto found(const Bytes& p7s, DocumentType type = DocumentType::certificate) {
        return codes(check(p7s, payload, bench->anchors(), type));
    }
    static Bytes witnessed(const Bytes& p7s, std::int64_t at = now) {
        return sign(witness, payload,
                    {.role = Role::witness, .at = at, .bound_to = binding_to(p7s)});
    }

    static inline std::unique_ptr<Workbench> bench;
    static inline Party op;
    static inline Party witness;
    static inline Bytes by_station;
};

TEST_F(CheckRoles, AcceptsStationOperatorAndWitness) {
    Bytes p7s = merged(by_station, sign(op, payload, {.role = Role::op}));
    p7s = merged(p7s, witnessed(by_station));
    EXPECT_TRUE(openssl_accepts(p7s, payload, bench->anchors()));
    const auto result = check(p7s, payload, bench->anchors());
    EXPECT_THAT(codes(result), IsEmpty());
    EXPECT_EQ(result.signers.size(), 3u);
}

// The contract: which roles sign a type of document, and what is said of each role alone.
TEST_F(CheckRoles, KeepsToTheTableOfRoles) {
    using Answers = std::map<Role, std::set<std::string>>;
    const std::set<std::string> alone_too_few{"E_ROLE_MISSING"};
    const std::set<std::string> waits{"I_ROLE_MISSING"};
    const std::map<DocumentType, Answers> contract{
        {DocumentType::certificate,
         {{Role::station, {}}, {Role::op, alone_too_few}, {Role::witness, alone_too_few}}},
        {DocumentType::attempt,
         {{Role::station, {}}, {Role::op, alone_too_few}, {Role::witness, alone_too_few}}},
        {DocumentType::destruction,
         {{Role::station, waits}, {Role::op, waits}, {Role::witness, waits}}},
        {DocumentType::validation, {{Role::validator, {}}}},
        {DocumentType::confirmation, {{Role::op, {}}}},
        {DocumentType::rehearsal, {{Role::rehearsal, {}}}},
        {DocumentType::profile, {{Role::policy_owner, {}}}},
        {DocumentType::order, {{Role::approver, {}}}}};
    for (std::size_t i = 0; i < enum_texts<Role>.size(); ++i) {
        const auto role = static_cast<Role>(i);
        const Party party = bench->issue(role, "SOMEBODY");
        for (const auto& [type, answers] : contract) {
            const auto codes = found(sign(party, payload, {.role = role, .type = type}), type);
            const auto row = answers.find(role);
            if (row != answers.end())
                EXPECT_EQ(codes, row->second) << to_text(role) << " alone, " << to_text(type);
            else
                EXPECT_THAT(codes, Contains("E_ROLE_UNEXPECTED"))
                    << to_text(role) << ", " << to_text(type);
        }
    }
}

TEST_F(CheckRoles, WantsOneStationOneValidatorOneConfirmationOnePolicyOwnerOneApprover) {
    for (const auto& [type, role] : {std::pair{DocumentType::certificate, Role::station},
                                     std::pair{DocumentType::validation, Role::validator},
                                     std::pair{DocumentType::confirmation, Role::op},
                                     std::pair{DocumentType::profile, Role::policy_owner},
                                     std::pair{DocumentType::order, Role::approver}}) {
        const Signing how{.role = role, .type = type};
        const Bytes p7s = merged(sign(bench->issue(role, "FIRST"), payload, how),
                                 sign(bench->issue(role, "SECOND"), payload, how));
        EXPECT_THAT(found(p7s, type), UnorderedElementsAre("E_ROLE_UNEXPECTED")) << to_text(type);
    }
}

TEST_F(CheckRoles, WantsTwoPersonsForADestruction) {
    const Bytes by_op = sign(op, payload, {.role = Role::op, .type = DocumentType::destruction});
    EXPECT_THAT(found(by_op, DocumentType::destruction), UnorderedElementsAre("I_ROLE_MISSING"));
    const auto second = [&](const Party& party, std::optional<Bytes> bound_to) {
        const Signing how{.role = Role::witness,
                          .type = DocumentType::destruction,
                          .bound_to = std::move(bound_to)};
        return found(merged(by_op, sign(party, payload, how)), DocumentType::destruction);
    };
    EXPECT_THAT(second(witness, std::nullopt), IsEmpty());
    EXPECT_THAT(second(witness, binding_to(by_op)), IsEmpty());
    EXPECT_THAT(second(witness, binding_to(by_station)), UnorderedElementsAre("E_WITNESS_BINDING"));
    EXPECT_THAT(second(bench->issue(Role::witness, "p.jones"), std::nullopt),
                UnorderedElementsAre("E_ROLE_SAME_PERSON"));
}

TEST_F(CheckRoles, RefusesAWitnessWhoIsBoundToNothing) {
    const Bytes loose = sign(witness, payload, {.role = Role::witness});
    EXPECT_THAT(found(merged(by_station, loose)), UnorderedElementsAre("E_WITNESS_BINDING"));
}

TEST_F(CheckRoles, RefusesAWitnessOfAnotherSignature) {
    // The station signs the same payload again: other octets, and nobody witnessed them.
    const Bytes again = sign(bench->station, payload);
    EXPECT_THAT(found(merged(again, witnessed(by_station))),
                UnorderedElementsAre("E_WITNESS_BINDING"));
    // The witness of another document altogether.
    const Bytes other = sign(bench->station, "{}");
    const Bytes theirs =
        sign(witness, "{}", {.role = Role::witness, .bound_to = binding_to(other)});
    EXPECT_THAT(found(merged(by_station, theirs)),
                UnorderedElementsAre("E_DIGEST", "E_WITNESS_BINDING"));
    // One who is bound to the operator instead of the station.
    const Bytes by_op = sign(op, payload, {.role = Role::op});
    EXPECT_THAT(found(merged(merged(by_station, by_op), witnessed(by_op))),
                UnorderedElementsAre("E_WITNESS_BINDING"));
}

TEST_F(CheckRoles, RefusesABindingThatIsNotOneDigest) {
    const auto altered = [&](const auto& alter) {
        DerTree cms = DerTree::parse(witnessed(by_station));
        alter(attribute(cms, witness_binding)[1]);
        resign(cms, witness);
        return found(merged(by_station, cms.encode()));
    };
    EXPECT_THAT(altered([](DerTree&) {}), IsEmpty()) << "the tool works";
    EXPECT_THAT(altered([](DerTree& values) { values[0].content.pop_back(); }),
                UnorderedElementsAre("E_WITNESS_BINDING"));
    EXPECT_THAT(altered([](DerTree& values) { values[0].content.clear(); }),
                UnorderedElementsAre("E_WITNESS_BINDING"));
    EXPECT_THAT(altered([](DerTree& values) { values[0].tag = 0x0C; }), // UTF8String
                UnorderedElementsAre("E_WITNESS_BINDING"));
    EXPECT_THAT(
        altered([](DerTree& values) { values.children.push_back(leaf(0x04, Bytes(48, 0xFF))); }),
        UnorderedElementsAre("E_WITNESS_BINDING", "E_SIG_DUP_ATTR"));
}

TEST_F(CheckRoles, HoldsAnOperatorToABindingToo) {
    const auto bound = [&](const Bytes& to) {
        return found(
            merged(by_station, sign(op, payload, {.role = Role::op, .bound_to = binding_to(to)})));
    };
    EXPECT_THAT(bound(by_station), IsEmpty());
    EXPECT_THAT(bound(sign(bench->station, payload)), UnorderedElementsAre("E_WITNESS_BINDING"));
}

// (r, n - s) is as good a signature as (r, s), and anybody can compute it (SEC 1 clause 4.1.4).
TEST_F(CheckRoles, NoticesAMalleatedStationSignatureByTheWitness) {
    DerTree cms = DerTree::parse(by_station);
    DerTree value = DerTree::parse(signer(cms)[5].content);
    EC_GROUP* curve = EC_GROUP_new_by_curve_name(NID_secp384r1);
    BIGNUM* s =
        BN_bin2bn(value[1].content.data(), static_cast<int>(value[1].content.size()), nullptr);
    ASSERT_EQ(BN_sub(s, EC_GROUP_get0_order(curve), s), 1);
    Bytes octets(static_cast<std::size_t>(BN_num_bytes(s)) + 1); // with a leading zero
    BN_bn2binpad(s, octets.data(), static_cast<int>(octets.size()));
    if ((octets[1] & 0x80U) == 0) octets.erase(octets.begin());
    value[1].content = octets;
    signer(cms)[5].content = value.encode();
    BN_free(s);
    EC_GROUP_free(curve);
    const Bytes malleated = cms.encode();
    EXPECT_TRUE(openssl_accepts(malleated, payload, bench->anchors()));
    EXPECT_THAT(found(malleated), IsEmpty()) << "the same claims about the same payload";
    EXPECT_THAT(found(merged(malleated, witnessed(by_station))),
                UnorderedElementsAre("E_WITNESS_BINDING"));
}

TEST_F(CheckRoles, WarnsOfAWitnessWhoseClockIsBehindTheStations) {
    EXPECT_THAT(found(merged(by_station, witnessed(by_station, now - 300))), IsEmpty());
    EXPECT_THAT(found(merged(by_station, witnessed(by_station, now - 301))),
                UnorderedElementsAre("W_TIME_ORDER"));
}

TEST_F(CheckRoles, RefusesOneKeyInTwoRoles) {
    const Bytes as_op = sign(op, payload, {.role = Role::op});
    const Bytes as_witness =
        sign(op, payload, {.role = Role::witness, .bound_to = binding_to(by_station)});
    EXPECT_THAT(found(merged(merged(by_station, as_op), as_witness)),
                UnorderedElementsAre("E_ROLE_SAME_KEY", "E_CHAIN_EKU"));
}

TEST_F(CheckRoles, ReportsWhatIsWrongWithEverySigner) {
    DerTree spoiled = DerTree::parse(sign(op, payload, {.role = Role::op}));
    signer(spoiled)[5].content.back() ^= 1;
    const Bytes late = sign(witness, payload, {.role = Role::witness, .at = now + 4000 * day});
    const auto result =
        check(merged(merged(by_station, spoiled.encode()), late), payload, bench->anchors());
    EXPECT_THAT(codes(result), UnorderedElementsAre("E_SIGNATURE", "E_CHAIN_EXPIRED",
                                                    "E_KEY_PERIOD", "E_WITNESS_BINDING"));
}

// Persons, by certificates of the openssl program.
class SamePerson : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (has_openssl()) ca = std::make_unique<OpensslCa>();
    }
    static void TearDownTestSuite() { ca.reset(); }
    void SetUp() override {
        if (!ca) GTEST_SKIP() << "no openssl program";
    }

    // What is said of an operator and a witness who are called this.
    static auto found(const LeafWish& as_op, const LeafWish& as_witness) {
        const std::int64_t soon = std::time(nullptr) + 3600;
        const auto wish = [](LeafWish leaf, const char* role) {
            leaf.extended = std::string("emailProtection,1.3.6.1.5.5.7.3.36,") + role;
            return leaf;
        };
        const auto type = DocumentType::destruction;
        const Party op = ca->issue("op", wish(as_op, "2.25.1831565813.2"));
        const Party witness = ca->issue("witness", wish(as_witness, "2.25.1831565813.3"));
        const auto signed_by = [&](const Party& party, Role role, const LeafWish& like) {
            const bool rsa = like.key.find("RSA") != std::string::npos;
            return sign(party, payload, {.role = role, .type = type, .at = soon, .pss = rsa});
        };
        const Bytes p7s =
            merged(signed_by(op, Role::op, as_op), signed_by(witness, Role::witness, as_witness));
        return codes(check(p7s, payload, ca->root() + ca->crls(), type));
    }
    static auto found(const std::string& as_op, const std::string& as_witness) {
        return found(LeafWish{.subject = as_op}, LeafWish{.subject = as_witness});
    }

    static inline std::unique_ptr<OpensslCa> ca;
};

TEST_F(SamePerson, TellsTwoPersonsApart) {
    EXPECT_THAT(found("/O=dept/CN=p.jones", "/O=dept/CN=a.khan"), IsEmpty());
    EXPECT_THAT(found("/O=dept/CN=p.jones/serialNumber=1", "/O=dept/CN=a.khan/serialNumber=2"),
                IsEmpty());
}

TEST_F(SamePerson, KnowsOneByTheCommonName) {
    for (const char* other : {"p.jones", "P.Jones", " p.JONES"})
        EXPECT_THAT(found("/O=dept/CN=p.jones", "/O=contractor/CN=" + std::string(other)),
                    UnorderedElementsAre("E_ROLE_SAME_PERSON"))
            << other;
    EXPECT_THAT(found("/CN=Zo\u00eb Berg", "/CN=ZO\u00cb  BERG"),
                UnorderedElementsAre("E_ROLE_SAME_PERSON"));
}

TEST_F(SamePerson, KnowsOneByTheSerialNumberAttribute) {
    EXPECT_THAT(found("/CN=p.jones/serialNumber=PNOUK-17", "/CN=peter/serialNumber=pnouk-17"),
                UnorderedElementsAre("E_ROLE_SAME_PERSON"));
}

TEST_F(SamePerson, KnowsOneByTheMailAddress) {
    const LeafWish as_op{.subject = "/CN=p.jones",
                         .more = "subjectAltName=email:Peter.Jones@example.org\n"};
    const LeafWish as_witness{
        .subject = "/CN=peter",
        .more = "subjectAltName=email:other@example.org,email:peter.jones@EXAMPLE.org\n"};
    EXPECT_THAT(found(as_op, as_witness), UnorderedElementsAre("E_ROLE_SAME_PERSON"));
    const LeafWish in_subject{.subject = "/CN=peter/emailAddress=peter.jones@example.org"};
    EXPECT_THAT(found(as_op, in_subject), UnorderedElementsAre("E_ROLE_SAME_PERSON"));
}

// The library calls rsaEncryption and id-RSASSA-PSS different keys whatever is in them.
TEST_F(SamePerson, KnowsOneKeyUnderTwoAlgorithmNames) {
    ca->run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out one.key");
    // PKCS #8 (RFC 5958) of the same RSAPrivateKey with the other identifier (RFC 4055 clause 1.2)
    ca->run("openssl rsa -in one.key -traditional -outform DER -out one.der");
    ca->write("one.cnf", "asn1=SEQUENCE:key\n[key]\nversion=INTEGER:0\nalgorithm=SEQUENCE:pss\n"
                         "key=FORMAT:HEX,OCTETSTRING:" +
                             ca->run("od -An -v -tx1 one.der | tr -d ' \\n'") +
                             "\n[pss]\nid=OID:1.2.840.113549.1.1.10\n");
    ca->run("openssl asn1parse -genconf one.cnf -noout -out pss.der && "
            "openssl pkey -inform DER -in pss.der -out pss.key");
    // `genpkey` is given an innocent key to make; the real one takes its place.
    const LeafWish plain{.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out spare.key; "
                                "cp one.key leaf.key; true",
                         .subject = "/CN=p.jones"};
    const LeafWish pss{.key = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out spare.key; "
                              "cp pss.key leaf.key; true",
                       .subject = "/CN=a.khan"};
    EXPECT_THAT(found(plain, pss), UnorderedElementsAre("E_ROLE_SAME_KEY"));
}

} // namespace
} // namespace quietus
