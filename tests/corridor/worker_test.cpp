// What a worker may do when a drive has taken it over, and what becomes of its job then.
#include "support/station.hpp"

#include "worker.hpp"
#include "worker_words.hpp"
#include "workers.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/core/json_fields.hpp"
#include "quietus/emulator/media.hpp"
#include "quietus/emulator/simulated_clock.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace quietus {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr std::uint64_t size = 1U << 20U;

std::string word_of(WorkerWord word) {
    return to_line(WorkerNews{.word = word});
}

std::string line_of(Json line) {
    return to_line(WorkerNews{.word = WorkerWord::append, .line = std::move(line)});
}

std::string progress_of(WorkerWord word) {
    return to_line(WorkerNews{.word = word, .progress = Progress{1, 3, StepKind::write, 0, size}});
}

class HostileWorker : public testing::Test {
  protected:
    /// The run of one drive whose worker does that.
    Disposal run(const WorkerBody& body, WorkerLimits limits = {}) {
        const Site made = station.site(host);
        const auto workers = make_workers(host, station.clock, limits, body);
        const Site site{made.host, made.clock, made.log, made.places, made.signer, *workers};
        request.targets = {"image:/one"};
        request.plan.scheme = "generic.zero";
        auto outcomes = dispose(request, site, person, audience);
        EXPECT_TRUE(outcomes) << outcomes.error().message;
        return outcomes ? std::move(outcomes->front()) : Disposal{};
    }
    Disposal run_saying(const std::string& bytes) {
        return run([bytes](const CommittedPlan&, const Endurance&, const ChildChannel& channel) {
            channel.send(bytes);
            wait_for_the_end(channel);
        });
    }
    static void wait_for_the_end(const ChildChannel& channel) {
        char byte = 0;
        while (::read(channel.descriptor(), &byte, 1) > 0) {
        }
    }
    static void expect_lost(const Disposal& outcome, const std::string& why) {
        EXPECT_EQ(outcome.verdict, Verdict::interrupted);
        EXPECT_EQ(outcome.exit_status, ExitStatus::interrupted);
        ASSERT_TRUE(outcome.error && outcome.document);
        EXPECT_THAT(outcome.error->message, HasSubstr(why));
        EXPECT_THAT(outcome.document->path, EndsWith(".qar.json"));
        ASSERT_FALSE(outcome.document->findings.empty());
        EXPECT_EQ(outcome.document->findings.front().code, "worker-lost");
    }

    emulator::SimulatedClock time{test::Station::time_after_keys()};
    emulator::Media port{{.size_bytes = size, .slot_bytes = 32768}, time};
    test::OneDriveHost host{port};
    test::Station station;
    test::Agreeing person;
    test::NotingAudience audience;
    DisposalRequest request;
};

TEST_F(HostileWorker, IsLostWhenItCrashes) {
    expect_lost(run([](const CommittedPlan&, const Endurance&, const ChildChannel&) {
                    ::kill(::getpid(), SIGSEGV);
                }),
                "signal 11");
}

TEST_F(HostileWorker, IsLostWhenItEndsWithoutAWord) {
    expect_lost(run([](const CommittedPlan&, const Endurance&, const ChildChannel&) {}),
                "ended too early");
}

TEST_F(HostileWorker, IsLostWhenItFallsSilent) {
    expect_lost(run([](const CommittedPlan&, const Endurance&,
                       const ChildChannel& channel) { wait_for_the_end(channel); },
                    {.silence = std::chrono::seconds(1)}),
                "has said nothing for 1 s");
}

// A command by which a drive erases itself ends after hours, and until then nothing is heard.
TEST_F(HostileWorker, MayBeSilentForAsLongAsACommandMayTake) {
    const auto begun = SystemClock().monotonic();
    expect_lost(run(
                    [](const CommittedPlan&, const Endurance&, const ChildChannel& channel) {
                        channel.send(
                            to_line(WorkerNews{.word = WorkerWord::waiting, .silent_seconds = 2}));
                        wait_for_the_end(channel);
                    },
                    {.silence = std::chrono::seconds(1)}),
                "has said nothing for 3 s");
    EXPECT_GE(SystemClock().monotonic() - begun, std::chrono::seconds(3));
}

// An overwrite has no drive reset, and nothing is undone in a job.
TEST_F(HostileWorker, IsLostWhenItAsksForWhatItsPlanHasNoUseFor) {
    expect_lost(run_saying(word_of(WorkerWord::reset)), "reset for nothing");
    expect_lost(run_saying(word_of(WorkerWord::rescan)), "reset for nothing");
    expect_lost(
        run_saying(to_line(WorkerNews{.word = WorkerWord::undone, .line = Json::object({})})),
        "of nothing that it is undone");
}

