// The thermometer of a job: read by somebody else, believed for a while, and waited for by nobody.
#include "thermometer.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

namespace quietus {
namespace {

using namespace std::chrono_literals;

/// What it answers is worked out in another process.
class WarmHost final : public Host {
  public:
    Result<std::vector<Drive>> detect(const DetectRequest&) override { return nothing(); }
    Result<Drive> image(const std::string&, const DetectRequest&) override { return nothing(); }
    Result<DriveLink> open(const Drive&) override { return nothing(); }
    Result<DriveLink> open_to_read(const Drive&) override { return nothing(); }
    std::optional<std::int32_t> celsius(const Drive&) override { return answer(); }
    std::function<std::optional<std::int32_t>()> answer = [] { return 40; };

  private:
    static Error nothing() { return Error{Fault::io, "nothing here"}; }
};

class AThermometer : public testing::Test {
  protected:
    /// One reading, begun at this time; nothing when there came none.
    std::optional<Warmth> read(std::chrono::nanoseconds now) {
        EXPECT_EQ(thermometer.news(now), std::nullopt);
        for (int i = 0; i < 5000 && thermometer.channel() >= 0; ++i) {
            if (const auto news = thermometer.news(now)) return news;
            ::usleep(1000);
        }
        return std::nullopt;
    }
    std::optional<Warmth> read_as(std::int32_t celsius, std::chrono::nanoseconds now) {
        host.answer = [=] { return celsius; };
        return read(now);
    }
    WarmHost host;
    Drive drive;
    Thermometer thermometer{host, drive, {60, 50}, 5s};
};

TEST_F(AThermometer, PausesAboveAndGoesOnBelow) {
    EXPECT_EQ(read_as(60, 0s), (Warmth{60, false}));
    EXPECT_EQ(read_as(61, 5s), (Warmth{61, true}));
    EXPECT_EQ(read_as(55, 10s), (Warmth{55, true}));
    EXPECT_EQ(read_as(50, 15s), (Warmth{50, true}));
    EXPECT_EQ(read_as(49, 20s), (Warmth{49, false}));
    EXPECT_EQ(read_as(55, 25s), (Warmth{55, false}));
    EXPECT_EQ(read_as(-5, 30s), (Warmth{-5, false}));
}

TEST_F(AThermometer, IsReadNoMoreOftenThanItIsTold) {
    EXPECT_TRUE(read_as(40, 0s));
    EXPECT_EQ(thermometer.news(4s), std::nullopt);
    EXPECT_EQ(thermometer.channel(), -1);
    EXPECT_TRUE(read_as(40, 5s));
}

TEST_F(AThermometer, AsksADriveOnceThatHasNone) {
    host.answer = []() -> std::optional<std::int32_t> { return std::nullopt; };
    EXPECT_EQ(read(0s), std::nullopt);
    host.answer = [] { return 90; };
    for (const auto now : {5s, 10s, 100s}) {
        EXPECT_EQ(thermometer.news(now), std::nullopt);
        EXPECT_EQ(thermometer.channel(), -1);
    }
}

TEST_F(AThermometer, WaitsForNobody) {
    EXPECT_TRUE(read_as(40, 0s));
    host.answer = []() -> std::optional<std::int32_t> {
        for (;;)
            ::pause();
    };
    EXPECT_EQ(thermometer.news(5s), std::nullopt);
    EXPECT_EQ(thermometer.news(14s), std::nullopt);
    EXPECT_GE(thermometer.channel(), 0);
    EXPECT_EQ(thermometer.news(16s), std::nullopt);
    EXPECT_EQ(thermometer.channel(), -1) << "it was given up";
    EXPECT_TRUE(read_as(41, 20s));
}

TEST_F(AThermometer, KeepsNoJobWaitingThatFallsSilent) {
    EXPECT_EQ(read_as(70, 0s), (Warmth{70, true}));
    host.answer = []() -> std::optional<std::int32_t> { return std::nullopt; };
    EXPECT_EQ(read(5s), std::nullopt);
    EXPECT_EQ(read(60s), std::nullopt);
    EXPECT_TRUE(thermometer.paused());
    EXPECT_EQ(read(66s), std::nullopt);
    EXPECT_FALSE(thermometer.paused());
    EXPECT_EQ(read_as(70, 71s), (Warmth{70, true}));
}

TEST_F(AThermometer, IsLostWithWhoeverDiesReadingIt) {
    EXPECT_TRUE(read_as(40, 0s));
    host.answer = []() -> std::optional<std::int32_t> { ::_exit(EXIT_FAILURE); };
    EXPECT_EQ(read(5s), std::nullopt);
    EXPECT_TRUE(read_as(42, 10s));
}

} // namespace
} // namespace quietus
