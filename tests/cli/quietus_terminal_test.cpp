// The person at the terminal: asked once, and believed only with the right answer.
#include "program_fixture.hpp"
#include "terminal.hpp"

namespace quietus {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* question = ": ";

class QuietusTerminal : public QuietusProgram {
  protected:
    [[nodiscard]] Screen erase(const std::function<std::string(const std::string&)>& answer,
                               const Words& environment = {}) const {
        Words words{QUIETUS_PROGRAM,  "--state",     state,      "erase",
                    "image:" + image, "--technique", "overwrite"};
        words.insert(words.begin(), environment.begin(), environment.end());
        return run_on_terminal(words, question, answer);
    }
    // "... type the code K7QX-3MPD: "
    static std::string code_on(const std::string& screen) {
        return screen.size() < 11 ? "" : screen.substr(screen.size() - 11, 9);
    }
    void expect_untouched(const Screen& screen) const {
        EXPECT_EQ(screen.status, 3) << screen.text;
        EXPECT_EQ(content(image), contents_of_image());
        EXPECT_THAT(documents(), IsEmpty());
        EXPECT_THAT(names(state + "/plans"), IsEmpty()); // the code died with the question
    }
};

TEST_F(QuietusTerminal, AsksForTheCodeOfAnImageAndErasesIt) {
    const Screen screen = erase([](const std::string& text) { return code_on(text) + "\n"; });
    EXPECT_EQ(screen.status, 0) << screen.text;
    EXPECT_THAT(screen.text, HasSubstr("everything on this drive will be destroyed"));
    EXPECT_THAT(screen.text, HasSubstr("step 2 of 3 write ["));
    EXPECT_THAT(screen.text, HasSubstr("\033[32merased\033[0m"));
    EXPECT_THAT(content(image), Not(HasSubstr("secret")));
}

TEST_F(QuietusTerminal, TakesEverythingElseForNo) {
    for (const char* typed : {"yes\n", "\n", "y\n", "AAAA-AAAA\n", "\x04"})
        expect_untouched(erase([&](const std::string&) { return typed; }));
}

TEST_F(QuietusTerminal, TakesAnInterruptForNo) {
    const Screen screen = erase([](const std::string&) { return "\x03"; });
    expect_untouched(screen);
    EXPECT_THAT(screen.text, HasSubstr("no answer was given"));
}

TEST_F(QuietusTerminal, ShowsHowFarAReadingIs) {
    ASSERT_EQ(on_image("erase", {"--confirm", code()}).status, 0);
    const std::string certificate = state + "/certificates/QTS-TEST01-00000001.qdc.json";
    const Screen screen =
        run_on_terminal({QUIETUS_PROGRAM, "--state", state, "recheck", "image:" + image,
                         "--certificate", certificate, "--trust", state + "/keys/root.pem"},
                        "a question that nobody asks", {});
    EXPECT_EQ(screen.status, 0) << screen.text;
    EXPECT_THAT(screen.text, HasSubstr("step 1 of 1 verify ["));
    EXPECT_THAT(screen.text, HasSubstr("] 100 %"));
}

TEST_F(QuietusTerminal, HonoursNoColor) {
    const Screen screen =
        erase([](const std::string& text) { return code_on(text) + "\n"; }, {"env", "NO_COLOR=1"});
    EXPECT_EQ(screen.status, 0) << screen.text;
    EXPECT_THAT(screen.text, Not(HasSubstr("\033[3")));
}

TEST_F(QuietusTerminal, AsksNothingWhenTheCodeWasGiven) {
    const Screen screen =
        run_on_terminal({QUIETUS_PROGRAM, "--state", state, "erase", "image:" + image,
                         "--technique", "overwrite", "--confirm", code()},
                        question, [](const std::string&) { return "\n"; });
    EXPECT_EQ(screen.status, 0) << screen.text;
    EXPECT_THAT(screen.text, Not(HasSubstr("type the code")));
}

TEST_F(QuietusTerminal, KeepsEveryLineWithinEightyColumns) {
    const Screen screen = run_on_terminal(
        {QUIETUS_PROGRAM, "--state", state, "plan", "image:" + image, "--technique", "overwrite"},
        "", [](const std::string&) { return ""; });
    EXPECT_EQ(screen.status, 0);
    std::istringstream stream(screen.text);
    for (std::string line; std::getline(stream, line);)
        if (!line.starts_with("drive ")) {       // as long as its path
            EXPECT_LE(line.size(), 81u) << line; // with the carriage return
        }
}

} // namespace
} // namespace quietus
