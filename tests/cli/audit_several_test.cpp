// Several documents at once: against each other, beside each other, and as other formats.
#include "audit_documents.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/json.hpp"
#include "quietus/record/job_id.hpp"
#include "quietus/stream/digest.hpp"

#include <csignal>
#include <functional>
#include <sstream>
#include <thread>

namespace quietus {
namespace {

class AuditSeveral : public AuditDocuments {
  protected:
    void SetUp() override {
        AuditDocuments::SetUp();
        folder = directory + "/documents";
        std::filesystem::create_directory(folder);
    }

    // Documents 1 to `count` of the station, each with the digest of the one before.
    void issue(unsigned count) {
        SystemClock clock;
        auto signer = load_station_signer(made + "/keys");
        ASSERT_TRUE(signer) << signer.error().message;
        for (unsigned number = 1; number <= count; ++number) {
            FinishedJob finished({}, clock.utc_seconds() - 600);
            finished.record.job = id_of(number);
            finished.placement.sequence = number;
            finished.placement.previous_sha384 = previous;
            alter(number, finished);
            const auto document = certify(finished.request(), **signer, clock);
            ASSERT_TRUE(document) << document.error().message;
            previous = sha384_hex(document->payload);
            ASSERT_TRUE(save_certificate(*document, folder));
        }
    }
    static std::string id_of(unsigned number) {
        const std::string digits = std::to_string(number);
        return "QTS-TEST-" + std::string(8 - digits.size(), '0') + digits;
    }
    [[nodiscard]] std::string path_of(unsigned number) const {
        return folder + "/" + id_of(number) + ".qdc.json";
    }
    void drop(unsigned number) const {
        std::filesystem::remove(path_of(number));
        std::filesystem::remove(folder + "/" + id_of(number) + ".qdc.p7s");
    }
    // Codes of what was found across the documents.
    [[nodiscard]] std::vector<std::string> across(const std::vector<std::string>& operands,
                                                  int status) const {
        std::vector<std::string> words{"verify", "--json", "--trust", made + "/keys/root.pem"};
        words.insert(words.end(), operands.begin(), operands.end());
        const auto result = audit(words);
        EXPECT_EQ(result.status, status) << result.out << result.err;
        const auto json = parse_json(result.out);
        std::vector<std::string> codes;
        if (!json) return {"not JSON: " + result.out};
        for (const Json& each : *json->find("across")->as<Json::Array>())
            codes.emplace_back(each.text_of("code"));
        return codes;
    }

