// What an auditor says of the disposal order that a document names.
#include "build.hpp"
#include "examine_payload.hpp"

#include "signing_station.hpp"

#include "quietus/keys/make_personal.hpp"
#include "quietus/keys/personal_keys.hpp"
#include "quietus/stream/digest.hpp"

namespace quietus {
namespace {

class OrderCheck : public SigningStation {
  protected:
    static void SetUpTestSuite() {
        SigningStation::SetUpTestSuite();
        make_person("ap01", Role::approver);
        make_person("ap02", Role::approver);
        make_person("jd17", Role::op);
    }
    static void make_person(const std::string& name, Role role) {
        SystemClock clock;
        PersonalKeyOrder order;
        order.directory = made + "/" + name;
        order.id = name;
        order.role = role;
        ASSERT_TRUE(init_personal_key(order, clock));
    }
    static std::string file(const std::string& name) {
        return read_regular_file(made + "/" + name, 1U << 20U).value();
    }
    // An order for the drive of the job, as it stands there.
    [[nodiscard]] static std::string order_text(const std::string& more = {},
                                                const std::string& station = "TEST") {
        return "[order]\nid = \"D-1\"\nstation = \"" + station +
               "\"\nvalid_from = \"2020-01-01T00:00:00Z\"\nvalid_until = \"2099-01-01T00:00:00Z\"\n"
               "classification = \"OFFICIAL\"\ndisposition = \"reuse\"\n" +
               more + "[any]\nat_most = 1\nkind = \"usb\"\nremovable = true\nleast_bytes = 1\n" +
               "most_bytes = 1000000000000\n";
    }
    [[nodiscard]] Payload document(const std::string& text) {
        FinishedJob job = job_of();
        Payload payload =
            build_payload(job.request(), {DocumentType::certificate, job.record.judgement,
                                          signer->identity(), clock.utc_seconds()});
        payload.drive.kind = DriveKind::usb;
        payload.drive.removable = true;
        payload.station.id = "TEST";
        payload.statements.said.order = FollowedOrder{"D-1", sha256_hex(text), "ap01"};
        return payload;
    }
    // As it was decided by an order: what matters here of that alone.
    static void decide(Payload& payload, const std::string& classification,
                       const std::vector<std::string>& conditions) {
        PolicyDecision decision;
        decision.conditions = conditions;
        decision.supplied = {{"classification", classification, Supplier::order, "D-1"}};
        payload.policy.basis.decision = decision;
    }
    [[nodiscard]] std::string codes(const Payload& payload, const std::string& text,
                                    const std::string& person = "ap01",
                                    DocumentType type = DocumentType::order) {
        ProfileTexts texts = ProfileTexts::shipped();
        auto key = load_personal_key(
            {made + "/" + person + "/person.key", made + "/" + person + "/person.pem"}, {});
        const auto p7s = key.value().sign(text, type, clock.utc_seconds()).value();
        texts.add({text, std::string(as_text(p7s)), false});
        return codes_with(payload, texts, person);
    }
    [[nodiscard]] static std::string codes_with(const Payload& payload, const ProfileTexts& texts,
                                                const std::string& person = "ap01") {
        CheckFindings findings;
        check_order(payload, texts, TrustAnchors::from_pem(file(person + "/root.pem")).value(),
                    findings);
        std::string all;
        for (const CheckFinding& each : findings)
            all += (all.empty() ? "" : " ") + each.code;
        return all;
    }
};

TEST_F(OrderCheck, HasNothingAgainstAnOrderThatWasFollowed) {
    const std::string text = order_text();
    Payload payload = document(text);
    EXPECT_EQ(codes(payload, text), "");
    decide(payload, "OFFICIAL", {});
    EXPECT_EQ(codes(payload, text), "");
}

TEST_F(OrderCheck, IsUndecidedWithoutTheText) {
    EXPECT_EQ(codes_with(document(order_text()), ProfileTexts::shipped()), "I_ORDER_TEXT");
}

TEST_F(OrderCheck, LooksAtWhoSignedIt) {
    const std::string text = order_text();
    EXPECT_EQ(codes(document(text), text, "ap02"), "E_ORDER_SIGNATURE"); // another than is named
    EXPECT_NE(codes(document(text), text, "jd17").find("E_ORDER_SIGNATURE"), std::string::npos);
    EXPECT_NE(codes(document(text), text, "ap01", DocumentType::profile).find("E_ORDER_SIGNATURE"),
              std::string::npos);
    ProfileTexts unsigned_text = ProfileTexts::shipped();
    unsigned_text.add({text, "", false});
    EXPECT_NE(codes_with(document(text), unsigned_text), "");
    CheckFindings findings;
    ProfileTexts texts = ProfileTexts::shipped();
    auto key = load_personal_key({made + "/ap01/person.key", made + "/ap01/person.pem"}, {});
    const auto p7s = key.value().sign(text, DocumentType::order, clock.utc_seconds()).value();
    texts.add({text, std::string(as_text(p7s)), false});
    check_order(document(text), texts, TrustAnchors::none(), findings);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings.front().code, "I_ORDER_SIGNATURE");
}

TEST_F(OrderCheck, LooksAtWhatItIsFor) {
    const std::string elsewhere = order_text({}, "TEST2");
    EXPECT_EQ(codes(document(elsewhere), elsewhere), "E_ORDER");
    const std::string text = order_text();
    Payload other = document(text);
    other.statements.said.order->id = "D-2";
    EXPECT_EQ(codes(other, text), "E_ORDER");
    Payload drive = document(text);
    drive.drive.removable = false;
    EXPECT_EQ(codes(drive, text), "E_ORDER");
    Payload late = document(text);
    late.timing.started_at = "2099-01-01T00:00:00Z";
    EXPECT_EQ(codes(late, text), "E_ORDER");
    late.timing.started_at = "2019-12-31T23:59:59Z";
    EXPECT_EQ(codes(late, text), "E_ORDER");
    const std::string nonsense = "nothing = 1\n";
    EXPECT_EQ(codes(document(nonsense), nonsense), "E_ORDER");
}

TEST_F(OrderCheck, LooksForWhatTheDocumentHasFromIt) {
    const std::string text = order_text();
    Payload payload = document(text);
    decide(payload, "SECRET", {});
    EXPECT_EQ(codes(payload, text), "E_ORDER");
    decide(payload, "OFFICIAL", {"owner-accepts"});
    EXPECT_EQ(codes(payload, text), "E_ORDER");
    const std::string accepts = order_text("owner_accepts = true\n");
    Payload accepted = document(accepts);
    decide(accepted, "OFFICIAL", {"owner-accepts"});
    EXPECT_EQ(codes(accepted, accepts), "");
}

TEST_F(OrderCheck, BelievesNoOwnerWithoutASignedOrder) {
    Payload payload = document(order_text());
    decide(payload, "OFFICIAL", {"owner-accepts"});
    payload.statements.said.order->approver.clear();
    EXPECT_EQ(codes_with(payload, ProfileTexts::shipped()), "E_ORDER");
    payload.statements.said.order.reset();
    EXPECT_EQ(codes_with(payload, ProfileTexts::shipped()), "E_ORDER");
    decide(payload, "OFFICIAL", {});
    EXPECT_EQ(codes_with(payload, ProfileTexts::shipped()), "");
}

} // namespace
} // namespace quietus
