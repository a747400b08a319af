// luks-erase: what is left alone and when it is on offer at all; and what follows from its
// evidence, each verdict by hand.
#include "good_run.hpp"

#include "quietus/policy/make_plan.hpp"
#include "quietus/policy/offers.hpp"
#include "quietus/policy/volumes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace quietus {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;

LuksHeader header_at(std::uint64_t offset, bool second = false) {
    LuksHeader header;
    header.offset_bytes = offset;
    header.version = 2;
    header.second = second;
    header.uuid = "11111111-2222-4333-8444-555555555556";
    header.cipher = "aes-xts-plain64";
    header.key_bits = 512;
    header.keys_end = 2 * mib;
    header.data_offset = 2 * mib;
    header.room_bytes = 8 * mib;
    return header;
}

/// 16 MiB with a volume from 1 MiB on, whose data are from 3 to 9 MiB.
Drive drive_with_volume() {
    Drive drive;
    drive.node = "/dev/sdb";
    drive.kind = DriveKind::ata;
    drive.medium = Medium::magnetic;
    drive.size_bytes = 16 * mib;
    drive.native_size_bytes = drive.size_bytes;
    drive.luks = {header_at(mib), header_at(mib + 16384, true)};
    drive.contents = {{.type = "gpt", .usage = "partition-table"},
                      {.type = "crypto_LUKS", .usage = "crypto", .offset_bytes = mib}};
    return drive;
}

PlanRequest by_keys() {
    PlanRequest request;
    request.technique = Technique::luks_erase;
    return request;
}

/// A run without fault, to be altered.
struct GoodKeys {
    Drive drive = drive_with_volume();
    Plan plan = make_plan(drive, by_keys()).value();
    Evidence evidence;

    GoodKeys() {
        const std::vector<Extent> all{{0, 3 * mib}, {9 * mib, 7 * mib}};
        evidence.probe = ProbeRecord{.step = 1, .stamps = 40, .flushed = true, .completed = true};
        evidence.passes = {{.step = 2,
                            .data = StepData::random_stream,
                            .bytes = "",
                            .written = all,
                            .bytes_written = 10 * mib,
                            .flushed = true,
                            .completed = true}};
        evidence.read_backs = {{.step = 3,
                                .of_step = 2,
                                .verification = {VerificationMode::full, 100},
                                .matched = all,
                                .bytes_read = 10 * mib,
                                .bytes_matched = 10 * mib,
                                .completed = true}};
        evidence.luks = LuksRecord{
            .before = {{mib, 2, std::string(64, 'a')}}, .looked = true, .left = {}, .text = {}};
    }
    [[nodiscard]] Judgement judged() const { return judge(drive, plan, evidence); }
    PassRecord& pass() { return evidence.passes.front(); }
    ReadBackRecord& read_back() { return evidence.read_backs.front(); }
};

TEST(LuksErase, LeavesTheCiphertextAndNothingElse) {
    const GoodKeys run;
    EXPECT_EQ(kept_extents(run.plan.volumes).extents(), (std::vector<Extent>{{3 * mib, 6 * mib}}));
    ASSERT_EQ(run.plan.steps.size(), 2U);
    EXPECT_EQ(run.plan.steps.back().data, StepData::random_stream);
    EXPECT_EQ(run.plan.verification, Verification{});
    EXPECT_EQ(run.plan.scheme, "");
    EXPECT_EQ(run.plan.level, Level::none) << "without a rule that accepts it";
    EXPECT_THAT(run.plan.not_reached,
                ElementsAre("ciphertext-left", "earlier-data-not-excluded",
                            "key-copies-not-excluded", "spare-blocks-not-reached",
                            "technique-not-proven-on-hardware"));
}

// What is not a whole unit at either end is written to.
TEST(LuksErase, LeavesWholeUnitsAlone) {
    LuksVolume volume{512, 4 * mib, 1, "aes-xts-plain64", 512, mib, mib};
    EXPECT_EQ(kept_extents({volume}).extents(),
              (std::vector<Extent>{{mib + 65536, 3 * mib - 65536}}));
    volume.size_bytes = mib + 65536;
    EXPECT_TRUE(kept_extents({volume}).empty());
}

