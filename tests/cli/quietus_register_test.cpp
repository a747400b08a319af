// The log of a station from the command line: made, proven from, and audited as a stranger would.
#include "program_fixture.hpp"

#include "quietus/core/bytes.hpp"

namespace quietus {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class QuietusRegister : public QuietusProgram {
  protected:
    void erase_once() const { ASSERT_EQ(on_image("erase", {"--confirm", code()}).status, 0); }
    [[nodiscard]] CommandResult audit(const Words& more = {}) const {
        Words words{QUIETUS_AUDIT_PROGRAM, "register", log};
        words.insert(words.end(), more.begin(), more.end());
        return run_command(words, directory + "/scratch");
    }
    [[nodiscard]] CommandResult full_audit(const Words& more = {}) const {
        Words words{"--trust",     state + "/keys/root.pem",
                    "--documents", state + "/certificates",
                    "--previous",  kept,
                    "--evidence",  directory};
        words.insert(words.end(), more.begin(), more.end());
        return audit(words);
    }
    void keep_checkpoint() const {
        std::filesystem::create_directory(kept);
        std::filesystem::copy_file(log + "/checkpoint", kept + "/today.checkpoint");
    }
    [[nodiscard]] std::vector<std::string> codes(const CommandResult& result) const {
        std::vector<std::string> found;
        const auto json = parse_json(result.out);
        if (!json || json->find("findings") == nullptr) return found;
        for (const Json& each : *json->find("findings")->as<Json::Array>())
            found.emplace_back(each.text_of("code"));
        return found;
    }
    /// What an XML reader that is not ours sees: each test case with its outcome, then the counts.
    [[nodiscard]] std::string junit(const Words& more = {}, int status = 0) const {
        const std::string file = directory + "/scratch/register.xml";
        std::filesystem::remove(file);
        Words words{"--junit", file};
        words.insert(words.end(), more.begin(), more.end());
        EXPECT_EQ(full_audit(words).status, status);
        return run_command({"python3", "-c",
                            "import sys, xml.etree.ElementTree as tree\n"
                            "suite = tree.parse(sys.argv[1]).getroot().find('testsuite')\n"
                            "for case in suite.iter('testcase'):\n"
                            "    print(case.get('name'), *[f'{e.tag}:{e.get(\"type\")}' for e in "
                            "case])\n"
                            "print(*[suite.get(n) for n in ('tests', 'failures', 'errors', "
                            "'skipped')])\n",
                            file},
                           directory + "/scratch")
            .out;
    }
    std::string log = state + "/log";
    std::string kept = made + "/test/kept";
};

TEST_F(QuietusRegister, IsMadeUnderAnOriginOnce) {
    const auto made_it = quietus({"register", "init", "--origin", "example.org/bench7"});
    EXPECT_EQ(made_it.status, 0) << made_it.err;
    EXPECT_THAT(made_it.out, StartsWith("log example.org/bench7+"));
    expect_refusal({"register", "init", "--origin", "example.org/bench7"}, 3,
                   "there is a log already, example.org/bench7");
    // The line that was printed is what an auditor adds to the file of --trust.
    overwrite(directory + "/trust", content(state + "/keys/root.pem") + made_it.out);
    erase_once();
    const auto result =
        audit({"--trust", directory + "/trust", "--documents", state + "/certificates", "--json"});
    EXPECT_EQ(result.status, 0) << result.out;
    EXPECT_THAT(result.out, HasSubstr("\"origin\":\"example.org/bench7\""));
    // Alone it is enough for the log, and for nothing else.
    overwrite(directory + "/trust", made_it.out);
    EXPECT_THAT(codes(audit({"--trust", directory + "/trust", "--json"})),
                ElementsAre("I_REGISTER_NO_DOCUMENTS"));
    const auto verified =
        run_command({QUIETUS_AUDIT_PROGRAM, "verify", "--trust", directory + "/trust",
                     state + "/certificates/QTS-TEST01-00000001.qdc.json"},
                    directory + "/scratch");
    EXPECT_EQ(verified.status, 6);
    EXPECT_THAT(verified.out, HasSubstr("I_CHAIN_NO_TRUST"));
}

TEST_F(QuietusRegister, WantsAnOriginThatCanBeOne) {
    expect_refusal({"register", "init"}, 2, "--origin");
    expect_refusal({"register", "init", "--origin", "two words"}, 2, "cannot be an origin");
    EXPECT_FALSE(std::filesystem::exists(log + "/checkpoint"));
}

TEST_F(QuietusRegister, WritesAProofOfADocumentAndNeverOverOne) {
    erase_once();
    const std::string id = "QTS-TEST01-00000001";
    const std::string file = state + "/certificates/" + id + ".qdc.tlog-proof";
    const auto result = quietus({"register", "proof", id});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.out, file + "\n");
    const std::string extra = "c2sp.org/tlog-proof@v1\nextra ";
    const std::string proof = content(file);
    EXPECT_THAT(proof, StartsWith(extra));
    const auto end = proof.find('\n', extra.size());
    const auto entry = from_base64(proof.substr(extra.size(), end - extra.size()));
    ASSERT_TRUE(entry);
    EXPECT_THAT(as_text(*entry), HasSubstr("\"index\":3,\"job\":\"" + id + "\""));
    EXPECT_EQ(proof.compare(end, 9, "\nindex 3\n"), 0);
    EXPECT_THAT(content(file), HasSubstr("\n\nquietus/TEST01\n4\n"));
    EXPECT_THAT(content(file), testing::EndsWith(content(log + "/checkpoint")));
    const std::string before = content(file);
    EXPECT_EQ(quietus({"register", "proof", id}).status, 5);
    EXPECT_EQ(content(file), before);
    EXPECT_EQ(quietus({"register", "proof", "QTS-TEST01-00000002"}).status, 2);
}

