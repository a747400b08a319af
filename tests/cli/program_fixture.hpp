// QuietusProgram: the operator's program on an image of its own, with a station of its own.
#pragma once

#include "command.hpp"

#include "quietus/core/json.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace quietus {

class QuietusProgram : public testing::Test {
  protected:
    using Words = std::vector<std::string>;

    /// Keys are made once, by the program itself: it takes longer than most tests.
    static void SetUpTestSuite() {
        std::string pattern = testing::TempDir() + "quietus-program-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        made = pattern;
        std::filesystem::create_directory(made + "/station");
        const auto result = run_command(
            {QUIETUS_PROGRAM, "key", "init", "--station", "TEST01", "--state", made + "/station"},
            made);
        ASSERT_EQ(result.status, 0) << result.err;
    }
    static void TearDownTestSuite() { std::filesystem::remove_all(made); }

    void SetUp() override {
        directory = made + "/test";
        std::filesystem::remove_all(directory);
        for (const char* name : {"", "/scratch", "/state"})
            std::filesystem::create_directory(directory + name);
        std::filesystem::copy(made + "/station", state, std::filesystem::copy_options::recursive);
        overwrite(image, contents_of_image());
    }

    /// quietus with this state directory and these arguments.
    [[nodiscard]] CommandResult quietus(Words words, const Words& before = {}) const {
        words.insert(words.begin(), {QUIETUS_PROGRAM, "--state", state});
        words.insert(words.begin(), before.begin(), before.end());
        return run_command(words, directory + "/scratch");
    }
    /// VERB image:drive.img --technique overwrite and these arguments.
    [[nodiscard]] CommandResult on_image(const std::string& verb, const Words& more = {}) const {
        Words words{verb, "image:" + image, "--technique", "overwrite"};
        words.insert(words.end(), more.begin(), more.end());
        return quietus(words);
    }
    /// The code of a plan for the image.
    [[nodiscard]] std::string code(const Words& more = {}) const {
        Words words{"--json"};
        words.insert(words.end(), more.begin(), more.end());
        const auto result = on_image("plan", words);
        EXPECT_EQ(result.status, 0) << result.err;
        const auto json = parse_json(result.out);
        if (!json) return {};
        const Json& plan = json->find("plans")->as<Json::Array>()->front();
        return std::string(plan.text_of("confirmation_code"));
    }

    /// What a policy owner makes: a key of their own, and a signed profile in a trust directory.
    void make_owner(const std::string& name = "owner") const {
        const auto result = quietus({"key", "init", "--person", "siro", "--role", "policy-owner",
                                     "--out", directory + "/" + name});
        ASSERT_EQ(result.status, 0) << result.err;
    }
    void write_profile(const std::string& text) const {
        overwrite(trust_directory + "/example.toml", text);
    }
    [[nodiscard]] CommandResult sign_profile(const std::string& owner = "owner") const {
        return quietus({"policy", "sign", trust_directory + "/example.toml", "--key",
                        directory + "/" + owner + "/person.key", "--certificate",
                        directory + "/" + owner + "/person.pem"});
    }
    void put_profile(const std::string& text) const {
        std::filesystem::create_directories(trust_directory);
        make_owner();
        std::filesystem::copy(directory + "/owner/root.pem", trust_directory + "/siro.pem");
        write_profile(text);
        const auto signed_one = sign_profile();
        ASSERT_EQ(signed_one.status, 0) << signed_one.err;
    }

    /// Usage errors and refusals: this status, this said on stderr, nothing on stdout, and image
    /// and station as they were.
    void expect_refusal(const Words& words, int status, const std::string& message) const {
        const auto before = everything();
        const auto result = quietus(words);
        EXPECT_EQ(result.status, status) << testing::PrintToString(words);
        EXPECT_THAT(result.err, testing::StartsWith("quietus: "));
        EXPECT_THAT(result.err, testing::HasSubstr(message));
        EXPECT_EQ(result.out, "");
        EXPECT_EQ(everything(), before) << testing::PrintToString(words);
    }
    void expect_image_refusal(const Words& more, int status, const std::string& message) const {
        Words words{"plan", "image:" + image};
        words.insert(words.end(), more.begin(), more.end());
        expect_refusal(words, status, message);
        words.front() = "erase";
        expect_refusal(words, status, message);
    }

    /// Every file below the test's directory with its content, the scratch of run_command excepted.
    [[nodiscard]] std::map<std::string, std::string> everything() const {
        std::map<std::string, std::string> files;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
            const std::string path = entry.path().string();
            if (path.starts_with(directory + "/scratch")) continue;
            files[path] = entry.is_regular_file() && !entry.is_symlink() ? content(path) : "";
        }
        return files;
    }
    [[nodiscard]] std::vector<std::string> documents() const {
        return names(state + "/certificates");
    }
    [[nodiscard]] static std::vector<std::string> names(const std::string& where) {
        std::vector<std::string> found;
        if (!std::filesystem::exists(where)) return found;
        for (const auto& entry : std::filesystem::directory_iterator(where))
            found.push_back(entry.path().filename().string());
        std::sort(found.begin(), found.end());
        return found;
    }

    static void overwrite(const std::string& path, std::string_view bytes) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }
    [[nodiscard]] static std::string content(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return std::string{std::istreambuf_iterator<char>(file), {}};
    }
    /// An odd size, so that the tail is no whole block; a secret in every kilobyte.
    [[nodiscard]] static std::string contents_of_image() {
        std::string bytes;
        while (bytes.size() < (256U << 10U))
            bytes += "the secret of block " + std::to_string(bytes.size()) + std::string(1000, '.');
        bytes.resize((256U << 10U) + 77);
        return bytes;
    }
    [[nodiscard]] static std::vector<Json> lines(const std::string& text) {
        std::vector<Json> found;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) {
            auto json = parse_json(line);
            EXPECT_TRUE(json) << line;
            if (json) found.push_back(std::move(*json));
        }
        return found;
    }
    /// The names of an object's members, sorted.
    [[nodiscard]] static std::vector<std::string> keys(const Json& json) {
        std::vector<std::string> found;
        if (const auto* object = json.as<Json::Object>())
            for (const auto& [key, value] : *object)
                found.push_back(key);
        return found;
    }
    /// Accepted by an independent reader as exactly one document.
    [[nodiscard]] bool is_one_document(const std::string& text) const {
        overwrite(directory + "/scratch/document.json", text);
        return run_command({"python3", "-m", "json.tool", directory + "/scratch/document.json"},
                           directory + "/scratch")
                   .status == 0;
    }

    inline static std::string made;
    std::string directory;
    std::string state = made + "/test/state";
    std::string image = made + "/test/drive.img";
    std::string trust_directory = made + "/test/trust";
};

} // namespace quietus
