// Honest NVMe drives of all kinds end in `erased`; what is out of reach, worn or protected is said.
#include "nvme_run.hpp"
#include "nvme_verdicts.hpp"

#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/offers.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using test::findings_of;
using test::is_nvme_sanitize;
using test::nvme_methods;
using test::NvmeRun;
using test::NvmeTraits;
using test::options_for;
using test::two_namespaces;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr auto block_erase = Technique::nvme_sanitize_block_erase;
constexpr auto crypto_erase = Technique::nvme_sanitize_crypto_erase;
constexpr auto overwrite = Technique::nvme_sanitize_overwrite;
constexpr auto no_medium = "medium-not-read";

FirmwareJudgement expect_erased(NvmeRun& run, Technique method, const FirmwareOptions& options) {
    auto judged = run.erase(method, options);
    EXPECT_EQ(judged.judgement.verdict, Verdict::erased) << findings_of(judged.judgement);
    EXPECT_EQ(test::readable_residue(run.drive), 0U);
    // A Format reaches no block that no namespace has.
    EXPECT_EQ(judged.reported, is_nvme_sanitize(method) ? Level::purge : Level::clear);
    return judged;
}

// Dword 10 is what figure 372 has for it; the medium is read where it is shown, else where nothing
// is deallocated.
TEST(HonestNvmeDrive, IsToldSoThatItsMediumCanBeRead) {
    NvmeRun shown(two_namespaces());
    auto judged = expect_erased(shown, block_erase, {});
    EXPECT_EQ(shown.evidence.nvme_sanitize->command, 0x402U);
    EXPECT_EQ(shown.evidence.nvme_sanitize->verification, MediaVerification::left);
    ASSERT_TRUE(shown.evidence.medium_read);
    EXPECT_EQ(shown.evidence.medium_read->read_back.matched,
              (std::vector<Extent>{{0, std::uint64_t{192} * 512}}));
    EXPECT_THAT(judged.judgement.limits, Not(Contains(no_medium)));

    NvmeRun keyed(two_namespaces());
    judged = expect_erased(keyed, crypto_erase, {});
    EXPECT_EQ(keyed.evidence.nvme_sanitize->command, 0x404U);
    EXPECT_EQ(keyed.evidence.medium_read->read_back.expectation, Expectation::host_pass);
    EXPECT_TRUE(keyed.evidence.medium_read->read_back.completed);
    EXPECT_THAT(judged.judgement.limits, Not(Contains(no_medium)));

    NvmeRun written(two_namespaces());
    judged = expect_erased(written, overwrite, options_for(overwrite));
    EXPECT_EQ(written.evidence.nvme_sanitize->command, 0x213U);
    EXPECT_EQ(written.evidence.read_back->bytes, "a5a5a5a5");
    EXPECT_FALSE(written.evidence.host_pass);
    EXPECT_THAT(judged.judgement.limits, Not(Contains(no_medium)));
}

// What is deallocated reads as nothing whether or not it was erased: that is said, and every block
// is proven by the host's own pass where it cannot be told what must be there.
TEST(HonestNvmeDrive, IsNotSaidToHaveBeenReadWhereAllIsDeallocated) {
    NvmeTraits traits = two_namespaces();
    traits.sanitize.verification = false;
    traits.sanitize.no_deallocate_inhibited = true;
    for (const Technique method : {crypto_erase, block_erase, overwrite}) {
        SCOPED_TRACE(to_text(method));
        NvmeRun run(traits);
        const auto judged = expect_erased(run, method, options_for(method));
        EXPECT_FALSE(run.evidence.medium_read);
        EXPECT_EQ(run.evidence.nvme_sanitize->command & 0x600U, 0U);
        EXPECT_EQ(run.evidence.host_pass.has_value(), method != block_erase);
        EXPECT_THAT(judged.judgement.limits, Contains(no_medium));
    }
}

// It was told to deallocate nothing, warned, and did it all the same (NODRM 1).
TEST(HonestNvmeDrive, IsWrittenByTheHostWhereItHasDeallocatedUnasked) {
    NvmeTraits traits = two_namespaces();
    traits.sanitize.verification = false;
    NvmeRun run(traits);
    static_cast<void>(expect_erased(run, overwrite, options_for(overwrite)));
    FirmwareEvidence evidence = run.evidence;
    evidence.nvme_sanitize->after = NvmeSanitizeState::unexpected_deallocate;
    // Octet 2 of the log: one pass, SOS 4.
    evidence.nvme_sanitize->log_after.replace(5, 1, "c");
    const auto judged = judge_firmware(evidence);
    EXPECT_EQ(judged.judgement.verdict, Verdict::failed) << "then the pattern is not what is there";
    EXPECT_EQ(judged.judgement.findings.at(0).code, "inconsistent-evidence");
}

