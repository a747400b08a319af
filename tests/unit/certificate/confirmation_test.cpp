// The operator's confirmation in a document: what an auditor finds when it is not of what was done.
#include "quietus/certificate/confirmation.hpp"

#include "finished_job.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/crypto/cms_signer.hpp"
#include "quietus/crypto/issue.hpp"
#include "quietus/crypto/personal_key.hpp"
#include "quietus/policy/make_plan.hpp"
#include "quietus/stream/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>

namespace quietus {
namespace {

using testing::Contains;
using testing::IsEmpty;

constexpr std::int64_t began = FinishedJob::began;
constexpr Period life{began - 86'400, began + 86'400};

class JobClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return began + 200; }
    std::chrono::nanoseconds monotonic() override { return {}; }
};

/// One hierarchy for a station and for persons.
class Authority {
  public:
    Authority()
        : root_key_(PrivateKey::generate(KeyKind::ecdsa_p384).value()),
          key_(PrivateKey::generate(KeyKind::ecdsa_p384).value()),
          root_(issue_root(root_key_, {"root", "tests", life}).value()),
          issuing_(issue_issuing_ca({root_key_, root_}, key_, {"issuing", "tests", life}).value()) {
    }
    [[nodiscard]] std::string anchors() const {
        return root_ + issue_empty_crl({root_key_, root_}, life).value() +
               issue_empty_crl({key_, issuing_}, life).value();
    }
    [[nodiscard]] TrustAnchors trust() const { return TrustAnchors::from_pem(anchors()).value(); }
    [[nodiscard]] PersonalKey person(const std::string& id, Role role) const {
        auto key = PrivateKey::generate(KeyKind::ecdsa_p384).value();
        const std::string chain = chain_for(key, id, role);
        return PersonalKey::make(std::move(key), chain).value();
    }
    [[nodiscard]] std::unique_ptr<Signer> station(const std::string& id, Clock& clock) const {
        auto key = PrivateKey::generate(KeyKind::ecdsa_p384).value();
        const std::string chain = chain_for(key, id, Role::station);
        return make_cms_signer(std::move(key), chain, trust(), clock).value();
    }

  private:
    [[nodiscard]] std::string chain_for(const PrivateKey& key, const std::string& id,
                                        Role role) const {
        return issue_signer({key_, issuing_}, key, {{id, "tests", life}, role, life}).value() +
               issuing_;
    }
    PrivateKey root_key_;
    PrivateKey key_;
    std::string root_;
    std::string issuing_;
};

class ConfirmationInDocument : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        authority = std::make_unique<Authority>();
        op = std::make_unique<PersonalKey>(authority->person("jd17", Role::op));
    }
    static void TearDownTestSuite() {
        op.reset();
        authority.reset();
    }

    ConfirmationInDocument() {
        confirmed.op = "jd17";
        confirmed.station = "TEST";
        confirmed.plan_sha256 = sha256_hex(plan_text(job.record.plan));
        confirmed.drive_sha256 = identity_digest(job.record.drive);
        confirmed.attachment_sha256 = std::string(64, '4');
        confirmed.confirmed_at = to_rfc3339(began - 60);
        require(*op);
    }
    void require(const PersonalKey& key) {
        job.statements.signers = {{key.identity().role, key.identity().certificate_sha256}};
    }
    [[nodiscard]] std::string text() const { return confirmation_text(confirmed).value(); }
    void bear_signed(const PersonalKey& key, std::int64_t at = began - 60) {
        job.statements.confirmation =
            bear(text(), key.sign(text(), DocumentType::confirmation, at).value());
    }

    /// The codes about the confirmation in the document that a station makes of it; what the
    /// station itself would refuse to issue is made an attempt record of, or is found here.
    [[nodiscard]] std::set<std::string> codes() {
        JobClock clock;
        const auto station = authority->station("TEST", clock);
        auto document = certify(job.request(), *station, clock);
        std::set<std::string> found;
        if (!document) {
            found.insert(document.error().message);
            return found;
        }
        issued = document->type;
        const auto report = check_document(
            {document->id, document->type, document->payload, document->p7s}, authority->trust());
        for (const CheckFinding& each : report.findings)
            if (each.text.starts_with("confirmation: ")) found.insert(each.code);
        for (const CheckFinding& each : report.findings)
            EXPECT_TRUE(each.text.starts_with("confirmation: ") || each.code == "I_ROLE_MISSING" ||
                        each.code.starts_with("W_"))
                << each.code << each.text;
        return found;
    }
    // No document can be issued with it as a certificate: the objection is named.
    void expect_objection(const std::string& code) {
        std::string all;
        for (const std::string& each : codes())
            all += each + " ";
        EXPECT_NE(issued, DocumentType::certificate) << code;
        if (!job.statements.confirmation) return;
        // The auditor's own view of a certificate with it.
        EXPECT_THAT(semantic_codes(), Contains(code)) << all;
    }
    [[nodiscard]] std::set<std::string> semantic_codes() {
        auto statements = job.statements;
        FinishedJob plain = job;
        plain.statements.confirmation.reset();
        JobClock clock;
        const auto station = authority->station("TEST", clock);
        const auto document = certify(plain.request(), *station, clock).value();
        auto json = parse_json(document.payload).value();
        json["confirmation"] = to_json(*statements.confirmation);
        const std::string payload = to_canonical(json).value();
        const auto p7s = station->sign(payload, document.type).value();
        std::set<std::string> found;
        for (const CheckFinding& each :
             check_document({document.id, document.type, payload, std::string(as_text(p7s))},
                            authority->trust())
                 .findings)
            found.insert(each.code);
        return found;
    }

    static inline std::unique_ptr<Authority> authority;
    static inline std::unique_ptr<PersonalKey> op;
    FinishedJob job;
    Confirmation confirmed;
    std::optional<DocumentType> issued;
};

