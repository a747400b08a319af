// Faults that begin when the address probe has passed, so that only the pass and its read-back can
// find them, and must, to the block.
#include "bench.hpp"
#include "real_corridor.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

namespace quietus::rig {
namespace {

constexpr std::uint64_t drive_bytes = 8U << 20U;
constexpr Blocks range_blocks{6448, 128};
const std::string one_range = " offset=3301376 length=65536";

class PassFaults : public LyingDriveTest, public testing::WithParamInterface<const char*> {
  protected:
    void start(const std::string& fault) {
        drive = std::make_unique<LyingDrive>(drive_bytes);
        fill_with_secrets(drive->store());
        loop = std::make_unique<LoopDrive>(drive->file());
        corridor.after_each(StepKind::address_probe, [this, fault] { drive->set_fault(fault); });
    }
    // Erased nevertheless, every block of it.
    void expect_erased(const std::string& target) {
        const Disposal outcome = corridor.erase(target, GetParam());
        ASSERT_TRUE(outcome.document);
        EXPECT_EQ(outcome.verdict, Verdict::erased) << content_of(outcome.document->path);
        document = json_of(content_of(outcome.document->path));
        EXPECT_EQ(wrong(), std::vector<Blocks>{});
        EXPECT_EQ(secrets_in(store()), 0u);
        EXPECT_GT(drive->counts().at("faults"), 0u);
    }
    // Calls it once, in the midst of the pass.
    template <typename Action>
    void during_the_pass(Action action) {
        corridor.audience.at_progress = [action, done = false](const Progress& progress) mutable {
            if (done || progress.kind != StepKind::write || progress.bytes_done < drive_bytes / 2)
                return;
            done = true;
            action();
        };
    }
    // The document is an attempt record; its findings.
    std::vector<Finding> findings_with(const std::string& fault) {
        start(fault);
        const Disposal outcome = corridor.erase(loop->node(), GetParam());
        EXPECT_EQ(outcome.verdict, Verdict::failed);
        EXPECT_EQ(outcome.exit_status, ExitStatus::failed);
        EXPECT_GT(drive->counts().at("faults"), 0u);
        if (!outcome.document) {
            ADD_FAILURE() << "no document";
            return {};
        }
        EXPECT_TRUE(outcome.document->path.ends_with(".qar.json"));
        document = json_of(content_of(outcome.document->path));
        return findings_of(*outcome.document);
    }
    static std::vector<Finding> findings_of(const IssuedDocument& issued) {
        std::vector<Finding> found;
        for (const auto& each : issued.findings)
            found.push_back({each.code, {each.first_block.value_or(0), each.blocks.value_or(0)}});
        return found;
    }
    [[nodiscard]] std::string store() const { return content_of(drive->store()); }

    // Where the store differs from what the pass should have left, by its own seed.
    [[nodiscard]] std::vector<Blocks> wrong() const {
        const auto* passes = at(document, {"method", "passes"}).as<Json::Array>();
        if (passes == nullptr) return {};
        const std::string seed(passes->back().text_of("seed"));
        return differences(
            store(),
            seed.empty() ? std::string(drive_bytes, '\0') : openssl_stream(seed, drive_bytes), 512);
    }

