// SigningStation: a fixture with the keys of station TEST in a directory of its own.
#pragma once

#include "finished_job.hpp"

#include "quietus/certificate/check.hpp"
#include "quietus/core/file.hpp"
#include "quietus/keys/station_keys.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace quietus {

class SigningStation : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::string pattern = testing::TempDir() + "quietus-station-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        made = pattern;
        SystemClock clock;
        const auto info = init_station_keys({made + "/keys", "TEST", std::nullopt}, clock);
        ASSERT_TRUE(info) << info.error().message;
        auto loaded = load_station_signer(made + "/keys");
        ASSERT_TRUE(loaded) << loaded.error().message;
        signer = std::move(*loaded);
    }
    static void TearDownTestSuite() {
        signer.reset();
        std::filesystem::remove_all(made);
    }
    void SetUp() override {
        directory = made + "/documents";
        std::filesystem::remove_all(directory);
        std::filesystem::create_directory(directory);
    }

    /// A job that ended a minute ago.
    [[nodiscard]] FinishedJob job_of(const GoodRun& run = {}) {
        return FinishedJob(run, clock.utc_seconds() - 160);
    }
    [[nodiscard]] static TrustAnchors trust() {
        const auto pem = read_regular_file(made + "/keys/root.pem", 1U << 20U);
        return TrustAnchors::from_pem(pem.value()).value();
    }
    [[nodiscard]] static DocumentReport check(const Certificate& document) {
        return check_document({document.id, document.type, document.payload, document.p7s},
                              trust());
    }
    [[nodiscard]] static bool finds(const DocumentReport& report, std::string_view code) {
        return std::ranges::any_of(report.findings,
                                   [&](const CheckFinding& each) { return each.code == code; });
    }

    inline static std::string made;
    inline static std::unique_ptr<Signer> signer;
    SystemClock clock;
    std::string directory;
};

} // namespace quietus
