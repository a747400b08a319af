// Overwrites of SATA drives that hide a part of themselves: it is lifted, written and read back as
// the rest is, or nothing is written and the verdict says so.
#include "quietus/drive/ata/facts.hpp"
#include "quietus/emulator/ata_drive.hpp"
#include "quietus/transport/ata/commands.hpp"
#include "support/emulated_firmware.hpp"
#include "support/unkept_run.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

namespace quietus {
namespace {

using emulator::AtaDrive;
using emulator::AtaTraits;
using emulator::MaxAddress;
using test::EmulatedBay;
using test::LossyAtaPort;
using test::NotingAudience;
using testing::ElementsAre;

const std::string secret = "the secret that must not be left";

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

/// The bay of a drive that outlives it, lent to one run.
class LentBay final : public FirmwareBay {
  public:
    LentBay(EmulatedBay& bay, AtaPort& commands) : bay_(bay), commands_(commands) {}
    AtaPort& commands() override { return commands_; }
    Result<std::unique_ptr<BlockPort>> open_blocks() override { return bay_.open_blocks(); }
    bool reset() override { return bay_.reset(); }

  private:
    EmulatedBay& bay_;
    AtaPort& commands_;
};

/// A machine with one emulated SATA drive, full of secrets.
class AtaHost final : public Host {
  public:
    explicit AtaHost(const AtaTraits& traits) : drive(traits, clock), bay(drive) {
        drive.hold(as_bytes(secret));
    }
    Drive told() {
        Drive facts;
        facts.node = "/dev/emulated";
        facts.kind = DriveKind::ata;
        facts.medium = Medium::magnetic;
        facts.model = drive.traits().model;
        facts.serial = drive.traits().serial;
        facts.identity_source = IdentitySource::drive;
        facts.logical_block_bytes = drive.traits().logical_bytes;
        const auto asked = ata::ask_facts(drive);
        if (asked) {
            ata::tell(*asked, facts);
            facts.size_bytes = asked->hidden.accessible * facts.logical_block_bytes;
        }
        return facts;
    }
    Result<std::vector<Drive>> detect(const DetectRequest&) override {
        return std::vector<Drive>{told()};
    }
    Result<Drive> image(const std::string&, const DetectRequest&) override {
        return Error{Fault::usage, "no image"};
    }
    Result<DriveLink> open(const Drive&) override {
        AtaPort& commands = lie ? static_cast<AtaPort&>(*lie) : bay.commands();
        return DriveLink{drive.open_block(), std::make_unique<LentBay>(bay, commands)};
    }
    Result<DriveLink> open_to_read(const Drive& one) override { return open(one); }

    std::optional<ErasureRecord> overwrite(const std::string& scheme = "generic.random") {
        NotingAudience audience;
        return test::UnkeptRun{*this, clock, audience}.erase(told(), {.scheme = scheme});
    }
    std::uint64_t residue() { return drive.residue(as_bytes(secret)); }

    emulator::SimulatedClock clock;
    AtaDrive drive;
    EmulatedBay bay;
    std::optional<LyingPort> lie;
};

std::vector<std::string> codes_of(const ErasureRecord& record) {
    std::vector<std::string> codes;
    for (const Finding& each : record.judgement.findings)
        if (codes.empty() || codes.back() != each.code) codes.push_back(each.code);
    return codes;
}

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
    host.lie.emplace(host.bay.commands());
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
