// Faults that begin when the address probe has passed, so that only the pass and its read-back can
// find them, and must, to the block.
#include "bench.hpp"
#include "real_corridor.hpp"

#include <algorithm>

namespace quietus::rig {
namespace {

constexpr std::uint64_t drive_bytes = 8U << 20U;
constexpr Blocks range_blocks{6448, 128};
const std::string one_range = " offset=3301376 length=65536";

class PassFaults : public LyingDriveTest, public testing::WithParamInterface<const char*> {
  protected:
    // The document is an attempt record; its findings.
    std::vector<Finding> findings_with(const std::string& fault) {
        drive = std::make_unique<LyingDrive>(drive_bytes);
        fill_with_secrets(drive->store());
        loop = std::make_unique<LoopDrive>(drive->file());
        corridor.after_each(StepKind::address_probe, [this, fault] { drive->set_fault(fault); });
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
    // All but where the probe, before there was a fault, may have put a stamp.
    EXPECT_GE(secrets_in(store()) + 1, range_blocks.count);
    EXPECT_TRUE(covers(blocks_of(findings, "unwritable"), range_blocks));
    for (const Blocks& each : wrong())
        EXPECT_TRUE(covers(blocks_of(findings, "unwritable"), each)) << each.first;
}

TEST_P(PassFaults, AReadErrorLeavesItsExtent) {
    const auto findings = findings_with("eio-on-read" + one_range);
    EXPECT_TRUE(covers(blocks_of(findings, "unreadable"), range_blocks));
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
