#include "quietus/core/file.hpp"
#include "quietus/keys/station_keys.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace quietus {
namespace {

class StationId : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "quietus-id-XXXXXX";
        directory = mkdtemp(pattern.data());
    }
    void TearDown() override { std::filesystem::remove_all(directory); }
    [[nodiscard]] std::string saved(const std::string& content) const {
        const std::string path = directory + "/machine-id";
        std::filesystem::remove(path);
        EXPECT_TRUE(save_new_file(path, content));
        return path;
    }
    std::string directory;
};

// printf %s 'quietus station id' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
TEST_F(StationId, IsAKeyedDigestOfTheMachineId) {
    EXPECT_EQ(default_station_id(saved("0123456789abcdef0123456789abcdef\n")).value(),
              "S189E302178D3");
    EXPECT_EQ(default_station_id(saved("0123456789abcdef0123456789abcdef")).value(),
              "S189E302178D3");
}

TEST_F(StationId, RefusesWhatIsNoMachineId) {
    for (const char* content :
         {"", "\n", "uninitialized\n", "0123456789ABCDEF0123456789ABCDEF\n",
          "0123456789abcdef0123456789abcde\n", "0123456789abcdef0123456789abcdef\n\n"}) {
        const auto id = default_station_id(saved(content));
        ASSERT_FALSE(id) << content;
        EXPECT_EQ(id.error().fault, Fault::invalid) << content;
        EXPECT_FALSE(id.error().hint.empty());
    }
}

TEST_F(StationId, ReportsAMissingFile) {
    EXPECT_EQ(default_station_id(directory + "/none").error().fault, Fault::io);
}

} // namespace
} // namespace quietus
