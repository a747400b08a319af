// Overwrites of SATA drives that hide a part of themselves: it is lifted, written and read back as
// the rest is, or nothing is written and the verdict says so.
#include "ata_host.hpp"
#include "quietus/transport/ata/commands.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

namespace quietus {
namespace {

using emulator::MaxAddress;
using test::AtaHost;
using test::codes_of;
using test::LossyAtaPort;
using test::NotingAudience;
using testing::ElementsAre;

/// Says that it has lifted what it hides, and has not.
class LyingPort final : public AtaPort {
  public:
    explicit LyingPort(AtaPort& port) : port_(port) {}
    Result<AtaReply> execute(const AtaCommand& command) override {
        constexpr std::uint8_t identify = 0xEC;
        constexpr std::uint8_t set_max_ext = 0x37;
        if (command.taskfile.command == set_max_ext) {
            lies_ = true;
            return port_.execute(ata::read_native_max(true));
        }
        auto reply = port_.execute(command);
        if (!lies_ || !reply || command.taskfile.command != identify) return reply;
        const auto native = port_.execute(ata::read_native_max(true));
        const std::uint64_t blocks = *native->registers->lba + 1;
        for (unsigned octet = 0; octet < 8; ++octet) // words 100 to 103
            reply->data[200 + octet] = static_cast<std::uint8_t>(blocks >> (8 * octet));
        reply->data[510] = 0xA5;
        const auto sum = std::accumulate(reply->data.begin(), reply->data.end() - 1, 0U);
        reply->data[511] = static_cast<std::uint8_t>(0U - sum);
        return reply;
    }

  private:
    AtaPort& port_;
    bool lies_ = false;
};

void expect_erased(AtaHost& host, std::uint64_t bytes) {
    const auto record = host.overwrite();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->plan.steps.front().kind, StepKind::lift_hidden_areas);
    EXPECT_EQ(record->judgement.verdict, Verdict::erased)
        << testing::PrintToString(codes_of(*record));
    EXPECT_EQ(record->judgement.level, Level::clear);
    EXPECT_EQ(record->judgement.bytes_proven, bytes);
    EXPECT_THAT(record->judgement.unproven, ElementsAre());
    EXPECT_EQ(record->evidence.hidden->state, HiddenState::lifted);
    EXPECT_EQ(host.residue(), 0U);
}

// To the exact block: one that is hidden counts.
TEST(HiddenAreaOverwritten, IsLiftedAndReachedWhateverHidIt) {
    constexpr std::uint64_t blocks = 2048;
    for (const std::uint64_t hidden : {1U, 700U})
        for (const std::uint32_t block_bytes : {512U, 4096U}) {
            SCOPED_TRACE(testing::Message() << hidden << " blocks of " << block_bytes);
            for (const MaxAddress how : {MaxAddress::hpa, MaxAddress::ama}) {
                AtaHost host({.accessible_blocks = blocks - hidden,
                              .logical_bytes = block_bytes,
                              .max_address = how});
                expect_erased(host, blocks * block_bytes);
            }
            AtaHost overlaid({.dco_blocks = blocks - hidden, .logical_bytes = block_bytes});
            expect_erased(overlaid, blocks * block_bytes);
        }
    AtaHost both({.dco_blocks = 2000, .accessible_blocks = 1500});
    expect_erased(both, blocks * 512);
    AtaHost of_28_bits({.accessible_blocks = 2047, .extended = false});
    expect_erased(of_28_bits, blocks * 512);
}

TEST(HiddenAreaOverwritten, IsReachedByEveryPassOfAScheme) {
    AtaHost host({.accessible_blocks = 2047});
    const auto record = host.overwrite("uk.is5.enhanced");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->judgement.verdict, Verdict::erased)
        << testing::PrintToString(codes_of(*record));
    for (const PassRecord& pass : record->evidence.passes)
        EXPECT_EQ(pass.bytes_written, 2048U * 512);
}

// What nothing hides needs no step, and the plan is as it was before there were such drives.
TEST(HiddenAreaOverwritten, IsNoStepWhereNothingIsHidden) {
    AtaHost host({});
    const auto record = host.overwrite();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->plan.steps.front().kind, StepKind::address_probe);
    EXPECT_FALSE(record->evidence.hidden);
    EXPECT_EQ(record->judgement.verdict, Verdict::erased);
    EXPECT_EQ(host.residue(), 0U);
}

