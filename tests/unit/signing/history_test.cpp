// What the signer must be shown of a run that went on with an interrupted one.
#include "signed_job.hpp"

#include "quietus/app/resume.hpp"
#include "quietus/stream/digest.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;

class History : public SignedJob {
  protected:
    // Stopped before the read-back, when the pass is whole.
    std::string interrupted_job() {
        audience.last = {};
        audience.stop = [](const Progress& progress) { return progress.step == 2; };
        test::Agreeing person;
        DisposalRequest request;
        request.targets = {"image:/one"};
        const auto outcomes = dispose(request, station.site(host), person, audience);
        audience.stop = [](const Progress&) { return false; };
        EXPECT_EQ(outcomes->front().verdict, Verdict::interrupted);
        return outcomes->front().job;
    }
    SigningRequest request_of_going_on(const std::string& with) {
        Curious curious(*station.signer);
        test::Agreeing person;
        const auto outcomes = resume({with, {}}, site(curious), person, audience);
        EXPECT_TRUE(outcomes && outcomes->front().exit_status == ExitStatus::evidence);
        if (outcomes) job = outcomes->front().job;
        return curious.shown;
    }
    void expect_refusal(const SigningRequest& request, const std::string& why) {
        const auto signature = station.signer->sign(request);
        ASSERT_FALSE(signature) << why;
        EXPECT_EQ(signature.error().fault, Fault::refused);
        EXPECT_THAT(signature.error().message, HasSubstr(why));
    }
    EarlierRun shown_of(const std::string& name) {
        std::ifstream file(station.places.job(name) + "/journal.jsonl");
        return {{std::istreambuf_iterator<char>(file), {}}, station.log->testimony(name).value()};
    }
    // The same run under another number, with lines of an attacker's making, whose result he logs.
    SigningRequest forged(const std::string& from, const std::string& to) {
        const Plan plan = FileJournal::parse(original.journal)->record->plan;
        const auto intent =
            station.log->append_intent({"SPARSE0001", "overwrite", plan_sha256(plan), "TEST01"});
        SigningRequest request = original;
        std::string& text = request.journal;
        for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
        for (auto at = text.find(job); at != text.npos; at = text.find(job))
            text.replace(at, job.size(), intent->job);
        const auto first = parse_json(text.substr(0, text.find('\n')), text.size()).value();
        const std::string salt(first.text_of("salt"));
        text.replace(text.find(salt), salt.size(), intent->salt);
        EXPECT_TRUE(station.log->append_result({intent->job, "erased", sha256_hex(text)}));
        request.testimony = station.log->testimony(intent->job).value();
        return request;
    }

    const std::string another = interrupted_job();
    const std::string interrupted = interrupted_job();
    SigningRequest original = request_of_going_on(interrupted);
};

TEST_F(History, IsGoodAsTheProgramShowsIt) {
    ASSERT_TRUE(original.earlier.has_value());
    const auto signature = station.signer->sign(original);
    EXPECT_TRUE(signature) << signature.error().message;
}

TEST_F(History, IsRefusedWhenItIsNotShown) {
    SigningRequest request = original;
    request.earlier.reset();
    expect_refusal(request, "the run that was gone on with is not shown");
}

TEST_F(History, IsRefusedWhenItIsOfAnotherRun) {
    SigningRequest request = original;
    request.earlier = shown_of(another);
    expect_refusal(request, "what was carried over is not what the earlier journal gives");
    request.earlier->testimony = original.earlier->testimony;
    expect_refusal(request, "");
    request.earlier = original.earlier;
    request.earlier->testimony = shown_of(another).testimony;
    expect_refusal(request, "");
}

TEST_F(History, IsRefusedWhenTheEarlierJournalIsNotTheLogs) {
    for (std::size_t at = 0; at < original.earlier->journal.size();
         at += original.earlier->journal.size() / 20) {
        SigningRequest request = original;
        request.earlier->journal[at] = static_cast<char>(request.earlier->journal[at] ^ 1);
        expect_refusal(request, "");
    }
}

TEST_F(History, IsRefusedWhenMoreIsCarriedOverThanThereWas) {
    const auto stamps = FileJournal::parse(original.journal)->record->evidence.probe->stamps;
    expect_refusal(forged("\"stamps\":" + std::to_string(stamps), "\"stamps\":1"),
                   "what was carried over is not what the earlier journal gives");
    expect_refusal(forged(interrupted, another),
                   "what was carried over is not what the earlier journal gives");
    expect_refusal(forged("\"event\":\"carried\"", "\"event\":\"x\""),
                   "the records do not go on from what was carried over");
}

TEST_F(History, IsNoneOfARunThatWentOnWithNoOther) {
    audience.last = {};
    SigningRequest request = request_of_a_run();
    request.earlier = original.earlier;
    expect_refusal(request, "the run went on with no other");
}

} // namespace
} // namespace quietus