TEST_F(HostileWorker, IsLostWhenItIsNotToBeUnderstood) {
    for (const char* bytes : {"{}\n", "hello\n", "{\"word\":\"moved\"}\n",
                              "{\"word\":\"unchanged\",\"line\":{}}\n", "\n", "\xff\n"})
        expect_lost(run_saying(bytes), "not to be understood");
}

TEST_F(HostileWorker, IsLostWhenItSaysMoreThanThereIsToSay) {
    expect_lost(run([](const CommittedPlan&, const Endurance&, const ChildChannel& channel) {
                    const std::string much(1U << 20U, ' ');
                    for (;;)
                        channel.send(much);
                }),
                "more than there is to say");
}

TEST_F(HostileWorker, IsLostWhenItIsDoneWithoutAVerdict) {
    expect_lost(run_saying(word_of(WorkerWord::done)), "without a verdict");
}

TEST_F(HostileWorker, IsLostWhenItWritesALineThatIsNotItsOwn) {
    expect_lost(run_saying(line_of(Json::object({{"event", "committed"}}))), "not its own");
    expect_lost(run_saying(line_of(Json::array())), "not its own");
}

// It may have written by then, whatever it says.
TEST_F(HostileWorker, CannotTakeBackThatItBegan) {
    const Error nothing{Fault::io, "nothing happened"};
    expect_lost(run_saying(progress_of(WorkerWord::started) +
                           to_line(WorkerNews{.word = WorkerWord::error, .error = nothing})),
                "nothing happened");
}

TEST_F(HostileWorker, MayFailBeforeItBegins) {
    const Error refusal{Fault::refused, "open-elsewhere: somebody else holds it"};
    const Disposal outcome =
        run_saying(to_line(WorkerNews{.word = WorkerWord::error, .error = refusal}));
    EXPECT_EQ(outcome.verdict, Verdict::refused);
    EXPECT_EQ(outcome.exit_status, ExitStatus::refused);
    ASSERT_TRUE(outcome.document);
    EXPECT_THAT(outcome.document->path, EndsWith(".qar.json"));
}

TEST_F(HostileWorker, CannotCallADriveErasedThatItDidNotErase) {
    expect_lost(run([](const CommittedPlan& order, const Endurance&, const ChildChannel& channel) {
                    ErasureRecord record{order.job(), order.drive(), order.plan(), {}, {}, {}};
                    record.judgement.verdict = Verdict::erased;
                    record.judgement.bytes_proven = size;
                    channel.send(
                        line_of(Json::object({{"event", "verdict"}, {"record", to_json(record)}})) +
                        word_of(WorkerWord::done));
                    wait_for_the_end(channel);
                }),
                "does not follow from its evidence");
}

TEST_F(HostileWorker, CannotGiveTheVerdictOfAnotherJob) {
    expect_lost(run([](const CommittedPlan& order, const Endurance&, const ChildChannel& channel) {
                    const ErasureRecord record{
                        "QTS-TEST01-00000099", order.drive(), order.plan(), {}, {}, {}};
                    channel.send(
                        line_of(Json::object({{"event", "verdict"}, {"record", to_json(record)}})));
                    wait_for_the_end(channel);
                }),
                "does not follow from its evidence");
}

// With the real work, over the emulated drive: its medium is a copy, as the process is.
TEST_F(HostileWorker, AnHonestOneIsStillBelieved) {
    const Disposal outcome =
        run([this](CommittedPlan order, const Endurance& endurance, const ChildChannel& channel) {
            work(std::move(order), endurance, {host, station.clock}, channel);
        });
    EXPECT_EQ(outcome.verdict, Verdict::erased) << (outcome.error ? outcome.error->message : "");
    EXPECT_EQ(outcome.exit_status, ExitStatus::success);
}

TEST_F(HostileWorker, IsLeftAtOnceWhenThatIsAskedFor) {
    audience.leave = true;
    const Disposal outcome = run([](const CommittedPlan&, const Endurance&,
                                    const ChildChannel& channel) { wait_for_the_end(channel); });
    EXPECT_EQ(outcome.exit_status, ExitStatus::interrupted);
    EXPECT_FALSE(outcome.document);
    const auto logged = station.log->find(outcome.job);
    ASSERT_TRUE(logged && *logged);
    EXPECT_FALSE((*logged)->result);
}

