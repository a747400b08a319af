// ATA commands through translators: the CDB octet by octet, and registers believed only when they
// came.
#include "quietus/transport/ata_over_scsi.hpp"

#include "support/replay_ports.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

constexpr std::chrono::milliseconds timeout{2000};

AtaCommand identify_device() {
    return {{0xEC, 0, 1, 0, 0}, AtaProtocol::pio_in, false, 512, timeout};
}
AtaCommand check_power_mode() {
    return {{0xE5, 0, 0, 0, 0}, AtaProtocol::non_data, false, 0, timeout};
}
// READ NATIVE MAX ADDRESS EXT with every register set, to see where each octet goes.
AtaCommand extended_command() {
    return {{0x27, 0x1234, 0x5678, 0xA1A2A3A4A5A6, 0x40}, AtaProtocol::non_data, true, 0, timeout};
}

// SECURITY SET PASSWORD (F1h): one block to the drive.
AtaCommand set_password() {
    AtaCommand command{{0xF1, 0, 1, 0, 0xA0}, AtaProtocol::pio_out, false, 0, timeout};
    command.out = Bytes(512, 0x5A);
    return command;
}

std::optional<AtaRegisters> registers_in(const char* hex) {
    return ata_registers(from_hex(hex).value());
}

TEST(AtaOverScsi, PacksIdentifyDevice) {
    test::Transcript transcript("scsi 85 08 0e 00 00 00 01 00 00 00 00 00 00 00 ec 00"
                                " -> 00 data 40 00*511");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(identify_device());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->data.size(), 512U);
    EXPECT_FALSE(reply->registers);
}

TEST(AtaOverScsi, PacksEachOctetOfAnExtendedCommand) {
    test::Transcript transcript("scsi 85 07 20 12 34 56 78 a3 a6 a2 a5 a1 a4 40 27 00"
                                " -> 02 sense 72 01 00 1d 00 00 00 0e"
                                " 09 0c 01 00 56 78 a3 a6 a2 a5 a1 a4 40 50");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(extended_command());
    ASSERT_TRUE(reply);
    ASSERT_TRUE(reply->registers);
    EXPECT_TRUE(reply->registers->succeeded());
    EXPECT_TRUE(reply->registers->whole_count);
    EXPECT_EQ(reply->registers->count, 0x5678);
    EXPECT_EQ(reply->registers->lba, 0xA1A2A3A4A5A6U);
    EXPECT_EQ(reply->registers->device, 0x40);
}

// SAT-4 clause 12.2.2: PROTOCOL 5, T_DIR 0, and CK_COND: there is no data to lose by it.
TEST(AtaOverScsi, SendsDataAndAsksForTheRegisters) {
    test::Transcript transcript("scsi 85 0a 26 00 00 00 01 00 00 00 00 00 00 a0 f1 00 out 5a*512"
                                " -> 02 sense 72 01 00 1d 00 00 00 0e"
                                " 09 0c 00 00 00 01 00 00 00 00 00 00 a0 50");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(set_password());
    ASSERT_TRUE(reply && reply->registers);
    EXPECT_TRUE(reply->registers->succeeded());
    EXPECT_TRUE(reply->data.empty());
}

TEST(AtaOverScsi, SendsDataThroughTwelveOctetsToo) {
    test::Transcript transcript(
        "scsi 85 0a 26 00*3 01 00*6 a0 f1 00 out 5a*512 -> 02 sense 72 05 20 00*5\n"
        "scsi a1 0a 26 00 01 00 00 00 a0 f1 00 00 out 5a*512"
        " -> 02 sense 70 00 0b 00*4 0a 04 51 a0 01 00*6\n"
        "scsi a1 1e 0a 00 0e 00*7 -> 02 sense 72 05 24 00*5");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(set_password());
    ASSERT_TRUE(reply && reply->registers);
    EXPECT_EQ(reply->registers->error, 0x04);
    EXPECT_EQ(reply->registers->status, 0x51);
}

// A reset is told to the next command, which is then not carried out.
TEST(AtaOverScsi, ReadsAgainAfterAUnitAttention) {
    const std::string attention = " -> 02 sense 70 00 06 00*4 0a 00*4 29 00*5\n";
    const std::string identify = "scsi 85 08 0e 00*3 01 00*7 ec 00";
    test::Transcript transcript(identify + attention + identify + attention + identify +
                                " -> 00 data 40 00*511");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(identify_device());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->data.size(), 512U);
}

TEST(AtaOverScsi, SendsNothingElseAgainAfterAUnitAttention) {
    test::Transcript transcript("scsi 85 06 20 00*11 e5 00"
                                " -> 02 sense 70 00 06 00*4 0a 00*4 29 00*5");
    test::ReplayScsiPort scsi(transcript);
    EXPECT_FALSE(AtaOverScsi(scsi).execute(check_power_mode()));
}