    using Codes = std::vector<std::string>;
    std::string folder;
    std::string previous;
    std::function<void(unsigned, FinishedJob&)> alter = [](unsigned, FinishedJob&) {};
};

TEST_F(AuditSeveral, TakesADirectoryForTheDocumentsInItInTheirOrder) {
    issue(3);
    overwrite(folder + "/notes.txt", "x");
    const auto result = verify({folder});
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    std::size_t at = 0;
    for (unsigned number = 1; number <= 3; ++number) {
        const auto found = result.out.find(path_of(number) + ": valid", at);
        ASSERT_NE(found, std::string::npos) << result.out;
        at = found;
    }
    EXPECT_EQ(result.out.find("notes"), std::string::npos);
    EXPECT_EQ(result.out.find("across"), std::string::npos);
    std::filesystem::remove(path_of(2)); // its signature is still there
    EXPECT_EQ(verify({folder}).status, 1);
}

// More names than are held at a time; that none of it is a document is soon found out.
TEST_F(AuditSeveral, NamesEachOfVeryManyOnceAndInOrder) {
    constexpr unsigned count = 4300;
    const std::string many = directory + "/many/";
    std::filesystem::create_directory(many);
    std::vector<std::string> expected;
    for (unsigned number = 1; number <= count; ++number) {
        const std::string both = many + job_id("MANY", number) + ".qdc";
        for (const char* suffix : {".p7s", ".json"})
            if (number % 5 != 0 || suffix == std::string(".p7s")) overwrite(both + suffix, "x");
        expected.push_back(both + (number % 5 != 0 ? ".json" : ".p7s"));
    }
    const auto result = verify({"--json", many.substr(0, many.size() - 1)});
    EXPECT_EQ(result.status, 1) << result.err;
    const auto json = parse_json(result.out);
    ASSERT_TRUE(json);
    std::vector<std::string> found;
    for (const Json& each : *json->find("documents")->as<Json::Array>())
        found.emplace_back(each.text_of("file"));
    EXPECT_EQ(found, expected);
}

TEST_F(AuditSeveral, FindsAGapInTheNumbersOfAStation) {
    issue(5);
    drop(3);
    EXPECT_EQ(across({folder}, 1), Codes{"E_CHAIN_GAP"});
    EXPECT_EQ(across({path_of(1), path_of(2)}, 0), Codes{});
}

TEST_F(AuditSeveral, FindsADocumentThatFollowsNoneOfTheOthers) {
    alter = [](unsigned number, FinishedJob& job) {
        if (number == 3) job.placement.previous_sha384 = std::string(96, '7');
    };
    issue(4);
    EXPECT_EQ(across({folder}, 1), Codes{"E_CHAIN_PREV"});
}

TEST_F(AuditSeveral, FindsAnIdWithTwoContents) {
    issue(1);
    const std::string first = path_of(1);
    std::filesystem::rename(folder, directory + "/before");
    std::filesystem::create_directory(folder);
    alter = [](unsigned, FinishedJob& job) { job.statements.site = "elsewhere"; };
    previous.clear();
    issue(1);
    EXPECT_EQ(across({folder, directory + "/before"}, 1), Codes{"E_ID_REUSE"});
    EXPECT_EQ(across({folder, folder}, 0), Codes{});
}

TEST_F(AuditSeveral, WarnsOfADriveWithTwoDocuments) {
    alter = [](unsigned, FinishedJob& job) {
        job.record.drive.serial = "WD-1";
        job.record.drive.identity_source = IdentitySource::drive;
        job.judge_again();
    };
    issue(2);
    EXPECT_EQ(across({folder}, 0), Codes{"W_SERIAL_REUSE"});
}

TEST_F(AuditSeveral, SaysTheSameWithManyJobs) {
    issue(20);
    overwrite(path_of(7), content(path_of(7)) + " ");
    overwrite(folder + "/" + id_of(9) + ".qdc.p7s", "no signature");
    std::filesystem::remove(path_of(11));
    const std::vector<std::string> words{"verify", "--json", "--trust", made + "/keys/root.pem",
                                         folder};
    const auto one = audit(words);
    EXPECT_EQ(one.status, 1);
    auto many_words = words;
    many_words.insert(many_words.end(), {"--jobs", "5"});
    const auto many = audit(many_words);
    EXPECT_EQ(many.status, 1);
    EXPECT_EQ(many.out, one.out);
    const auto json = parse_json(one.out);
    ASSERT_TRUE(json);
    EXPECT_EQ(json->find("documents")->as<Json::Array>()->size(), 20u);
}

TEST_F(AuditSeveral, RefusesANumberOfJobsThatIsNone) {
    for (const char* jobs : {"0", "65", "-1", "1x", "many"}) {
        const auto result = audit({"verify", "--jobs", jobs, qdc});
        EXPECT_EQ(result.status, 2) << jobs;
        EXPECT_NE(result.err.find("--jobs"), std::string::npos);
    }
}

// Test cases, failures, errors, skipped, and the names of those that failed, as Python's parser
// reads them.
constexpr auto read_junit = R"(
import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
suite = suites.find("testsuite")
cases = suite.findall("testcase")
count = lambda name: sum(case.find(name) is not None for case in cases)
for part in (suites, suite):
    stated = [int(part.get(name)) for name in ("tests", "failures", "errors", "skipped")]
    assert stated == [len(cases), count("failure"), count("error"), count("skipped")], stated
print(*stated, *[case.find("failure").get("type") for case in cases if case.find("failure") is not None])
)";

TEST_F(AuditSeveral, WritesWhatItFoundAsJunit) {
    issue(3);
    overwrite(path_of(2), content(path_of(2)) + " ");
    const std::string junit = directory + "/report.xml";
    const auto result = verify({"--junit", junit, folder, qar, directory + "/no<>&\".qdc.json"});
    EXPECT_EQ(result.status, 1) << result.err;
    const auto read = run_command({"python3", "-c", read_junit, junit}, directory);
    EXPECT_EQ(read.status, 0) << read.err;
    // Three documents, an attempt record, a missing one, and the chain: 4 to 7 are not there.
    EXPECT_EQ(read.out, "6 2 1 1 E_JSON_NOT_CANONICAL E_CHAIN_GAP\n");
    const auto again = verify({"--junit", junit, qdc});
    EXPECT_EQ(again.status, 8);
    EXPECT_NE(again.err.find("--junit: " + junit), std::string::npos);
}

TEST_F(AuditSeveral, AsksForWhatIsRequired) {
    const auto required = [&](const std::string& list) { return verify({"--require", list, qdc}); };
    EXPECT_EQ(required("signed-by=station").status, 0);
    const auto witness = required("signed-by=station,signed-by=witness,level=purge");
    EXPECT_EQ(witness.status, 1);
    EXPECT_NE(witness.out.find("E_REQUIRED_SIGNER: no signature of a witness"), std::string::npos);
    EXPECT_NE(witness.out.find("E_REQUIRED_LEVEL: level none, where purge is required"),
              std::string::npos);
    EXPECT_EQ(verify({"--require", "level=purge", qar}).status, 9);
    for (const auto& [list, code] :
         {std::pair("logged", "I_NOT_LOGGED"), std::pair("validated", "I_NOT_VALIDATED")}) {
        const auto undecided = required(list);
        EXPECT_EQ(undecided.status, 6);
        EXPECT_NE(undecided.out.find(code), std::string::npos) << undecided.out;
    }
    const auto no_log = verify({"--log", folder, qdc});
    EXPECT_EQ(no_log.status, 6);
    EXPECT_NE(no_log.out.find("I_LOG_MISSING"), std::string::npos) << no_log.out;
    EXPECT_EQ(verify({"--log", folder + "/none", qdc}).status, 2);
    for (const char* list : {"", "level=high", "level=none", "signed-by=me", "logged,", "all"})
        EXPECT_EQ(required(list).status, 2) << list;
}

TEST_F(AuditSeveral, LooksIntoDocumentsInConfinedProcesses) {
    issue(40);
    for (unsigned copy = 0; copy < 12; ++copy) { // some seconds of work
        const std::string to = directory + "/copy" + std::to_string(copy);
        std::filesystem::copy(folder, to);
    }
    const pid_t audit = fork();
    if (audit == 0) {
        const int answers = open((directory + "/answers").c_str(), O_WRONLY | O_CREAT, 0600);
        dup2(answers, 1);
        std::string root = made + "/keys/root.pem";
        std::vector<std::string> words{QUIETUS_AUDIT_PROGRAM, "verify", "--trust", root};
        for (unsigned copy = 0; copy < 12; ++copy)
            words.push_back(directory + "/copy" + std::to_string(copy));
        std::vector<char*> arguments;
        for (std::string& word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        execv(QUIETUS_AUDIT_PROGRAM, arguments.data());
        _exit(127);
    }
    const auto text_of = [](const std::string& path) {
        std::ifstream file(path);
        std::stringstream text;
        text << file.rdbuf();
        return text.str();
    };
    const std::string proc = "/proc/" + std::to_string(audit);
    const auto confined = [&](const std::string& process) {
        const std::string facts = text_of(process + "/status");
        return facts.find("Seccomp:\t2\n") != std::string::npos &&
               facts.find("NoNewPrivs:\t1\n") != std::string::npos;
    };
    for (int i = 0; i < 1000 && !confined(proc); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(confined(proc));
    std::istringstream children(text_of(proc + "/task/" + std::to_string(audit) + "/children"));
    std::vector<pid_t> members;
    for (pid_t member = 0; children >> member;)
        members.push_back(member);
    ASSERT_FALSE(members.empty());
    for (const pid_t member : members)
        EXPECT_TRUE(confined("/proc/" + std::to_string(member)));
    // One that dies over a document leaves that one undecided, and another goes on.
    EXPECT_EQ(kill(members.front(), SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(audit, &status, 0), audit);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 6);
    EXPECT_NE(text_of(directory + "/answers").find("  I_CHECK: "), std::string::npos);
}

} // namespace
} // namespace quietus
