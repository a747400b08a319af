// Commands dword by dword, put together by hand from the tables named in commands.hpp.
#include "quietus/transport/nvme/commands.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

namespace quietus::nvme {
namespace {

/// Opcode, NSID, dwords 10 and 11, and how much data comes.
std::string text_of(const NvmeCommand& command) {
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%02x %x %08x %08x %zu", command.opcode, command.nsid,
                  command.cdw10_15[0], command.cdw10_15[1], command.in_bytes);
    for (std::size_t i = 2; i < command.cdw10_15.size(); ++i)
        EXPECT_EQ(command.cdw10_15.at(i), 0U);
    return text.data();
}

std::string overwriting(const SanitizePasses& passes) {
    return text_of(sanitize(SanitizeAction::overwrite, {.overwrite = passes}));
}

TEST(NvmeCommands, SanitizeTheSubsystemAndNeverANamespace) {
    EXPECT_EQ(text_of(sanitize(SanitizeAction::exit_failure)), "84 0 00000001 00000000 0");
    EXPECT_EQ(text_of(sanitize(SanitizeAction::block_erase)), "84 0 00000002 00000000 0");
    EXPECT_EQ(text_of(sanitize(SanitizeAction::crypto_erase)), "84 0 00000004 00000000 0");
    EXPECT_EQ(text_of(sanitize(SanitizeAction::exit_verification)), "84 0 00000005 00000000 0");
}

// Bits 7:4: as many passes, and 0 for sixteen.
TEST(NvmeCommands, CountPassesFromOneToSixteen) {
    EXPECT_EQ(overwriting({.pattern = 0xA1B2C3D4, .passes = 1}), "84 0 00000013 a1b2c3d4 0");
    EXPECT_EQ(overwriting({.passes = 2}), "84 0 00000023 00000000 0");
    EXPECT_EQ(overwriting({.passes = 15}), "84 0 000000f3 00000000 0");
    EXPECT_EQ(overwriting({.passes = 16}), "84 0 00000003 00000000 0");
    EXPECT_EQ(overwriting({.pattern = 1, .passes = 3, .invert_between = true}),
              "84 0 00000133 00000001 0");
}

TEST(NvmeCommands, SetWhatASanitizeIsAskedFor) {
    EXPECT_EQ(text_of(sanitize(SanitizeAction::block_erase, {.may_leave_failed = true})),
              "84 0 0000000a 00000000 0"); // AUSE, bit 3
    EXPECT_EQ(text_of(sanitize(SanitizeAction::block_erase, {.no_deallocate = true})),
              "84 0 00000202 00000000 0"); // NDAS, bit 9
    EXPECT_EQ(text_of(sanitize(SanitizeAction::crypto_erase, {.verification = true})),
              "84 0 00000404 00000000 0"); // EMVS, bit 10
}

TEST(NvmeCommands, LeaveOutWhatAnActionDoesNotTake) {
    const SanitizeOptions all{{0x12345678, 7, true}, true, true, true};
    EXPECT_EQ(text_of(sanitize(SanitizeAction::exit_failure, all)), "84 0 00000001 00000000 0");
    EXPECT_EQ(text_of(sanitize(SanitizeAction::exit_verification, all)),
              "84 0 00000005 00000000 0");
    EXPECT_EQ(text_of(sanitize(SanitizeAction::crypto_erase, all)), "84 0 0000060c 00000000 0");
}

// Figure 189: LBAFL 3:0, MSET 4, PI 7:5, PIL 8, SES 11:9, LBAFU 13:12.
TEST(NvmeCommands, FormatWithWhatIsKept) {
    const std::chrono::hours day(24);
    EXPECT_EQ(text_of(format(1, {}, FormatErase::user_data, day)), "80 1 00000200 00000000 0");
    EXPECT_EQ(text_of(format(0xFFFFFFFF, {}, FormatErase::crypto, day)),
              "80 ffffffff 00000400 00000000 0");
    EXPECT_EQ(text_of(format(3, {2, true, 1, true}, FormatErase::user_data, day)),
              "80 3 00000332 00000000 0");
    EXPECT_EQ(text_of(format(3, {63, false, 7, false}, FormatErase::crypto, day)),
              "80 3 000034ef 00000000 0");
    EXPECT_EQ(format(1, {}, FormatErase::crypto, day).timeout, day);
}

// Logs of the controller are asked for with NSID FFFFFFFFh, as libnvme does; bit 15 retains events;
// 512 octets are 127 dwords and one.
TEST(NvmeCommands, ReadLogsAndStructures) {
    EXPECT_EQ(text_of(read_log(LogPage::sanitize_status)), "02 ffffffff 007f8081 00000000 512");
    EXPECT_EQ(text_of(read_log(LogPage::health)), "02 ffffffff 007f8002 00000000 512");
    EXPECT_EQ(text_of(read_log(LogPage::errors, 64)), "02 ffffffff 000f8001 00000000 64");
    EXPECT_EQ(text_of(identify(Structure::controller)), "06 0 00000001 00000000 4096");
    EXPECT_EQ(text_of(identify(Structure::name_space, 7)), "06 7 00000000 00000000 4096");
    EXPECT_EQ(text_of(identify(Structure::active_list, 1024)), "06 400 00000002 00000000 4096");
    EXPECT_EQ(text_of(identify(Structure::allocated_list)), "06 0 00000010 00000000 4096");
    EXPECT_EQ(text_of(identify(Structure::allocated_namespace, 5)), "06 5 00000011 00000000 4096");
}

TEST(NvmeCommands, AskForFeaturesAndDiscovery) {
    EXPECT_EQ(text_of(get_feature(Feature::write_protection, 2)), "0a 2 00000084 00000000 0");
    EXPECT_EQ(text_of(get_feature(Feature::sanitize_config)), "0a 0 00000017 00000000 0");
    EXPECT_EQ(text_of(get_feature(Feature::host_memory_buffer)), "0a 0 0000000d 00000000 0");
    EXPECT_EQ(text_of(level_0_discovery()), "82 0 01000100 00000200 512");
}

} // namespace
} // namespace quietus::nvme
