#include "quietus/register/logged.hpp"

#include "log_directory.hpp"
#include "proof.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/file.hpp"

#include <functional>

namespace quietus {
namespace {

using Codes = std::vector<std::string>;

class Logged : public LogDirectory {
  protected:
    // Three jobs with their documents; `trace` is of the second.
    void SetUp() override {
        LogDirectory::SetUp();
        for (int i = 0; i < 3; ++i) {
            const auto intent = log->append_intent(intent_of());
            ASSERT_TRUE(intent);
            ASSERT_TRUE(log->append_result(result_of(intent->job)));
            ASSERT_TRUE(log->append_document(document_of(intent->job, static_cast<char>('1' + i))));
        }
        proof = log->proof(id).value();
    }

    [[nodiscard]] static Codes codes_of(const std::vector<CheckFinding>& findings) {
        Codes codes;
        for (const CheckFinding& each : findings)
            codes.push_back(each.code);
        return codes;
    }
    [[nodiscard]] Codes in_directory() const {
        return codes_of(DocumentLog::in_directory(directory, logs)
                            .check({id, DocumentType::certificate, trace}));
    }
    [[nodiscard]] Codes by_proof(const std::string& text) const {
        return codes_of(check_log_proof(text, {id, DocumentType::certificate, trace}, logs));
    }
    [[nodiscard]] std::string altered(const std::function<void(LogProof&)>& alter) const {
        LogProof other = parse_proof(proof).value();
        alter(other);
        return proof_text(other);
    }

    std::string id = "QTS-TEST-00000002";
    // Entries: genesis, then intent, result, document of each job.
    DocumentTrace trace{"TEST", 2, std::string(96, '2'), "", "", Level::clear, 4, "", ""};
    std::vector<NoteVerifier> logs{NoteVerifier::of("quietus/TEST", load_key().value()).value()};
    std::string proof;
};

TEST_F(Logged, FindsTheDocumentInTheDirectoryAndByItsProof) {
    EXPECT_EQ(in_directory(), Codes{});
    EXPECT_EQ(by_proof(proof), Codes{});
}

TEST_F(Logged, FindsADocumentOfALargeLog) {
    for (int i = 0; i < 300; ++i)
        ASSERT_TRUE(log->append_intent(intent_of()));
    EXPECT_EQ(in_directory(), Codes{});
    EXPECT_EQ(by_proof(log->proof(id).value()), Codes{});
}

TEST_F(Logged, IsOfOnePayloadAndOneDocument) {
    trace.payload_sha384 = std::string(96, '3');
    EXPECT_EQ(in_directory(), Codes{"E_LOG_LEAF"});
    EXPECT_EQ(by_proof(proof), Codes{"E_LOG_LEAF"});
    trace.payload_sha384 = std::string(96, '2');
    EXPECT_EQ(by_proof(log->proof("QTS-TEST-00000003").value()), Codes{"E_LOG_LEAF"});
    EXPECT_EQ(codes_of(check_log_proof(proof, {id, DocumentType::attempt, trace}, logs)),
              Codes{"E_LOG_LEAF"});
}

TEST_F(Logged, NeedsTheIntentBeforeIt) {
    trace.intent_index = 1; // of another job
    EXPECT_EQ(in_directory(), Codes{"E_LOG_INTENT"});
    trace.intent_index = 6; // the document's own
    EXPECT_EQ(by_proof(proof), Codes{"E_LOG_INTENT"});
}

TEST_F(Logged, IsNotInALogThatEndsBefore) {
    trace.intent_index = 10;
    EXPECT_EQ(in_directory(), Codes{"I_NOT_LOGGED"});
    trace.intent_index = 7; // the third job's intent: no document of the second comes after it
    EXPECT_EQ(in_directory(), (Codes{"E_LOG_INTENT", "I_NOT_LOGGED"}));
}

TEST_F(Logged, TrustsOnlyTheKeyOfThatLog) {
    logs.clear();
    EXPECT_EQ(in_directory(), Codes{"I_LOG_NO_TRUST"});
    EXPECT_EQ(by_proof(proof), Codes{"I_LOG_NO_TRUST"});
    logs.push_back(NoteVerifier::of("quietus/OTHER", load_key().value()).value());
    EXPECT_EQ(in_directory(), Codes{"E_LOG_ORIGIN"});
    EXPECT_EQ(by_proof(proof), Codes{"E_LOG_ORIGIN"});
    const auto other = PrivateKey::generate(KeyKind::ed25519).value();
    logs = {NoteVerifier::of("quietus/TEST", other).value()};
    EXPECT_EQ(in_directory(), Codes{"E_LOG_SIG"});
    EXPECT_EQ(by_proof(proof), Codes{"E_LOG_SIG"});
}

TEST_F(Logged, FindsAProofThatDoesNotProve) {
    EXPECT_EQ(by_proof(altered([](LogProof& p) { p.index = 5; })), Codes{"E_LOG_INCLUSION"});
    EXPECT_EQ(by_proof(altered([](LogProof& p) { p.path[0][0] ^= 1U; })), Codes{"E_LOG_INCLUSION"});
    EXPECT_EQ(by_proof(altered([](LogProof& p) { p.entry.clear(); })), Codes{"I_NOT_LOGGED"});
    EXPECT_EQ(by_proof(altered([](LogProof& p) { p.entry = "{}"; })),
              (Codes{"E_LOG_LEAF", "E_LOG_INCLUSION"}));
    // An entry that says what the document needs, and was never in the log.
    EXPECT_EQ(by_proof(altered([](LogProof& p) {
                  const auto at = p.entry.find("03:00:00");
                  ASSERT_NE(at, p.entry.npos);
                  p.entry.replace(at, 8, "04:00:00");
              })),
              Codes{"E_LOG_INCLUSION"});
    EXPECT_EQ(by_proof("no proof"), Codes{"E_LOG_PROOF"});
}

TEST_F(Logged, FindsADirectoryThatWasTamperedWith) {
    const std::string bundle = directory + "/tile/entries/000.p/10";
    const std::string good = read_regular_file(bundle, 1 << 20).value();
    std::string text = good;
    const auto at = text.find(std::string(96, '2'));
    ASSERT_NE(at, text.npos);
    std::ofstream(bundle, std::ios::binary) << text.replace(at, 96, 96, '7');
    trace.payload_sha384 = std::string(96, '7');
    EXPECT_EQ(in_directory(), Codes{"E_LOG_INCLUSION"});
    std::filesystem::remove(bundle);
    EXPECT_EQ(in_directory(), (Codes{"I_LOG_MISSING", "I_LOG_MISSING"}));
    std::filesystem::remove(directory + "/checkpoint");
    EXPECT_EQ(in_directory(), Codes{"I_LOG_MISSING"});
    std::ofstream(directory + "/checkpoint") << "no note";
    EXPECT_EQ(in_directory(), Codes{"E_LOG_SIG"});
}

} // namespace
} // namespace quietus