TEST_F(QuietusRegister, IsCleanWhenNothingIsWrong) {
    erase_once();
    keep_checkpoint();
    const auto text = full_audit();
    EXPECT_EQ(text.status, 0) << text.out;
    EXPECT_THAT(text.out, StartsWith("quietus/TEST01: clean\n  4 entries, 1 intents, 1 documents\n"
                                     "  4 of the entries are pinned"));
    const auto json = full_audit({"--json"});
    EXPECT_TRUE(is_one_document(json.out));
    EXPECT_THAT(keys(*parse_json(json.out)),
                ElementsAre("documents", "entries", "exit_status", "findings", "fork_files",
                            "intents", "more_findings", "origin", "pinned", "root_sha256"));
    EXPECT_EQ(junit(), "checkpoint\nroot\ntiles\nentries\nnumbers\nchain\nintents\ndocuments\n"
                       "previous\n9 0 0 0\n");
}

TEST_F(QuietusRegister, IsUndecidedWithoutTrustOrDocuments) {
    erase_once();
    const auto result = audit({"--json"});
    EXPECT_EQ(result.status, 6);
    EXPECT_THAT(codes(result), ElementsAre("I_REGISTER_NO_TRUST", "I_REGISTER_NO_DOCUMENTS"));
    std::filesystem::remove(log + "/checkpoint");
    EXPECT_EQ(audit().status, 6);
    std::filesystem::create_directory(kept);
    EXPECT_THAT(junit({}, 6), HasSubstr("checkpoint error:I_REGISTER_NO_CHECKPOINT\n"
                                        "root skipped:None\n"));
}

TEST_F(QuietusRegister, FailsWhenADocumentWasPutAway) {
    erase_once();
    keep_checkpoint();
    std::filesystem::remove(state + "/certificates/QTS-TEST01-00000001.qdc.json");
    EXPECT_THAT(codes(full_audit({"--json"})), ElementsAre("I_REGISTER_DOCUMENT_MISSING"));
    EXPECT_THAT(junit({}, 6), HasSubstr("documents error:I_REGISTER_DOCUMENT_MISSING\n"));
}