TEST(LuksErase, LeavesTheCiphertextOfEachVolume) {
    Drive drive = drive_with_volume();
    drive.luks[0].room_bytes = 4 * mib;
    drive.luks.push_back(header_at(8 * mib));
    drive.contents.push_back({.type = "crypto_LUKS", .offset_bytes = 8 * mib});
    const auto plan = make_plan(drive, by_keys());
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_EQ(kept_extents(plan->volumes).extents(),
              (std::vector<Extent>{{3 * mib, 2 * mib}, {10 * mib, 6 * mib}}));
}

TEST(LuksErase, IsErasedByWhatWasWrittenAndReadBackAroundTheCiphertext) {
    const Judgement judgement = GoodKeys{}.judged();
    EXPECT_EQ(judgement.verdict, Verdict::erased);
    EXPECT_EQ(judgement.level, Level::none);
    EXPECT_EQ(judgement.level_basis, LevelBasis::host_read_back);
    EXPECT_EQ(judgement.grade, "E3");
    EXPECT_EQ(judgement.bytes_proven, 10 * mib);
    EXPECT_EQ(judgement.unproven, (std::vector<Extent>{{3 * mib, 6 * mib}}))
        << "nothing is proven of what is left";
    EXPECT_TRUE(judgement.findings.empty());
    EXPECT_THAT(judgement.limits, Contains("ciphertext-left"));
}

// As for every technique that reaches more by a claim than without: a rule accepts it, or nobody.
TEST(LuksErase, IsClearWhereARuleAcceptsItAndNeverMore) {
    GoodKeys run;
    PlanRequest request = by_keys();
    request.vendor_claim = VendorClaim::accepted;
    run.plan = make_plan(run.drive, request).value();
    EXPECT_EQ(run.plan.level, Level::clear);
    EXPECT_THAT(run.plan.not_reached, Contains("level-by-vendor-claim"));
    EXPECT_EQ(run.judged().level, Level::none) << "nobody has decided so";
    run.plan.policy.applied = true;
    run.plan.policy.decision.emplace().vendor_claim = VendorClaim::accepted;
    EXPECT_EQ(run.judged().level, Level::clear);
    EXPECT_THAT(run.judged().limits, Contains("level-by-vendor-claim"));
    run.plan.level = Level::purge;
    EXPECT_EQ(run.judged().level, Level::clear);
    run.drive.kind = DriveKind::loop;
    EXPECT_EQ(run.judged().level, Level::none);
}

/// Something that speaks against it, and the finding.
struct Lie {
    std::string name;
    std::string code;
    std::function<void(GoodKeys&)> tell;
};

