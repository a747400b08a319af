// Drives that erase themselves, each way, from the plan to the verdict; killed at each line of the
// journal, and gone on with: nothing ends erased whose secret is left.
#include "support/replay_ports.hpp"
#include "support/unkept_run.hpp"

#include "quietus/app/issue.hpp"
#include "quietus/core/bytes.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/drive/ata/facts.hpp"
#include "quietus/emulator/emulated_host.hpp"
#include "quietus/job/journal.hpp"
#include "quietus/job/step_secrets.hpp"
#include "quietus/stream/digest.hpp"
#include "quietus/technique/ata/security_erase.hpp"

#include <gmock/gmock.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace quietus {
namespace {

namespace fs = std::filesystem;
using emulator::EmulatedHost;
using emulator::SimulatedClock;

// A part of it is hidden: what is lifted must stay lifted over a kill.
constexpr std::string_view scenario_text =
    "title = \"t\"\n[[drive]]\nname = \"a\"\nkind = \"ata\"\nmedium = \"flash\"\n"
    "model = \"M\"\nserial = \"S1\"\nfirmware = \"F\"\nsize = 258048\nnative_size = 262144\n"
    "secret = \"the secret that must not be left\"\n[drive.ata]\n";
constexpr auto node = "rehearsal:a";

/// The emulated machine over a directory in which its drive lasts.
struct Machine {
    explicit Machine(const std::string& directory)
        : clock(std::make_shared<SimulatedClock>()),
          host(*emulator::parse_scenario(scenario_text), directory, clock) {}
    [[nodiscard]] Drive drive() { return host.detect({})->front(); }
    [[nodiscard]] std::uint64_t residue() { return host.residue(node).value(); }

    std::shared_ptr<SimulatedClock> clock;
    EmulatedHost host;
};

/// Keeps the lines, and how the drive is on disk when each is on stable storage: what a kill there
/// leaves.
class Lines final : public Journal {
  public:
    explicit Lines(std::string drives) : drives_(std::move(drives)) {}
    Status append(const Json& event) override {
        lines.push_back(to_line(event) + "\n");
        const std::string left = left_after(lines.size());
        fs::create_directories(left);
        if (fs::exists(drives_)) fs::copy(drives_, left, fs::copy_options::recursive);
        return {};
    }
    [[nodiscard]] std::string left_after(std::size_t count) const {
        return drives_ + "-" + std::to_string(count);
    }
    [[nodiscard]] std::string first(std::size_t count) const {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += lines[i];
        return text;
    }
    /// What was sent to the drive, and what it answered.
    [[nodiscard]] std::string wire() const {
        std::string text;
        for (const std::string& line : lines) {
            const auto event = parse_json(line);
            if (!event || event->text_of("event") != "transcript") continue;
            for (const Json& each : *event->find("lines")->as<Json::Array>())
                text += *each.as<std::string>() + "\n";
        }
        return text;
    }
    std::vector<std::string> lines;

  private:
    std::string drives_;
};

class FirmwareKill : public testing::TestWithParam<Technique> {
  protected:
    ~FirmwareKill() override { fs::remove_all(directory); }

    CommittedPlan committed(const Drive& drive, const Plan& wished) {
        test::Agreeing person;
        auto confirmed = confirm({drive, wished}, person);
        return std::move(*commit(std::move(*confirmed), {log, "TEST01"}));
    }
    static Plan plan_of(const Drive& drive, Technique technique) {
        PlanRequest wish;
        wish.technique = technique;
        auto made = make_plan(drive, wish);
        EXPECT_TRUE(made) << made.error().message;
        return std::move(*made);
    }
    ErasureRecord carried_out(Machine& machine, CommittedPlan order, Journal& journal) {
        const Drive drive = order.drive();
        HostBay bay(machine.host, drive);
        Bench bench{bay, *machine.clock, journal, watch, {}};
        auto record = carry_out(std::move(order), bench);
        EXPECT_TRUE(record) << record.error().message;
        return record ? std::move(*record) : ErasureRecord{};
    }
    ErasureRecord erased(Machine& machine, Technique technique, Journal& journal) {
        const Drive drive = machine.drive();
        CommittedPlan order = committed(drive, plan_of(drive, technique));
        secrets = draw_secrets(order.plan());
        plan = order.plan();
        order.use(secrets);
        EXPECT_TRUE(journal.append(committed_line(order, {})));
        return carried_out(machine, std::move(order), journal);
    }
    /// With what the journal says, as `quietus resume` does.
    ErasureRecord gone_on(Machine& machine, const std::string& journal) {
        const auto content = FileJournal::parse(journal);
        EXPECT_TRUE(content) << content.error().message;
        const Drive drive = machine.drive();
        CommittedPlan order = committed(drive, plan);
        order.use(secrets);
        StartingPoint from =
            starting_point(plan, {content->evidence, content->checkpoint}, drive, true);
        from.done.resumed.back().resumed_at = to_rfc3339(machine.clock->utc_seconds());
        order.go_on_from(std::move(from));
        test::ForgetfulJournal forgetful;
        return carried_out(machine, std::move(order), forgetful);
    }
    /// As recover does: then nothing is in the way of another erasure.
    static void take_password_off(Machine& machine) {
        auto link = machine.host.open(machine.drive());
        ASSERT_TRUE(link && link->firmware);
        const auto status = ata::take_password_off(*link->firmware->ata());
        EXPECT_TRUE(status) << status.error().message;
    }
    static std::string new_directory() {
        std::string pattern = testing::TempDir() + "quietus-kill-XXXXXX";
        return mkdtemp(pattern.data());
    }
    static std::string findings_of(const ErasureRecord& record) {
        return to_line(to_json(record.judgement.findings));
    }

