// Logs, put together from the figures that the headers name.
#include "quietus/transport/nvme/logs.hpp"

#include "support/wire_samples.hpp"

#include <gtest/gtest.h>

namespace quietus::nvme {
namespace {

TEST(NvmeHealthLog, IsRead) {
    Bytes data(512);
    data[0] = 0x04;
    data[3] = 87;
    data[4] = 10;
    data[5] = 113;
    test::put_little(data, 48, 8, 1000);
    test::put_little(data, 128, 8, 12345);
    test::put_little(data, 144, 8, 6);
    test::put_little(data, 160, 8, 2);
    const auto health = parse_health_log(data);
    ASSERT_TRUE(health);
    EXPECT_EQ(health->critical_warning, 4U);
    EXPECT_EQ(health->available_spare, 87U);
    EXPECT_EQ(health->spare_threshold, 10U);
    EXPECT_EQ(health->percentage_used, 113U);
    EXPECT_EQ(health->bytes_written, 512'000'000U);
    EXPECT_EQ(health->power_on_hours, 12345U);
    EXPECT_EQ(health->unsafe_shutdowns, 6U);
    EXPECT_EQ(health->media_errors, 2U);
}

TEST(NvmeHealthLog, StopsAtTheLargestNumber) {
    Bytes data(512);
    test::put_little(data, 48, 8, ~std::uint64_t{0});
    data[168] = 1; // 2^64 media errors
    const auto health = parse_health_log(data);
    EXPECT_EQ(health->bytes_written, ~std::uint64_t{0});
    EXPECT_EQ(health->media_errors, ~std::uint64_t{0});
    EXPECT_FALSE(parse_health_log(Bytes(511)));
}

TEST(NvmeErrorLog, TellsWhichBitWasWrong) {
    Bytes data(64);
    test::put_little(data, 0, 8, 42);
    test::put_little(data, 12, 2, 0x4004 << 1U | 1U); // with the phase bit
    test::put_little(data, 14, 2, 0x0228);            // octet 40, bit 2: dword 10
    test::put_little(data, 24, 4, 3);
    const auto entry = parse_error_log(data);
    ASSERT_TRUE(entry && *entry);
    EXPECT_EQ((*entry)->count, 42U);
    EXPECT_EQ((*entry)->status, 0x4004);
    EXPECT_TRUE((*entry)->located);
    EXPECT_EQ((*entry)->octet, 40);
    EXPECT_EQ((*entry)->bit, 2);
    EXPECT_EQ((*entry)->nsid, 3U);
    test::put_little(data, 14, 2, 0xFFFF);
    EXPECT_FALSE((*parse_error_log(data))->located);
    EXPECT_FALSE(*parse_error_log(Bytes(64)));
    EXPECT_FALSE(parse_error_log(Bytes(63)));
}

} // namespace
} // namespace quietus::nvme
