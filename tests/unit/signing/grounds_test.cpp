// What the signer refuses, from the side of somebody who has taken over everything but the signer:
// who can show it any payload and any journal, and append to the log what the log's rules allow.
#include "signed_job.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/stream/digest.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;

class Grounds : public SignedJob {
  protected:
    void expect_refusal(const SigningRequest& request, const std::string& why) {
        const auto signature = station.signer->sign(request);
        ASSERT_FALSE(signature) << why;
        EXPECT_EQ(signature.error().fault, Fault::refused);
        EXPECT_THAT(signature.error().message, HasSubstr(why));
    }
    // The document that these facts would give, as an attacker may make it with code of his own.
    std::string payload_for(const std::string& journal, DocumentType type, Verdict claimed) {
        auto content = FileJournal::parse(journal);
        EXPECT_TRUE(content && content->record);
        auto json = parse_json(original.payload).value();
        json["verdict"] = to_text(claimed);
        json["type"] = to_text(type);
        json["journal_sha256"] = content->sha256;
        return to_canonical(json).value();
    }
    // Another run, whose result the attacker logs himself: with a journal of his making.
    SigningRequest logged(const std::string& journal, const std::string& verdict) {
        const auto intent =
            station.log->append_intent({"SPARSE0001", "overwrite", plan_sha256(plan()), "TEST01"});
        EXPECT_TRUE(intent.has_value());
        forged_job = intent->job;
        std::string text = journal;
        for (auto at = text.find(job); at != text.npos; at = text.find(job))
            text.replace(at, job.size(), forged_job);
        const auto committed = parse_json(text.substr(0, text.find('\n')), text.size()).value();
        const std::string salt(committed.text_of("salt"));
        text.replace(text.find(salt), salt.size(), intent->salt);
        EXPECT_TRUE(station.log->append_result({forged_job, verdict, sha256_hex(text)}));
        SigningRequest request = original;
        request.journal = text;
        request.testimony = station.log->testimony(forged_job).value();
        return request;
    }
    Plan plan() { return FileJournal::parse(original.journal)->record->plan; }

    SigningRequest original = request_of_a_run();
    std::string forged_job;
};

TEST_F(Grounds, AreGoodForWhatTheProgramItselfShows) {
    const auto signature = station.signer->sign(original);
    ASSERT_TRUE(signature) << signature.error().message;
    const DocumentFiles files{job, DocumentType::certificate, original.payload,
                              std::string(as_text(*signature))};
    const auto trust = TrustAnchors::from_pem(read_regular_file(station.root(), 1U << 20U).value());
    EXPECT_EQ(check_document(files, *trust).verdict, DocumentVerdict::valid);
}

TEST_F(Grounds, AreNoneForOctetsOfAnybodysChoice) {
    for (const char* payload : {"", "{}", "[]", "hello", R"({"type":"quietus.certificate"})"})
        for (const auto type : {DocumentType::certificate, DocumentType::attempt}) {
            SigningRequest request = original;
            request.payload = payload;
            request.type = type;
            expect_refusal(request, "the auditor would refuse it");
        }
    SigningRequest request = original;
    request.type = DocumentType::validation;
    expect_refusal(request, "is not signed here");
    request.type = DocumentType::destruction;
    expect_refusal(request, "the auditor would refuse it");
}

// One change a member: whatever a document states, only the journal may have said it.
TEST_F(Grounds, AreNoneForAPayloadThatSaysAnythingElse) {
    const auto whole = parse_json(original.payload).value();
    int tried = 0;
    for (const auto& [name, value] : *whole.as<Json::Object>()) {
        Json changed = whole;
        if (const auto* text = value.as<std::string>())
            changed[name] = *text + "x";
        else if (name == "drive")
            changed[name]["serial"] = "SPARSE0002";
        else if (name == "statements")
            changed[name]["site"] = "elsewhere";
        else if (name == "tool")
            changed[name]["version"] = "9";
        else if (name == "station")
            changed[name]["sequence"] = 2;
        else if (name == "log")
            changed[name]["salt"] = std::string(64, '1');
        else
            continue;
        SigningRequest request = original;
        request.payload = to_canonical(changed).value();
        expect_refusal(request, "");
        ++tried;
    }
    EXPECT_GT(tried, 15);
}

TEST_F(Grounds, AreNoneForAJournalThatTheLogDoesNotHold) {
    for (std::size_t at = 0; at < original.journal.size(); at += original.journal.size() / 50) {
        SigningRequest request = original;
        request.journal[at] = static_cast<char>(request.journal[at] ^ 1);
        expect_refusal(request, "");
    }
    SigningRequest request = original;
    request.journal = with_record(original.journal, [](ErasureRecord& record) {
        record.drive.serial = "SPARSE0002"; // sold already, never erased
    });
    expect_refusal(request, "the journal is not the one whose digest the log holds");
    request.journal.clear();
    expect_refusal(request, "the journal has no verdict");
}