// SANITIZE STATUS EXT in fixed format: COUNT 4000h and LBA 8000h do not fit into it. Octet 8:
// EXTEND, COUNT upper nonzero, log index 1.
constexpr const char* status_cdb = "scsi 85 07 20 00*10 40 b4 00";
constexpr const char* fixed_answer =
    " -> 02 sense f0 00 01 00 50 40 00 0a c1 00 80 00 00 1d 00*4\n";
constexpr const char* log_cdb = "scsi 4d 00 56 00 00 00 00 01 24 00";
constexpr const char* response_cdb = "scsi 85 1e 0a 00*3 0e 00*9";

AtaCommand sanitize_status() {
    return {{0xB4, 0, 0, 0, 0x40}, AtaProtocol::non_data, true, 0, timeout, {}};
}
std::optional<AtaRegisters> status_through(const std::string& text) {
    test::Transcript transcript(text);
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(sanitize_status());
    return reply ? reply->registers : std::nullopt;
}

// LOG SENSE, page 16h: parameters of four octets and a descriptor.
TEST(AtaOverScsi, ReadsTheWholeCountFromTheResultsLog) {
    for (const char* code : {" 00 00", " 00 01"}) {
        const auto registers = status_through(std::string(status_cdb) + fixed_answer + log_cdb +
                                              " -> 00 data 16 00 00 12" + code +
                                              " 03 0e 09 0c 01 00 40 00 00 00 00 80 00 00 40 50");
        ASSERT_TRUE(registers);
        EXPECT_TRUE(registers->whole_count);
        EXPECT_EQ(registers->count, 0x4000);
        EXPECT_EQ(registers->lba, 0x8000U);
    }
}

TEST(AtaOverScsi, AsksForTheResponseWhereThereIsNoLog) {
    const std::string refused = " -> 02 sense 70 00 05 00*4 0a 00*4 20 00*5\n";
    for (const char* answer : {" -> 00 data 09 0c 01 00 40 00 00 00 00 80 00 00 40 50",
                               " -> 02 sense 72 01 00 1d 00 00 00 0e"
                               " 09 0c 01 00 40 00 00 00 00 80 00 00 40 50"}) {
        const auto registers = status_through(std::string(status_cdb) + fixed_answer + log_cdb +
                                              refused + response_cdb + answer);
        ASSERT_TRUE(registers);
        EXPECT_EQ(registers->count, 0x4000);
    }
}

// Another command's, or two that may be this one's: the count stays unknown.
TEST(AtaOverScsi, BelievesNoLogThatContradictsTheAnswer) {
    const std::string refused = " -> 02 sense 70 00 05 00*4 0a 00*4 20 00*5\n";
    const std::string asked = std::string(status_cdb) + fixed_answer + log_cdb;
    const auto failed = status_through(
        asked + " -> 00 data 16 00 00 12 00 00 03 0e 09 0c 01 04 40 00 00 00 00 80 00 00 40 51\n" +
        response_cdb + refused);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->status, 0x50);
    EXPECT_FALSE(failed->whole_count);
    const auto ambiguous = status_through(
        asked +
        " -> 00 data 16 00 00 24 00 00 03 0e 09 0c 01 00 40 00 00 00 00 80 00 00 40 50"
        " 00 01 03 0e 09 0c 01 00 80 00 00 00 00 80 00 00 40 50\n" +
        response_cdb + refused);
    ASSERT_TRUE(ambiguous);
    EXPECT_FALSE(ambiguous->whole_count);
}

TEST(AtaOverScsi, ReadsNoLogBeyondItsEnd) {
    const std::string refused = " -> 02 sense 70 00 05 00*4 0a 00*4 20 00*5\n";
    for (const char* page : {" -> 00 data 16 00 00 12 00 00 03 0e 09 0c 01 00 40",
                             " -> 00 data 16 00 ff ff 00 00 03 ff", " -> 00 data 16",
                             " -> 00 data 2f 00 00 12 00 00 03 0e 09 0c 01 00 40 00 00 00 00 80"
                             " 00 00 40 50"}) {
        const auto registers = status_through(std::string(status_cdb) + fixed_answer + log_cdb +
                                              page + "\n" + response_cdb + refused);
        ASSERT_TRUE(registers);
        EXPECT_FALSE(registers->whole_count) << page;
    }
}

TEST(AtaOverScsi, FallsBackToTwelveOctetsAndStaysThere) {
    test::Transcript transcript(
        "scsi 85 06 20 00 00 00 00 00 00 00 00 00 00 00 e5 00"
        " -> 02 sense 70 00 05 00 00 00 00 0a 00 00 00 00 20 00 00 00 00 00\n"
        "scsi a1 06 20 00 00 00 00 00 00 e5 00 00"
        " -> 02 sense 72 01 00 1d 00 00 00 0e 09 0c 00 00 00 ff 00 00 00 00 00 00 00 50\n"
        "scsi a1 08 0e 00 01 00 00 00 00 ec 00 00 -> 00 data 40 00*511");
    test::ReplayScsiPort scsi(transcript);
    AtaOverScsi ata(scsi);
    const auto mode = ata.execute(check_power_mode());
    ASSERT_TRUE(mode && mode->registers);
    EXPECT_EQ(mode->registers->count, 0xFF);
    EXPECT_TRUE(ata.execute(identify_device()));
    const auto extended = ata.execute(extended_command());
    ASSERT_FALSE(extended);
    EXPECT_EQ(extended.error().fault, Fault::unsupported);
}

