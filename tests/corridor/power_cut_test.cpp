// The power goes at a boundary of a flush, of an erasure or of a run that goes on with one: what
// was not flushed is forgotten by the drive, and all else that the machine had in hand by its
// owner.
//
// At each of these moments a picture is taken of the drive and of the station's files. Afterwards
// each is gone on with: the job that was cut is interrupted and nothing else, no intent is without
// its one result and document, and the end is a whole proof of what is on the drive. The campaign
// goes on from every picture, an everyday run from some of each kind.
#include "resumable.hpp"

#include <memory>

namespace quietus {
namespace {

namespace fs = std::filesystem;
using test::first_job;
using test::resumable_size;
using test::second_job;

#ifdef QUIETUS_EVERY_CUT
constexpr bool every_cut = true;
const std::vector<const char*> schemes{
    "generic.zero",         "generic.random",   "uk.is5.enhanced",  "us.dod.5220-22-m.d",
    "us.dod.5220-22-m.ece", "us.army.ar380-19", "de.tl-03423.vsitr"};
#else
constexpr bool every_cut = false;
const std::vector<const char*> schemes{"generic.zero", "generic.random", "uk.is5.enhanced",
                                       "us.dod.5220-22-m.d"};
#endif

/// What is there when the light is on again.
struct Picture {
    std::string name;
    std::string state; ///< a copy of the station's directory
    emulator::Media media;
};

/// A drive whose flushes are watched.
struct Stage {
    explicit Stage(emulator::Media drive) : media(std::move(drive)) {}
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    emulator::Media media;
    test::FlushPort port{media};
    test::OneDriveHost host{port};
};

class PowerCut : public test::Resumable {
  protected:
    void TearDown() override {
        for (const std::string& each : copies)
            fs::remove_all(each);
    }

    // A pass is four transfers, with a checkpoint after each.
    [[nodiscard]] std::unique_ptr<Stage> new_drive() {
        emulator::MediaTraits traits = test::cached_drive();
        traits.slot_bytes = resumable_size / 4;
        emulator::Media drive(traits, time);
        drive.hold(as_bytes(test::secret));
        return std::make_unique<Stage>(std::move(drive));
    }
    void start_anew() { station = std::make_unique<test::Station>(); }
    Disposal erase_on(Stage& stage, const std::string& scheme) {
        DisposalRequest request;
        request.targets = {"image:/one"};
        request.plan.scheme = scheme;
        request.endurance = often();
        test::Agreeing person;
        audience.last = {};
        return dispose(request, station->site(stage.host), person, audience).value().front();
    }
    Disposal go_on_on(Stage& stage, const std::string& job) {
        test::Agreeing person;
        audience.last = {};
        auto outcomes = resume({job, often()}, station->site(stage.host), person, audience);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        return outcomes ? outcomes->front() : Disposal{};
    }

    template <typename Run>
    std::vector<Picture> photographed(Stage& stage, Run run) {
        std::vector<Picture> pictures;
        const unsigned before = stage.port.flushes;
        stage.port.at_flush = [&](const char* when) {
            copies.push_back(testing::TempDir() + "quietus-cut-" + std::to_string(::getpid()) +
                             "-" + std::to_string(copies.size()));
            fs::copy(station->directory, copies.back(), fs::copy_options::recursive);
            const std::string number = std::to_string(stage.port.flushes - before);
            pictures.push_back(
                {std::string(when) + " flush " + number, copies.back(), stage.media});
        };
        EXPECT_EQ(run().verdict, Verdict::erased);
        stage.port.at_flush = [](const char*) {};
        return pictures;
    }
    // The station as it was then, and the drive as it is when its cache has lost its power.
    [[nodiscard]] std::unique_ptr<Stage> enter(const Picture& picture) {
        station = std::make_unique<test::Station>();
        fs::remove_all(station->directory);
        fs::rename(picture.state, station->directory);
        station->places = {station->directory + "/state", station->directory + "/certificates"};
        station->start_signer();
        auto stage = std::make_unique<Stage>(picture.media);
        stage->media.add({.kind = emulator::FaultKind::power_cut, .times = 1});
        return stage;
    }
    void expect_interrupted(Stage& stage, const std::string& job) {
        const auto jobs = station_status(station->site(stage.host));
        ASSERT_TRUE(jobs.has_value());
        ASSERT_EQ(jobs->back().job, job);
        for (const JobStatus& each : *jobs)
            EXPECT_EQ(each.verdict, "interrupted") << each.job;
    }
    void expect_proven(Stage& stage, const Disposal& end) {
        ASSERT_EQ(end.verdict, Verdict::erased)
            << (end.error ? end.error->message : to_line(to_json(end.document->findings)));
        EXPECT_EQ(stage.media.residue(as_bytes(test::secret)), 0u);
        expect_certified(end, stage.media);
        expect_clean_log();
    }
    // As many at most, and not always the same.
    static std::vector<Picture> chosen(std::vector<Picture> pictures, std::size_t most,
                                       std::size_t from) {
        if (every_cut) return pictures;
        const std::size_t stride = std::max<std::size_t>(1, (pictures.size() + most - 1) / most);
        std::vector<Picture> few;
        for (std::size_t index = from % stride; index < pictures.size(); index += stride)
            few.push_back(std::move(pictures[index]));
        return few;
    }
    void expect_whole_after(const Picture& picture, const std::string& job) {
        SCOPED_TRACE("cut " + picture.name);
        const auto stage = enter(picture);
        expect_interrupted(*stage, job);
        expect_proven(*stage, go_on_on(*stage, job));
    }

