// The sanitize machine: every command in every state, as NVM Express Base 2.1 has them in 5.1.22
// and in 8.1.24.3 (figures 648 to 655), and the log that tells of it.
#include "nvme_bench.hpp"
#include "nvme_sanitize.hpp"

namespace quietus::emulator {
namespace {

using enum NvmeState;

struct Row {
    const char* command;
    NvmeState before;
    unsigned status;
    NvmeState after;
};

/// A machine that has come to the state the way drives do.
NvmeSanitize machine_in(NvmeState state) {
    NvmeSanitize machine;
    const bool restricted = state != unrestricted_processing && state != unrestricted_failure;
    const NvmeAction begin = restricted ? NvmeAction::restricted : NvmeAction::unrestricted;
    if (state == idle) return machine;
    (void)machine.perform(begin, nvme_block_erase | nvme_emvs);
    if (state == restricted_processing || state == unrestricted_processing) return machine;
    machine.processed(state == media_verification || state == post_verification);
    if (state == post_verification)
        (void)machine.perform(NvmeAction::exit_verification, nvme_exit_verification);
    return machine;
}

unsigned perform(NvmeSanitize& machine, const std::string& command) {
    if (command == "exit failure") return machine.perform(NvmeAction::exit_failure, 1);
    if (command == "restricted") return machine.perform(NvmeAction::restricted, 2);
    if (command == "unrestricted") return machine.perform(NvmeAction::unrestricted, 0xA);
    if (command == "exit verification") return machine.perform(NvmeAction::exit_verification, 5);
    if (command == "well") machine.processed(true);
    if (command == "badly") machine.processed(false);
    if (command == "deallocated") machine.deallocated(true);
    if (command == "not deallocated") machine.deallocated(false);
    if (command == "reset") machine.reset();
    return 0;
}

class NvmeSanitizeStates : public testing::TestWithParam<Row> {};

TEST_P(NvmeSanitizeStates, Follow) {
    const Row& row = GetParam();
    NvmeSanitize machine = machine_in(row.before);
    ASSERT_EQ(machine.state(), row.before);
    EXPECT_EQ(perform(machine, row.command), row.status) << row.command;
    EXPECT_EQ(machine.state(), row.after) << row.command;
}

const Row rows[] = {
    {"exit failure", idle, 0, idle},
    {"restricted", idle, 0, restricted_processing},
    {"unrestricted", idle, 0, unrestricted_processing},
    {"exit verification", idle, 0x02, idle},
    {"reset", idle, 0, idle},

    {"exit failure", restricted_processing, 0x1D, restricted_processing},
    {"restricted", restricted_processing, 0x1D, restricted_processing},
    {"unrestricted", restricted_processing, 0x1D, restricted_processing},
    {"exit verification", restricted_processing, 0x1D, restricted_processing},
    {"reset", restricted_processing, 0, restricted_processing},
    {"well", restricted_processing, 0, media_verification},
    {"badly", restricted_processing, 0, restricted_failure},

    {"exit failure", restricted_failure, 0x1C, restricted_failure},
    {"restricted", restricted_failure, 0, restricted_processing},
    {"unrestricted", restricted_failure, 0x1C, restricted_failure},
    {"exit verification", restricted_failure, 0x02, restricted_failure},
    {"reset", restricted_failure, 0, restricted_failure},

    {"exit failure", unrestricted_processing, 0x1D, unrestricted_processing},
    {"restricted", unrestricted_processing, 0x1D, unrestricted_processing},
    {"unrestricted", unrestricted_processing, 0x1D, unrestricted_processing},
    {"exit verification", unrestricted_processing, 0x1D, unrestricted_processing},
    {"reset", unrestricted_processing, 0, unrestricted_processing},
    {"well", unrestricted_processing, 0, media_verification},
    {"badly", unrestricted_processing, 0, unrestricted_failure},

    {"exit failure", unrestricted_failure, 0, idle},
    {"restricted", unrestricted_failure, 0, restricted_processing},
    {"unrestricted", unrestricted_failure, 0, unrestricted_processing},
    {"exit verification", unrestricted_failure, 0x02, unrestricted_failure},
    {"reset", unrestricted_failure, 0, unrestricted_failure},

    {"exit failure", media_verification, 0x02, media_verification},
    {"restricted", media_verification, 0x02, media_verification},
    {"unrestricted", media_verification, 0x02, media_verification},
    {"exit verification", media_verification, 0, post_verification},
    {"reset", media_verification, 0, post_verification},

    {"exit failure", post_verification, 0x1D, post_verification},
    {"restricted", post_verification, 0x1D, post_verification},
    {"unrestricted", post_verification, 0x1D, post_verification},
    {"exit verification", post_verification, 0x1D, post_verification},
    {"reset", post_verification, 0, post_verification},
    {"deallocated", post_verification, 0, idle},
    {"not deallocated", post_verification, 0, restricted_failure},
};
INSTANTIATE_TEST_SUITE_P(Table, NvmeSanitizeStates, testing::ValuesIn(rows));

class NvmeSanitizes : public NvmeBench, public testing::Test {};

TEST_F(NvmeSanitizes, HasNeverBegunAtFirst) {
    EXPECT_EQ(sstat(), 0U);
    EXPECT_EQ(sprog(), 0xFFFFU);
    EXPECT_EQ(ssi(), 0U);
}

TEST_F(NvmeSanitizes, GoesOnWithTheClockAndEchoesItsCommand) {
    EXPECT_EQ(sanitize(nvme_block_erase), 0);
    EXPECT_EQ(echo(), nvme_block_erase);
    clock.advance(std::chrono::seconds(30));
    EXPECT_EQ(sstat(), nvme_running);
    EXPECT_NEAR(static_cast<double>(sprog()), 32768, 60); // numerator of 65536
    EXPECT_EQ(ssi(), 1U);
    EXPECT_NE(read(0).error, 0);
    clock.advance(std::chrono::seconds(30));
    EXPECT_EQ(sstat(), nvme_done);
    EXPECT_EQ(sprog(), 0xFFFFU);
    EXPECT_EQ(residue(), 0U);
    EXPECT_EQ(read(7).data, Bytes(512, 0));
}

TEST_F(NvmeSanitizes, SaysThatDataWasWrittenSince) {
    (void)sanitize(nvme_crypto_erase);
    EXPECT_EQ(sanitized(), nvme_done);
    EXPECT_EQ(write(3, 0x5A), 0);
    EXPECT_EQ(sstat(), 0x001U);
    EXPECT_EQ(read(3).data, Bytes(512, 0x5A));
}

// Figure 647: whatever their number, the last pass writes the pattern itself.
TEST_F(NvmeSanitizes, LeavesThePatternWhereItIsNotToDeallocate) {
    for (const std::uint32_t passes : {1U, 2U, 3U, 0U}) {
        const std::uint32_t word = 0x103 | passes << 4U | nvme_ndas;
        EXPECT_EQ(sanitize(word, 0xA1B2C3D4), 0);
        EXPECT_EQ(sanitized(), nvme_done | (passes == 0 ? 16U : passes) << 3U);
        const Bytes block = read(5).data;
        ASSERT_EQ(block.size(), 512U);
        EXPECT_EQ(Bytes(block.begin(), block.begin() + 4), (Bytes{0xD4, 0xC3, 0xB2, 0xA1}));
    }
    EXPECT_EQ(sanitize(nvme_overwrite_once, 0xA1B2C3D4), 0);
    (void)sanitized();
    EXPECT_EQ(read(5).data, Bytes(512, 0)) << "deallocated";
    EXPECT_EQ(residue(), 0U);
}

TEST_F(NvmeSanitizes, LetsTheHostVerify) {
    EXPECT_EQ(sanitize(nvme_block_erase | nvme_emvs), 0);
    EXPECT_EQ(sanitized(), 0x102U); // in progress, nothing is left
    EXPECT_EQ(ssi(), 5U);
    EXPECT_EQ(sprog(), 0xFFFFU);
    // The block layer takes the status of such reads for an error.
    EXPECT_NE(read(0).error, 0);
    const auto reply = drive.execute_io({0x02, 1, {7, 0, 0}, 512, std::chrono::milliseconds(1000)});
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 0x19C);
    EXPECT_EQ(reply->data, Bytes(512, 0));
    EXPECT_EQ(sanitize(nvme_block_erase), 0x02);
    EXPECT_EQ(sanitize(nvme_exit_verification), 0);
    EXPECT_EQ(ssi(), 6U);
    EXPECT_EQ(sstat(), 0x102U);
    clock.advance(std::chrono::seconds(5));
    EXPECT_EQ(sstat(), nvme_done);
    EXPECT_EQ(ssi(), 0U);
    EXPECT_EQ(read(0).error, 0);
}

TEST_F(NvmeSanitizes, GoesOnAfterAResetWithoutVerification) {
    (void)sanitize(nvme_block_erase | nvme_emvs);
    clock.advance(std::chrono::seconds(30));
    drive.power_cycle();
    EXPECT_EQ(sanitized(), 0x301U); // done, erased, verification cancelled
    EXPECT_EQ(residue(), 0U);
    (void)sanitize(nvme_block_erase | nvme_emvs);
    EXPECT_EQ(sanitized(), 0x102U);
    drive.controller_reset();
    EXPECT_EQ(ssi(), 6U);
    clock.advance(std::chrono::seconds(5));
    EXPECT_EQ(sstat(), 0x301U);
}

TEST_F(NvmeSanitizes, LeavesARestrictedFailureBySuccessAlone) {
    drive.turn(Knob::fails_at_end);
    (void)sanitize(nvme_block_erase);
    EXPECT_EQ(sanitized(), nvme_failed);
    EXPECT_EQ(ssi(), 0x12U);
    EXPECT_EQ(sanitize(nvme_exit_failure), 0x1C);
    EXPECT_EQ(format(1, 0x200), 0x1C);
    EXPECT_NE(read(0).error, 0);
    EXPECT_EQ(sanitize(nvme_block_erase | nvme_ause), 0x1C);
    EXPECT_EQ(sanitize(nvme_crypto_erase), 0);
}

TEST_F(NvmeSanitizes, LeavesAnUnrestrictedFailureByACommand) {
    drive.turn(Knob::fails_at_end);
    (void)sanitize(nvme_block_erase | nvme_ause);
    EXPECT_EQ(sanitized(), nvme_failed);
    EXPECT_EQ(ssi(), 0x34U);
    EXPECT_EQ(sanitize(nvme_exit_failure), 0);
    EXPECT_EQ(sstat(), nvme_failed); // of the most recent operation
    EXPECT_EQ(ssi() & 0x0FU, 0U);
    EXPECT_EQ(read(0).error, 0);
}

TEST(NvmeSanitizeTraitsOf, SayWhatIsTaken) {
    NvmeTraits traits;
    traits.sanitize.crypto_erase = false;
    traits.sanitize.verification = false;
    traits.sanitize.no_deallocate_inhibited = true;
    NvmeBench bench(traits);
    EXPECT_EQ(NvmeBench::word_of(bench.identify(1), 328, 4), 0x60000006U);
    EXPECT_EQ(bench.sanitize(nvme_crypto_erase), 0x02);
    EXPECT_EQ(bench.sanitize(nvme_block_erase | nvme_emvs), 0x02);
    EXPECT_EQ(bench.sanitize(nvme_block_erase | nvme_ndas), 0x02);
    EXPECT_EQ(bench.sanitize(6), 0x02);
    EXPECT_EQ(bench.status_of(NvmeBench::command_of(0x84, 1, nvme_block_erase)), 0x02);
    EXPECT_EQ(bench.sanitize(nvme_block_erase), 0);
    EXPECT_EQ(bench.sanitized(), nvme_done);
    EXPECT_EQ(bench.ssi(), 0U);
}

// EMVS is neither for an overwrite nor where nothing is deallocated.
TEST(NvmeSanitizeTraitsOf, RefuseVerificationOfWhatCannotBeVerified) {
    NvmeBench bench;
    EXPECT_EQ(bench.sanitize(nvme_overwrite_once | nvme_emvs), 0x02);
    EXPECT_EQ(bench.sanitize(nvme_block_erase | nvme_emvs | nvme_ndas), 0x02);
    EXPECT_EQ(bench.sstat(), 0U);
    EXPECT_TRUE(bench.holds_secret(0));
}

TEST(NvmeSanitizeTraitsOf, MayOnlyWarnOfDeallocation) {
    NvmeTraits traits;
    traits.sanitize.no_deallocate_inhibited = true;
    traits.sanitize.only_warns = true;
    NvmeBench bench(traits);
    EXPECT_EQ(bench.sanitize(nvme_block_erase | nvme_ndas), 0);
    EXPECT_EQ(bench.sanitized(), 0x104U); // with unexpected deallocation
    EXPECT_EQ(bench.residue(), 0U);
}

TEST(NvmeSanitizeTraitsOf, ProhibitItMeanwhile) {
    NvmeTraits traits;
    traits.memory_region_enabled = true;
    NvmeBench region(traits);
    EXPECT_EQ(region.sanitize(nvme_block_erase), 0x123);
    region.drive.disable_memory_region();
    EXPECT_EQ(region.sanitize(nvme_block_erase), 0);
    NvmeTraits pending;
    pending.firmware_pending = true;
    NvmeBench waits(pending);
    EXPECT_EQ(waits.sanitize(nvme_block_erase), 0x111);
    waits.drive.controller_reset();
    EXPECT_EQ(waits.sanitize(nvme_block_erase), 0);
    NvmeTraits protects;
    protects.namespaces = {{.nsid = 1}, {.nsid = 2, .write_protection = 2}};
    NvmeBench guarded(protects);
    EXPECT_EQ(guarded.sanitize(nvme_block_erase), 0x20);
    guarded.drive.power_cycle();
    EXPECT_EQ(guarded.sanitize(nvme_block_erase), 0);
}

} // namespace
} // namespace quietus::emulator