TEST(LuksErase, IsNotErasedByALie) {
    const std::vector<Lie> lies{
        {"the second header was not written", "incomplete-pass",
         [](GoodKeys& run) {
             run.pass().written = {
                 {0, mib + 16384}, {mib + 20480, 2 * mib - 20480}, {9 * mib, 7 * mib}};
             run.pass().bytes_written -= 4096;
         }},
        {"the second header was not read back", "incomplete-read-back",
         [](GoodKeys& run) {
             run.read_back().matched = {
                 {0, mib + 16384}, {mib + 20480, 2 * mib - 20480}, {9 * mib, 7 * mib}};
             run.read_back().bytes_matched = run.read_back().bytes_read -= 4096;
         }},
        {"the second header reads as before", "mismatch",
         [](GoodKeys& run) {
             run.read_back().matched = {
                 {0, mib + 16384}, {mib + 20480, 2 * mib - 20480}, {9 * mib, 7 * mib}};
             run.read_back().mismatched = {{mib + 16384, 4096}};
             run.read_back().bytes_matched -= 4096;
         }},
        {"a header is found afterwards", "key-header-left",
         [](GoodKeys& run) {
             run.evidence.luks->left = {{mib + 16384, 4096}};
         }},
        {"nobody has looked", "missing-record",
         [](GoodKeys& run) { run.evidence.luks->looked = false; }},
        {"no record of the keys", "missing-record",
         [](GoodKeys& run) { run.evidence.luks.reset(); }},
        {"keys of another volume", "inconsistent-evidence",
         [](GoodKeys& run) { run.evidence.luks->before.front().offset_bytes = 2 * mib; }},
        {"no header was there", "inconsistent-evidence",
         [](GoodKeys& run) { run.evidence.luks->before.front().headers = 0; }},
        {"what lies behind the volume was left", "incomplete-pass",
         [](GoodKeys& run) {
             run.pass().written = {{0, 3 * mib}};
             run.pass().bytes_written = 3 * mib;
         }},
        {"the ciphertext is said to be written", "inconsistent-evidence",
         [](GoodKeys& run) {
             run.pass().written = {{0, 16 * mib}};
             run.pass().bytes_written = 16 * mib;
         }},
        {"data that begin before the keys end", "unsound-plan",
         [](GoodKeys& run) { run.plan.volumes.front().data_offset = mib; }},
        {"a volume that runs past the drive", "unsound-plan",
         [](GoodKeys& run) { run.plan.volumes.front().size_bytes = 16 * mib; }},
        {"volumes on top of one another", "unsound-plan",
         [](GoodKeys& run) { run.plan.volumes.push_back(run.plan.volumes.front()); }},
        {"no volume", "unsound-plan", [](GoodKeys& run) { run.plan.volumes.clear(); }},
        {"a cipher that encrypts nothing", "unsound-plan",
         [](GoodKeys& run) { run.plan.volumes.front().cipher = "cipher_null-ecb"; }},
        {"a key that is too short", "unsound-plan",
         [](GoodKeys& run) { run.plan.volumes.front().key_bits = 64; }},
        {"a sample", "unsound-plan",
         [](GoodKeys& run) {
             run.plan.verification = {VerificationMode::sample, 50};
         }},
        {"zeros", "unsound-plan",
         [](GoodKeys& run) {
             run.plan.steps.back().data = StepData::fixed;
             run.plan.steps.back().bytes = "00";
         }},
        {"an overwrite that leaves ciphertext", "unsound-plan",
         [](GoodKeys& run) { run.plan.technique = Technique::overwrite; }},
    };
    for (const Lie& lie : lies) {
        GoodKeys run;
        lie.tell(run);
        EXPECT_EQ(run.judged().verdict, Verdict::failed) << lie.name;
        EXPECT_TRUE(has_finding(run.judged(), lie.code)) << lie.name;
        EXPECT_EQ(run.judged().level, Level::none) << lie.name;
    }
}

// A volume that is larger than it was leaves more: that is not what was written around.
TEST(LuksErase, ProvesNothingOfALargerVolumeThanWasLeft) {
    GoodKeys run;
    run.plan.volumes.front().size_bytes = 9 * mib;
    EXPECT_TRUE(has_finding(run.judged(), "inconsistent-evidence"))
        << "from 9 to 10 MiB was written where nothing is to be";
    run.plan.volumes.front().size_bytes = 7 * mib;
    EXPECT_TRUE(has_finding(run.judged(), "incomplete-pass"));
}

TEST(LuksErase, HasNoRecordOfKeysInAnOverwrite) {
    GoodRun run;
    run.evidence.luks.emplace();
    EXPECT_TRUE(has_finding(run.judged(), "unexpected-record"));
}

TEST(LuksErase, IsInterruptedWithWhatItHas) {
    GoodKeys run;
    run.evidence.stopped = StopReason::interrupted;
    run.evidence.read_backs.clear();
    run.evidence.luks->looked = false;
    EXPECT_EQ(run.judged().verdict, Verdict::interrupted);
}

/// What makes it unclear what is ciphertext, and a word of the reason.
struct Unclear {
    std::string word;
    std::function<void(Drive&)> make;
};