    RealCorridor corridor;
    std::unique_ptr<LyingDrive> drive;
    std::unique_ptr<LoopDrive> loop;
    Json document;
};

std::vector<Blocks> blocks_of(const std::vector<Finding>& findings, const std::string& code) {
    std::vector<Blocks> found;
    for (const Finding& each : findings)
        if (each.code == code) found.push_back(each.blocks);
    return found;
}

bool covers(const std::vector<Blocks>& found, const Blocks& wanted) {
    return std::ranges::any_of(found, [&](const Blocks& each) {
        return each.first <= wanted.first && each.first + each.count >= wanted.first + wanted.count;
    });
}

TEST_P(PassFaults, OneDroppedRangeIsFoundToTheBlock) {
    const auto findings = findings_with("drop-writes" + one_range);
    EXPECT_GE(secrets_in(store()), range_blocks.count);
    EXPECT_EQ(blocks_of(findings, "mismatch"), wrong());
    EXPECT_TRUE(covers(blocks_of(findings, "mismatch"), range_blocks));
}

TEST_P(PassFaults, ADriveThatStopsStoringIsFoundToTheBlock) {
    const auto findings = findings_with("drop-writes after=3");
    EXPECT_GT(secrets_in(store()), 0u);
    EXPECT_FALSE(wrong().empty());
    EXPECT_EQ(blocks_of(findings, "mismatch"), wrong());
}

TEST_P(PassFaults, AMisplacedWriteIsFoundToTheBlock) {
    const auto findings = findings_with("misplace shift=2097152" + one_range);
    EXPECT_GE(secrets_in(store()), range_blocks.count);
    EXPECT_EQ(blocks_of(findings, "mismatch"), wrong());
    EXPECT_TRUE(covers(blocks_of(findings, "mismatch"), range_blocks));
}

TEST_P(PassFaults, AWriteErrorLeavesItsExtent) {
    const auto findings = findings_with("eio-on-write" + one_range);
    EXPECT_GT(secrets_in(store()), 0u);
    EXPECT_EQ(blocks_of(findings, "unwritable"), std::vector<Blocks>{range_blocks});
    EXPECT_EQ(wrong(), std::vector<Blocks>{range_blocks}) << "erased up to both of its edges";
}

TEST_P(PassFaults, ALoneBadBlockCostsNoOther) {
    for (const std::uint64_t block : {std::uint64_t{1}, std::uint64_t{2047}, std::uint64_t{9001}}) {
        const Blocks lone{block, 1};
        const auto findings =
            findings_with("eio-on-write length=512 offset=" + std::to_string(block * 512));
        EXPECT_EQ(blocks_of(findings, "unwritable"), std::vector<Blocks>{lone});
        EXPECT_EQ(wrong(), std::vector<Blocks>{lone});
    }
}

TEST_P(PassFaults, ErrorsThatPassAreOvercome) {
    start("eio-on-write every=3 times=40");
    expect_erased(loop->node());
}

TEST_P(PassFaults, ASlowDriveIsErased) {
    start("slow-on-write delay=300 every=2");
    expect_erased(loop->node());
}

TEST_P(PassFaults, ReadsThatDifferAreFound) {
    const auto findings = findings_with("differ-on-read" + one_range);
    EXPECT_TRUE(covers(blocks_of(findings, "mismatch"), range_blocks));
    EXPECT_EQ(wrong(), std::vector<Blocks>{}) << "what it stores is right";
}

// Of a write cut short, the kernel's FUSE makes an error.
TEST_P(PassFaults, ReadsOfAnImageThatAreCutShortAreContinued) {
    start("short-reads every=2");
    loop.reset();
    expect_erased("image:" + drive->file());
}

// The kernel itself tells of a size only when it is made to look.
TEST_P(PassFaults, ADriveThatShrinksOrGrowsIsNotErased) {
    for (const std::uint64_t size : {drive_bytes / 2, drive_bytes * 2}) {
        during_the_pass([this] {
            (void)std::filesystem::file_size(drive->file()); // the kernel's copy of it, too
            loop->refresh_capacity();
        });
        const auto findings = findings_with("resize after=2 size=" + std::to_string(size));
        ASSERT_FALSE(findings.empty());
        EXPECT_THAT(findings.front().code, testing::AnyOf("drive-changed", "drive-vanished"));
        EXPECT_TRUE(blocks_of(findings, "unwritable").empty());
    }
}

TEST_P(PassFaults, ADriveThatTurnsReadOnlyIsNotErased) {
    during_the_pass([this] { run({"blockdev", "--setro", loop->node()}); });
    const auto findings = findings_with("read-only after=3");
    // The state belongs to the device and outlives the file that was attached.
    EXPECT_EQ(run({"blockdev", "--setrw", loop->node()}).exit_status, 0);
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings.front().code, "drive-changed");
    EXPECT_TRUE(blocks_of(findings, "unwritable").empty());
    EXPECT_GT(secrets_in(store()), 0u);
}

// It says nothing of being read-only, or dead; but nothing that had worked works any more.
TEST_P(PassFaults, ADriveThatStopsTakingWritesHasNoBadBlocks) {
    const auto findings = findings_with("read-only after=3");
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings.front().code, "io-error");
    EXPECT_TRUE(blocks_of(findings, "unwritable").empty());
    EXPECT_GT(secrets_in(store()), 0u);
}

TEST_P(PassFaults, AReadErrorLeavesItsExtent) {
    const auto findings = findings_with("eio-on-read" + one_range);
    EXPECT_EQ(blocks_of(findings, "unreadable"), std::vector<Blocks>{range_blocks});
    EXPECT_EQ(wrong(), std::vector<Blocks>{}); // it was written, only not proven
}

TEST_P(PassFaults, AFailedFlushFailsTheRun) {
    const auto findings = findings_with("fail-flush");
    EXPECT_EQ(blocks_of(findings, "flush-failed").size(), 1u);
}

TEST_P(PassFaults, AVanishedDriveIsToldFromABadOne) {
    const auto findings = findings_with("vanish after=3");
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings.front().code, "drive-vanished");
    EXPECT_GT(secrets_in(store()), 0u);
}

INSTANTIATE_TEST_SUITE_P(Schemes, PassFaults, testing::Values("generic.zero", "generic.random"),
                         [](const auto& parameter) {
                             return std::string(parameter.param).substr(8);
                         });

} // namespace
} // namespace quietus::rig
