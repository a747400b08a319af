// What a SANITIZE can be told besides, from the wish to the command and to the verdict: each flag
// arrives, none makes a lie truer, and a drive that could not do as it is told keeps what it has.
#include "ata_host.hpp"
#include "ata_verdicts.hpp"

#include "quietus/core/json_fields.hpp"
#include "quietus/policy/make_plan.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace quietus {
namespace {

using test::AtaHost;
using test::codes_of;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto crypto = Technique::ata_sanitize_crypto_scramble;
constexpr auto block = Technique::ata_sanitize_block_erase;
constexpr auto overwrite = Technique::ata_sanitize_overwrite;

/// Keeps COUNT of each operation of SANITIZE DEVICE.
class CountNotingPort final : public AtaPort {
  public:
    explicit CountNotingPort(AtaPort& port) : port_(port) {}
    Result<AtaReply> execute(const AtaCommand& command) override {
        const AtaTaskfile& sent = command.taskfile;
        if (sent.command == 0xB4 && sent.feature >= 0x0011 && sent.feature <= 0x0014)
            counts.push_back(sent.count);
        return port_.execute(command);
    }
    std::vector<unsigned> counts;

  private:
    AtaPort& port_;
};

PlanRequest wish_for(Technique technique, const FirmwareOptions& options) {
    PlanRequest wish;
    wish.technique = technique;
    wish.firmware = options;
    return wish;
}

FirmwareOptions with_pattern(Technique technique) {
    return {.pattern = technique == overwrite ? 0xA5A5A5A5 : 0};
}

struct Told {
    const char* what;
    Technique technique;
    FirmwareOptions options;
    unsigned count; ///< ACS-4: 15 ZONED NO RESET, 7 INVERT, 6 DEFINITIVE ENDING, 4 FAILURE MODE
};

const std::vector<Told> all_told{
    {"crypto", crypto, {}, 0x0000},
    {"crypto_unrestricted", crypto, {.may_leave_failed = true}, 0x0010},
    {"crypto_zoned", crypto, {.zoned_no_reset = true}, 0x8000},
    {"block_both", block, {.may_leave_failed = true, .zoned_no_reset = true}, 0x8010},
    {"overwrite", overwrite, {.pattern = 0x01020304}, 0x0001},
    {"overwrite_16_inverted", overwrite, {.passes = 16, .invert_between = true}, 0x0080},
    {"overwrite_definitive",
     overwrite,
     {.pattern = 0x01020304, .passes = 2, .invert_between = true, .definitive_end = true},
     0x00C2},
    {"overwrite_all",
     overwrite,
     {.pattern = 0x01020304,
      .passes = 15,
      .invert_between = true,
      .definitive_end = true,
      .may_leave_failed = true,
      .zoned_no_reset = true},
     0x80DF}};

class SanitizeOption : public testing::TestWithParam<Told> {};

TEST_P(SanitizeOption, ArrivesAndTheHonestDriveIsErased) {
    const Told& told = GetParam();
    AtaHost host({.blocks = 256, .zoned = told.options.zoned_no_reset});
    CountNotingPort port(*host.bay.ata());
    host.instead = &port;
    const auto record = host.erase(wish_for(told.technique, told.options));
    ASSERT_TRUE(record);
    EXPECT_THAT(port.counts, ElementsAre(told.count));
    EXPECT_EQ(record->judgement.verdict, Verdict::erased)
        << testing::PrintToString(codes_of(*record));
    EXPECT_EQ(to_json(record->evidence.firmware->options), to_json(told.options));
    EXPECT_EQ(host.residue(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Each, SanitizeOption, testing::ValuesIn(all_told),
                         [](const auto& each) { return std::string(each.param.what); });

// By hand from the table: whether a failure may be left without success changes nothing of what is
// proven, of an honest drive and of a lying one.
class UnrestrictedSanitize : public testing::TestWithParam<test::Row> {};

TEST_P(UnrestrictedSanitize, IsJudgedAsARestrictedOne) {
    const test::Row& row = GetParam();
    if (row.knob == test::Knob::frozen) return; // then there is no plan
    for (std::size_t at = 0; at < 3; ++at) {
        SCOPED_TRACE(to_text(test::methods[at]));
        AtaHost host({.blocks = 256, .zoned = true});
        if (row.knob) host.drive.turn(*row.knob);
        FirmwareOptions options = with_pattern(test::methods[at]);
        options.may_leave_failed = options.zoned_no_reset = true;
        const auto record = host.erase(wish_for(test::methods[at], options));
        ASSERT_TRUE(record);
        EXPECT_EQ(to_text(record->judgement.verdict), to_text(row.verdicts[at])) << row.why;
        if (record->judgement.verdict != Verdict::erased) {
            EXPECT_EQ(record->judgement.level, Level::none);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Knobs, UnrestrictedSanitize, testing::ValuesIn(test::table),
                         test::name_of);

// Which of the two it is shows afterwards: by a word the one state is left and not the other.
TEST(FailedSanitize, IsLeftByAWordWhereThatWasAllowed) {
    for (const Technique technique : {crypto, block, overwrite})
        for (const bool may_leave : {false, true}) {
            SCOPED_TRACE(testing::Message() << to_text(technique) << may_leave);
            AtaHost host({.blocks = 256});
            host.drive.turn(test::Knob::fails_at_end);
            FirmwareOptions options = with_pattern(technique);
            options.may_leave_failed = may_leave;
            const auto record = host.erase(wish_for(technique, options));
            ASSERT_TRUE(record);
            EXPECT_EQ(record->judgement.verdict, Verdict::failed);
            EXPECT_THAT(codes_of(*record), ElementsAre("firmware-failed"));
            EXPECT_EQ(host.told().ata_erasure->sanitize, SanitizeState::failed);
            // COUNT bit 0 of SANITIZE STATUS EXT: CLEAR SANITIZE OPERATION FAILED.
            ASSERT_TRUE(host.drive.execute(
                {.taskfile = {0xB4, 0x0000, 0x0001, 0, 0x40}, .extended = true}));
            EXPECT_EQ(host.told().ata_erasure->sanitize,
                      may_leave ? SanitizeState::idle : SanitizeState::failed);
        }
}

void expect_unplanned(AtaHost& host, const PlanRequest& wish, Fault fault, const char* why) {
    const std::uint64_t before = host.residue();
    const auto plan = make_plan(host.told(), wish);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().fault, fault);
    EXPECT_THAT(plan.error().message, HasSubstr(why));
    EXPECT_EQ(host.residue(), before);
}

const FirmwareOptions definitive{.passes = 2, .invert_between = true, .definitive_end = true};

TEST(SanitizeOptions, AreOfDrivesThatHaveThem) {
    AtaHost plain({.blocks = 256, .sanitize = {.definitive_ending_pattern = false}});
    EXPECT_EQ(plain.told().ata_erasure->definitive_end, false);
    expect_unplanned(plain, wish_for(overwrite, definitive), Fault::unsupported,
                     "does not say that it ends an inverted overwrite");
    for (const Technique technique : {crypto, block, overwrite})
        expect_unplanned(plain, wish_for(technique, {.zoned_no_reset = true}), Fault::unsupported,
                         "no zones");
    AtaHost silent({.blocks = 256});
    silent.drive.turn(test::Knob::log_unreadable);
    if (!silent.told().ata_erasure->definitive_end)
        expect_unplanned(silent, wish_for(overwrite, definitive), Fault::unsupported,
                         "does not say");
}

TEST(SanitizeOptions, AreOfTechniquesThatHaveThem) {
    AtaHost host({.blocks = 256, .zoned = true});
    constexpr auto flaw = "options are none that the drive could be told";
    for (const Technique technique :
         {Technique::ata_security_erase, Technique::ata_security_erase_enhanced}) {
        expect_unplanned(host, wish_for(technique, {.may_leave_failed = true}), Fault::usage, flaw);
        expect_unplanned(host, wish_for(technique, {.zoned_no_reset = true}), Fault::usage, flaw);
    }
    for (const Technique technique : {crypto, block})
        expect_unplanned(host, wish_for(technique, definitive), Fault::usage, flaw);
}

// Between plan and run another drive may have been put behind a bridge: the one that is told is
// asked once more, before anything is written.
TEST(SanitizeOptions, AreAskedForOnceMoreBeforeAnythingIsWritten) {
    AtaHost knows({.blocks = 256});
    auto plan = make_plan(knows.told(), wish_for(overwrite, definitive));
    ASSERT_TRUE(plan) << plan.error().message;
    AtaHost host({.blocks = 256, .sanitize = {.definitive_ending_pattern = false}});
    const std::uint64_t before = host.residue();
    test::NotingAudience audience;
    test::Agreeing person;
    auto confirmed = confirm({host.told(), std::move(*plan)}, person);
    ASSERT_TRUE(confirmed);
    test::ForgetfulLog log;
    test::ForgetfulJournal journal;
    const Drive drive = host.told();
    HostBay bay(host, drive);
    Bench bench{bay, host.clock, journal, audience};
    const auto record =
        carry_out(std::move(*commit(std::move(*confirmed), {log, "TEST01"})), bench);
    ASSERT_TRUE(record) << record.error().message;
    EXPECT_EQ(record->judgement.verdict, Verdict::refused);
    EXPECT_THAT(codes_of(*record), ElementsAre("firmware-refused"));
    EXPECT_THAT(record->judgement.findings.front().text, HasSubstr("pattern as given"));
    EXPECT_EQ(host.residue(), before) << "something was written";
}

} // namespace
} // namespace quietus
