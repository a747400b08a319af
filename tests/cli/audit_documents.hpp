// AuditDocuments: a station with keys of its own, one certificate and one attempt record, all made
// by the program's own parts, for tests that run quietus-audit on them.
#pragma once

#include "../unit/certificate/finished_job.hpp"
#include "command.hpp"

#include "quietus/core/file.hpp"
#include "quietus/keys/station_keys.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace quietus {

class AuditDocuments : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::string pattern = testing::TempDir() + "quietus-audit-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        made = pattern;
        make_keys("TEST", made + "/keys");
        const GoodRun good;
        certificate = make_document(good, "QTS-TEST-00000007", made);
        GoodRun bad;
        bad.evidence.read_backs.back().unreadable = {{0, 512}};
        attempt = make_document(bad, "QTS-TEST-00000008", made);
    }
    static void TearDownTestSuite() { std::filesystem::remove_all(made); }

    void SetUp() override {
        directory = made + "/test";
        std::filesystem::remove_all(directory);
        std::filesystem::create_directory(directory);
        for (const char* suffix : {".json", ".p7s"}) {
            std::filesystem::copy_file(made + "/QTS-TEST-00000007.qdc" + suffix,
                                       stem + ".qdc" + suffix);
            std::filesystem::copy_file(made + "/QTS-TEST-00000008.qar" + suffix,
                                       attempt_stem + suffix);
        }
    }

    static void make_keys(const std::string& station, const std::string& where) {
        SystemClock clock;
        const auto info = init_station_keys({where, station, std::nullopt}, clock);
        ASSERT_TRUE(info) << info.error().message;
    }
    static std::string make_document(const GoodRun& run, const std::string& job,
                                     const std::string& where, const char* keys = "/keys") {
        SystemClock clock;
        FinishedJob finished(run, clock.utc_seconds() - 600);
        finished.record.job = job;
        finished.placement.sequence = std::stoul(job.substr(job.size() - 8));
        auto signer = load_station_signer(made + keys);
        EXPECT_TRUE(signer) << signer.error().message;
        const auto document = certify(finished.request(), **signer, clock);
        EXPECT_TRUE(document) << document.error().message;
        const auto path = save_certificate(*document, where);
        EXPECT_TRUE(path) << path.error().message;
        return *path;
    }

    /// quietus-audit with these arguments.
    [[nodiscard]] CommandResult audit(std::vector<std::string> words) const {
        words.insert(words.begin(), QUIETUS_AUDIT_PROGRAM);
        return run_command(words, directory);
    }
    [[nodiscard]] CommandResult verify(std::vector<std::string> files) const {
        files.insert(files.begin(), {"verify", "--trust", made + "/keys/root.pem"});
        return audit(files);
    }
    void overwrite(const std::string& path, const std::string& content) const {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    }
    [[nodiscard]] static std::string content(const std::string& path) {
        return read_regular_file(path, std::size_t{8} << 20U).value();
    }

    inline static std::string made;
    inline static std::string certificate;
    inline static std::string attempt;
    std::string directory;
    std::string stem = made + "/test/QTS-TEST-00000007";
    std::string qdc = stem + ".qdc.json";
    std::string attempt_stem = made + "/test/QTS-TEST-00000008.qar";
    std::string qar = attempt_stem + ".json";
};

} // namespace quietus
