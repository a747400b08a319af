// The built program on drives that lie: loop devices over a FUSE file with one fault. Whatever a
// drive answers, the store behind it tells what is true.
#include "bench.hpp"

#include <gmock/gmock.h>

#include <filesystem>

namespace quietus::rig {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

constexpr std::uint64_t drive_bytes = 8U << 20U;
constexpr std::uint32_t block_bytes = 512;
// Of the size of a stratum of the address probe: it or the pass meets the fault first.
const std::string one_range = " offset=3301376 length=65536"; // blocks 6448 to 6575

class Faults : public LyingDriveTest, public testing::WithParamInterface<const char*> {
  protected:
    Erasure erase_with(const std::string& fault) {
        start(fault);
        return bench.erase(loop->node(), scheme(GetParam()));
    }
    void start(const std::string& fault) {
        loop.reset();
        drive = std::make_unique<LyingDrive>(drive_bytes);
        fill_with_secrets(drive->store());
        drive->set_fault(fault);
        loop = std::make_unique<LoopDrive>(drive->file());
    }
    [[nodiscard]] std::string store() const { return content_of(drive->store()); }

    // Status 1, verdict failed, and an attempt record that the auditor takes for no erasure.
    void expect_failed(const Erasure& erasure) const {
        EXPECT_EQ(erasure.exit_status, 1) << erasure.said;
        EXPECT_EQ(erasure.verdict, "failed");
        ASSERT_THAT(erasure.document, EndsWith(".qar.json"));
        EXPECT_EQ(bench.audit(erasure.document).exit_status, 9);
        EXPECT_EQ(bench.stock_check(erasure.document).exit_status, 0);
        EXPECT_FALSE(
            std::filesystem::exists(bench.certificates() + "/" + erasure.job + ".qdc.json"));
    }

    // What the last pass of the document would have left, by its own seed.
    [[nodiscard]] std::string intended(const Erasure& erasure) const {
        const Json document = json_of(content_of(erasure.document));
        const auto* passes = at(document, {"method", "passes"}).as<Json::Array>();
        if (passes == nullptr) return {};
        const std::string seed(passes->back().text_of("seed"));
        return seed.empty() ? std::string(drive_bytes, '\0') : openssl_stream(seed, drive_bytes);
    }
    // Where the store differs from that.
    [[nodiscard]] std::vector<Blocks> wrong(const Erasure& erasure) const {
        return differences(store(), intended(erasure), block_bytes);
    }

    Bench bench;
    std::unique_ptr<LyingDrive> drive;
    std::unique_ptr<LoopDrive> loop;
};

TEST_P(Faults, AnHonestDriveIsErased) {
    const Erasure erasure = erase_with("honest");
    EXPECT_EQ(erasure.exit_status, 0) << erasure.said;
    EXPECT_EQ(erasure.verdict, "erased");
    EXPECT_EQ(bench.audit(erasure.document).exit_status, 0);
    EXPECT_THAT(wrong(erasure), ElementsAre());
    EXPECT_EQ(secrets_in(store()), 0u);
    EXPECT_GE(drive->counts().at("bytes_read"), drive_bytes);
}

TEST_P(Faults, ADriveThatStoresNothingIsCaught) {
    const Erasure erasure = erase_with("drop-writes");
    expect_failed(erasure);
    EXPECT_EQ(secrets_in(store()), drive_bytes / block_bytes);
}

TEST_P(Faults, OneRangeThatIsNotWhatItSeemsIsEnoughToFail) {
    for (const char* lie : {"drop-writes", "eio-on-write", "misplace shift=1048576"}) {
        const Erasure erasure = erase_with(lie + one_range);
        expect_failed(erasure);
        EXPECT_GT(secrets_in(store().substr(3301376, 65536)), 0u) << lie;
    }
}

TEST_P(Faults, OneRangeThatCannotBeReadIsEnoughToFail) {
    const Erasure erasure = erase_with("eio-on-read" + one_range);
    expect_failed(erasure);
    EXPECT_TRUE(erasure.has("unreadable")) << erasure.said;
}

TEST_P(Faults, ADriveThatVanishesIsNotErased) {
    const Erasure erasure = erase_with("vanish after=40");
    expect_failed(erasure);
    EXPECT_GT(secrets_in(store()), 0u);
}

TEST_P(Faults, AFailedFlushFailsTheRun) {
    const Erasure erasure = erase_with("fail-flush");
    expect_failed(erasure);
    EXPECT_TRUE(erasure.has("flush-failed")) << erasure.said;
}

TEST_P(Faults, ADriveThatIsHalfAsLargeAsItSaysIsCaught) {
    const Erasure erasure = erase_with("alias-half");
    expect_failed(erasure);
    EXPECT_TRUE(erasure.has("address-aliasing")) << erasure.said;
    EXPECT_EQ(secrets_in(store().substr(drive_bytes / 2)), drive_bytes / 2 / block_bytes);
}

INSTANTIATE_TEST_SUITE_P(Schemes, Faults, testing::Values("generic.zero", "generic.random"),
                         [](const auto& parameter) {
                             return std::string(parameter.param).substr(8);
                         });

} // namespace
} // namespace quietus::rig