/// An honest worker on a drive that is read as this warm.
class WarmDrive : public HostileWorker {
  protected:
    WarmDrive() {
        // Read by other processes: in memory they would see what was there when they began.
        file = station.directory + "/celsius";
        host.warmth = [this]() -> std::optional<std::int32_t> {
            std::ifstream stream(file);
            std::int32_t celsius = 0;
            return stream >> celsius ? std::optional(celsius) : std::nullopt;
        };
        request.endurance.limit_rate = size; // a second for the pass, one for the read-back
        request.cooling = {60, 50};
    }
    void become(std::int32_t celsius) const {
        const std::string next = file + ".next";
        std::ofstream(next) << celsius;
        std::filesystem::rename(next, file);
    }
    Disposal run_honestly() {
        return run(
            [this](CommittedPlan order, const Endurance& endurance, const ChildChannel& channel) {
                work(std::move(order), endurance, {host, station.clock}, channel);
            },
            {.thermometer = std::chrono::milliseconds(50)});
    }
    std::string file;
};

TEST_F(WarmDrive, PausesAboveOneTemperatureAndGoesOnBelowAnother) {
    become(61);
    std::vector<Warmth> told;
    std::uint64_t at_pause = 0;
    std::uint64_t at_resumption = 0;
    audience.at_measured = [&](const Warmth& warmth) {
        told.push_back(warmth);
        if (told.size() == 4) at_pause = audience.last.bytes_done; // what was in flight is back
        if (told.size() == 8) become(50);
        if (told.size() == 12) {
            at_resumption = audience.last.bytes_done;
            become(49);
        }
    };
    const Disposal outcome = run_honestly();
    EXPECT_EQ(outcome.verdict, Verdict::erased) << (outcome.error ? outcome.error->message : "");
    ASSERT_GT(told.size(), 14u);
    EXPECT_EQ(told[0], (Warmth{61, true}));
    EXPECT_EQ(told[11], (Warmth{50, true})) << "not below yet";
    EXPECT_EQ(at_resumption, at_pause) << "it worked while it was told to pause";
    EXPECT_EQ(told.back(), (Warmth{49, false}));
}

TEST_F(WarmDrive, GoesOnWithoutPauseAtTheLimitItself) {
    become(60);
    std::vector<Warmth> told;
    audience.at_measured = [&](const Warmth& warmth) { told.push_back(warmth); };
    EXPECT_EQ(run_honestly().verdict, Verdict::erased);
    ASSERT_FALSE(told.empty());
    for (const Warmth& each : told)
        EXPECT_EQ(each, (Warmth{60, false}));
}

TEST_F(WarmDrive, IsOnlyToldOfWhereNothingIsConfigured) {
    become(99);
    request.cooling = {};
    std::vector<Warmth> told;
    audience.at_measured = [&](const Warmth& warmth) { told.push_back(warmth); };
    EXPECT_EQ(run_honestly().verdict, Verdict::erased);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back(), (Warmth{99, false}));
}

TEST_F(WarmDrive, StopsInGoodOrderWhileItPauses) {
    become(70);
    bool asked = false;
    audience.at_measured = [&](const Warmth&) { asked = true; };
    audience.stop = [&](const Progress&) { return asked; };
    const Disposal outcome = run_honestly();
    EXPECT_EQ(outcome.verdict, Verdict::interrupted);
    ASSERT_TRUE(outcome.document);
    EXPECT_THAT(outcome.document->path, EndsWith(".qar.json"));
}

TEST(WorkerWords, HaveAllThatBelongsToThemAndNothingElse) {
    for (const char* line : {R"({"word":"moved"})", R"({"word":"done","line":{}})",
                             R"({"word":"stalled"})", R"({"word":"append"})", R"({"word":"error"})",
                             R"({"word":"gone"})", R"({})", R"({"word":"done","more":1})",
                             R"({"word":"same","error":{"fault":"io","message":"","hint":""}})",
                             R"({"word":"error","error":{"fault":"bad","message":"","hint":""}})"})
        EXPECT_FALSE(parse_news(line)) << line;
    for (const char* line : {R"({})", R"({"stop":1})", R"({"stop":true,"go":true})"})
        EXPECT_FALSE(parse_order(line)) << line;
    const auto stop = parse_order(R"({"stop":true})");
    ASSERT_TRUE(stop);
    EXPECT_TRUE(stop->stop && !stop->refusal);
    const auto refusal = parse_order(
        R"({"stop":false,"refusal":{"fault":"refused","message":"in use","hint":"umount"}})");
    ASSERT_TRUE(refusal && refusal->refusal);
    EXPECT_EQ(refusal->refusal->fault, Fault::refused);
    EXPECT_EQ(refusal->refusal->message, "in use");
    EXPECT_EQ(refusal->refusal->hint, "umount");
    const auto health =
        parse_order(R"({"stop":false,"health":{"reallocated":3,"text":"as it says"}})");
    ASSERT_TRUE(health && health->health);
    EXPECT_EQ(health->health->reallocated, 3U);
    EXPECT_FALSE(health->health->pending);
    EXPECT_FALSE(parse_order(R"({"stop":false,"health":{"reallocated":-3,"text":""}})"));
}

} // namespace
} // namespace quietus
