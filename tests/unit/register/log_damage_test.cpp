// A log that somebody has been at: what is not as it was signed is neither read nor extended.
#include "log_directory.hpp"

#include "quietus/core/file.hpp"

namespace quietus {
namespace {

class LogDamage : public LogDirectory {
  protected:
    void SetUp() override {
        LogDirectory::SetUp();
        for (int i = 0; i < 2; ++i)
            ASSERT_TRUE(log->append_intent(intent_of()));
    }
    [[nodiscard]] std::string get(const std::string& name) const {
        return read_regular_file(directory + "/" + name, 1U << 20U).value();
    }
    void put(const std::string& name, const std::string& content) const {
        std::ofstream(directory + "/" + name, std::ios::binary) << content;
    }
    void replace_in(const std::string& name, const std::string& from, const std::string& to) const {
        std::string text = get(name);
        const auto at = text.rfind(from);
        ASSERT_NE(at, std::string::npos) << from;
        put(name, text.replace(at, from.size(), to));
    }
    void expect_invalid(const std::string& words) {
        const std::string before = get("checkpoint");
        const auto again = open(directory);
        const auto appended = again->append_intent(intent_of());
        ASSERT_FALSE(appended.has_value());
        EXPECT_EQ(appended.error().fault, Fault::invalid);
        EXPECT_NE(appended.error().message.find(words), std::string::npos)
            << appended.error().message;
        EXPECT_FALSE(again->probe().has_value());
        EXPECT_EQ(get("checkpoint"), before); // left for the auditor as it is
    }
    /// Signs another log over these entries, as its administrator could.
    void sign(const std::vector<std::string>& texts) {
        std::filesystem::remove_all(directory);
        std::filesystem::create_directory(directory);
        const auto files = open_log_files(directory);
        TileLog tiles(*files);
        const auto signer = sign_checkpoints_with(load_key)("quietus/TEST").value();
        ASSERT_TRUE(tiles.create(*signer));
        ASSERT_TRUE(tiles.append(texts, *signer));
    }
    void expect_broken(const std::string& from, const std::string& to, const std::string& words) {
        std::vector<std::string> texts{line(1), line(2), line(3)};
        const auto at = texts.back().find(from);
        ASSERT_NE(at, std::string::npos) << from;
        const std::string whole = texts.back();
        texts.back().replace(at, from.size(), to);
        sign(texts);
        expect_invalid(words);
        texts.back() = whole;
        sign(texts);
    }
    const std::string bundle = "tile/entries/000.p/3";
};

TEST_F(LogDamage, NoticesAChangedEntry) {
    replace_in(bundle, "overwrite", "Overwrite");
    expect_invalid("the entries do not give the root of the checkpoint");
    EXPECT_EQ(log->jobs().error().fault, Fault::invalid);
}

TEST_F(LogDamage, NoticesAMissingBundle) {
    std::filesystem::remove(directory + "/" + bundle);
    expect_invalid(bundle + ": missing");
}

TEST_F(LogDamage, NoticesABundleCutShort) {
    std::string text = get(bundle);
    put(bundle, text.substr(0, text.size() - 1));
    expect_invalid("ends within an entry");
}

TEST_F(LogDamage, NoticesACheckpointThatItsKeyDidNotSign) {
    replace_in("checkpoint", "\n3\n", "\n2\n");
    expect_invalid("");
    put("checkpoint", "nonsense");
    expect_invalid("note: ");
}

TEST_F(LogDamage, NoticesAnOlderCheckpointThatWasPutBack) {
    const std::string older = get("checkpoint");
    ASSERT_TRUE(log->append_intent(intent_of()));
    ASSERT_TRUE(log->append_intent(intent_of()));
    put("checkpoint", older);
    expect_invalid("an older one was put back");
    EXPECT_EQ(log->append_intent(intent_of()).error().fault, Fault::invalid); // who has seen both
}

TEST_F(LogDamage, NamesTheEntryThatBreaksARuleEvenWhenItIsSigned) {
    expect_broken("\"sequence\":2", "\"sequence\":3", "entry 2: number 3");
    expect_broken("00000002", "00000001", "entry 2: job: not named");
    expect_broken("\"index\":2", "\"index\":3", "entry 2: index 3 where 2 belongs");
    expect_broken("\"intent\"", "\"genesis\"", "entry 2");
    expect_broken("\"intent\"", "\"void\"", "entry 2: an entry of unknown type");
    expect_broken("2026-11-22", "2026-13-22", "entry 2: time");
    expect_broken("\"technique\"", "\"tecnique\"", "entry 2");
    expect_broken("\"station\":\"TEST\"", "\"station\":\"test\"", "entry 2: station");
    expect_broken("\"previous_sha384\":\"\"", "\"previous_sha384\":\"00\"", "entry 2: previous");
    expect_broken("{", "{ ", "entry 2: not in canonical form");
    expect_broken("{", "[", "entry 2");
}

} // namespace
} // namespace quietus