// Where no command gets past the block layer the medium cannot be read in that state, and the drive
// is not brought into it.
TEST(HonestNvmeDrive, IsNotShownWhereNobodyCouldLook) {
    NvmeRun run(two_namespaces(), false);
    const auto judged = expect_erased(run, block_erase, {});
    EXPECT_EQ(run.evidence.nvme_sanitize->command, 0x202U);
    EXPECT_THAT(judged.judgement.limits, Not(Contains(no_medium))) << "nothing is deallocated";
    NvmeTraits traits = two_namespaces();
    traits.sanitize.no_deallocate_inhibited = true;
    NvmeRun without(traits, false);
    EXPECT_THAT(expect_erased(without, block_erase, {}).judgement.limits, Contains(no_medium));
}

// 1, 15 and 16 passes, of which the command says 0; the last one is never inverted.
TEST(HonestNvmeDrive, EndsAnOverwriteInItsPattern) {
    for (const std::uint32_t passes : {1U, 2U, 15U, 16U})
        for (const bool invert : {false, true}) {
            SCOPED_TRACE(testing::Message() << passes << invert);
            NvmeRun run(two_namespaces());
            static_cast<void>(
                expect_erased(run, overwrite,
                              {.pattern = 0x01020304, .passes = passes, .invert_between = invert}));
            EXPECT_EQ(run.evidence.nvme_sanitize->command,
                      0x203U | (passes & 15U) << 4U | (invert ? 0x100U : 0U));
            EXPECT_EQ(run.evidence.nvme_sanitize->passes, passes);
        }
}

TEST(HonestNvmeDrive, EndsInErasedASecondTime) {
    for (const Technique method : nvme_methods) {
        SCOPED_TRACE(to_text(method));
        NvmeRun run(two_namespaces());
        static_cast<void>(expect_erased(run, method, options_for(method)));
        run.drive.hold(as_bytes(test::nvme_secret));
        static_cast<void>(expect_erased(run, method, options_for(method)));
    }
}

// Restricted unless somebody asks for more: bit 3.
TEST(HonestNvmeDrive, MayBeLeftAfterAFailureOnlyWhereThatWasAskedFor) {
    NvmeRun run(two_namespaces());
    FirmwareOptions options;
    options.may_leave_failed = true;
    static_cast<void>(expect_erased(run, block_erase, options));
    EXPECT_EQ(run.evidence.nvme_sanitize->command, 0x40AU);
}

TEST(HonestNvmeDrive, HasSixtyFourNamespaces) {
    NvmeTraits traits;
    traits.namespaces.clear();
    for (std::uint32_t nsid = 1; nsid <= 64; ++nsid)
        traits.namespaces.push_back({.nsid = nsid, .blocks = 8});
    traits.spare_blocks = 0;
    for (const Technique method : nvme_methods) {
        SCOPED_TRACE(to_text(method));
        NvmeRun run(traits);
        static_cast<void>(expect_erased(run, method, options_for(method)));
        EXPECT_EQ(run.evidence.identity_after->sectors, 512U);
        // The first and the last block of each.
        const ExtentSet written(run.evidence.canaries->written);
        for (std::uint64_t at = 0; at < 64; ++at) {
            EXPECT_TRUE(written.covers({at * 8 * 512, 512}));
            EXPECT_TRUE(written.covers({(at * 8 + 7) * 512, 512}));
        }
    }
}

TEST(HonestNvmeDrive, IsFormattedByOneCommandWhereThatErasesAll) {
    for (const bool no_broadcast : {false, true}) {
        NvmeTraits traits = two_namespaces();
        traits.format.erases_all = true;
        traits.format.no_broadcast = no_broadcast;
        NvmeRun run(traits);
        static_cast<void>(expect_erased(run, Technique::nvme_format_user_data, {}));
        ASSERT_EQ(run.evidence.nvme_format->commands.size(), 1U);
        EXPECT_EQ(run.evidence.nvme_format->commands[0].nsid, no_broadcast ? 1U : 0xFFFFFFFFU);
    }
}

// --- what is not the whole drive ---

Error planned_not(const NvmeTraits& traits, Technique method) {
    NvmeRun run(traits);
    PlanRequest wish;
    wish.technique = method;
    const auto plan = make_plan(test::told_by(run.drive), wish);
    EXPECT_FALSE(plan);
    return plan ? Error{Fault::io, "planned"} : plan.error();
}