TEST(AtaOverScsi, SaysThatTheWayIsClosed) {
    test::Transcript transcript("scsi * -> 02 sense 70 00 05 00*4 0a 00*4 20 00*5");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(identify_device());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::unsupported);
    EXPECT_EQ(reply.error().message, "ATA PASS-THROUGH is refused (5/20h/00h)");
}

TEST(AtaOverScsi, DoesNotTakeGoodStatusForSuccess) {
    test::Transcript transcript("scsi * -> 00");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(check_power_mode());
    ASSERT_TRUE(reply);
    EXPECT_FALSE(reply->registers);
}

// Good registers under HARDWARE ERROR or ABORTED COMMAND contradict themselves.
TEST(AtaOverScsi, DoesNotBelieveRegistersThatContradictTheSenseKey) {
    test::Transcript transcript("scsi * -> 02 sense 72 04 00 00 00 00 00 0e"
                                " 09 0c 00 00 00 00 00 00 00 00 00 00 00 50");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(check_power_mode());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::drive);
}

TEST(AtaOverScsi, FailsOnSenseThatABridgeCutShort) {
    test::Transcript transcript("scsi * -> 02 sense 72 01 00 1d 00 00 00 0e"
                                " 09 0c 00 00 00 00 00 00 00 00");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(check_power_mode());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::drive);
}

TEST(AtaOverScsi, FailsOnAnyOtherStatus) {
    test::Transcript transcript("scsi * -> 08");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(check_power_mode());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().message, "ATA PASS-THROUGH failed (status 08h)");
}

TEST(AtaOverScsi, PassesOnThatNoAnswerCame) {
    test::Transcript transcript("scsi * -> lost");
    test::ReplayScsiPort scsi(transcript);
    const auto reply = AtaOverScsi(scsi).execute(check_power_mode());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::io);
}

// The four layouts in which Linux 6.1 and 6.12 have been seen to report.
TEST(AtaRegisters, AreReadInDescriptorFormat) {
    const auto aborted = registers_in("720b00000000000e"
                                      "090c00040000000000"
                                      "0000004051");
    ASSERT_TRUE(aborted);
    EXPECT_EQ(aborted->status, 0x51);
    EXPECT_EQ(aborted->error, 0x04);
    EXPECT_FALSE(aborted->succeeded());
}

TEST(AtaRegisters, AreReadInTheFixedFormatOfSat) {
    const auto done = registers_in("f00001005000ff0a"
                                   "00030201001d"
                                   "00000000");
    ASSERT_TRUE(done);
    EXPECT_TRUE(done->succeeded());
    EXPECT_EQ(done->count, 0xFF);
    EXPECT_TRUE(done->whole_count);
    EXPECT_FALSE(done->lba); // 030201h or 010203h: translators disagree
}

TEST(AtaRegisters, SayWhenFixedFormatLeftOctetsOut) {
    const auto with_flags = [](const char* flags) {
        return registers_in(
            (std::string("f00001005000ff0a") + flags + "010201001d00000000").c_str());
    };
    EXPECT_TRUE(with_flags("80")->whole_count);
    EXPECT_EQ(with_flags("80")->lba, 0x010201U);
    EXPECT_FALSE(with_flags("c0")->whole_count);
    EXPECT_EQ(with_flags("c0")->lba, 0x010201U);
    EXPECT_TRUE(with_flags("a0")->whole_count);
    EXPECT_FALSE(with_flags("a0")->lba);
}

TEST(AtaRegisters, OfAnAbortedCommandAreReadInBothFixedLayoutsOfLinux) {
    const auto since_6_10 = registers_in("f0000b045140000a000000000000000000");
    ASSERT_TRUE(since_6_10);
    EXPECT_EQ(since_6_10->error, 0x04);
    EXPECT_EQ(since_6_10->status, 0x51);
    const auto before = registers_in("70000b000000000a04514000000000000000");
    ASSERT_TRUE(before);
    EXPECT_EQ(before->error, 0x04);
    EXPECT_EQ(before->status, 0x51);
    EXPECT_FALSE(before->whole_count);
    EXPECT_FALSE(before->lba);
}

TEST(AtaRegisters, AreNotInventedFromOtherSenseData) {
    EXPECT_FALSE(registers_in("7205200000000000"));                         // refused
    EXPECT_FALSE(registers_in("720b00000000000c090a00000000000000000050")); // a short descriptor
    EXPECT_FALSE(registers_in("7301001d0000000e"
                              "090c000000000000000000000050"));
    EXPECT_FALSE(registers_in("f00003000012340a00000000110000000000")); // a medium error's LBA
    EXPECT_FALSE(registers_in("70000b000000000a00000000470000000000"));
}

} // namespace
} // namespace quietus
