// A Format of an NVMe drive that makes new keys, under a rule that accepts what its vendor claims
// of it, from the signed profile to the document.
#include "rehearse_fixture.hpp"

namespace quietus {
namespace {

using testing::HasSubstr;

class VendorClaim : public Rehearse {
  protected:
    /// A rule of NVMe drives that leave, with this way of a Format that makes new keys.
    [[nodiscard]] static std::string accepting(const std::string& way) {
        return "[profile]\n"
               "id = \"example\"\n"
               "title = \"Example Department\"\n"
               "version = 1\n"
               "authority = \"SIRO of Example Department\"\n"
               "jurisdiction = \"GB\"\n"
               "valid_from = \"2020-01-01T00:00:00Z\"\n"
               "extends = \"uk-official\"\n"
               "extends_version = 1\n"
               "schemes = [\"uk-gsc\"]\n"
               "confidence = \"own-reading\"\n"
               "sources = [\"Example Department\"]\n"
               "\n"
               "[[rule]]\n"
               "id = \"nvme-leaves\"\n"
               "classifications = [\"uk.official\"]\n"
               "media = [\"nvme\"]\n"
               "dispositions = [\"release\"]\n"
               "decision = \"allow\"\n"
               "level = \"purge\"\n"
               "techniques = [" +
               way +
               "]\n"
               "residual = \"what the vendor claims is believed\"\n"
               "retention_years = 7\n"
               "confidence = \"own-reading\"\n"
               "sources = [\"Example Department\"]\n";
    }
    [[nodiscard]] Words by_example() const {
        return {"--policy",         "example",  "--trust",       trust_directory,
                "--classification", "OFFICIAL", "--disposition", "release"};
    }
    [[nodiscard]] Words plan_by_example() const {
        Words words{"plan", "rehearsal:one"};
        const Words how = by_example();
        words.insert(words.end(), how.begin(), how.end());
        return words;
    }
    const std::string claimed = R"({ do = "nvme-format-crypto-erase", vendor_claim = "accepted" })";
};

TEST_F(VendorClaim, IsAPurgeWhereARuleAcceptsItAndTheDocumentSaysSo) {
    put_profile(accepting(claimed));
    const std::string scenario = changed("nvme", "native_size = 1048576", "native_size = 1044480");
    const auto result = erased_in(scenario, "rehearsal:one", by_example());
    ASSERT_EQ(result.status, 0) << result.err;
    const Json drive = lines(result.out).back().find("drives")->as<Json::Array>()->front();
    EXPECT_EQ(drive.text_of("technique"), "nvme-format-crypto-erase");
    EXPECT_EQ(drive.text_of("level"), "purge");
    const auto issued = parse_json(content(std::string(drive.text_of("document"))));
    ASSERT_TRUE(issued);
    EXPECT_EQ(issued->text_of("level_basis"), "drive_reported");
    EXPECT_EQ(issued->find("policy")->find("decision")->text_of("vendor_claim"), "accepted");
    const Json limit{"level-by-vendor-claim"};
    EXPECT_THAT(*issued->find("limits")->as<Json::Array>(), testing::Contains(limit));
    const auto plan = in(scenario, plan_by_example());
    EXPECT_THAT(plan.out, HasSubstr("by the drive's own word, and what its vendor claims of it"));
}

TEST_F(VendorClaim, IsRefusedBeforeAnythingIsToldWhereItDoesNotHold) {
    put_profile(accepting(claimed));
    const auto before = residue("nvme", "rehearsal:one");
    const auto result = in_scenario("nvme", plan_by_example()); // 8 blocks are in no namespace
    EXPECT_EQ(result.status, 4);
    EXPECT_EQ(residue("nvme", "rehearsal:one"), before);
    EXPECT_THAT(result.err, HasSubstr("reaches no more than clear here"));
    // Nobody signs a rule that asks for more than it has a way to.
    write_profile(accepting("\"nvme-format-crypto-erase\""));
    EXPECT_EQ(sign_profile().status, 3);
    const auto told = quietus({"policy", "lint", trust_directory + "/example.toml"});
    EXPECT_THAT(told.err + told.out, HasSubstr("which reaches clear at most"));
}

} // namespace
} // namespace quietus