TEST(PartOfAnNvmeDrive, IsNotErasedWithoutTheRest) {
    NvmeTraits unattached = two_namespaces();
    unattached.namespaces.push_back({.nsid = 9, .blocks = 64, .attached = false});
    NvmeTraits protected_one = two_namespaces();
    protected_one.namespaces[1].write_protection = 2;
    for (const Technique method : nvme_methods) {
        SCOPED_TRACE(to_text(method));
        EXPECT_THAT(planned_not(unattached, method).message,
                    HasSubstr("namespace 9 is not attached"));
        EXPECT_THAT(planned_not(protected_one, method).message,
                    HasSubstr("namespace 3 is write protected"));
        NvmeRun run(unattached);
        const std::uint64_t before = run.residue();
        const auto judged = run.erase(method, options_for(method));
        EXPECT_EQ(judged.judgement.verdict, Verdict::refused);
        EXPECT_EQ(run.residue(), before);
    }
}

// Of what is known only afterwards as much is said: one that was attached is not there any more.
TEST(PartOfAnNvmeDrive, IsNotSaidToBeAllOfIt) {
    for (const Technique method : {block_erase, Technique::nvme_format_user_data}) {
        NvmeRun run(two_namespaces());
        ASSERT_EQ(run.erase(method).judgement.verdict, Verdict::erased);
        const auto forged = [&](auto change) {
            FirmwareEvidence evidence = run.evidence;
            change(evidence);
            return judge_firmware(evidence).judgement.verdict;
        };
        using E = FirmwareEvidence;
        EXPECT_EQ(forged([](E& e) { e.scope_after.reset(); }), Verdict::indeterminate);
        EXPECT_EQ(forged([](E& e) { e.scope_before->complete = false; }), Verdict::indeterminate);
        EXPECT_EQ(forged([](E& e) { e.scope_after->accounted = false; }), Verdict::indeterminate);
        EXPECT_EQ(forged([](E& e) { e.scope_after->namespaces.pop_back(); }),
                  Verdict::indeterminate);
        EXPECT_EQ(forged([](E& e) { e.scope_after->namespaces[0].format = 7; }),
                  Verdict::indeterminate);
        EXPECT_EQ(forged([](E& e) {
                      e.scope_before->namespaces[0].blocks = 4;
                      e.scope_after->namespaces[0].blocks = 4;
                  }),
                  Verdict::failed);
    }
}

TEST(PartOfAnNvmeDrive, IsNamedWhereNoNamespaceReachesIt) {
    NvmeTraits traits = two_namespaces();
    EXPECT_THAT(NvmeRun(traits).erase(block_erase).judgement.limits,
                Not(Contains("beside-namespaces-not-reached")));
    traits.boot_partitions = true;
    traits.rpmb = true;
    traits.host_memory = true;
    NvmeRun run(traits);
    const auto judged = expect_erased(run, block_erase, {});
    EXPECT_THAT(judged.judgement.limits, Contains("beside-namespaces-not-reached"));
    EXPECT_EQ(run.evidence.scope_before->excluded.size(), 3U);
}

// --- what is diagnosed ---

TEST(RefusingNvmeDrive, IsAskedWhyAndSaysIt) {
    NvmeRun frozen(two_namespaces());
    frozen.drive.turn(emulator::Knob::frozen);
    EXPECT_THAT(findings_of(frozen.erase(block_erase).judgement), HasSubstr("Block SID"));

    NvmeTraits traits = two_namespaces();
    traits.memory_region_enabled = true;
    NvmeRun region(traits);
    const auto judged = region.erase(block_erase);
    EXPECT_EQ(judged.judgement.verdict, Verdict::failed) << "canaries are written by then";
    EXPECT_THAT(findings_of(judged.judgement), HasSubstr("Persistent Memory Region"));
    EXPECT_NE(region.residue(), 0U);
}

// Purge takes a drive that has lost no block, before and after.
TEST(WornNvmeDrive, IsClearedAndNotPurged) {
    NvmeRun run(two_namespaces());
    static_cast<void>(expect_erased(run, block_erase, {}));
    const auto reported = [&](auto change) {
        FirmwareEvidence evidence = run.evidence;
        change(evidence);
        const auto judged = judge_firmware(evidence);
        EXPECT_EQ(judged.judgement.verdict, Verdict::erased);
        return judged.reported;
    };
    using E = FirmwareEvidence;
    EXPECT_EQ(reported([](E& e) { e.health_before->media_errors = 1; }), Level::clear);
    EXPECT_EQ(reported([](E& e) { e.health_after->media_errors = 1; }), Level::clear);
    EXPECT_EQ(reported([](E& e) { e.health_after->media_errors.reset(); }), Level::clear);
    EXPECT_EQ(reported([](E& e) { e.health_before->critical_warning.reset(); }), Level::clear);
    EXPECT_EQ(reported([](E& e) { e.health_before.reset(); }), Level::clear);
    for (const std::uint64_t bit : {0x01U, 0x04U, 0x08U})
        EXPECT_EQ(reported([&](E& e) { e.health_after->critical_warning = bit; }), Level::clear);
    EXPECT_EQ(reported([](E& e) { e.health_after->critical_warning = 0x02; }), Level::purge)
        << "it is warm";
}

} // namespace
} // namespace quietus
