// LogDirectory: a fixture with an empty directory for one log, and a clock that stands where it is
// set.
#pragma once

#include "log_files.hpp"
#include "tile_log.hpp"

#include "quietus/core/clock.hpp"
#include "quietus/register/register.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace quietus {

class StandingClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return utc; }
    std::chrono::nanoseconds monotonic() override { return {}; }
    std::int64_t utc = 1795316400; // 2026-11-22T03:00:00Z
};

class LogDirectory : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "quietus-register-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        directory = pattern;
        key_pem(); // before any fork: processes of one log share its key
        log = open(directory);
    }
    void TearDown() override { std::filesystem::remove_all(directory); }

    [[nodiscard]] std::unique_ptr<Register> open(const std::string& where) {
        return open_log_register(
            {where, sign_checkpoints_with(load_key), [this](const auto& text) { said += text; }},
            clock);
    }
    /// The entries that the checkpoint signs, a line each.
    [[nodiscard]] std::string entries() const {
        const auto files = open_log_files(directory);
        TileLog tiles(*files);
        std::string text;
        EXPECT_TRUE(tiles.read_checkpoint());
        if (!tiles.exists()) return text;
        const auto status = tiles.advance([&](std::uint64_t, std::string_view entry) -> Status {
            text += std::string(entry) + "\n";
            return {};
        });
        EXPECT_TRUE(status.has_value());
        return text;
    }
    /// The entry with this number, from 1.
    [[nodiscard]] std::string line(std::size_t number) const {
        std::istringstream all(entries());
        std::string text;
        for (std::size_t i = 0; i < number; ++i)
            std::getline(all, text);
        return text;
    }
    static const std::string& key_pem() {
        static const std::string pem(PrivateKey::generate(KeyKind::ed25519)->to_pem().view());
        return pem;
    }
    static Result<PrivateKey> load_key() { return PrivateKey::from_pem(key_pem()); }

    static IntentFacts intent_of(const std::string& serial = "S4X9NF0M", const char* at = "TEST") {
        return {serial, "overwrite", std::string(64, 'a'), at};
    }
    static ResultFacts result_of(const std::string& job) {
        return {job, "erased", std::string(64, 'b')};
    }
    static DocumentFacts document_of(const std::string& job, char digit = 'c') {
        return {job, "quietus.certificate", std::string(96, digit)};
    }

    static RecheckFacts recheck_of(const char* at = "TEST") {
        return {at,
                "QTS-ELSEWHERE-00000007",
                std::string(96, 'e'),
                RecheckVerdict::same,
                true,
                {VerificationMode::full, 100},
                4096};
    }

    StandingClock clock;
    std::string said; ///< what was reported
    std::string directory;
    std::unique_ptr<Register> log;
};

} // namespace quietus
