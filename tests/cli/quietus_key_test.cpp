// Station keys and the self-test from the command line.
#include "program_fixture.hpp"

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class QuietusKey : public QuietusProgram {
  protected:
    void SetUp() override {
        QuietusProgram::SetUp();
        std::filesystem::remove_all(state + "/keys");
    }
};

TEST_F(QuietusKey, MakesKeysAndShowsThem) {
    const auto result = quietus({"key", "init", "--station", "BENCH7", "--json"});
    EXPECT_EQ(result.status, 0);
    EXPECT_TRUE(is_one_document(result.out));
    EXPECT_THAT(result.err, HasSubstr("SELF-ISSUED"));
    const auto shown = quietus({"key", "show", "--json"});
    EXPECT_EQ(shown.err, "");
    const auto json = parse_json(shown.out);
    ASSERT_TRUE(json);
    const auto said = parse_json(result.out);
    ASSERT_TRUE(said);
    EXPECT_THAT(keys(*said), ElementsAre("expires", "log", "root", "station"));
    for (const std::string& each : keys(*said))
        EXPECT_EQ(json->text_of(each), said->text_of(each));
    EXPECT_THAT(*json->find("people")->as<Json::Array>(), SizeIs(0));
    EXPECT_EQ(json->text_of("station"), "BENCH7");
    EXPECT_EQ(json->text_of("root"), state + "/keys/root.pem");
}

TEST_F(QuietusKey, NeverReplacesKeys) {
    ASSERT_EQ(quietus({"key", "init", "--station", "BENCH7"}).status, 0);
    expect_refusal({"key", "init", "--station", "BENCH8"}, 3,
                   "quietus: key init: " + state + "/keys: exists already");
}

TEST_F(QuietusKey, RefusesAStationIdThatNoCertificateMayHold) {
    for (const char* id : {"ABC", "ABCDEFGHIJKLMN", "bench7", "A B C D", "../../X"})
        expect_refusal({"key", "init", "--station", id}, 2, "is not 4 to 13 of A-Z and 0-9");
}

TEST_F(QuietusKey, SaysWhereKeysCannotBeSaved) {
    std::filesystem::remove_all(state);
    overwrite(state, "in the way");
    expect_refusal({"key", "init", "--station", "BENCH7"}, 8, state + ": Not a directory");
    expect_refusal({"key", "show"}, 8, "hint: quietus key init");
}

TEST_F(QuietusKey, TestsItselfAndLeavesNothing) {
    const auto result = quietus({"selftest", "--json"}, {"env", "TMPDIR=" + directory});
    EXPECT_EQ(result.status, 0) << result.out;
    EXPECT_TRUE(is_one_document(result.out));
    EXPECT_THAT(result.out, Not(HasSubstr("\"passed\":false")));
    EXPECT_THAT(names(directory), ElementsAre("drive.img", "scratch", "state"));
    const auto lost = quietus({"selftest"}, {"env", "TMPDIR=" + directory + "/none"});
    EXPECT_EQ(lost.status, 8);
    EXPECT_THAT(lost.err, HasSubstr("selftest: " + directory + "/none/"));
}

} // namespace
} // namespace quietus
