#include "log_directory.hpp"
#include "proof.hpp"

#include "quietus/core/file.hpp"
#include "quietus/stream/digest.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

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
    auto again = open(directory);
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

TEST_F(LogRegister, TellsWhenTheLastEntryWasLogged) {
    EXPECT_EQ(log->latest_time().value(), std::nullopt);
    ASSERT_TRUE(log->init("example.org/log"));
    EXPECT_EQ(log->latest_time().value(), std::nullopt);
    const auto intent = log->append_intent(intent_of());
    clock.utc += 3600;
    ASSERT_TRUE(log->append_result(result_of(intent->job)));
    EXPECT_EQ(log->latest_time().value(), from_rfc3339("2026-11-22T04:00:00Z").value());
    clock.utc -= 7200;
    for (int entry = 3; entry < 256; ++entry) // to the end of the first bundle
        ASSERT_TRUE(log->append_intent(intent_of()));
    EXPECT_EQ(log->latest_time().value(), from_rfc3339("2026-11-22T02:00:00Z").value());
    clock.utc += 60;
    ASSERT_TRUE(log->append_intent(intent_of()));
    EXPECT_EQ(log->latest_time().value(), from_rfc3339("2026-11-22T02:01:00Z").value());
}

TEST_F(LogRegister, TellsNoTimeOfALogThatDoesNotHold) {
    ASSERT_TRUE(log->append_intent(intent_of()));
    const std::string bundle = directory + "/tile/entries/000.p/2";
    ASSERT_TRUE(std::filesystem::remove(bundle));
    const auto time = open(directory)->latest_time();
    ASSERT_FALSE(time);
    EXPECT_NE(time.error().message.find("tile/entries/000"), std::string::npos);
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

TEST_F(LogRegister, TakesALookAtADocumentOfAnyStation) {
    EXPECT_EQ(log->append_recheck(recheck_of())->log_index, 1u);
    EXPECT_EQ(line(2),
              R"({"bytes_matched":4096,"document":"QTS-ELSEWHERE-00000007","identified":true,)"
              R"("index":1,"kind":"recheck","payload_sha384":")" +
                  std::string(96, 'e') +
                  R"(","station":"TEST","time":"2026-11-22T03:00:00Z","type":"validation",)"
                  R"("verdict":"same","verification":{"mode":"full","percent":100}})");
    EXPECT_EQ(log->append_recheck(recheck_of())->log_index, 2u);
    EXPECT_EQ(log->append_intent(intent_of())->job, "QTS-TEST-00000001");
    auto again = open(directory);
    EXPECT_EQ(again->append_recheck(recheck_of("OTHER"))->log_index, 4u);
    EXPECT_EQ(again->jobs()->size(), 1u);
}

TEST_F(LogRegister, RefusesALookThatCannotBe) {
    for (const auto& alter : std::initializer_list<void (*)(RecheckFacts&)>{
             [](RecheckFacts& facts) { facts.station = "ABC"; },
             [](RecheckFacts& facts) { facts.document = "QTS-ELSEWHERE-7"; },
             [](RecheckFacts& facts) { facts.document = "QTS-ELSEWHERE-00000000"; },
             [](RecheckFacts& facts) { facts.document = "QTS-"; },
             [](RecheckFacts& facts) { facts.document = "QTS-00000007"; },
             [](RecheckFacts& facts) { facts.document = "ELSEWHERE"; },
             [](RecheckFacts& facts) { facts.payload_sha384.pop_back(); },
             [](RecheckFacts& facts) {
                 facts.verification = {VerificationMode::none, 0};
             },
             [](RecheckFacts& facts) {
                 facts.verification = {VerificationMode::sample, 100};
             },
             [](RecheckFacts& facts) { facts.bytes_matched = 0; },
             [](RecheckFacts& facts) { facts.verdict = RecheckVerdict::another_drive; }}) {
        RecheckFacts facts = recheck_of();
        alter(facts);
        const auto receipt = log->append_recheck(facts);
        ASSERT_FALSE(receipt.has_value());
        EXPECT_EQ(receipt.error().fault, Fault::refused);
        EXPECT_EQ(entries(), "");
    }
}