    std::vector<std::string> copies;
};

/// Every kind of data and of step: fixed, random, complement, characters drawn, read-backs between.
class PowerCutIn : public PowerCut, public testing::WithParamInterface<const char*> {};

TEST_P(PowerCutIn, AnErasureIsGoneOnWithWhole) {
    const auto drive = new_drive();
    const auto pictures = photographed(*drive, [&] { return erase_on(*drive, GetParam()); });
    ASSERT_GE(pictures.size(), 2U * (1 + 4 + 1)) << "probe, a checkpoint a transfer, the pass";
    for (const Picture& each : chosen(pictures, 4, std::string(GetParam()).size())) {
        expect_whole_after(each, first_job);
        if (HasFatalFailure()) return;
    }
}

// Stopped in the midst of each step, then cut at each flush of the run that goes on.
TEST_P(PowerCutIn, ARunThatGoesOnIsGoneOnWithWhole) {
    std::size_t cuts = 0;
    for (std::uint32_t step = 1; step < 99; ++step) {
        SCOPED_TRACE("stopped in step " + std::to_string(step));
        start_anew();
        const auto drive = new_drive();
        const std::uint64_t enough = step == 1 ? 1 : resumable_size / 2;
        audience.stop = [=](const Progress& progress) {
            return progress.step == step && progress.bytes_done >= enough;
        };
        const Disposal stopped = erase_on(*drive, GetParam());
        audience.stop = [](const Progress&) { return false; };
        if (stopped.verdict != Verdict::interrupted) break; // there is no such step
        const auto pictures = photographed(*drive, [&] { return go_on_on(*drive, first_job); });
        cuts += pictures.size();
        for (const Picture& each : chosen(pictures, 2, step)) {
            expect_whole_after(each, second_job);
            if (HasFatalFailure()) return;
        }
    }
    EXPECT_GE(cuts, 2U * 4);
}

INSTANTIATE_TEST_SUITE_P(Schemes, PowerCutIn, testing::ValuesIn(schemes),
                         [](const testing::TestParamInfo<const char*>& scheme) {
                             std::string name = scheme.param;
                             std::ranges::replace_if(
                                 name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                             return name;
                         });

// Cut, gone on with, and cut again at every flush of that: nothing adds up to a proof that is none.
TEST_F(PowerCut, MayHappenAgainAtEveryFlushOfWhatGoesOn) {
    const auto drive = new_drive();
    const auto first = photographed(*drive, [&] { return erase_on(*drive, "generic.random"); });
    for (const Picture& one : chosen(first, 3, 1)) {
        SCOPED_TRACE("cut " + one.name);
        const auto stage = enter(one);
        expect_interrupted(*stage, first_job);
        const auto second = photographed(*stage, [&] { return go_on_on(*stage, first_job); });
        for (const Picture& other : chosen(second, 3, 2)) {
            expect_whole_after(other, second_job);
            if (HasFatalFailure()) return;
        }
    }
}

} // namespace
} // namespace quietus
