// A checkpoint kept outside of the log: what was done to the log since is found at the next append.
#include "kept_checkpoint.hpp"

#include "log_directory.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using testing::HasSubstr;

class KeptBesideTheKeys : public LogDirectory {
  protected:
    void SetUp() override {
        LogDirectory::SetUp();
        std::filesystem::create_directory(keys);
        log = reopened();
    }
    void TearDown() override {
        for (const std::string& each : {keys, snapshot})
            std::filesystem::remove_all(each);
        LogDirectory::TearDown();
    }
    [[nodiscard]] std::unique_ptr<Register> reopened() {
        return open_log_register({directory, sign_checkpoints_with(load_key),
                                  [this](const auto& text) { said += text; }, keys},
                                 clock);
    }
    void take_snapshot() const {
        std::filesystem::remove_all(snapshot);
        std::filesystem::copy(directory, snapshot, std::filesystem::copy_options::recursive);
    }
    void put_snapshot_back() const {
        std::filesystem::remove_all(directory);
        std::filesystem::copy(snapshot, directory, std::filesystem::copy_options::recursive);
    }
    void append_one() { ASSERT_TRUE(log->append_intent(intent_of())); }
    // In another run, so that nothing is remembered but what is kept.
    void expect_refusal(const std::string& message) {
        const std::string before = entries();
        const auto refused = reopened()->append_intent(intent_of());
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().fault, Fault::invalid);
        EXPECT_THAT(refused.error().message, HasSubstr(message));
        EXPECT_EQ(entries(), before);
        const auto trial = reopened()->probe();
        EXPECT_FALSE(trial); // and before that no drive is touched
    }
    [[nodiscard]] static std::string content(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(file), {}};
    }

    std::string keys = testing::TempDir() + "quietus-kept-" + std::to_string(::getpid());
    std::string snapshot = keys + "-snapshot";
};

TEST_F(KeptBesideTheKeys, IsTheLastOneOfTheLog) {
    for (int i = 0; i < 3; ++i) {
        append_one();
        EXPECT_EQ(content(keys + "/checkpoint"), content(directory + "/checkpoint"));
    }
    EXPECT_TRUE(reopened()->append_intent(intent_of()));
    EXPECT_EQ(said, "");
}

TEST_F(KeptBesideTheKeys, TellsThatAnOlderCopyWasPutBack) {
    append_one();
    take_snapshot();
    append_one();
    put_snapshot_back();
    expect_refusal("checkpoint: of 2 entries, where " + keys + "/checkpoint has one of 3 entries");
}

TEST_F(KeptBesideTheKeys, TellsThatTheLogIsGoneOrAnother) {
    append_one();
    take_snapshot();
    std::filesystem::remove_all(directory);
    expect_refusal("the log is gone");
    ASSERT_TRUE(open(directory)->init("example.org/another"));
    expect_refusal("the log example.org/another stands where");
}

// The same number of entries and more of them, under a checkpoint of the same key.
TEST_F(KeptBesideTheKeys, TellsThatTheLogWasWrittenAnew) {
    append_one();
    append_one();
    std::filesystem::remove_all(directory);
    log = open(directory);
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(log->append_intent(intent_of("another", "TEST")));
        if (i == 1) expect_refusal("it was written anew");
    }
    ASSERT_TRUE(log->append_intent(intent_of("another", "TEST")));
    expect_refusal("it was written anew");
}

TEST_F(KeptBesideTheKeys, MayBeOfTheLogAsItWasBeforeACrash) {
    append_one();
    const std::string older = content(keys + "/checkpoint");
    append_one();
    std::ofstream(keys + "/checkpoint", std::ios::trunc) << older;
    EXPECT_TRUE(reopened()->append_intent(intent_of()));
    std::filesystem::remove(keys + "/checkpoint"); // of a station from before it was kept
    EXPECT_TRUE(reopened()->append_intent(intent_of()));
    EXPECT_EQ(content(keys + "/checkpoint"), content(directory + "/checkpoint"));
}

TEST_F(KeptBesideTheKeys, IsNotBelievedWhenItCannotBeRead) {
    append_one();
    std::ofstream(keys + "/checkpoint", std::ios::trunc) << "three entries\n";
    expect_refusal(keys + "/checkpoint");
}

TEST_F(KeptBesideTheKeys, CostsNoEntryWhenItCannotBeWritten) {
    append_one();
    std::filesystem::remove_all(keys);
    log = reopened();
    EXPECT_TRUE(log->append_intent(intent_of()));
    EXPECT_THAT(said, HasSubstr("the checkpoint is not kept"));
}

} // namespace
} // namespace quietus
