#include "quietus/job/step_secrets.hpp"

#include "quietus/core/file.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace quietus {
namespace {

PlanStep write_step(StepData data, std::uint32_t of = 0) {
    return {StepKind::write, data, data == StepData::fixed ? "00" : "", of, {}};
}

class Secrets : public testing::Test {
  protected:
    Secrets() {
        plan.steps = {{StepKind::address_probe, StepData::none, "", 0, {}},
                      write_step(StepData::fixed),
                      write_step(StepData::random_char),
                      write_step(StepData::random_stream),
                      write_step(StepData::random_char, 3),
                      write_step(StepData::complement, 4)};
        std::string pattern = testing::TempDir() + "quietus-secrets-XXXXXX";
        folder = ::mkdtemp(pattern.data());
    }
    ~Secrets() override { std::filesystem::remove_all(folder); }
    std::string text() const { return read_regular_file(folder + "/keys.json", 1U << 20U).value(); }

    Plan plan;
    std::string folder;
};

TEST_F(Secrets, AreDrawnForWhatIsRandomAlone) {
    const auto secrets = draw_secrets(plan);
    ASSERT_EQ(secrets.size(), 3u);
    EXPECT_EQ(secrets.at(3).size(), 1u);
    EXPECT_EQ(secrets.at(4).size(), 32u);
    EXPECT_EQ(secrets.at(5), secrets.at(3)) << "the same character again";
    EXPECT_NE(draw_secrets(plan).at(4), secrets.at(4));
}

TEST_F(Secrets, ComeBackAsTheyWereKeptAndForTheirOwnerAlone) {
    const auto secrets = draw_secrets(plan);
    ASSERT_TRUE(save_secrets(secrets, folder));
    struct stat facts {};
    ASSERT_EQ(::stat((folder + "/keys.json").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0600U);
    EXPECT_EQ(read_secrets(folder, plan).value(), secrets);
    EXPECT_FALSE(save_secrets(secrets, folder)) << "nothing is written over";
    remove_secrets(folder);
    EXPECT_TRUE(std::filesystem::is_empty(folder));
    EXPECT_FALSE(read_secrets(folder, plan));
    remove_secrets(folder);
}

TEST_F(Secrets, AreNotKeptWhenThereAreNone) {
    plan.steps.resize(2);
    ASSERT_TRUE(save_secrets(draw_secrets(plan), folder));
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(Secrets, AreRefusedWhenTheyAreNotJustThoseOfThePlan) {
    ASSERT_TRUE(
        save_secrets(draw_secrets(plan, [](std::size_t n) { return Bytes(n, 0xAB); }), folder));
    const std::string whole = text();
    const std::string key(64, 'b');
    ASSERT_TRUE(parse_secrets(whole, plan));
    for (std::size_t length = 0; length + 1 < whole.size(); ++length)
        EXPECT_FALSE(parse_secrets(whole.substr(0, length), plan)) << length;
    const auto changed = [&](const std::string& from, const std::string& to) {
        std::string text = whole;
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return text.replace(at, from.size(), to);
    };
    EXPECT_FALSE(parse_secrets(changed("\"step\":3", "\"step\":2"), plan)) << "a fixed pattern";
    EXPECT_FALSE(parse_secrets(changed("\"step\":3", "\"step\":4"), plan)) << "twice";
    EXPECT_FALSE(parse_secrets(changed("\"step\":3", "\"step\":0"), plan));
    EXPECT_FALSE(parse_secrets(changed("\"step\":3", "\"step\":7"), plan));
    EXPECT_FALSE(parse_secrets(changed("\"ab\"", "\"abab\""), plan)) << "two characters";
    EXPECT_FALSE(parse_secrets(changed("\"ab\"", "\"\""), plan));
    EXPECT_FALSE(parse_secrets(changed("\"ab\"", "\"xy\""), plan));
    EXPECT_FALSE(parse_secrets(changed("\"ab\"", "\"cd\""), plan)) << "not the same again";
    EXPECT_FALSE(parse_secrets("{\"keys\":[]}", plan));
}

} // namespace
} // namespace quietus