TEST_F(QuietusRegister, LooksIntoEveryDocument) {
    erase_once();
    keep_checkpoint();
    const std::string stem = state + "/certificates/QTS-TEST01-00000001.qdc";
    const std::string payload = content(stem + ".json");
    const std::string signature = content(stem + ".p7s");
    overwrite(stem + ".p7s", signature + "x");
    EXPECT_THAT(codes(full_audit({"--json"})), ElementsAre("E_REGISTER_DOCUMENT_INVALID"));
    std::filesystem::remove(stem + ".p7s");
    EXPECT_THAT(codes(full_audit({"--json"})), ElementsAre("I_REGISTER_DOCUMENT_UNDECIDED"));
    overwrite(stem + ".p7s", signature);
    overwrite(stem + ".json", payload + " ");
    EXPECT_THAT(codes(full_audit({"--json"})), ElementsAre("E_REGISTER_DOCUMENT_CHANGED"));
    overwrite(stem + ".json", payload);
    overwrite(state + "/certificates/QTS-TEST01-00000002.qdc.json", payload);
    const auto result = full_audit({"--json"});
    EXPECT_THAT(codes(result), ElementsAre("E_REGISTER_DOCUMENT_UNLOGGED"));
    EXPECT_EQ(result.status, 1);
}

TEST_F(QuietusRegister, FailsWhenAnEntryWasChanged) {
    erase_once();
    keep_checkpoint();
    const std::string bundle = log + "/tile/entries/000.p/4";
    std::string text = content(bundle);
    text.replace(text.find("erased"), 6, "failed");
    overwrite(bundle, text);
    const auto result = full_audit({"--json"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(codes(result), Contains("E_REGISTER_CHANGED"));
    const auto for_people = full_audit();
    EXPECT_THAT(for_people.out, HasSubstr("THIS LOG DOES NOT HOLD"));
    EXPECT_THAT(junit({}, 1), HasSubstr("entries failure:E_REGISTER_CHANGED"));
}

TEST_F(QuietusRegister, ProvesThatASnapshotWasPutBack) {
    ASSERT_EQ(quietus({"register", "init", "--origin", "quietus/TEST01"}).status, 0);
    std::filesystem::copy(log, directory + "/snapshot", std::filesystem::copy_options::recursive);
    erase_once();
    keep_checkpoint();
    std::filesystem::remove_all(log);
    std::filesystem::rename(directory + "/snapshot", log);
    for (const char* each : {"/certificates", "/jobs", "/keys/checkpoint"})
        std::filesystem::remove_all(state + each);
    overwrite(image, contents_of_image());
    erase_once();
    const auto result = full_audit({"--json"});
    EXPECT_EQ(result.status, 1) << result.out;
    EXPECT_THAT(codes(result), Contains("E_REGISTER_FORK"));
    const auto files = *parse_json(result.out)->find("fork_files")->as<Json::Array>();
    ASSERT_THAT(files, SizeIs(2));
    EXPECT_NE(content(*files[0].as<std::string>()), content(*files[1].as<std::string>()));
    EXPECT_THAT(junit({}, 1), HasSubstr("previous failure:E_REGISTER_FORK"));
}

// Between two runs, and nobody kept a checkpoint outside of the station.
TEST_F(QuietusRegister, IsNotGoneOnWithAfterASnapshotWasPutBack) {
    erase_once();
    std::filesystem::copy(log, kept, std::filesystem::copy_options::recursive);
    overwrite(image, contents_of_image());
    erase_once();
    std::filesystem::remove_all(log);
    std::filesystem::rename(kept, log);
    overwrite(image, contents_of_image());
    const std::string again = code();
    const auto refused = on_image("erase", {"--confirm", again});
    EXPECT_EQ(refused.status, 8) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("an older copy of the log was put back"));
    EXPECT_EQ(content(image), contents_of_image());
    EXPECT_THAT(documents(), SizeIs(4));
    EXPECT_EQ(content(log + "/checkpoint").find("\n7\n"), std::string::npos);
}

TEST_F(QuietusRegister, NeverWritesItsXmlOverAFile) {
    erase_once();
    keep_checkpoint();
    overwrite(directory + "/there", "mine");
    const auto result = full_audit({"--junit", directory + "/there"});
    EXPECT_EQ(result.status, 8);
    EXPECT_THAT(result.err, HasSubstr("--junit: " + directory + "/there"));
    EXPECT_EQ(content(directory + "/there"), "mine");
}

} // namespace
} // namespace quietus
