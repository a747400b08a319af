// Going on with an interrupted erasure: the end is a whole proof, wherever it was interrupted.
#include "resumable.hpp"

#include "quietus/stream/digest.hpp"

#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <thread>

namespace quietus {
namespace {

namespace fs = std::filesystem;
using test::first_job;
using test::resumable_size;
using test::second_job;
using testing::HasSubstr;

class Resume : public test::Resumable {
  protected:
    // Nothing moves in the address probe that would be half of anything.
    bool interrupt_in(const std::string& scheme, std::uint32_t step) {
        const std::uint64_t enough = step == 1 ? 1 : resumable_size / 2;
        audience.stop = [=](const Progress& progress) {
            return progress.step == step && progress.bytes_done >= enough;
        };
        const auto outcomes = erase(scheme);
        audience.stop = [](const Progress&) { return false; };
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().message;
        return outcomes && outcomes->front().verdict == Verdict::interrupted;
    }
    void start_anew() {
        station = std::make_unique<test::Station>();
        media.hold(as_bytes(test::secret));
    }
};

// Address probe, passes of every kind of data, read-backs between them and at the end.
TEST_F(Resume, GoesOnInEveryStep) {
    int interrupted = 0;
    for (const char* scheme : {"uk.is5.enhanced", "us.dod.5220-22-m.ece", "x.schneier"})
        for (std::uint32_t step = 1; step < 99; ++step) {
            SCOPED_TRACE(std::string(scheme) + " step " + std::to_string(step));
            start_anew();
            if (!interrupt_in(scheme, step)) break; // there is no such step
            ++interrupted;
            expect_erased_from(first_job);
            EXPECT_EQ(resumption().job, first_job);
            EXPECT_EQ(resumption().step, step);
            EXPECT_FALSE(resumption().key_lost);
            if (HasFatalFailure()) return;
        }
    EXPECT_GE(interrupted, 5 + 9 + 9);
}

// Of such a run nothing is carried over that would say when it began.
TEST_F(Resume, IsGoneOnWithASecondBeforeItsFirstStepBegins) {
    ASSERT_TRUE(interrupt_in("generic.zero", 1));
    audience.at_commit = [] { std::this_thread::sleep_for(std::chrono::milliseconds(1100)); };
    expect_erased_from(first_job);
    EXPECT_EQ(resumption().carried_bytes, 0u);
    EXPECT_EQ(document.find("timing")->text_of("started_at"), resumption().resumed_at);
}

TEST_F(Resume, WritesNothingAgainThatIsOnTheMedium) {
    interrupt("generic.random", 2, resumable_size / 2);
    const std::uint64_t before = media.counts().bytes_written;
    expect_erased_from(first_job);
    const Resumption said = resumption();
    EXPECT_EQ(media.counts().bytes_written - before + said.carried_bytes, resumable_size);
    EXPECT_GE(said.carried_bytes, resumable_size / 2);
    EXPECT_EQ(said.first_block, said.carried_bytes / 512);
    EXPECT_EQ(said.compared_bytes, said.carried_bytes) << "all of so small a drive";
    EXPECT_EQ(said.journal_sha256,
              sha256_hex(read_regular_file(journal_of(first_job), journal_limit).value()));
}

TEST_F(Resume, KeepsKeyAndPhase) {
    interrupt("generic.random", 2, resumable_size / 2);
    const auto kept = parse_json(read_regular_file(keys_of(first_job), 4096).value()).value();
    const std::string key(kept.find("keys")->as<Json::Array>()->front().text_of("octets"));
    struct stat facts {};
    ASSERT_EQ(::stat(keys_of(first_job).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U);
    const auto attempt = read_regular_file(
        station->places.certificates + "/" + first_job + ".qar.json", payload_limit);
    EXPECT_THAT(attempt.value(), Not(HasSubstr(key))) << "it is not used up yet";
    const Bytes half = media.at(0, resumable_size / 2);
    expect_erased_from(first_job);
    EXPECT_EQ(media.at(0, resumable_size / 2), half);
    const auto* passes = document.find("method")->find("passes")->as<Json::Array>();
    EXPECT_EQ(passes->back().text_of("seed"), key);
    EXPECT_FALSE(fs::exists(keys_of(first_job)));
}

TEST_F(Resume, GoesOnAgainAndAgain) {
    interrupt("uk.is5.enhanced", 2, resumable_size / 2);
    std::string job = first_job;
    for (const std::uint32_t step : {2U, 3U, 4U, 5U}) {
        audience.stop = [=](const Progress& progress) {
            return progress.step == step && progress.bytes_done >= 3 * (resumable_size / 4);
        };
        const auto outcomes = go_on(job);
        audience.stop = [](const Progress&) { return false; };
        ASSERT_TRUE(outcomes.has_value()) << outcomes.error().message;
        ASSERT_EQ(outcomes->front().verdict, Verdict::interrupted);
        job = outcomes->front().job;
    }
    expect_erased_from(job);
    EXPECT_EQ(audit().intents, 6u);
    const std::vector<std::uint32_t> steps{2, 2, 3, 4, 5};
    for (std::size_t i = 0; i < steps.size(); ++i)
        EXPECT_EQ(resumption(i).step, steps[i]);
}

TEST_F(Resume, BeginsAPassAnewWhoseKeyIsGone) {
    interrupt("generic.random", 2, resumable_size / 2);
    ASSERT_TRUE(fs::remove(keys_of(first_job)));
    const std::uint64_t before = media.counts().bytes_written;
    expect_erased_from(first_job);
    EXPECT_EQ(media.counts().bytes_written - before, resumable_size);
    EXPECT_TRUE(resumption().key_lost);
    EXPECT_EQ(resumption().carried_bytes, 0u);
    EXPECT_EQ(resumption().first_block, 0u);
}

TEST_F(Resume, BeginsAPassAnewWhoseKeyIsNotToBeRead) {
    for (const char* text :
         {"", "{}", "{\"keys\":[]}", "\xff", "{\"keys\":[{\"step\":2,\"octets\":\"00\"}]}"}) {
        SCOPED_TRACE(text);
        start_anew();
        interrupt("generic.random", 3, resumable_size / 2); // while it is read back
        std::ofstream(keys_of(first_job), std::ios::trunc) << text;
        expect_erased_from(first_job);
        EXPECT_TRUE(resumption().key_lost);
        EXPECT_EQ(resumption().step, 2u) << "the pass, of which the read-back was";
    }
}

TEST_F(Resume, NeedsNoKeyForWhatIsFixed) {
    interrupt("uk.is5.enhanced", 3, resumable_size / 2);
    ASSERT_TRUE(fs::remove(keys_of(first_job)));
    expect_erased_from(first_job);
    EXPECT_FALSE(resumption().key_lost);
    EXPECT_GT(resumption().carried_bytes, 0u);
}

// Random characters are spelled in the records.
TEST_F(Resume, RecoversCharactersFromTheRecords) {
    interrupt("us.dod.5220-22-m.d", 3, resumable_size / 2);
    const auto journal = read_regular_file(journal_of(first_job), journal_limit).value();
    const auto before = FileJournal::parse(journal)->evidence.passes.front();
    fs::remove(keys_of(first_job));
    expect_erased_from(first_job);
    const auto* passes = document.find("method")->find("passes")->as<Json::Array>();
    EXPECT_EQ(passes->front().text_of("bytes"), before.bytes);
}

TEST_F(Resume, ReadsAllOfItBackWhereASampleWasAskedFor) {
    DisposalRequest request;
    request.targets = {"image:/one"};
    request.plan.verification = Verification{VerificationMode::sample, 10};
    request.endurance = often();
    audience.stop = [](const Progress& progress) {
        return progress.step == 2 && progress.bytes_done >= resumable_size / 2;
    };
    test::Agreeing person;
    ASSERT_TRUE(dispose(request, station->site(host), person, audience));
    audience.stop = [](const Progress&) { return false; };
    expect_erased_from(first_job);
    const Json* verification = document.find("verification");
    EXPECT_EQ(verification->text_of("mode"), "sample") << "what was asked for";
    const auto& last = verification->find("read_backs")->as<Json::Array>()->back();
    EXPECT_EQ(last.find("verification")->text_of("mode"), "full");
    EXPECT_EQ(document.text_of("grade"), "E3");
}

TEST_F(Resume, IsHeldAgainstTheLogByTheAudit) {
    interrupt("generic.random", 2, resumable_size / 2);
    expect_erased_from(first_job);
    // Somebody who has the log's key lets a third job have gone on with the first one too.
    const auto payload =
        read_regular_file(station->places.certificates + "/" + second_job + ".qdc.json",
                          payload_limit)
            .value();
    const auto intent =
        station->log->append_intent({"SPARSE0001", "overwrite", plan_sha256(Plan{}), "TEST01"});
    ASSERT_TRUE(intent.has_value());
    ASSERT_TRUE(station->log->append_result({intent->job, "erased", std::string(64, 'a')}));
    ASSERT_TRUE(
        station->log->append_document({intent->job, "quietus.certificate", sha384_hex(payload)}));
    std::ofstream(station->places.certificates + "/" + intent->job + ".qdc.json") << payload;
    const auto report = audit();
    EXPECT_TRUE(std::ranges::any_of(report.findings, [](const CheckFinding& each) {
        return each.code == "E_REGISTER_RESUMED";
    }));
}

} // namespace
} // namespace quietus
