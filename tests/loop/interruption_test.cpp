// A run that does not come to its end: signals, a killed program, evidence that cannot be saved, a
// medium that changes behind the program's back.
#include "bench.hpp"

#include "real_corridor.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace quietus::rig {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr std::uint64_t drive_bytes = 16U << 20U;
const std::string first_pass_done = R"("kind":"write","node")";

class Interruption : public LyingDriveTest {
  protected:
    void SetUp() override {
        LyingDriveTest::SetUp();
        if (IsSkipped()) return;
        drive = std::make_unique<LyingDrive>(drive_bytes);
        fill_with_secrets(drive->store());
        loop = std::make_unique<LoopDrive>(drive->file());
    }
    // Thirty-five passes leave time to disturb the second.
    std::unique_ptr<Program> in_its_second_pass() {
        auto erasing = bench.start_erase(loop->node(), scheme("x.gutmann"));
        EXPECT_TRUE(erasing->prints(first_pass_done)) << erasing->errors();
        return erasing;
    }

    Bench bench;
    std::unique_ptr<LyingDrive> drive;
    std::unique_ptr<LoopDrive> loop;
};

TEST_F(Interruption, ASignalEndsTheRunFlushedAndWithAnAttemptRecord) {
    for (const int number_of_signal : {SIGINT, SIGTERM, SIGHUP}) {
        const auto flushes = drive->counts().at("flushes");
        const auto erasing = in_its_second_pass();
        erasing->signal(number_of_signal);
        const Erasure erasure = Bench::outcome(*erasing);
        EXPECT_EQ(erasure.exit_status, 7) << erasure.said;
        EXPECT_EQ(erasure.verdict, "interrupted");
        ASSERT_THAT(erasure.document, EndsWith(".qar.json"));
        EXPECT_EQ(bench.audit(erasure.document).exit_status, 9);
        const Json document = json_of(content_of(erasure.document));
        std::uint64_t flushed = 1; // the address probe
        for (const Json& pass : *at(document, {"method", "passes"}).as<Json::Array>())
            flushed += *at(pass, {"flushed"}).as<bool>() ? 1 : 0;
        EXPECT_GT(flushed, 1u);
        EXPECT_TRUE(*at(at(document, {"method", "passes"}).as<Json::Array>()->back(), {"flushed"})
                         .as<bool>());
        EXPECT_GE(drive->counts().at("flushes") - flushes, flushed);
    }
}

TEST_F(Interruption, SigusrOnePrintsALineAndTheRunGoesOn) {
    // The same run without and with the signal: one line more.
    const auto lines_of_a_run = [&](bool with_signal) {
        const std::string code = bench.code_for(loop->node(), scheme("x.gutmann"));
        const auto erasing = bench.start({"erase", loop->node(), "--technique", "overwrite",
                                          "--scheme", "x.gutmann", "--confirm", code});
        EXPECT_TRUE(erasing->prints(", write, 100 %"));
        if (with_signal) erasing->signal(SIGUSR1);
        EXPECT_EQ(erasing->wait(), 0) << erasing->errors();
        return std::ranges::count(erasing->errors(), '\n');
    };
    EXPECT_EQ(lines_of_a_run(true), lines_of_a_run(false) + 1);
}

TEST_F(Interruption, SigusrOnePrintsAnEventWhereEventsAreAskedFor) {
    const auto erasing = in_its_second_pass();
    erasing->signal(SIGUSR1);
    EXPECT_TRUE(erasing->prints(R"("event":"progress")")) << erasing->errors();
    EXPECT_EQ(erasing->wait(), 0);
}

