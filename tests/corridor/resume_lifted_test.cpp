// Going on with a drive whose hidden blocks were lifted by the run that was interrupted, while the
// kernel still takes it for as large as it was.
#include "ata_host.hpp"

#include "quietus/app/dispose.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/json_fields.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace quietus {
namespace {

using test::AtaHost;
using test::NotingAudience;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t shown = 1600;
constexpr std::uint64_t native = 2048;
constexpr std::uint64_t octets = 512;

/// Blocks as a kernel has them that read the size of the drive long ago.
class ShorterPort final : public BlockPort {
  public:
    explicit ShorterPort(std::unique_ptr<BlockPort> port) : port_(std::move(port)) {}
    [[nodiscard]] BlockGeometry geometry() const override {
        BlockGeometry geometry = port_->geometry();
        geometry.size_bytes = shown * octets;
        return geometry;
    }
    [[nodiscard]] unsigned slots() const override { return port_->slots(); }
    [[nodiscard]] std::span<std::uint8_t> slot(unsigned index) override {
        return port_->slot(index);
    }
    void start(Direction direction, unsigned slot, Extent extent) override {
        port_->start(direction, slot, extent);
    }
    Result<std::optional<Completion>> wait(std::chrono::milliseconds at_most) override {
        return port_->wait(at_most);
    }
    std::optional<int> flush(std::chrono::milliseconds at_most) override {
        return port_->flush(at_most);
    }
    Result<PortState> state() override { return port_->state(); }
    [[nodiscard]] bool used_page_cache() const override { return false; }

  private:
    std::unique_ptr<BlockPort> port_;
};

/// A machine whose kernel reads the size again when it is told to: when a run opens the blocks anew
/// (LentBay), and not when it opens the drive.
class StaleHost final : public Host {
  public:
    Drive told() {
        Drive drive = machine.told();
        drive.node = "/dev/emulated";
        const std::uint64_t own = drive.size_bytes;
        drive.size_bytes = shown * octets;
        // As drive/merge_identity.cpp has it.
        if (own > drive.size_bytes)
            drive.guards = {{Interlock::hidden_area_unchecked, "the rest cannot be reached", ""}};
        if (doubled)
            drive.guards.push_back({Interlock::weak_identity, "another has this serial", ""});
        return drive;
    }
    Result<std::vector<Drive>> detect(const DetectRequest&) override {
        return std::vector<Drive>{told()};
    }
    Result<Drive> image(const std::string&, const DetectRequest&) override {
        return Error{Fault::usage, "no image"};
    }
    Result<DriveLink> open(const Drive& drive) override {
        auto link = machine.open(drive);
        link->block = std::make_unique<ShorterPort>(std::move(link->block));
        return link;
    }
    Result<DriveLink> open_to_read(const Drive& drive) override { return open(drive); }

    // Not so long that the signer, whose clock is another, would find its documents late.
    AtaHost machine{{.blocks = native,
                     .accessible_blocks = shown,
                     .sanitize = {.pass_takes = std::chrono::seconds(6)}},
                    emulator::SimulatedClock(test::Station::time_after_keys())};
    bool doubled = false; ///< what only an override sets aside
};

class ResumeLifted : public testing::TestWithParam<Technique> {
  protected:
    Result<std::vector<Disposal>> erase() {
        DisposalRequest request;
        request.targets = {"serial:" + host.machine.drive.traits().serial};
        request.plan.technique = GetParam();
        request.endurance.checkpoint_least = request.endurance.checkpoint_most =
            std::chrono::milliseconds{0};
        test::Agreeing person;
        return dispose(request, station.site(host), person, audience);
    }
    Result<std::vector<Disposal>> go_on(std::vector<std::string> overrides = {}) {
        test::Agreeing person;
        return resume({.job = "QTS-TEST01-00000001", .overrides = std::move(overrides)},
                      station.site(host), person, audience);
    }
    /// With its hidden blocks lifted already, and before the kernel has heard of it.
    void interrupt() {
        const bool overwrites = GetParam() == Technique::overwrite;
        audience.stop = [=](const Progress& progress) {
            if (!overwrites) return progress.kind == StepKind::firmware;
            return progress.kind == StepKind::write && progress.bytes_done > 0;
        };
        const auto outcomes = erase();
        audience.stop = [](const Progress&) { return false; };
        ASSERT_TRUE(outcomes) << outcomes.error().message;
        ASSERT_EQ(outcomes->front().verdict, Verdict::interrupted);
        ASSERT_THAT(host.told().guards, testing::SizeIs(1));
    }
    void expect_erased(const Result<std::vector<Disposal>>& outcomes) {
        ASSERT_TRUE(outcomes) << outcomes.error().message;
        const Disposal& end = outcomes->front();
        EXPECT_EQ(end.verdict, Verdict::erased)
            << (end.error ? end.error->message : to_line(to_json(end.document->findings)));
        ASSERT_TRUE(end.document) << end.error->message;
        EXPECT_EQ(host.machine.residue(), 0U);
    }
    std::vector<std::string> overrides_on(const Disposal& end) {
        const auto files = read_document(end.document->path);
        EXPECT_TRUE(files);
        const Json payload = parse_json(files->payload).value();
        const Json* named = payload.find("statements")->find("overrides");
        std::vector<std::string> names;
        if (named == nullptr) return names;
        for (const Json& each : *named->as<Json::Array>())
            names.push_back(*each.as<std::string>());
        return names;
    }

    StaleHost host;
    test::Station station{host.machine.clock};
    NotingAudience audience;
};

TEST_P(ResumeLifted, IsGoneOnWithBeforeTheKernelHasReadItsSizeAgain) {
    interrupt();
    const auto outcomes = go_on();
    expect_erased(outcomes);
    if (HasFatalFailure()) return;
    EXPECT_THAT(overrides_on(outcomes->front()), ElementsAre()) << "nobody set anything aside";
}

// Whatever else holds is set aside by name, and the document says so.
TEST_P(ResumeLifted, NeedsAnOverrideForWhatElseHolds) {
    interrupt();
    host.doubled = true;
    const auto refused = go_on();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::refused);
    EXPECT_THAT(refused.error().message, HasSubstr("weak-identity"));
    const auto unknown = go_on({"no-such-interlock"});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().fault, Fault::usage);
    const auto never = go_on({"mounted"});
    ASSERT_FALSE(never);
    EXPECT_THAT(never.error().message, HasSubstr("can never be overridden"));
    const auto outcomes = go_on({"weak-identity"});
    expect_erased(outcomes);
    if (HasFatalFailure()) return;
    EXPECT_THAT(overrides_on(outcomes->front()), ElementsAre("weak-identity"));
}

INSTANTIATE_TEST_SUITE_P(Techniques, ResumeLifted,
                         testing::Values(Technique::overwrite, Technique::ata_sanitize_overwrite),
                         [](const auto& each) {
                             return each.param == Technique::overwrite ? "overwrite" : "sanitize";
                         });

} // namespace
} // namespace quietus