    const std::string directory = new_directory();
    test::ForgetfulLog log;
    test::NotingAudience watch;
    Plan plan;
    StepSecrets secrets;
};

TEST_P(FirmwareKill, IsErasedFromThePlanToTheVerdict) {
    Machine machine(directory + "/drives");
    ASSERT_EQ(machine.residue(), 512u);
    Lines journal(directory + "/drives");
    const ErasureRecord record = erased(machine, GetParam(), journal);
    EXPECT_EQ(record.judgement.verdict, Verdict::erased) << findings_of(record);
    EXPECT_EQ(machine.residue(), 0u) << "the hidden blocks too";
    EXPECT_EQ(record.drive.size_bytes, 258048u) << "as it was found";
    EXPECT_EQ(machine.drive().size_bytes, 262144u);
    // All that went over the wire is in the journal, as a replay port reads it.
    const std::string wire = journal.wire();
    EXPECT_EQ(record.evidence.firmware->transcript_sha256,
              to_hex(digest(DigestKind::sha256, as_bytes(wire))));
    test::Transcript played(wire);
    played.lenient = true;
    const auto identify = played.play("scsi 85080e0000000100000000000000ec00");
    EXPECT_FALSE(identify.lost);
    EXPECT_EQ(identify.data.size(), 512u);
}

TEST_P(FirmwareKill, IsErasedOrSaysThatItIsNotWhereverItWasKilled) {
    Lines journal(directory + "/drives");
    {
        Machine machine(directory + "/drives");
        ASSERT_EQ(erased(machine, GetParam(), journal).judgement.verdict, Verdict::erased);
    }
    ASSERT_GT(journal.lines.size(), 5u);
    const StepSecrets drawn = secrets;
    const bool sanitizes = GetParam() <= Technique::ata_sanitize_overwrite;
    unsigned gone_on_with = 0;
    // The last line is the verdict: a run that has one is not gone on with.
    for (std::size_t count = 1; count < journal.lines.size(); ++count) {
        SCOPED_TRACE("killed after line " + std::to_string(count) + ": " +
                     journal.lines[count - 1].substr(0, 60));
        Machine machine(journal.left_after(count));
        secrets = drawn;
        const ErasureRecord record = gone_on(machine, journal.first(count));
        const bool is_erased = record.judgement.verdict == Verdict::erased;
        if (is_erased) {
            EXPECT_EQ(machine.residue(), 0u);
            ++gone_on_with;
            continue;
        }
        EXPECT_EQ(record.judgement.level, Level::none);
        // Then it can be erased anew, after what `recover` does.
        take_password_off(machine);
        Lines again(journal.left_after(count) + "-again");
        const ErasureRecord second = erased(machine, GetParam(), again);
        EXPECT_EQ(second.judgement.verdict, Verdict::erased) << findings_of(second);
        EXPECT_EQ(machine.residue(), 0u);
    }
    EXPECT_GE(gone_on_with, sanitizes ? 3u : 1u);
}

INSTANTIATE_TEST_SUITE_P(Techniques, FirmwareKill,
                         testing::Values(Technique::ata_sanitize_crypto_scramble,
                                         Technique::ata_sanitize_block_erase,
                                         Technique::ata_sanitize_overwrite,
                                         Technique::ata_security_erase_enhanced,
                                         Technique::ata_security_erase),
                         [](const testing::TestParamInfo<Technique>& technique) {
                             std::string name(to_text(technique.param));
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

} // namespace
} // namespace quietus