TEST_F(Interruption, AKilledRunIsClosedAsInterrupted) {
    const auto erasing = in_its_second_pass();
    erasing->signal(SIGKILL);
    EXPECT_EQ(erasing->wait(), 128 + SIGKILL);
    EXPECT_EQ(bench.logged("intent"), 1u);
    EXPECT_EQ(bench.logged("result"), 0u);
    const ProgramRun certified = bench.quietus({"certify", "QTS-BENCH1-00000001"});
    EXPECT_THAT(certified.output, HasSubstr("interrupted"));
    const std::string document = bench.certificates() + "/QTS-BENCH1-00000001.qar.json";
    EXPECT_EQ(json_of(content_of(document)).text_of("verdict"), "interrupted");
    EXPECT_EQ(bench.audit(document).exit_status, 9);
    EXPECT_NE(bench.quietus({"certify", "QTS-BENCH1-00000001"}).exit_status, 0);
    EXPECT_EQ(bench.logged("result"), 1u);
    EXPECT_EQ(bench.logged("document"), 1u);
    EXPECT_EQ(bench.erase(loop->node(), scheme("generic.zero")).job, "QTS-BENCH1-00000002");
}

TEST_F(Interruption, ALostCertificateDirectoryCostsNoEvidence) {
    const std::string certificates = bench.certificates();
    const auto erasing = in_its_second_pass();
    std::filesystem::remove_all(certificates);
    std::ofstream(certificates) << "a file where the directory was";
    const Erasure erasure = Bench::outcome(*erasing);
    EXPECT_EQ(erasure.exit_status, 5) << erasure.said;
    EXPECT_THAT(erasure.said, HasSubstr("quietus certify QTS-BENCH1-00000001"));
    EXPECT_EQ(erasure.document, "");
    std::filesystem::remove(certificates);
    std::filesystem::create_directory(certificates);
    const ProgramRun certified = bench.quietus({"certify", "QTS-BENCH1-00000001"});
    EXPECT_EQ(certified.exit_status, 0) << certified.output;
    EXPECT_EQ(bench.audit(certificates + "/QTS-BENCH1-00000001.qdc.json").exit_status, 0);
    EXPECT_EQ(bench.logged("result"), 1u);
}

class BehindItsBack : public SecretDriveTest {
  protected:
    void change_medium(std::uint64_t offset, char value) const {
        std::fstream file(medium, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(offset)).put(value);
    }

    RealCorridor corridor;
};

TEST_F(BehindItsBack, AChangedByteBetweenWriteAndReadBackIsFoundToTheBlock) {
    for (const char* id : {"generic.zero", "generic.random"}) {
        corridor.after_each(StepKind::write, [&] {
            const std::string written = content_of(medium);
            for (const std::uint64_t offset : {std::uint64_t{5'000'000}, drive_bytes - 1})
                change_medium(offset, static_cast<char>(written[offset] ^ 1));
        });
        const Disposal outcome = corridor.erase(loop->node(), id);
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        EXPECT_EQ(outcome.exit_status, ExitStatus::failed);
        ASSERT_TRUE(outcome.document);
        std::vector<Blocks> mismatches;
        for (const auto& each : outcome.document->findings)
            if (each.code == "mismatch")
                mismatches.push_back({each.first_block.value_or(0), each.blocks.value_or(0)});
        EXPECT_EQ(mismatches,
                  (std::vector<Blocks>{{5'000'000 / 512, 1}, {drive_bytes / 512 - 1, 1}}));
    }
}

// P. Gutmann, "Secure Deletion of Data from Magnetic and Solid-State Memory" (1996), table of
// passes: 5 and 6 repeat one byte, 7 to 9 three.
TEST_F(BehindItsBack, PatternsOfThreeBytesCoverTheDriveFromItsFirstByte) {
    const std::map<int, std::string> published{
        {5, "\x55"}, {6, "\xAA"}, {7, "\x92\x49\x24"}, {8, "\x49\x24\x92"}, {9, "\x24\x92\x49"}};
    int pass = 0;
    int checked = 0;
    corridor.after_each(StepKind::write, [&] {
        const auto found = published.find(++pass);
        if (found == published.end()) return;
        EXPECT_TRUE(content_of(medium) == repeated(found->second, drive_bytes)) << pass;
        ++checked;
    });
    EXPECT_EQ(corridor.erase(loop->node(), "x.gutmann").verdict, Verdict::erased);
    EXPECT_EQ(pass, 35);
    EXPECT_EQ(checked, 5);
}

} // namespace
} // namespace quietus::rig
