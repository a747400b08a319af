// Format NVM: what is sent to which namespace, what is kept, and what is made of commands that do
// not come back. Assertions are on the drive.
#include "quietus/technique/nvme/format.hpp"

#include "support/emulated_nvme.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using emulator::Knob;
using emulator::NvmeTraits;
using std::chrono::hours;
using std::chrono::seconds;
using test::LossyNvmePort;
using test::NvmeScene;
using testing::ElementsAre;
using testing::HasSubstr;

NvmeTraits three() {
    NvmeTraits traits;
    traits.unallocated_blocks = 0;
    traits.namespaces = {{.nsid = 1, .blocks = 256},
                         {.nsid = 2, .blocks = 128, .format = 1},
                         {.nsid = 5,
                          .blocks = 64,
                          .attached = false,
                          .format = 2,
                          .metadata_extended = true,
                          .protection = 1,
                          .protection_first = true}};
    return traits;
}

NvmeFormatRecord run(NvmeScene& scene, FormatErase erase) {
    NvmeFormatRecord record;
    run_format(scene.desk, scene.format_order(erase), record);
    return record;
}

std::vector<std::uint32_t> namespaces_of(const LossyNvmePort& port) {
    std::vector<std::uint32_t> all;
    for (const NvmeCommand& each : port.seen)
        if (each.opcode == 0x80) all.push_back(each.nsid);
    return all;
}

TEST(NvmeFormat, ErasesEachNamespaceAsItIsFormatted) {
    for (const FormatErase erase : {FormatErase::user_data, FormatErase::crypto}) {
        NvmeScene scene(three());
        const NvmeFormatRecord record = run(scene, erase);
        EXPECT_EQ(record.outcome, FirmwareOutcome::succeeded) << record.text;
        EXPECT_EQ(record.phase, FormatPhase::ended);
        EXPECT_TRUE(record.formats_kept);
        EXPECT_THAT(namespaces_of(scene.port), ElementsAre(1U, 2U, 5U));
        const std::uint32_t ses = erase == FormatErase::crypto ? 0x400 : 0x200;
        // Format 2, metadata behind the blocks, type 1 in front: bits 3:0, 4, 7:5 and 8.
        EXPECT_THAT(scene.port.words_of(0x80), ElementsAre(ses, ses | 1, ses | 0x132));
        EXPECT_EQ(scene.residue(), 0U);
        const auto now = nvme::ask_facts(scene.drive)->scope.namespaces;
        EXPECT_EQ(now, scene.facts.scope.namespaces);
    }
}

TEST(NvmeFormat, SendsOneCommandWhereThatErasesAll) {
    NvmeTraits traits = three();
    traits.namespaces = {{.nsid = 1, .blocks = 256}, {.nsid = 4, .blocks = 64, .attached = false}};
    traits.format.erases_all = true;
    NvmeScene scene(traits);
    EXPECT_EQ(run(scene, FormatErase::user_data).outcome, FirmwareOutcome::succeeded);
    EXPECT_THAT(namespaces_of(scene.port), ElementsAre(0xFFFFFFFFU));
    EXPECT_EQ(scene.residue(), 0U);
    traits.format.no_broadcast = true;
    NvmeScene other(traits);
    EXPECT_EQ(run(other, FormatErase::user_data).outcome, FirmwareOutcome::succeeded);
    EXPECT_THAT(namespaces_of(other.port), ElementsAre(1U));
    EXPECT_EQ(other.residue(), 0U);
}

TEST(NvmeFormat, WouldChangeNoFormat) {
    NvmeTraits traits = three();
    traits.format.erases_all = true;
    NvmeScene scene(traits);
    const NvmeFormatRecord record = run(scene, FormatErase::user_data);
    EXPECT_EQ(record.outcome, FirmwareOutcome::refused);
    EXPECT_EQ(record.text,
              "one command erases all namespaces, and would change the format of namespace 2");
    EXPECT_TRUE(namespaces_of(scene.port).empty());
}

TEST(NvmeFormat, IsNotBegunWhenItCannotBe) {
    const NvmeScene scene;
    const auto obstacle = [&](auto change) {
        nvme::FormatOrder order = scene.format_order(FormatErase::crypto);
        change(order);
        return format_obstacle(order).value_or("none");
    };
    EXPECT_EQ(obstacle([](auto&) {}), "none");
    EXPECT_EQ(obstacle([](auto& order) { order.features.supported = false; }),
              "the drive does not offer it");
    EXPECT_EQ(obstacle([](auto& order) { order.features.crypto_erase = false; }),
              "the drive does not offer a cryptographic erase");
    EXPECT_EQ(obstacle([](auto& order) { order.namespaces.clear(); }),
              "the drive has no namespace");
    EXPECT_EQ(obstacle([](auto& order) { order.namespaces[0].described = false; }),
              "namespace 1 does not say how it is formatted");
    EXPECT_EQ(obstacle([](auto& order) { order.namespaces[0].write_protected = true; }),
              "namespace 1 is write protected");
}

