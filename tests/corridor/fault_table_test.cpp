// The corridor table: scheme x drive x fault, with the verdict and the findings that each must end
// with, written by hand. Whatever a drive does, `erased` is said only when nothing is left.
#include "support/station.hpp"
#include "support/unkept_run.hpp"

#include "quietus/emulator/media.hpp"
#include "quietus/policy/schemes.hpp"

#include <gmock/gmock.h>

#include <cerrno>
#include <ostream>
#include <set>

namespace quietus {
namespace {

using emulator::FaultKind;
using emulator::Media;
using emulator::MediaFault;
using emulator::MediaTraits;
using test::Agreeing;
using test::NotingAudience;
using test::OneDriveHost;
using test::Station;
using testing::ElementsAreArray;

constexpr std::uint64_t kibibyte = 1024;
const Bytes secret{'t', 'o', 'p', ' ', 's', 'e', 'c', 'r', 'e', 't'};

enum class When : std::uint8_t { at_once, after_probe, before_read_back };
/// What must be left of the secret.
enum class Left : std::uint8_t { nothing, something, anything };

struct Row {
    const char* name;
    MediaFault fault;
    When when;
    Verdict verdict;
    std::vector<std::string> findings; ///< codes, sorted, each once
    Left left;
};

constexpr Extent part{40 * kibibyte, 8 * kibibyte};
// A pass that ended early was not flushed either.
const std::vector<std::string> cut_short{"flush-failed", "incomplete-pass"};

std::vector<std::string> with(const char* code, std::vector<std::string> codes) {
    codes.emplace_back(code);
    std::ranges::sort(codes);
    return codes;
}

const std::vector<std::string> nothing_found;
const std::vector<std::string> not_equal{"incomplete-read-back", "mismatch"};
const std::vector<std::string> not_written{"incomplete-pass", "incomplete-read-back", "mismatch",
                                           "unwritable"};
const std::vector<std::string> not_read{"incomplete-read-back", "unreadable"};

const std::vector<Row> table{
    {"honest",
     {.kind = FaultKind::write_slow},
     When::at_once,
     Verdict::erased,
     nothing_found,
     Left::nothing},
    {"unwritable blocks",
     {.kind = FaultKind::write_error, .where = part},
     When::after_probe,
     Verdict::failed,
     not_written,
     Left::something},
    {"one write that fails",
     {.kind = FaultKind::write_error, .times = 1},
     When::after_probe,
     Verdict::erased,
     nothing_found,
     Left::nothing},
    {"writes that fail twice",
     {.kind = FaultKind::write_error, .where = part, .times = 2},
     When::after_probe,
     Verdict::erased,
     nothing_found,
     Left::nothing},
    {"every write fails",
     {.kind = FaultKind::write_error},
     When::after_probe,
     Verdict::failed,
     with("io-error", cut_short),
     Left::something},
    {"unreadable blocks",
     {.kind = FaultKind::read_error, .where = part},
     When::after_probe,
     Verdict::failed,
     not_read,
     Left::nothing},
    {"one read that fails",
     {.kind = FaultKind::read_error, .times = 1},
     When::after_probe,
     Verdict::erased,
     nothing_found,
     Left::nothing},
    {"dropped writes",
     {.kind = FaultKind::write_dropped, .where = part},
     When::after_probe,
     Verdict::failed,
     not_equal,
     Left::something},
    {"all writes dropped",
     {.kind = FaultKind::write_dropped},
     When::at_once,
     Verdict::failed,
     {"address-aliasing", "probe-stopped"},
     Left::something},
    {"misplaced writes",
     {.kind = FaultKind::write_misplaced, .where = part, .amount = 16 * kibibyte},
     When::after_probe,
     Verdict::failed,
     not_equal,
     Left::something},
    {"torn writes",
     {.kind = FaultKind::write_torn, .where = part, .amount = 5 * kibibyte},
     When::after_probe,
     Verdict::failed,
     not_equal,
     Left::something},
    {"reads that differ",
     {.kind = FaultKind::read_flicker, .where = part},
     When::after_probe,
     Verdict::failed,
     not_equal,
     Left::nothing},
    {"reads that move nothing",
     {.kind = FaultKind::read_lazy},
     When::after_probe,
     Verdict::failed,
     not_equal,
     Left::nothing},
    {"half as large as it says",
     {.kind = FaultKind::alias, .amount = 64 * kibibyte},
     When::at_once,
     Verdict::failed,
     {"address-aliasing", "probe-stopped"},
     Left::something},
    {"a flush of the probe fails",
     {.kind = FaultKind::flush_error, .times = 1},
     When::at_once,
     Verdict::failed,
     {"flush-failed"},
     Left::nothing},
    {"a flush that never ends",
     {.kind = FaultKind::flush_hang},
     When::at_once,
     Verdict::failed,
     {"drive-stalled", "flush-failed", "incomplete-probe"},
     Left::something},
    {"vanishes in a pass",
     {.kind = FaultKind::vanish, .after = 3, .error = ENODEV},
     When::after_probe,
     Verdict::failed,
     with("drive-vanished", cut_short),
     Left::something},
    {"vanishes with EIO and size 0",
     {.kind = FaultKind::vanish, .after = 3, .error = EIO},
     When::after_probe,
     Verdict::failed,
     with("drive-vanished", cut_short),
     Left::something},
    {"dies in a pass, and says EIO",
     {.kind = FaultKind::offline, .after = 3},
     When::after_probe,
     Verdict::failed,
     with("io-error", cut_short),
     Left::something},
    {"dies in the read-back",
     {.kind = FaultKind::offline},
     When::before_read_back,
     Verdict::failed,
     {"incomplete-read-back", "io-error"},
     Left::nothing},
    {"every other block bad",
     {.kind = FaultKind::write_error, .where = part, .every = 1024},
     When::after_probe,
     Verdict::failed,
     not_written,
     Left::something},
    {"vanishes in the probe",
     {.kind = FaultKind::vanish, .after = 3, .error = ENXIO},
     When::at_once,
     Verdict::failed,
     {"drive-vanished", "flush-failed", "incomplete-probe"},
     Left::something},
    {"vanishes in the read-back",
     {.kind = FaultKind::vanish, .error = ENODEV},
     When::before_read_back,
     Verdict::failed,
     {"drive-vanished", "incomplete-read-back"},
     Left::nothing},
    {"shrinks",
     {.kind = FaultKind::shrink, .after = 2, .amount = 32 * kibibyte},
     When::after_probe,
     Verdict::failed,
     with("drive-changed", cut_short),
     Left::something},
    {"grows",
     {.kind = FaultKind::grow, .after = 2, .amount = 256 * kibibyte},
     When::after_probe,
     Verdict::failed,
     with("drive-changed", cut_short),
     Left::anything},
    {"turns read-only",
     {.kind = FaultKind::read_only, .after = 3, .error = EROFS},
     When::after_probe,
     Verdict::failed,
     with("drive-changed", cut_short),
     Left::something},
    {"is exchanged",
     {.kind = FaultKind::replaced, .after = 3, .times = 1},
     When::after_probe,
     Verdict::failed,
     with("drive-changed", cut_short),
     Left::anything},
    {"a write that never ends",
     {.kind = FaultKind::write_hang, .where = part},
     When::after_probe,
     Verdict::failed,
     with("drive-stalled", cut_short),
     Left::something},
    {"a read that never ends",
     {.kind = FaultKind::read_hang, .where = part},
     When::before_read_back,
     Verdict::failed,
     {"drive-stalled", "incomplete-read-back"},
     Left::nothing},
    {"a write that takes a minute",
     {.kind = FaultKind::write_slow, .where = part, .delay = std::chrono::minutes(1)},
     When::after_probe,
     Verdict::erased,
     nothing_found,
     Left::nothing},
};

struct DriveRow {
    const char* name;
    MediaTraits traits;
};

const std::vector<DriveRow> drives{
    {"of 512-byte blocks", {.size_bytes = 128 * kibibyte, .slots = 9, .slot_bytes = 16 * kibibyte}},
    {"of 4096-byte blocks",
     {.size_bytes = 128 * kibibyte, .block_bytes = 4096, .slots = 9, .slot_bytes = 16 * kibibyte}},
    {"with a cache and an odd size",
     {.size_bytes = 129 * kibibyte + 512,
      .slots = 9,
      .slot_bytes = 16 * kibibyte,
      .cached_writes = 4}},
};

struct End {
    Verdict verdict = Verdict::error;
    std::set<std::string> findings;
    std::uint64_t residue = 0;
};

std::set<std::string> codes_of(const std::vector<Finding>& findings) {
    std::set<std::string> codes;
    for (const Finding& finding : findings)
        codes.insert(finding.code);
    return codes;
}

/// An emulated drive that gets its fault when the row says.
class FaultyDrive {
  public:
    FaultyDrive(const MediaTraits& traits, emulator::SimulatedClock& time, const MediaFault& fault,
                When when)
        : media(traits, time), host(media) {
        host.drive.logical_block_bytes = traits.block_bytes;
        media.hold(secret);
        if (when == When::at_once) media.add(fault);
        audience.at_step_end = [this, fault, when](const Progress& progress) {
            const bool probed = progress.kind == StepKind::address_probe;
            const bool last_write =
                progress.kind == StepKind::write && progress.step + 1 == progress.steps;
            if ((probed && when == When::after_probe) ||
                (last_write && when == When::before_read_back))
                media.add(fault);
        };
    }
    FaultyDrive(const FaultyDrive&) = delete;
    FaultyDrive& operator=(const FaultyDrive&) = delete;

