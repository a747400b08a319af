// A clock that cannot be right: nothing is written under it, at whichever look it is found, unless
// the operator sets the interlock aside; then the document says so.
#include "support/station.hpp"

#include "quietus/app/timed_host.hpp"
#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/version.hpp"
#include "quietus/emulator/media.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace quietus {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t size = 1U << 20U;

class ShiftedClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return SystemClock().utc_seconds() + shift; }
    std::chrono::nanoseconds monotonic() override { return SystemClock().monotonic(); }
    std::int64_t shift = 0;
};

/// Agrees, after something has happened.
class Slow final : public Operator {
  public:
    Status agree(const Proposal&) override {
        meanwhile();
        return {};
    }
    std::function<void()> meanwhile = [] {};
};

class WrongClock : public testing::Test {
  protected:
    WrongClock() {
        port.hold(as_bytes("the secret"));
        before = port.at(0, size);
        request.targets = {"image:/one"};
        request.plan.scheme = "generic.zero";
    }
    Result<std::vector<Disposal>> run() {
        TimedHost host(machine, clock, *station.log);
        Site site = station.site(host);
        return dispose(request,
                       {site.host, clock, site.log, site.places, site.signer, site.workplace},
                       person, audience);
    }
    void log_an_entry_of_the_future() {
        ShiftedClock ahead;
        ahead.shift = 86400;
        auto log = open_log_register({station.places.log(),
                                      [this](const std::string& origin) {
                                          return station.signer->checkpoint_signer(origin);
                                      }},
                                     ahead);
        RecheckFacts read;
        read.station = "TEST01";
        read.document = "QTS-TEST01-00000001";
        read.payload_sha384 = std::string(96, 'a');
        ASSERT_TRUE(log->append_recheck(read));
    }
    void expect_untouched() {
        EXPECT_TRUE(port.trace().empty());
        EXPECT_EQ(port.at(0, size), before);
    }

    test::Station station;
    emulator::SimulatedClock time;
    emulator::Media port{{.size_bytes = size}, time};
    test::OneDriveHost machine{port};
    Bytes before;
    ShiftedClock clock;
    Slow person;
    test::NotingAudience audience;
    DisposalRequest request;
};

TEST_F(WrongClock, IsRefusedBeforeAnybodyIsAsked) {
    clock.shift = source_seconds() - SystemClock().utc_seconds() - 3600;
    bool asked = false;
    person.meanwhile = [&] { asked = true; };
    const auto outcomes = run();
    ASSERT_FALSE(outcomes);
    EXPECT_EQ(exit_status(outcomes.error().fault), ExitStatus::refused);
    EXPECT_THAT(outcomes.error().message, HasSubstr("clock: the clock says "));
    EXPECT_EQ(outcomes.error().hint, clock_release());
    EXPECT_FALSE(asked);
    expect_untouched();
    EXPECT_EQ(station.log->jobs()->size(), 0u);
}

TEST_F(WrongClock, IsFoundWhenItIsSetBackWhileThePersonThinks) {
    clock.shift = 3600; // so that it is never behind the making of the key, which preflight sees
    person.meanwhile = [&] { clock.shift = 0; };
    const auto outcomes = run();
    ASSERT_TRUE(outcomes) << outcomes.error().message;
    const Disposal& outcome = outcomes->front();
    EXPECT_EQ(outcome.verdict, Verdict::refused);
    EXPECT_EQ(outcome.exit_status, ExitStatus::refused);
    EXPECT_THAT(outcome.error->message, HasSubstr("clock: the clock says "));
    EXPECT_EQ(outcome.error->hint, clock_release());
    expect_untouched();
    EXPECT_EQ(station.log->jobs()->size(), 0u) << "no number is taken for it";
}

TEST_F(WrongClock, IsFoundWhenItIsSetBackJustBeforeTheFirstWrite) {
    machine.at_look = [&](const DetectRequest& look) {
        if (look.held) clock.shift = -300;
    };
    const auto outcomes = run();
    ASSERT_TRUE(outcomes) << outcomes.error().message;
    const Disposal& outcome = outcomes->front();
    EXPECT_EQ(outcome.verdict, Verdict::refused);
    EXPECT_THAT(outcome.error->message, HasSubstr("clock: the clock says "));
    expect_untouched();
    ASSERT_TRUE(outcome.document) << "the number that was taken has its attempt record";
    EXPECT_THAT(outcome.document->path, testing::EndsWith(".qar.json"));
}

TEST_F(WrongClock, StopsNoEraseThatIsOn) {
    audience.at_step_end = [&](const Progress&) { clock.shift = -300; };
    const auto outcomes = run();
    ASSERT_TRUE(outcomes) << outcomes.error().message;
    EXPECT_EQ(port.at(0, size), std::vector<std::uint8_t>(size, 0));
    // What says that it ended before it began is no certificate, and nobody is told otherwise.
    EXPECT_EQ(outcomes->front().verdict, Verdict::indeterminate);
    EXPECT_EQ(outcomes->front().exit_status, ExitStatus::not_established);
    EXPECT_THAT(outcomes->front().document->path, testing::EndsWith(".qar.json"));
}

TEST_F(WrongClock, IsPrintedOnTheDocumentWhenItIsSetAside) {
    log_an_entry_of_the_future();
    const auto refused = run();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("earlier than the last entry of the log"));
    expect_untouched();

    request.statements.overrides = {"clock"};
    const auto outcomes = run();
    ASSERT_TRUE(outcomes) << outcomes.error().message;
    const Disposal& outcome = outcomes->front();
    ASSERT_EQ(outcome.verdict, Verdict::erased);
    EXPECT_EQ(port.at(0, size), std::vector<std::uint8_t>(size, 0));
    const auto document = read_document(outcome.document->path);
    const auto payload = parse_json(document->payload);
    ASSERT_TRUE(payload);
    EXPECT_EQ(to_line(*payload->find("statements")->find("overrides")), "[\"clock\"]");
    const auto pem = read_regular_file(station.root(), 1U << 20U);
    const auto trust = TrustAnchors::from_pem(pem.value());
    EXPECT_EQ(check_document(*document, *trust).verdict, DocumentVerdict::valid);
    EXPECT_TRUE(run()->front().verdict == Verdict::erased) << "the last entry is from now again";
}

} // namespace
} // namespace quietus