TEST(LuksErase, IsNotOnOfferWhereAnythingIsUnclear) {
    const std::vector<Unclear> all{
        {"no header", [](Drive& drive) { drive.luks.clear(); }},
        {"several nodes", [](Drive& drive) { drive.members.resize(2); }},
        {"zones", [](Drive& drive) { drive.zoned = Zoned::host_managed; }},
        {"re-encrypted", [](Drive& drive) { drive.luks[0].text = "is re-encrypted"; }},
        {"detached", [](Drive& drive) { drive.luks[0].data_offset = 0; }},
        {"where it ends", [](Drive& drive) { drive.luks[0].room_bytes = 0; }},
        {"oddly far", [](Drive& drive) { drive.luks[0].data_offset = 1 << 31U; }},
        {"behind its end", [](Drive& drive) { drive.luks[0].room_bytes = 2 * mib; }},
        {"reach into its data", [](Drive& drive) { drive.luks[0].keys_end += 1; }},
        {"encrypts nothing", [](Drive& drive) { drive.luks[0].cipher = "cipher_null-ecb"; }},
        {"its cipher", [](Drive& drive) { drive.luks[0].cipher = ""; }},
        {"its cipher", [](Drive& drive) { drive.luks[0].cipher = "a\\u{202E}b"; }},
        {"no key slot", [](Drive& drive) { drive.luks[0].key_bits = 0; }},
        {"less than 128", [](Drive& drive) { drive.luks[0].key_bits = 64; }},
        {"has no first one", [](Drive& drive) { drive.luks.erase(drive.luks.begin()); }},
        {"disagree", [](Drive& drive) { drive.luks[1].data_offset = 4 * mib; }},
        {"disagree", [](Drive& drive) { drive.luks[1].uuid = "another"; }},
        {"disagree", [](Drive& drive) { drive.luks[1].text = "its metadata"; }},
        {"stands ext4",
         [](Drive& drive) { drive.contents.push_back({.type = "ext4", .offset_bytes = 5 * mib}); }},
        {"stands xfs",
         [](Drive& drive) { drive.contents.push_back({.type = "xfs", .offset_bytes = mib}); }},
        {"past the end", [](Drive& drive) { drive.luks[0].room_bytes = 16 * mib; }},
        {"stands crypto_LUKS",
         [](Drive& drive) {
             drive.luks.push_back(header_at(8 * mib));
             drive.contents.push_back({.type = "crypto_LUKS", .offset_bytes = 8 * mib});
             drive.contents[1].offset_bytes = mib;
         }},
    };
    for (const Unclear& each : all) {
        Drive drive = drive_with_volume();
        each.make(drive);
        const auto offer = offer_of(drive, Technique::luks_erase);
        EXPECT_FALSE(offer.available) << each.word;
        EXPECT_THAT(offer.reason, HasSubstr(each.word));
        const auto plan = make_plan(drive, by_keys());
        ASSERT_FALSE(plan) << each.word;
        EXPECT_EQ(plan.error().fault, Fault::unsupported) << each.word;
        EXPECT_THAT(plan.error().hint, HasSubstr("overwrite"));
    }
}

TEST(LuksErase, IsListedWhereThereIsAHeader) {
    Drive drive = drive_with_volume();
    const auto is_listed = [&] {
        const auto offers = offered_techniques(drive);
        return std::ranges::find(offers, Technique::luks_erase, &OfferedTechnique::technique) !=
               offers.end();
    };
    EXPECT_TRUE(is_listed());
    drive.luks[0].data_offset = 0;
    EXPECT_TRUE(is_listed()) << "with the reason why not";
    drive.luks.clear();
    EXPECT_FALSE(is_listed());
}

TEST(LuksErase, ReadsBackInFullOrIsNotPlanned) {
    PlanRequest request = by_keys();
    request.verification = {VerificationMode::sample, 50};
    EXPECT_EQ(make_plan(drive_with_volume(), request).error().fault, Fault::usage);
    request.verification = {VerificationMode::none, 0};
    EXPECT_EQ(make_plan(drive_with_volume(), request).error().fault, Fault::usage);
}

// Plans of other techniques are confirmed by their digest: it is as it was.
TEST(LuksErase, AddsNothingToThePlanOfAnOverwrite) {
    const auto plan = make_plan(drive_with_volume(), PlanRequest{});
    EXPECT_THAT(plan_text(plan.value()), Not(HasSubstr("volumes")));
    EXPECT_THAT(plan_text(GoodKeys{}.plan), HasSubstr("\"volumes\":[{"));
}

} // namespace
} // namespace quietus