TEST_F(ConfirmationInDocument, IsFoundToBeOfWhatWasDone) {
    bear_signed(*op);
    EXPECT_THAT(codes(), IsEmpty());
    EXPECT_EQ(issued, DocumentType::certificate);
}

TEST_F(ConfirmationInDocument, IsOfTheDriveHoweverItsTextsAreEscaped) {
    job.record.drive.model = "back\\slash\x01";
    job.judge_again();
    confirmed.drive_sha256 = identity_digest(job.record.drive);
    bear_signed(*op);
    EXPECT_THAT(codes(), IsEmpty());
    EXPECT_EQ(issued, DocumentType::certificate);
}

TEST_F(ConfirmationInDocument, MustBeOfThisPlanDriveStationAndOperator) {
    const std::vector<std::pair<std::string, std::function<void(Confirmation&)>>> changes{
        {"E_CONFIRMATION_PLAN", [](auto& each) { each.plan_sha256 = std::string(64, '5'); }},
        {"E_CONFIRMATION_DRIVE", [](auto& each) { each.drive_sha256 = std::string(64, '5'); }},
        {"E_CONFIRMATION_STATION", [](auto& each) { each.station = "OTHER"; }},
        {"E_CONFIRMATION_OPERATOR", [](auto& each) { each.op = "mallory"; }},
        {"E_CONFIRMATION_TIME", [](auto& each) { each.confirmed_at = to_rfc3339(began + 1); }},
        {"E_CONFIRMATION_TIME", [](auto& each) { each.confirmed_at = "yesterday"; }},
        {"E_CONFIRMATION", [](auto& each) { each.schema = 2; }},
        {"E_CONFIRMATION", [](auto& each) { each.type = DocumentType::attempt; }}};
    const Confirmation good = confirmed;
    for (const auto& [code, change] : changes) {
        confirmed = good;
        change(confirmed);
        bear_signed(*op);
        expect_objection(code);
    }
}

TEST_F(ConfirmationInDocument, MustBeSignedByTheOperatorThatIsToSign) {
    const PersonalKey other = authority->person("jd17", Role::op);
    bear_signed(other);
    expect_objection("E_CONFIRMATION_OPERATOR");
    const PersonalKey witness = authority->person("jd17", Role::witness);
    bear_signed(witness);
    expect_objection("E_ROLE_UNEXPECTED");
    const Authority elsewhere;
    const PersonalKey stranger = elsewhere.person("jd17", Role::op);
    require(stranger);
    bear_signed(stranger);
    EXPECT_THAT(semantic_codes(), Contains("E_CHAIN_UNTRUSTED"));
}

TEST_F(ConfirmationInDocument, MustBeSignedBeforeTheRun) {
    bear_signed(*op, began + 50);
    EXPECT_THAT(semantic_codes(), Contains("E_CONFIRMATION_TIME"));
}

TEST_F(ConfirmationInDocument, MustBeWhatWasSigned) {
    bear_signed(*op);
    auto& borne = *job.statements.confirmation;
    const auto whole = borne;
    borne.statement.replace(borne.statement.find("TEST"), 4, "TSET");
    EXPECT_THAT(semantic_codes(), Contains("E_DIGEST"));
    borne = whole;
    borne.signature.front().front() = '!';
    EXPECT_THAT(semantic_codes(), Contains("E_CONFIRMATION"));
    borne = whole;
    borne.signature.clear();
    EXPECT_THAT(semantic_codes(), Contains("E_SIG_PARSE"));
    borne = whole;
    borne.statement = "{}";
    EXPECT_THAT(semantic_codes(), Contains("E_CONFIRMATION"));
    // A signature over something else of the operator's, under another content type.
    borne = bear(text(), op->sign(text(), DocumentType::attempt, began - 60).value());
    EXPECT_THAT(semantic_codes(), Contains("E_SIG_CONTENT_TYPE"));
}

} // namespace
} // namespace quietus