StatementFacts statement_of() {
    return {"TEST", "QTS-ELSEWHERE-00000007", std::string(96, 'e'), std::string(96, 'd'), "vera",
            true};
}

TEST_F(LogRegister, KeepsWhatAValidatorStated) {
    EXPECT_FALSE(log->statement_about(std::string(96, 'e'))->has_value());
    EXPECT_EQ(log->append_statement(statement_of())->log_index, 1u);
    EXPECT_EQ(line(2), R"({"decision":"accepted","document":"QTS-ELSEWHERE-00000007","index":1,)"
                       R"("kind":"statement","payload_sha384":")" +
                           std::string(96, 'e') + R"(","statement_sha384":")" +
                           std::string(96, 'd') +
                           R"(","station":"TEST","time":"2026-11-22T03:00:00Z",)"
                           R"("type":"validation","validator":"vera"})");
    auto again = open(directory);
    const auto found = again->statement_about(std::string(96, 'e'));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->validator, "vera");
    EXPECT_TRUE((*found)->accepted);
    EXPECT_FALSE(again->statement_about(std::string(96, 'd'))->has_value());
}

TEST_F(LogRegister, RefusesAStatementThatCannotBe) {
    for (const auto& alter : std::initializer_list<void (*)(StatementFacts&)>{
             [](StatementFacts& facts) { facts.station = "ABC"; },
             [](StatementFacts& facts) { facts.document = "QTS-ELSEWHERE-7"; },
             [](StatementFacts& facts) { facts.payload_sha384.pop_back(); },
             [](StatementFacts& facts) { facts.statement_sha384 = std::string(96, 'X'); },
             [](StatementFacts& facts) { facts.validator.clear(); }}) {
        StatementFacts facts = statement_of();
        alter(facts);
        const auto receipt = log->append_statement(facts);
        ASSERT_FALSE(receipt.has_value());
        EXPECT_EQ(receipt.error().fault, Fault::refused);
        EXPECT_EQ(entries(), "");
    }
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
    const auto nested = open(directory + "/new/log");
    ASSERT_TRUE(nested->append_intent(intent_of()));
    const auto mode = std::filesystem::status(directory + "/new/log").permissions();
    EXPECT_EQ(mode & std::filesystem::perms::all, std::filesystem::perms::owner_all);
}

TEST_F(LogRegister, ProbeFailsWhereTheLogCannotBe) {
    ASSERT_TRUE(save_new_file(directory + "/file", "x"));
    const auto beneath_a_file = open(directory + "/file/log");
    EXPECT_EQ(beneath_a_file->probe().error().fault, Fault::evidence);
    EXPECT_EQ(beneath_a_file->append_intent(intent_of()).error().fault, Fault::evidence);
    std::filesystem::create_symlink(directory + "/file", directory + "/lock");
    EXPECT_EQ(log->probe().error().fault, Fault::evidence);
}

TEST_F(LogRegister, IsMadeUnderTheOriginThatWasAskedForAndOnlyOnce) {
    const auto key = log->init("example.org/station");
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_EQ(key->substr(0, 20), "example.org/station+");
    EXPECT_EQ(log->init("example.org/other").error().fault, Fault::refused);
    EXPECT_EQ(log->init("two words").error().fault, Fault::usage);
    ASSERT_TRUE(log->append_intent(intent_of()));
    const auto note = read_regular_file(directory + "/checkpoint", 4096).value();
    EXPECT_TRUE(open_note(note, NoteVerifier::from_text(*key).value()));
    EXPECT_EQ(note.substr(0, 22), "example.org/station\n2\n");
}

TEST_F(LogRegister, FindsAJobBeforeAndAfterItsDocument) {
    const std::string job = log->append_intent(intent_of())->job;
    EXPECT_FALSE(log->find("QTS-TEST-00000002")->has_value());
    EXPECT_FALSE((*log->find(job))->result.has_value());
    ASSERT_TRUE(log->append_result(result_of(job)));
    ASSERT_TRUE(log->append_document(document_of(job)));
    EXPECT_EQ((*log->find(job))->document->payload_sha384, std::string(96, 'c'));
    EXPECT_EQ((*open(directory)->find(job))->result->verdict, "erased");
}