TEST(NvmeFormat, HasHoursAndNoShortTimeout) {
    EXPECT_EQ(nvme::format_timeout(0), hours(4));
    EXPECT_EQ(nvme::format_timeout(1'000'000'000'000), hours(20)); // 9.3 h at 30 MB/s, twice
    EXPECT_EQ(nvme::format_timeout(~std::uint64_t{0}), hours(24 * 28));
    EXPECT_LT(std::chrono::milliseconds(hours(24 * 28)).count(), std::int64_t{1} << 32U);
    NvmeTraits slow;
    slow.format.user_takes = hours(3);
    NvmeScene scene(slow);
    EXPECT_EQ(run(scene, FormatErase::user_data).outcome, FirmwareOutcome::succeeded);
}

TEST(NvmeFormat, DoesNotGuessHowACommandEnded) {
    for (const auto loss : {LossyNvmePort::Loss::answer, LossyNvmePort::Loss::timed_out}) {
        NvmeScene scene(three());
        scene.port.lost_at = 1; // the second command, and what follows
        scene.port.loss = loss;
        const NvmeFormatRecord record = run(scene, FormatErase::user_data);
        EXPECT_EQ(record.outcome, FirmwareOutcome::indeterminate);
        EXPECT_TRUE(record.end_unseen);
        EXPECT_THAT(record.text, HasSubstr("namespace 2: no answer"));
        EXPECT_THAT(namespaces_of(scene.port), ElementsAre(1U, 2U));
        EXPECT_TRUE(record.commands[0].succeeded);
        EXPECT_FALSE(record.commands[1].succeeded);
        EXPECT_TRUE(record.commands[1].status.empty());
    }
}

TEST(NvmeFormat, WaitsForOneThatGoesOnWithoutIt) {
    NvmeTraits slow;
    slow.unallocated_blocks = 0;
    slow.format.user_takes = hours(10);
    NvmeScene scene(slow);
    const NvmeFormatRecord record = run(scene, FormatErase::user_data); // 4 h are its timeout
    EXPECT_EQ(record.outcome, FirmwareOutcome::indeterminate);
    EXPECT_THAT(record.text, HasSubstr("it is still in progress, with "));
    NvmeScene shorter(slow);
    shorter.watch.meanwhile = [&](unsigned waits) {
        if (waits == 3) shorter.clock.advance(hours(7));
    };
    const NvmeFormatRecord over = run(shorter, FormatErase::user_data);
    EXPECT_EQ(over.outcome, FirmwareOutcome::indeterminate);
    EXPECT_EQ(shorter.residue(), 0U) << "which nobody could know";
}

TEST(NvmeFormat, TellsARefusalFromAFailure) {
    NvmeScene frozen;
    frozen.drive.turn(Knob::frozen);
    const NvmeFormatRecord refused = run(frozen, FormatErase::user_data);
    EXPECT_EQ(refused.outcome, FirmwareOutcome::refused);
    EXPECT_EQ(refused.commands.at(0).status, "0001");
    EXPECT_THAT(refused.text, HasSubstr("TCG Block SID"));
    NvmeScene failing;
    failing.drive.turn(Knob::fails_at_end);
    const NvmeFormatRecord failed = run(failing, FormatErase::user_data);
    EXPECT_EQ(failed.outcome, FirmwareOutcome::failed);
    EXPECT_EQ(failed.commands.at(0).status, "0006");
    EXPECT_GT(failing.residue(), 0U);
}

TEST(NvmeFormat, FailsWhenOneOfSeveralIsRefused) {
    NvmeScene scene(three());
    scene.watch.meanwhile = nullptr;
    nvme::FormatOrder order = scene.format_order(FormatErase::user_data);
    order.namespaces[1].nsid = 3; // that is not there
    NvmeFormatRecord record;
    run_format(scene.desk, order, record);
    EXPECT_EQ(record.outcome, FirmwareOutcome::failed);
    EXPECT_THAT(record.text, HasSubstr("namespace 3: 00bh"));
    EXPECT_EQ(record.commands.size(), 2U);
}

TEST(NvmeFormat, SaysThatAFormatHasChanged) {
    NvmeScene scene(three());
    nvme::FormatOrder order = scene.format_order(FormatErase::user_data);
    order.namespaces[1].blocks = 127; // it was told otherwise before
    NvmeFormatRecord record;
    run_format(scene.desk, order, record);
    EXPECT_EQ(record.outcome, FirmwareOutcome::indeterminate);
    EXPECT_FALSE(record.formats_kept);
    EXPECT_EQ(record.text, "namespace 2 is not formatted as it was");
}

TEST(NvmeFormat, BeginsNothingThatCannotBeRecordedAndStopsBetween) {
    NvmeScene scene(three());
    scene.watch.fails_from = 0;
    const NvmeFormatRecord none = run(scene, FormatErase::user_data);
    EXPECT_EQ(none.outcome, FirmwareOutcome::refused);
    EXPECT_TRUE(none.commands.empty());
    EXPECT_TRUE(namespaces_of(scene.port).empty());
    NvmeScene between(three());
    between.watch.fails_from = 1;
    const NvmeFormatRecord one = run(between, FormatErase::user_data);
    EXPECT_EQ(one.outcome, FirmwareOutcome::failed);
    EXPECT_EQ(one.commands.size(), 1U);
    NvmeScene stopped(three());
    stopped.watch.release_after = 0;
    EXPECT_EQ(run(stopped, FormatErase::user_data).outcome, FirmwareOutcome::refused);
}

} // namespace
} // namespace quietus
