// A statement of destruction as its own text: what it has to say, and what may not be said in one.
#include "quietus/certificate/destruction.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/json.hpp"
#include "quietus/policy/destruction.hpp"
#include "quietus/stream/digest.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

constexpr std::int64_t issued_at = 1'796'000'000; // 2026-11-29

class DestructionCheck : public testing::Test {
  protected:
    DestructionCheck() {
        record.drive.serial = "EX1";
        record.facts = {
            "platters-4-pieces", "Example press", std::nullopt, "", "2026-11-28T10:00:00Z", ""};
        const ShippedProfile& shipped = shipped_profiles().front();
        const Profile& profile = *find_shipped_profile(shipped.id);
        record.policy = basis_of_destruction({profile, sha256_hex(shipped.text), std::nullopt},
                                             {read_classification(profile, "OFFICIAL").value(),
                                              Disposition::destroy,
                                              std::nullopt,
                                              {}},
                                             *find_medium("hdd"));
        record.sufficient = true;
        record.statements.signers = {{Role::op, std::string(64, '1')},
                                     {Role::witness, std::string(64, '2')}};
    }
    [[nodiscard]] std::string text() const {
        SignerIdentity station;
        station.certificate_sha256 = std::string(64, '0');
        const Placement placement{"TEST01", 7, std::string(96, 'a'), 12, std::string(64, 'b'), ""};
        const Tool tool{"quietus 0", "", "", "", ""};
        auto drafted = draft_destruction({record, placement, tool}, station, issued_at);
        EXPECT_TRUE(drafted) << drafted.error().message;
        return drafted ? drafted->payload : "";
    }
    [[nodiscard]] static std::string codes(const std::string& payload) {
        std::string all;
        for (const CheckFinding& each : check_semantics(payload, DocumentType::destruction))
            all += (all.empty() ? "" : " ") + each.code;
        return all;
    }
    // With one member replaced; of the inner object where one is named.
    [[nodiscard]] std::string codes_with(const std::string& member, const Json& value,
                                         const std::string& within = {}) const {
        Json payload = parse_json(text()).value();
        if (within.empty())
            payload[member] = value;
        else
            payload[within][member] = value;
        return codes(to_line(payload));
    }

    DestructionRecord record;
};

TEST_F(DestructionCheck, FindsNothingInWhatWasDrafted) {
    EXPECT_EQ(codes(text()), "");
    const auto read = read_destruction(text());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->id, "QTS-TEST01-00000007");
    EXPECT_EQ(read->content_sha256, destruction_sha256(record));
    EXPECT_EQ(read->drive.serial, "EX1");
    EXPECT_EQ(read->signers.size(), 3U);
}

TEST_F(DestructionCheck, WantsTwoPersonsADriveAndAWay) {
    EXPECT_EQ(codes_with("serial", "", "drive"), "E_DESTRUCTION");
    EXPECT_EQ(codes_with("method", "disintegrate-6", "destruction"),
              "E_DESTRUCTION E_METHOD_INSUFFICIENT");
    EXPECT_EQ(codes_with("residue_counts_as", "OFFICIAL", "destruction"), "E_DESTRUCTION");
    EXPECT_EQ(codes_with("seen_by_station", true), "E_DESTRUCTION"); // of no kind that is known
    Json::Array alone{
        Json::object({{"role", "station"}, {"certificate_sha256", std::string(64, '0')}}),
        Json::object({{"role", "operator"}, {"certificate_sha256", std::string(64, '1')}})};
    EXPECT_EQ(codes_with("signers_required", std::move(alone)), "E_DESTRUCTION");
}

TEST_F(DestructionCheck, IsOfItsForm) {
    EXPECT_EQ(codes_with("title", "CERTIFICATE OF ERASURE"), "E_SCHEMA");
    EXPECT_EQ(codes_with("basis", "host_read_back"), "E_SCHEMA");
    EXPECT_EQ(codes_with("reason", "it is not"), "E_SCHEMA E_METHOD_INSUFFICIENT");
    EXPECT_EQ(codes_with("verdict", "erased"), "E_SCHEMA_MEMBER");
    EXPECT_EQ(codes_with("id", "QTS-TEST01-00000008"), "E_STATION");
    EXPECT_EQ(codes_with("destroyed_at", "2026-11-31T10:00:00Z", "destruction"), "E_SCHEMA");
    EXPECT_EQ(codes_with("destroyed_at", "2026-12-28T10:00:00Z", "destruction"),
              "E_SEM_TIME_ORDER");
    EXPECT_EQ(codes_with("schema", 2), "E_SCHEMA_VERSION");
    EXPECT_EQ(codes_with("provenance", "rehearsal", "drive"), "E_REHEARSAL");
    EXPECT_EQ(codes_with("x_note", "free"), "");
}

TEST_F(DestructionCheck, DoesNotBelieveItsOwnAnswer) {
    EXPECT_EQ(codes_with("rule", "secret-destroy", "policy"), "E_POLICY_DECISION");
    Json payload = parse_json(text()).value();
    payload["sufficient"] = false;
    payload["reason"] = "because";
    EXPECT_EQ(codes(to_line(payload)), "E_METHOD_INSUFFICIENT");
}

TEST_F(DestructionCheck, IsNotDraftedWhenTheAuditorWouldRefuseIt) {
    record.sufficient = false; // without a reason, and against the rule
    SignerIdentity station;
    station.certificate_sha256 = std::string(64, '0');
    const Placement placement{"TEST01", 7, "", 12, std::string(64, 'b'), ""};
    const Tool tool;
    const auto drafted = draft_destruction({record, placement, tool}, station, issued_at);
    ASSERT_FALSE(drafted);
    EXPECT_EQ(drafted.error().fault, Fault::evidence);
}

TEST_F(DestructionCheck, AnnouncesDriveFactsAndJobs) {
    const std::string before = destruction_sha256(record);
    record.closes = {"QTS-TEST01-00000001"};
    const std::string closing = destruction_sha256(record);
    EXPECT_NE(closing, before);
    record.drive.serial = "EX2";
    EXPECT_NE(destruction_sha256(record), closing);
    record.facts.equipment = "another";
    record.drive.serial = "EX1";
    EXPECT_NE(destruction_sha256(record), closing);
}

} // namespace
} // namespace quietus