TEST_F(Grounds, AreNoneForAVerdictThatTheEvidenceDoesNotGive) {
    const std::string journal = with_record(original.journal, [](ErasureRecord& record) {
        record.evidence.read_backs.clear(); // nothing was read, and still
        record.judgement.verdict = Verdict::erased;
    });
    SigningRequest request = logged(journal, "erased");
    request.payload = payload_for(request.journal, DocumentType::certificate, Verdict::erased);
    expect_refusal(request, "");
    // The same with the payload of a run that was honest.
    request.payload = original.payload;
    expect_refusal(request, "the payload is not what the journal gives");
}

TEST_F(Grounds, AreNoneWhereTheLogSaysAnotherVerdict) {
    expect_refusal(logged(original.journal, "failed"), "the verdict is not the one");
}

TEST_F(Grounds, AreNoneForADriveThatWasNotAnnounced) {
    const std::string journal = with_record(
        original.journal, [](ErasureRecord& record) { record.drive.serial = "SPARSE0002"; });
    expect_refusal(logged(journal, "erased"), "the drive is not the one that the log announced");
}

TEST_F(Grounds, AreNoneForAPlanThatWasNotAnnounced) {
    const std::string journal = with_record(original.journal, [](ErasureRecord& record) {
        record.plan.verification = {VerificationMode::sample, 1};
    });
    expect_refusal(logged(journal, "erased"), "the plan is not the one that the log announced");
}

TEST_F(Grounds, AreNoneWithTheTestimonyOfAnotherJob) {
    const SigningRequest other = request_of_a_run();
    SigningRequest mixed = original;
    mixed.testimony = other.testimony;
    expect_refusal(mixed, "");
    mixed = original;
    mixed.testimony.result = other.testimony.result;
    expect_refusal(mixed, "of another job than the intent");
    mixed = original;
    std::swap(mixed.testimony.intent, mixed.testimony.result);
    expect_refusal(mixed, "an entry of another type");
    mixed = original;
    mixed.testimony.result.entry = other.testimony.result.entry;
    expect_refusal(mixed, "not in the tree");
}

TEST_F(Grounds, AreNoneWithTheLogOfAnotherStation) {
    const auto key = PrivateKey::generate(KeyKind::ed25519);
    SystemClock clock;
    const auto foreign = open_log_register(
        {station.directory + "/foreign",
         sign_checkpoints_with([&] { return PrivateKey::from_pem(key->to_pem().view()); })},
        clock);
    const auto intent =
        foreign->append_intent({"SPARSE0001", "overwrite", plan_sha256(plan()), "TEST01"});
    ASSERT_TRUE(intent);
    ASSERT_EQ(intent->job, job) << "it looks the same";
    ASSERT_TRUE(foreign->append_result({job, "erased", sha256_hex(original.journal)}));
    SigningRequest request = original;
    request.testimony = foreign->testimony(job).value();
    expect_refusal(request, "intent: ");
}

// The transcript's lines as they stand in the journal, with a record that has this digest of them.
std::string with_transcript(const std::string& journal, const std::vector<std::string>& lines,
                            const std::string& sha256) {
    std::string text = journal;
    const auto verdict = text.rfind('\n', text.size() - 2) + 1;
    text.insert(verdict, to_line(transcript_line(lines)) + "\n");
    const auto begin = text.rfind('\n', text.size() - 2) + 1;
    Json line = parse_json(std::string_view(text).substr(begin), text.size()).value();
    FirmwareEvidence evidence;
    evidence.transcript_sha256 = sha256;
    line["record"]["evidence"]["firmware"] = to_json(evidence);
    return text.substr(0, begin) + to_line(line) + "\n";
}

TEST_F(Grounds, AreNoneForATranscriptWithAnotherDigest) {
    const std::vector<std::string> lines{"scsi 85 -> 00", "# 3 ms"};
    const std::string sha256 = sha256_hex("scsi 85 -> 00\n# 3 ms\n");
    const std::string why = "the transcript is not the one whose digest the record holds";
    expect_refusal(logged(with_transcript(original.journal, lines, sha256), "erased"),
                   "the payload is not what the journal gives"); // the digest itself is good
    const std::vector<std::vector<std::string>> others{
        {"scsi 85 -> 02", "# 3 ms"}, {"scsi 85 -> 00"}, {"# 3 ms", "scsi 85 -> 00"}, {}};
    for (const auto& other : others)
        expect_refusal(logged(with_transcript(original.journal, other, sha256), "erased"), why);
    expect_refusal(logged(with_transcript(original.journal, lines, ""), "erased"), why);
}

TEST_F(Grounds, AreNoneForAnotherDay) {
    for (const std::int64_t away : {std::int64_t{-86400}, std::int64_t{-601}, std::int64_t{3600}}) {
        Json json = parse_json(original.payload).value();
        const auto at = from_rfc3339(json.text_of("issued_at")).value() + away;
        json["issued_at"] = to_rfc3339(at);
        json["retain_until"] = to_rfc3339(at + std::int64_t{5479} * 86400);
        SigningRequest request = original;
        request.payload = to_canonical(json).value();
        expect_refusal(request, "");
    }
}

} // namespace
} // namespace quietus
