// LogDirectory: a fixture with an empty directory for one log, and a clock that stands still.
#pragma once

#include "quietus/core/clock.hpp"
#include "quietus/register/register.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace quietus {

class StandingClock final : public Clock {
  public:
    std::int64_t utc_seconds() override { return 1795316400; } // 2026-11-22T03:00:00Z
    std::chrono::nanoseconds monotonic() override { return {}; }
};

class LogDirectory : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "quietus-register-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        directory = pattern;
        log = open_log_register(directory, clock);
    }
    void TearDown() override { std::filesystem::remove_all(directory); }

    [[nodiscard]] std::string entries() const {
        std::ifstream file(directory + "/entries", std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write_entries(const std::string& text) const {
        std::ofstream(directory + "/entries", std::ios::binary) << text;
    }
    /// Number of the JSON line that holds at `line` (from 1), without its newline.
    [[nodiscard]] std::string line(std::size_t number) const {
        std::ifstream file(directory + "/entries");
        std::string text;
        for (std::size_t i = 0; i < number; ++i)
            std::getline(file, text);
        return text;
    }

    static IntentFacts intent_of(const std::string& serial = "S4X9NF0M", const char* at = "TEST") {
        return {serial, "overwrite", std::string(64, 'a'), at};
    }
    static ResultFacts result_of(const std::string& job) {
        return {job, "erased", std::string(64, 'b')};
    }
    static DocumentFacts document_of(const std::string& job, char digit = 'c') {
        return {job, "quietus.certificate", std::string(96, digit)};
    }

    StandingClock clock;
    std::string directory;
    std::unique_ptr<Register> log;
};

} // namespace quietus