TEST_F(LogRegister, ProvesThatADocumentIsInTheLog) {
    const std::string job = log->append_intent(intent_of())->job;
    EXPECT_EQ(log->proof(job).error().fault, Fault::usage);
    ASSERT_TRUE(log->append_result(result_of(job)));
    ASSERT_TRUE(log->append_document(document_of(job)));
    const auto text = log->proof(job);
    ASSERT_TRUE(text) << text.error().message;
    const auto proof = parse_proof(*text);
    ASSERT_TRUE(proof) << proof.error().message;
    const auto verifier = NoteVerifier::of("quietus/TEST", load_key().value()).value();
    EXPECT_TRUE(check_proof(*proof, line(4), verifier));
    EXPECT_FALSE(check_proof(*proof, line(3), verifier));
    LogProof elsewhere = *proof;
    elsewhere.index = 2;
    EXPECT_FALSE(check_proof(elsewhere, line(4), verifier));
    const auto other = NoteVerifier::of("quietus/OTHER", load_key().value()).value();
    EXPECT_FALSE(check_proof(*proof, line(4), other));
}

TEST_F(LogRegister, GoesOnWithoutItsIndexAndWithAWrongOne) {
    for (int i = 0; i < 300; ++i)
        ASSERT_TRUE(log->append_intent(intent_of()));
    const std::string index = directory + "/index";
    ASSERT_TRUE(std::filesystem::exists(index));
    std::string text = read_regular_file(index, 1 << 20).value();
    std::filesystem::remove(index);
    EXPECT_EQ(open(directory)->append_intent(intent_of())->sequence, 301u);
    text.replace(text.find("\"root\":\"") + 8, 4, "AAAA");
    std::ofstream(index, std::ios::binary) << text;
    EXPECT_EQ(open(directory)->append_intent(intent_of())->sequence, 302u);
    std::ofstream(index, std::ios::binary) << "{";
    EXPECT_EQ(open(directory)->append_intent(intent_of())->sequence, 303u);
    EXPECT_EQ(log->jobs()->size(), 303u);
}

// A process that is killed at any instant, again and again. QUIETUS_KILLS asks for more rounds.
TEST_F(LogRegister, LosesNothingItAcknowledgedWhenItIsKilled) {
    const char* wished = std::getenv("QUIETUS_KILLS");
    const int rounds = wished == nullptr ? 15 : std::atoi(wished);
    std::vector<std::string> acknowledged;
    for (int round = 0; round < rounds; ++round) {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            auto own = open(directory);
            for (;;) {
                const auto intent = own->append_intent(intent_of());
                if (!intent) _exit(1);
                if (write(ends[1], intent->job.data(), intent->job.size()) < 0) _exit(2);
            }
        }
        close(ends[1]);
        std::string job(17, '\0');
        // Every other time not before something was acknowledged, however slow the machine is.
        if (round % 2 == 0 && read(ends[0], job.data(), job.size()) == 17)
            acknowledged.push_back(job);
        usleep(static_cast<useconds_t>(20000 + round * 7919 % 90000));
        kill(child, SIGKILL);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFSIGNALED(status));
        while (read(ends[0], job.data(), job.size()) == 17)
            acknowledged.push_back(job);
        close(ends[0]);
    }
    ASSERT_FALSE(acknowledged.empty());
    ASSERT_TRUE(open(directory)->append_intent(intent_of()));
    const auto jobs = log->jobs();
    ASSERT_TRUE(jobs) << jobs.error().message;
    std::set<std::string> names;
    for (const LoggedJob& job : *jobs)
        names.insert(job.intent.job);
    for (const std::string& job : acknowledged)
        EXPECT_TRUE(names.contains(job)) << job;
    EXPECT_LE(names.size(), acknowledged.size() + static_cast<std::size_t>(rounds) + 1);
}

TEST_F(LogRegister, GivesDistinctNumbersToSixtyProcessesThatAppendAtOnce) {
    constexpr int processes = 60;
    constexpr std::size_t appends = 5;
    for (int each = 0; each < processes; ++each) {
        if (const pid_t child = fork(); child == 0) {
            auto own = open(directory);
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
    EXPECT_TRUE(names.contains("QTS-TEST-00000300"));
}

} // namespace
} // namespace quietus