    Media media;
    OneDriveHost host;
    NotingAudience audience;
};

PlanRequest wish_for(const std::string& scheme) {
    return {.scheme = scheme, .verification = Verification{VerificationMode::full, 100}};
}

class FaultTable : public testing::Test {
  protected:
    End run(const MediaTraits& traits, const std::string& scheme, const MediaFault& fault,
            When when = When::at_once) {
        FaultyDrive drive(traits, time, fault, when);
        const auto record = test::UnkeptRun{drive.host, time, drive.audience}.erase(
            drive.host.drive, wish_for(scheme));
        counts = drive.media.counts();
        if (!record) return {};
        return {record->judgement.verdict, codes_of(record->judgement.findings),
                drive.media.residue(secret)};
    }

    emulator::SimulatedClock time;
    Media::Counts counts;
};

void expect_row(const Row& row, const End& end) {
    EXPECT_EQ(end.verdict, row.verdict);
    EXPECT_THAT(end.findings, ElementsAreArray(row.findings));
    if (row.left == Left::nothing) {
        EXPECT_EQ(end.residue, 0u);
    }
    if (row.left == Left::something) {
        EXPECT_GT(end.residue, 0u);
    }
}

class FaultsOfSchemes : public FaultTable, public testing::WithParamInterface<const char*> {};

TEST_P(FaultsOfSchemes, EndAsTheTableSays) {
    for (const DriveRow& drive : drives)
        for (const Row& row : table) {
            SCOPED_TRACE(std::string(row.name) + ", a drive " + drive.name);
            expect_row(row, run(drive.traits, GetParam(), row.fault, row.when));
        }
}

INSTANTIATE_TEST_SUITE_P(Corridor, FaultsOfSchemes,
                         testing::Values("generic.zero", "generic.random", "uk.is5.enhanced"),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

TEST_F(FaultTable, IsTheSameForEveryScheme) {
    for (const Scheme& scheme : schemes())
        for (const Row& row : table) {
            SCOPED_TRACE(scheme.id + ", " + row.name);
            expect_row(row, run(drives[0].traits, scheme.id, row.fault, row.when));
        }
}

// What was in a cache when the power went was acknowledged and is gone.
TEST_F(FaultTable, FindsWritesThatACacheForgot) {
    MediaTraits traits = drives[2].traits;
    traits.slot_bytes = 4 * kibibyte; // more transfers than slots, so that some wait for a flush
    for (const char* scheme : {"generic.zero", "generic.random"}) {
        const End end = run(traits, scheme, {.kind = FaultKind::power_cut, .after = 20, .times = 1},
                            When::after_probe);
        EXPECT_EQ(end.verdict, Verdict::failed);
        EXPECT_THAT(end.findings, ElementsAreArray(not_equal));
        EXPECT_GT(end.residue, 0u);
    }
}

// An error on the Nth command of a kind, for every N: once, it is overcome; from then on, it is
// not.

TEST_F(FaultTable, OvercomesAnErrorOnAnyOneWriteOrRead) {
    for (const FaultKind kind : {FaultKind::write_error, FaultKind::read_error}) {
        std::uint64_t commands = 1;
        for (std::uint64_t failing = 0; failing < commands; ++failing) {
            const End end =
                run(drives[0].traits, "generic.zero", {.kind = kind, .after = failing, .times = 1});
            ASSERT_EQ(end.verdict, Verdict::erased) << failing;
            ASSERT_EQ(end.residue, 0u);
            commands = kind == FaultKind::write_error ? counts.writes : counts.reads;
        }
        EXPECT_GT(commands, 60u);
    }
}

TEST_F(FaultTable, NeverCallsADriveErasedThatFailsFromAnyCommandOn) {
    for (const FaultKind kind :
         {FaultKind::write_error, FaultKind::read_error, FaultKind::write_hang,
          FaultKind::read_hang, FaultKind::vanish, FaultKind::offline, FaultKind::read_only}) {
        std::uint64_t failing = 0;
        for (;; ++failing) {
            const End end = run(drives[0].traits, "generic.zero", {.kind = kind, .after = failing});
            if (counts.struck == 0) {
                EXPECT_EQ(end.verdict, Verdict::erased) << "it came too late";
                break;
            }
            ASSERT_EQ(end.verdict, Verdict::failed) << static_cast<int>(kind) << ", " << failing;
        }
        EXPECT_GT(failing, 60u);
    }
}

TEST_F(FaultTable, NeverCallsADriveErasedThatFailedAnyOneFlush) {
    for (const DriveRow& drive : drives) {
        std::uint64_t failing = 0;
        do {
            const End end = run(drive.traits, "uk.is5.enhanced",
                                {.kind = FaultKind::flush_error, .after = failing, .times = 1});
            ASSERT_EQ(end.verdict, Verdict::failed) << failing;
            ASSERT_TRUE(end.findings.contains("flush-failed"));
        } while (++failing < counts.flushes);
        EXPECT_EQ(failing, 4u) << "of the probe and of three passes";
    }
}

TEST_F(FaultTable, GivesUpADriveBelowTheFloor) {
    Media media({.size_bytes = 512 * kibibyte, .bytes_a_second = 1000}, time);
    OneDriveHost host(media);
    NotingAudience audience;
    const auto record =
        test::UnkeptRun{host, time, audience, {.floor_rate = 100'000}}.erase(host.drive, {});
    ASSERT_TRUE(record);
    EXPECT_EQ(record->judgement.findings.front().code, "drive-too-slow");
    EXPECT_EQ(record->judgement.verdict, Verdict::failed);
}

// What the record says, the signer believes and the document repeats.
TEST(FaultDocuments, SayWhatTheTableSays) {
    for (const Row& row : table) {
        SCOPED_TRACE(row.name);
        // The signer has a clock of its own, and signs nothing that is not of now.
        if (row.fault.delay.count() > 0) continue;
        emulator::SimulatedClock time{Station::time_after_keys()};
        Station station{time};
        FaultyDrive drive(drives[0].traits, time, row.fault, row.when);
        Agreeing person;
        DisposalRequest request;
        request.targets = {"image:/one"};
        request.plan = wish_for("generic.zero");
        request.endurance.give_up = request.endurance.trouble = std::chrono::seconds(20);
        const auto outcomes = dispose(request, station.site(drive.host), person, drive.audience);
        ASSERT_TRUE(outcomes && outcomes->front().document);
        expect_row(row, {outcomes->front().verdict, codes_of(outcomes->front().document->findings),
                         drive.media.residue(secret)});
    }
}

} // namespace
} // namespace quietus
