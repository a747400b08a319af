#include "log_directory.hpp"

#include "quietus/core/file.hpp"
#include "quietus/stream/digest.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <set>

namespace quietus {
namespace {

class LogRegister : public LogDirectory {};

TEST_F(LogRegister, BeginsWithAGenesisAndCountsFromOne) {
    const auto intent = log->append_intent(intent_of());
    ASSERT_TRUE(intent) << intent.error().message;
    EXPECT_EQ(intent->job, "QTS-TEST-00000001");
    EXPECT_EQ(intent->sequence, 1u);
    EXPECT_EQ(intent->log_index, 1u);
    EXPECT_EQ(intent->previous_sha384, "");
    EXPECT_EQ(line(1), R"({"index":0,"schema":1,"station":"TEST","time":"2026-11-22T03:00:00Z",)"
                       R"("type":"genesis"})");
}

TEST_F(LogRegister, HidesTheSerialBehindAnHmacUnderTheSalt) {
    const auto intent = log->append_intent(intent_of("SERIAL-1234"));
    ASSERT_TRUE(intent);
    ASSERT_EQ(intent->salt.size(), 64u);
    EXPECT_EQ(entries().find("SERIAL-1234"), std::string::npos);
    EXPECT_EQ(entries().find(intent->salt), std::string::npos);
    const auto salt = from_hex(intent->salt).value();
    const auto expected = to_hex(hmac_sha256(salt, as_bytes("SERIAL-1234")));
    EXPECT_EQ(parse_json(line(2))->text_of("serial_hmac"), expected);
}

TEST_F(LogRegister, DrawsAFreshSaltForEveryJob) {
    const auto first = log->append_intent(intent_of());
    const auto second = log->append_intent(intent_of());
    EXPECT_NE(first->salt, second->salt);
    EXPECT_NE(parse_json(line(2))->text_of("serial_hmac"),
              parse_json(line(3))->text_of("serial_hmac"));
}

TEST_F(LogRegister, NumbersEachStationByItself) {
    EXPECT_EQ(log->append_intent(intent_of())->job, "QTS-TEST-00000001");
    EXPECT_EQ(log->append_intent(intent_of("A", "OTHER7"))->job, "QTS-OTHER7-00000001");
    EXPECT_EQ(log->append_intent(intent_of())->job, "QTS-TEST-00000002");
    auto again = open_log_register(directory, clock);
    EXPECT_EQ(again->append_intent(intent_of())->job, "QTS-TEST-00000003");
}

TEST_F(LogRegister, ChainsTheDocumentsOfAStation) {
    for (const char digit : {'c', 'd'}) {
        const auto intent = log->append_intent(intent_of());
        ASSERT_TRUE(log->append_result(result_of(intent->job)));
        ASSERT_TRUE(log->append_document(document_of(intent->job, digit)));
    }
    EXPECT_EQ(log->append_intent(intent_of())->previous_sha384, std::string(96, 'd'));
    EXPECT_EQ(log->append_intent(intent_of("A", "OTHER"))->previous_sha384, "");
}

TEST_F(LogRegister, TellsWhatBecameOfEveryJob) {
    const auto first = log->append_intent(intent_of());
    const auto second = log->append_intent(intent_of());
    EXPECT_EQ(log->append_result(result_of(first->job))->log_index, 3u);
    EXPECT_EQ(log->append_document(document_of(first->job))->log_index, 4u);
    const auto jobs = log->jobs();
    ASSERT_TRUE(jobs);
    ASSERT_EQ(jobs->size(), 2u);
    EXPECT_EQ(jobs->at(0).intent.log_index, first->log_index);
    EXPECT_EQ(jobs->at(0).intent.salt, "");
    EXPECT_EQ(jobs->at(0).result->verdict, "erased");
    EXPECT_EQ(jobs->at(0).document->payload_sha384, std::string(96, 'c'));
    EXPECT_EQ(jobs->at(1).intent.job, second->job);
    EXPECT_FALSE(jobs->at(1).result.has_value());
    EXPECT_FALSE(jobs->at(1).document.has_value());
}

TEST_F(LogRegister, RefusesWhatDoesNotFollow) {
    const std::string job = log->append_intent(intent_of())->job;
    const auto is_refused = [this](const auto& outcome, const std::string& before) {
        return !outcome && outcome.error().fault == Fault::refused && entries() == before;
    };
    std::string held = entries();
    EXPECT_TRUE(is_refused(log->append_document(document_of(job)), held)); // no result yet
    EXPECT_TRUE(is_refused(log->append_result(result_of("QTS-TEST-00000002")), held));
    EXPECT_TRUE(is_refused(log->append_document(document_of("QTS-TEST-00000002")), held));
    EXPECT_TRUE(is_refused(log->append_result({job, "fine", std::string(64, 'b')}), held));
    EXPECT_TRUE(is_refused(log->append_result({job, "erased", "b"}), held));
    ASSERT_TRUE(log->append_result(result_of(job)));
    held = entries();
    EXPECT_TRUE(is_refused(log->append_result(result_of(job)), held));
    EXPECT_TRUE(is_refused(log->append_document({job, "other", std::string(96, 'c')}), held));
    EXPECT_TRUE(is_refused(log->append_document({job, "quietus.attempt", "C"}), held));
    ASSERT_TRUE(log->append_document(document_of(job)));
    held = entries();
    EXPECT_TRUE(is_refused(log->append_document(document_of(job)), held));
}

TEST_F(LogRegister, RefusesAnIntentWithoutIdentityPlanOrStation) {
    EXPECT_EQ(log->append_intent(intent_of("")).error().fault, Fault::refused);
    for (const char* station : {"", "ABC", "lower", "WITH-DASH", "FOURTEENLETTER"})
        EXPECT_EQ(log->append_intent(intent_of("A", station)).error().fault, Fault::refused);
    IntentFacts facts = intent_of();
    facts.plan_sha256 = std::string(63, 'a');
    EXPECT_EQ(log->append_intent(facts).error().fault, Fault::refused);
    facts.plan_sha256 = std::string(64, 'A');
    EXPECT_EQ(log->append_intent(facts).error().fault, Fault::refused);
    EXPECT_TRUE(log->jobs()->empty());
}

TEST_F(LogRegister, HasNoJobsBeforeTheFirstOne) {
    EXPECT_TRUE(log->jobs()->empty());
    EXPECT_TRUE(log->probe());
    EXPECT_EQ(entries(), "");
}

TEST_F(LogRegister, MakesItsDirectoryForItsOwnerOnly) {
    const auto nested = open_log_register(directory + "/new/log", clock);
    ASSERT_TRUE(nested->append_intent(intent_of()));
    const auto mode = std::filesystem::status(directory + "/new/log").permissions();
    EXPECT_EQ(mode & std::filesystem::perms::all, std::filesystem::perms::owner_all);
}

TEST_F(LogRegister, ProbeFailsWhereTheLogCannotBe) {
    ASSERT_TRUE(save_new_file(directory + "/file", "x"));
    const auto beneath_a_file = open_log_register(directory + "/file/log", clock);
    EXPECT_EQ(beneath_a_file->probe().error().fault, Fault::evidence);
    EXPECT_EQ(beneath_a_file->append_intent(intent_of()).error().fault, Fault::evidence);
    std::filesystem::create_symlink(directory + "/file", directory + "/entries");
    EXPECT_EQ(log->probe().error().fault, Fault::evidence);
}

TEST_F(LogRegister, GivesDistinctNumbersToProcessesThatAppendAtOnce) {
    constexpr int processes = 8;
    constexpr std::size_t appends = 50;
    for (int each = 0; each < processes; ++each) {
        if (const pid_t child = fork(); child == 0) {
            auto own = open_log_register(directory, clock);
            for (std::size_t i = 0; i < appends; ++i)
                if (!own->append_intent(intent_of())) _exit(1);
            _exit(0);
        }
    }
    for (int each = 0; each < processes; ++each) {
        int status = -1;
        ASSERT_GT(wait(&status), 0);
        EXPECT_EQ(status, 0);
    }
    const auto jobs = log->jobs();
    ASSERT_TRUE(jobs) << jobs.error().message;
    std::set<std::string> names;
    for (const LoggedJob& job : *jobs)
        names.insert(job.intent.job);
    EXPECT_EQ(names.size(), processes * appends);
    EXPECT_TRUE(names.contains("QTS-TEST-00000400"));
}

} // namespace
} // namespace quietus