// SET MAX ADDRESS is taken once in a power cycle, and somebody has used that.
TEST(HiddenAreaOverwritten, NeedsAPowerCycleWhenItWasSetBefore) {
    AtaHost host({.accessible_blocks = 1024});
    ASSERT_TRUE(host.drive.execute(ata::read_native_max(true)));
    ASSERT_TRUE(host.drive.execute(ata::set_max(1023, true)));
    const std::uint64_t before = host.residue();
    const auto record = host.overwrite();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->evidence.hidden->state, HiddenState::power_cycle_needed);
    EXPECT_EQ(record->judgement.verdict, Verdict::refused);
    EXPECT_THAT(codes_of(*record), ElementsAre("power-cycle-needed"));
    EXPECT_EQ(record->judgement.bytes_proven, 0U);
    EXPECT_EQ(host.residue(), before) << "something was written";
    host.drive.power_cycle();
    expect_erased(host, 2048U * 512);
}

// Whatever command is lost, or its answer: never erased with something left, and what is not
// erased says why.
TEST(HiddenAreaOverwritten, IsNeverErasedWithSomethingLeft) {
    AtaHost whole({.dco_blocks = 2000, .accessible_blocks = 1500});
    whole.bay.lossy.lost_at = 1'000'000; // it counts as long as there is one to lose
    ASSERT_TRUE(whole.overwrite());
    const unsigned sent = whole.bay.lossy.count;
    for (const auto loss : {LossyAtaPort::Loss::command, LossyAtaPort::Loss::answer}) {
        unsigned not_erased = 0;
        for (unsigned at = 1; at < sent; ++at) { // by the first it is asked who it is
            SCOPED_TRACE(testing::Message() << "command " << at);
            AtaHost host({.dco_blocks = 2000, .accessible_blocks = 1500});
            host.bay.lossy.lost_at = at;
            host.bay.lossy.loss = loss;
            const auto record = host.overwrite();
            ASSERT_TRUE(record);
            if (record->judgement.verdict == Verdict::erased) {
                EXPECT_EQ(host.residue(), 0U);
                continue;
            }
            ++not_erased;
            EXPECT_FALSE(record->judgement.findings.empty());
            EXPECT_EQ(record->judgement.level, Level::none);
        }
        EXPECT_GT(sent, 8U);
        EXPECT_GT(not_erased, 4U);
    }
}

TEST(HiddenAreaOverwritten, IsNotTakenForLiftedByTheDrivesWord) {
    AtaHost host({.accessible_blocks = 1024});
    LyingPort lie(*host.bay.ata());
    host.instead = &lie;
    const std::uint64_t before = host.residue();
    const auto record = host.overwrite();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->evidence.hidden->state, HiddenState::lifted) << "it says so";
    EXPECT_EQ(record->judgement.verdict, Verdict::failed);
    EXPECT_THAT(codes_of(*record), testing::Contains("drive-changed"));
    EXPECT_EQ(host.residue(), before) << "something was written";
}

// What has a hidden area again when all is done was not all erased, or nobody knows.
TEST(HiddenAreaOverwritten, IsAskedForAgainAtTheEnd) {
    AtaHost host({.accessible_blocks = 1024});
    NotingAudience audience;
    audience.at_step_end = [&](const Progress& progress) {
        if (progress.step != progress.steps) return;
        host.drive.power_cycle();
        ASSERT_TRUE(host.drive.execute(ata::read_native_max(true)));
        ASSERT_TRUE(host.drive.execute(ata::set_max(1023, true)));
    };
    const auto record = test::UnkeptRun{host, host.clock, audience}.erase(
        host.told(), {.scheme = "generic.random"});
    ASSERT_TRUE(record);
    EXPECT_EQ(record->evidence.hidden->after->accessible, 1024U);
    EXPECT_EQ(record->judgement.verdict, Verdict::failed);
    EXPECT_THAT(codes_of(*record), ElementsAre("hidden-area"));
}

} // namespace
} // namespace quietus
