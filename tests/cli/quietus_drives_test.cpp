// Several drives: in one run, with a summary, and in two runs beside each other.
#include "program_fixture.hpp"
#include "terminal.hpp"

#include <set>

namespace quietus {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class QuietusDrives : public QuietusProgram {
  protected:
    void SetUp() override {
        QuietusProgram::SetUp();
        // Of more than one transfer, so that a limited rate takes time.
        for (const std::string& path : {one, two}) {
            overwrite(path, "");
            for (int i = 0; i < 8; ++i)
                std::ofstream(path, std::ios::app) << std::string(1U << 20U, 's');
        }
    }
    [[nodiscard]] std::string code_of(const std::string& path, const Words& more = {}) const {
        Words words{"plan", "image:" + path, "--technique", "overwrite", "--json"};
        words.insert(words.end(), more.begin(), more.end());
        const auto json = parse_json(quietus(words).out);
        EXPECT_TRUE(json);
        if (!json) return {};
        return std::string(
            json->find("plans")->as<Json::Array>()->front().text_of("confirmation_code"));
    }
    [[nodiscard]] Words both() const {
        return {"erase",     "image:" + one, "image:" + two, "--technique", "overwrite",
                "--confirm", code_of(one),   "--confirm",    code_of(two)};
    }
    std::string one = made + "/test/one.img";
    std::string two = made + "/test/two.img";
};

TEST_F(QuietusDrives, AreSummedUpInATable) {
    const auto result = quietus(both());
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, ContainsRegex("\nDRIVE +SERIAL +SIZE +VERDICT +STATUS +JOB\n"
                                          "image:.*one.img +8.39 MB +erased +0 +QTS-TEST01-0.*\n"
                                          "image:.*two.img +8.39 MB +erased +0 +QTS-TEST01-0.*\n"
                                          "2 drives: 2 erased\n$"));
}

TEST_F(QuietusDrives, AreSummedUpWithThoseThatWereSkipped) {
    std::filesystem::create_hard_link(two, directory + "/link.img"); // a guard, for root as well
    const auto result = quietus({"erase", "image:" + one, "image:" + two, "--technique",
                                 "overwrite", "--confirm", code_of(one), "--skip-refused"});
    EXPECT_EQ(result.status, 3) << result.err;
    EXPECT_THAT(result.out, HasSubstr("2 drives: 1 erased, 1 refused\n"));
    EXPECT_EQ(content(two).find_first_not_of('s'), std::string::npos);
}

TEST_F(QuietusDrives, HaveNoSummaryWhenThereIsOne) {
    const auto result =
        quietus({"erase", "image:" + one, "--technique", "overwrite", "--confirm", code_of(one)});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, Not(HasSubstr("VERDICT")));
}

TEST_F(QuietusDrives, HaveALineEachOnATerminal) {
    Words words = both();
    words.insert(words.begin(), {QUIETUS_PROGRAM, "--state", state});
    const Screen screen = run_on_terminal(words, "a question that nobody asks", {});
    EXPECT_EQ(screen.status, 0) << screen.text;
    EXPECT_THAT(screen.text, HasSubstr("image:" + one + ": job QTS-TEST01-0"));
    EXPECT_THAT(screen.text, HasSubstr("image:" + two + ": erased\r\n"));
    EXPECT_THAT(screen.text, HasSubstr("2 drives: 2 \033[32merased\033[0m"));
}

// As at a bench: one drive is at work, another is put in and begun by itself.
TEST_F(QuietusDrives, CanBeAddedWhileOthersRun) {
    const Words slowly{"--limit-rate", "3M"};
    const std::string script = R"(
q=$1 state=$2 one=$3 code_one=$4 two=$5 code_two=$6
"$q" --state "$state" erase "$one" --technique overwrite --limit-rate 3M --confirm "$code_one" --json >"$7" &
first=$!
for i in $(seq 400); do grep -q '"event":"started"' "$7" 2>/dev/null && break; sleep 0.05; done
"$q" --state "$state" erase "$two" --technique overwrite --confirm "$code_two"
echo "second $?"
kill -0 $first && echo "first still runs"
"$q" --state "$state" status --json
wait $first
echo "first $?"
)";
    const auto result = run_command({"sh", "-c", script, "sh", QUIETUS_PROGRAM, state,
                                     "image:" + one, code_of(one, slowly), "image:" + two,
                                     code_of(two), directory + "/scratch/events"},
                                    directory + "/scratch");
    EXPECT_THAT(result.out, HasSubstr("second 0\nfirst still runs\n")) << result.err;
    EXPECT_THAT(result.out, HasSubstr("\nfirst 0\n")) << result.err;
    EXPECT_THAT(result.out, HasSubstr("\"state\":\"running\""));
    EXPECT_THAT(result.out, HasSubstr("\"state\":\"finished\""));
    EXPECT_THAT(documents(), testing::ElementsAre(
                                 "QTS-TEST01-00000001.qdc.json", "QTS-TEST01-00000001.qdc.p7s",
                                 "QTS-TEST01-00000002.qdc.json", "QTS-TEST01-00000002.qdc.p7s"));
    for (const std::string& path : {one, two})
        EXPECT_EQ(content(path).find("ssssssss"), std::string::npos) << path;
    const auto audited =
        run_command({QUIETUS_AUDIT_PROGRAM, "register", state + "/log", "--trust",
                     state + "/keys/root.pem", "--documents", state + "/certificates"},
                    directory + "/scratch");
    EXPECT_EQ(audited.status, 0) << audited.out << audited.err;
}

} // namespace
} // namespace quietus
