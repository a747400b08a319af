#include "log_directory.hpp"

namespace quietus {
namespace {

class LogTorn : public LogDirectory {
  protected:
    void SetUp() override {
        LogDirectory::SetUp();
        for (int i = 0; i < 2; ++i)
            ASSERT_TRUE(log->append_intent(intent_of()));
        whole = entries();
    }
    void expect_invalid_at(const std::string& text, const std::string& where) {
        write_entries(text);
        const auto jobs = log->jobs();
        ASSERT_FALSE(jobs.has_value()) << text;
        EXPECT_EQ(jobs.error().fault, Fault::invalid);
        EXPECT_NE(jobs.error().message.find(where), std::string::npos) << jobs.error().message;
        EXPECT_FALSE(log->probe().has_value());
        EXPECT_EQ(log->append_intent(intent_of()).error().fault, Fault::invalid);
        EXPECT_EQ(entries(), text); // a log that does not hold is left for the auditor as it is
    }
    [[nodiscard]] std::string replaced(const std::string& from, const std::string& to) const {
        std::string text = whole;
        const auto at = text.rfind(from);
        EXPECT_NE(at, std::string::npos) << from;
        return text.replace(at, from.size(), to);
    }
    std::string whole;
};

TEST_F(LogTorn, IgnoresALastLineCutShortAtEveryByteAndRemovesItOnTheNextAppend) {
    const auto last = whole.rfind('\n', whole.size() - 2) + 1;
    for (std::size_t length = last + 1; length < whole.size(); ++length) {
        write_entries(whole.substr(0, length));
        ASSERT_EQ(log->jobs()->size(), 1u) << length;
        ASSERT_TRUE(log->probe());
        ASSERT_EQ(entries().size(), length); // only an append changes anything
    }
    const auto intent = log->append_intent(intent_of());
    ASSERT_TRUE(intent);
    EXPECT_EQ(intent->job, "QTS-TEST-00000002");
    EXPECT_EQ(log->jobs()->size(), 2u);
    EXPECT_EQ(entries().substr(0, last), whole.substr(0, last));
}

TEST_F(LogTorn, StartsAnewAfterATornGenesis) {
    write_entries(whole.substr(0, 10));
    EXPECT_EQ(log->append_intent(intent_of())->job, "QTS-TEST-00000001");
    EXPECT_EQ(log->jobs()->size(), 1u);
}

TEST_F(LogTorn, NamesTheLineThatDoesNotHold) {
    expect_invalid_at(whole + "\n", "line 4");
    expect_invalid_at(whole + "not json\n", "line 4");
    expect_invalid_at(whole.substr(whole.find('\n') + 1), "line 1"); // genesis removed
    expect_invalid_at(whole + whole, "line 4");
    const auto second = whole.find('\n') + 1;
    const auto third = whole.find('\n', second) + 1;
    expect_invalid_at(whole.substr(0, second) + whole.substr(third), "line 2"); // one removed
    expect_invalid_at(std::string(whole).replace(second, 1, "[{"), "line 2");
    expect_invalid_at(std::string(whole).insert(second + 1, " "), "line 2"); // not canonical
}

TEST_F(LogTorn, NamesAnEntryWhoseFactsDoNotFit) {
    expect_invalid_at(replaced("\"sequence\":2", "\"sequence\":3"), "line 3");
    expect_invalid_at(replaced("00000002", "00000001"), "line 3");
    expect_invalid_at(replaced("\"index\":2", "\"index\":3"), "line 3");
    expect_invalid_at(replaced("\"intent\"", "\"genesis\""), "line 3");
    expect_invalid_at(replaced("\"intent\"", "\"void\""), "line 3");
    expect_invalid_at(replaced("2026-11-22", "2026-13-22"), "line 3");
    expect_invalid_at(replaced("\"technique\"", "\"tecnique\""), "line 3");
    expect_invalid_at(replaced("\"station\":\"TEST\"", "\"station\":\"test\""), "line 3");
    expect_invalid_at(replaced("\"previous_sha384\":\"\"", "\"previous_sha384\":\"00\""), "line 3");
}

TEST_F(LogTorn, RefusesALineOfAbsurdLength) {
    expect_invalid_at(whole + std::string(100000, '[') + "\n", "line 4");
}

} // namespace
} // namespace quietus
