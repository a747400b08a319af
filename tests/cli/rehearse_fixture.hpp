// Rehearse: the training program with a station of its own, beside a real one.
#pragma once

#include "program_fixture.hpp"

#include <string>
#include <utility>
#include <vector>

namespace quietus {

/// As QuietusProgram, whose station is a real one; that of the rehearsal is beside it.
class Rehearse : public QuietusProgram {
  protected:
    static void SetUpTestSuite() {
        QuietusProgram::SetUpTestSuite();
        const auto result = run_command(
            {QUIETUS_REHEARSE_PROGRAM, "key", "init", "--state", made + "/training"}, made);
        ASSERT_EQ(result.status, 0) << result.err;
    }
    void SetUp() override {
        QuietusProgram::SetUp();
        std::filesystem::copy(made + "/training", training,
                              std::filesystem::copy_options::recursive);
    }

    [[nodiscard]] CommandResult rehearse(Words words, const Words& before = {}) const {
        words.insert(words.begin(), {QUIETUS_REHEARSE_PROGRAM, "--state", training});
        words.insert(words.begin(), before.begin(), before.end());
        return run_command(words, directory + "/scratch");
    }
    [[nodiscard]] CommandResult in_scenario(const std::string& name, Words words) const {
        words.insert(words.begin(), {"--scenario", scenario(name)});
        return rehearse(std::move(words));
    }
    [[nodiscard]] static std::string scenario(const std::string& name) {
        return std::string(QUIETUS_SCENARIOS) + "/" + name + ".toml";
    }
    /// A shipped scenario in which one thing is written otherwise: its path.
    [[nodiscard]] std::string changed(const std::string& name, const std::string& from,
                                      const std::string& to) const {
        std::string text = content(scenario(name));
        EXPECT_NE(text.find(from), std::string::npos) << from;
        text.replace(text.find(from), from.size(), to);
        const std::string path = directory + "/changed.toml";
        overwrite(path, text);
        return path;
    }
    [[nodiscard]] CommandResult in(const std::string& path, Words words) const {
        words.insert(words.begin(), {"--scenario", path});
        return rehearse(std::move(words));
    }
    /// plan, then erase with its code.
    [[nodiscard]] CommandResult erased_in(const std::string& path, const std::string& drive,
                                          const Words& chosen) const {
        Words words{"plan", drive, "--json"};
        words.insert(words.end(), chosen.begin(), chosen.end());
        auto planned = in(path, words);
        EXPECT_EQ(planned.status, 0) << planned.err;
        const auto plan = parse_json(planned.out);
        if (!plan) return planned;
        const Json& first = plan->find("plans")->as<Json::Array>()->front();
        words.front() = "erase";
        words.insert(words.end(), {"--confirm", std::string(first.text_of("confirmation_code"))});
        return in(path, words);
    }
    /// The same in a shipped scenario; the last line of what erase said.
    [[nodiscard]] std::pair<CommandResult, Json>
    erased(const std::string& name, const std::string& drive,
           const Words& chosen = {"--technique", "overwrite", "--scheme", "generic.random"}) const {
        auto result = erased_in(scenario(name), drive, chosen);
        auto said = lines(result.out);
        EXPECT_FALSE(said.empty()) << result.err;
        if (said.empty() || said.back().find("drives") == nullptr) return {};
        return {std::move(result), said.back().find("drives")->as<Json::Array>()->front()};
    }
    [[nodiscard]] Json inspected(const std::string& name, const std::string& drive) const {
        const auto result = in_scenario(name, {"inspect", drive, "--json"});
        EXPECT_EQ(result.status, 0) << result.err;
        const auto json = parse_json(result.out);
        return json ? json->find("drives")->as<Json::Array>()->front() : Json{};
    }
    [[nodiscard]] static Json technique(const Json& drive, std::string_view name) {
        for (const Json& each : *drive.find("techniques")->as<Json::Array>())
            if (each.text_of("name") == name) return each;
        ADD_FAILURE() << name;
        return {};
    }
    /// In how many blocks of the drive its secret is left.
    [[nodiscard]] std::int64_t residue(const std::string& name, const std::string& drive) const {
        const auto result = in_scenario(name, {"reveal", drive, "--json"});
        const auto json = parse_json(result.out);
        EXPECT_TRUE(json) << result.out << result.err;
        if (!json) return -1;
        const auto left = *json->find("drives")
                               ->as<Json::Array>()
                               ->front()
                               .find("blocks_with_secret")
                               ->as<std::int64_t>();
        EXPECT_EQ(result.status, left == 0 ? 0 : 1);
        return left;
    }
    [[nodiscard]] static std::vector<std::string> codes(const Json& drive) {
        std::vector<std::string> found;
        for (const Json& each : *drive.find("findings")->as<Json::Array>())
            found.emplace_back(each.text_of("code"));
        return found;
    }
    [[nodiscard]] CommandResult audit(Words words) const {
        words.insert(words.begin(), QUIETUS_AUDIT_PROGRAM);
        words.insert(words.end(), {"--trust", training + "/keys/root.pem"});
        return run_command(words, directory + "/scratch");
    }

    std::string training = made + "/test/training";
    std::string document = training + "/certificates/QTS-REHEARSAL-00000001.qrh.json";
};

} // namespace quietus
