// NVMe drives that erase themselves, and drives that say so, through the whole corridor: planned as
// the drive tells of itself, confirmed, committed, carried out, and judged as the record is that a
// document is made of.
//
// Whatever is turned: nothing ends in `erased` while a block with an address still holds the
// secret.
#include "nvme_host.hpp"
#include "nvme_verdicts.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/policy/judge.hpp"
#include "quietus/policy/make_plan.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using test::findings_of;
using test::is_nvme_sanitize;
using test::nvme_methods;
using test::NvmeHost;
using test::NvmeRow;
using test::options_for;

PlanRequest wish_for(Technique technique) {
    PlanRequest wish;
    wish.technique = technique;
    wish.firmware = options_for(technique);
    return wish;
}

class NvmeCarriedOut : public testing::TestWithParam<NvmeRow> {};

TEST_P(NvmeCarriedOut, IsJudgedAsTheTableSays) {
    const NvmeRow& row = GetParam();
    for (const auto& [name, traits] : test::kinds_of_nvme_drive())
        for (std::size_t at = 0; at < nvme_methods.size(); ++at) {
            SCOPED_TRACE(testing::Message() << to_text(nvme_methods[at]) << " of " << name);
            NvmeHost host(traits);
            if (row.knob) host.drive.turn(*row.knob);
            const std::uint64_t before = host.residue();
            if (row.verdicts[at] == Verdict::refused) {
                const auto plan = make_plan(host.told(), wish_for(nvme_methods[at]));
                ASSERT_FALSE(plan);
                EXPECT_THAT(plan.error().message, testing::HasSubstr("its last operation"));
                EXPECT_EQ(host.residue(), before);
                continue;
            }
            const auto record = host.erase(wish_for(nvme_methods[at]));
            ASSERT_TRUE(record);
            const Judgement& judged = record->judgement;
            EXPECT_EQ(to_text(judged.verdict), to_text(row.verdicts[at])) << row.why << "\n"
                                                                          << findings_of(judged);
            // The auditor, from the same facts.
            EXPECT_EQ(to_line(to_json(judge(record->drive, record->plan, record->evidence))),
                      to_line(to_json(judged)));
            if (judged.verdict != Verdict::erased) {
                EXPECT_EQ(judged.level, Level::none);
                EXPECT_FALSE(judged.findings.empty());
                continue;
            }
            EXPECT_EQ(test::readable_residue(host.drive), 0U);
            // Format reaches what has an address, and nobody says that it reaches more.
            const bool purges = is_nvme_sanitize(nvme_methods[at]);
            EXPECT_EQ(judged.level, purges ? Level::purge : Level::clear);
            EXPECT_EQ(judged.level_basis,
                      purges ? LevelBasis::drive_reported : LevelBasis::host_read_back);
            EXPECT_EQ(judged.grade, purges ? "E4" : "E3");
            EXPECT_EQ(judged.bytes_proven, host.told().size_bytes);
            EXPECT_TRUE(judged.unproven.empty());
            EXPECT_TRUE(row.knob || !purges || host.residue() == 0);
        }
}

INSTANTIATE_TEST_SUITE_P(Knobs, NvmeCarriedOut, testing::ValuesIn(test::nvme_table),
                         test::name_of_row);

// A Format that makes new keys, where a rule accepts that this vendor's is a purge.
Judgement judged_by_the_claim(NvmeHost& host) {
    PlanRequest wish = wish_for(Technique::nvme_format_crypto_erase);
    wish.vendor_claim = VendorClaim::accepted;
    const auto record = host.erase(wish);
    if (!record) return {};
    EXPECT_EQ(record->judgement.level, Level::clear) << "no rule has accepted anything";
    Plan plan = record->plan;
    plan.policy.applied = true;
    plan.policy.decision.emplace();
    plan.policy.decision->level = Level::purge;
    plan.policy.decision->vendor_claim = VendorClaim::accepted;
    return judge(record->drive, plan, record->evidence);
}

TEST(NvmeVendorClaim, IsAPurgeWhereNamespacesHaveAllOfTheDrive) {
    test::NvmeTraits traits = test::two_namespaces();
    traits.unallocated_blocks = 0;
    NvmeHost host(traits);
    const Judgement judged = judged_by_the_claim(host);
    EXPECT_EQ(judged.verdict, Verdict::erased) << findings_of(judged);
    EXPECT_EQ(judged.level, Level::purge);
    EXPECT_EQ(judged.level_basis, LevelBasis::drive_reported);
    EXPECT_EQ(judged.grade, "E4");
    EXPECT_THAT(judged.limits,
                testing::IsSupersetOf({"level-by-vendor-claim", "level-reported-by-drive"}));
    EXPECT_EQ(host.residue(), 0U);
}

// What stood in a namespace that is no more is still there.
TEST(NvmeVendorClaim, IsNoPurgeOfWhatNoNamespaceHas) {
    NvmeHost host(test::two_namespaces());
    const Judgement judged = judged_by_the_claim(host);
    EXPECT_GT(host.residue(), 0U);
    EXPECT_EQ(judged.verdict, Verdict::indeterminate);
    EXPECT_EQ(judged.level, Level::none);
    EXPECT_THAT(findings_of(judged), testing::HasSubstr("level-not-reached"));
}

} // namespace
} // namespace quietus
