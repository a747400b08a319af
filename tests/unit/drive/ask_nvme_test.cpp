// Who an NVMe drive says it is, and which namespaces it has, attached or not.
#include "ask_drive.hpp"

#include "support/replay_ports.hpp"
#include "support/wire_samples.hpp"
#include "wire/octets.hpp"

#include <gmock/gmock.h>

#include <numeric>

namespace quietus {
namespace {

using test::ControllerData;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string invalid_field = " -> 4002\n";

std::string identify(const std::string& nsid, const std::string& cns) {
    return "nvme 06 nsid " + nsid + " cdw " + cns;
}
std::string line(const std::string& command, const Bytes& data) {
    std::size_t used = data.size();
    while (used > 1 && data[used - 1] == 0)
        --used;
    return command + " -> 0000 data " + to_hex(ByteView(data).first(used)) + "\n";
}

const std::string nguid = "0025385a11b2c3d40123456789abcdef";

// Namespaces 1 and 2, and 5 that is not attached; the node is namespace 1.
std::string three_namespaces(const ControllerData& controller) {
    return line(identify("0", "1"), controller.data) + "nvme-id -> 1\n" +
           line(identify("1", "0"), test::namespace_data(1953525168, 9, nguid)) +
           line(identify("1", "3"), from_hex("02100000" + nguid).value()) +
           line(identify("0", "2"), test::namespace_list({1, 2})) +
           line(identify("0", "10"), test::namespace_list({1, 2, 5})) +
           line(identify("2", "0"), test::namespace_data(1000, 12)) +
           line(identify("5", "11"), test::namespace_data(2000, 9));
}
ControllerData managing() {
    ControllerData controller;
    controller.manages_namespaces();
    return controller;
}

DriveIdentity ask(test::Transcript& transcript) {
    test::ReplayNvmePort nvme(transcript);
    return identify_by_commands(DriveKind::nvme, {nullptr, &nvme, nullptr});
}
DriveIdentity ask(const std::string& lines) {
    test::Transcript transcript(lines);
    return ask(transcript);
}
std::vector<std::string> titles(const DriveIdentity& drive) {
    std::vector<std::string> all;
    for (const Part& part : drive.parts)
        all.push_back(part.title);
    return all;
}

TEST(AskNvme, KnowsTheDriveAndTheNamespaceOfTheNode) {
    const DriveIdentity drive = ask(three_namespaces(managing()));
    EXPECT_EQ(drive.source, IdentitySource::drive);
    EXPECT_EQ(drive.model, "Samsung SSD 970 EVO Plus 1TB");
    EXPECT_EQ(drive.firmware, "2B2QEXM7");
    EXPECT_EQ(drive.serial_raw_hex, to_hex(as_bytes("S4EVNF0M123456      ")));
    EXPECT_EQ(drive.unit, "nqn.2014.08.org.example:970 S4EVNF0M123456");
    EXPECT_EQ(drive.wwn, "nguid." + nguid);
    EXPECT_EQ(drive.blocks, "nguid." + nguid + " " + drive.unit);
    EXPECT_EQ(drive.size_bytes, 1000204886016U);
    EXPECT_EQ(drive.logical_block_bytes, 512U);
    EXPECT_EQ(drive.rotation_rpm, 0U);
    EXPECT_EQ(drive.zoned, Zoned::none);
    EXPECT_EQ(drive.backing, Backing::physical);
    EXPECT_THAT(drive.findings, IsEmpty());
}

TEST(AskNvme, ListsEveryOtherNamespaceAttachedOrNot) {
    const DriveIdentity drive = ask(three_namespaces(managing()));
    EXPECT_THAT(titles(drive), ElementsAre("namespace 2", "namespace 5, not attached"));
    EXPECT_EQ(drive.parts[0].kind, PartKind::name_space);
    EXPECT_EQ(drive.parts[0].size_bytes, 4096000U);
    EXPECT_EQ(drive.parts[1].size_bytes, 1024000U);
}

TEST(AskNvme, DoesNotAskASimpleDriveForWhatItCannotHave) {
    const DriveIdentity drive =
        ask(line(identify("0", "1"), ControllerData().data) + "nvme-id -> 1\n" +
            line(identify("1", "0"), test::namespace_data(1953525168, 9)) +
            line(identify("1", "3"), from_hex("010800000025385a11b2c3d4").value()) +
            line(identify("0", "2"), test::namespace_list({1})));
    EXPECT_EQ(drive.wwn, "eui.0025385a11b2c3d4");
    EXPECT_THAT(drive.parts, IsEmpty());
    EXPECT_THAT(drive.findings, IsEmpty());
}

TEST(AskNvme, CountsNamespacesOfADriveOlderThanTheLists) {
    ControllerData old;
    test::put_little(old.data, 80, 4, 0x00010000);
    test::put_little(old.data, 516, 4, 3);
    const DriveIdentity drive =
        ask(line(identify("0", "1"), old.data) + "nvme-id -> 1\n" +
            line(identify("1", "0"), test::namespace_data(1953525168, 9)) +
            line(identify("2", "0"), Bytes(4096)) + line(identify("3", "0"), Bytes(4096)));
    EXPECT_THAT(drive.parts, IsEmpty());
}

TEST(AskNvme, CountsItsReplayProtectedMemory) {
    ControllerData controller;
    test::put_little(controller.data, 312, 4, 0x001F0001);
    std::string lines = three_namespaces(controller);
    test::Transcript transcript(lines);
    transcript.lenient = true;
    const DriveIdentity drive = ask(transcript);
    ASSERT_FALSE(drive.parts.empty());
    EXPECT_EQ(drive.parts[0].kind, PartKind::rpmb);
    EXPECT_EQ(drive.parts[0].size_bytes, 4U << 20U);
}

TEST(AskNvme, SaysThatItCannotSeeWhatIsNotAttached) {
    const DriveIdentity drive =
        ask(line(identify("0", "1"), managing().data) + "nvme-id -> 1\n" +
            line(identify("1", "0"), test::namespace_data(1953525168, 9)) + identify("1", "3") +
            invalid_field + line(identify("0", "2"), test::namespace_list({1})) +
            identify("0", "10") + invalid_field);
    EXPECT_THAT(drive.findings, Contains("allocated namespaces is refused (status 002h)"));
}

TEST(AskNvme, NamesNamespacesThatItCannotDescribe) {
    std::string lines = three_namespaces(managing());
    lines.resize(lines.find(identify("5", "11")));
    const DriveIdentity drive = ask(lines + identify("5", "11") + invalid_field);
    EXPECT_THAT(titles(drive), ElementsAre("namespace 2", "namespace 5, not attached"));
    EXPECT_EQ(drive.parts[1].size_bytes, 0U);
}

TEST(AskNvme, DoesNotClaimAttachmentThatItDoesNotKnow) {
    const DriveIdentity drive =
        ask(line(identify("0", "1"), managing().data) + "nvme-id -> 1\n" +
            line(identify("1", "0"), test::namespace_data(1953525168, 9)) + identify("1", "3") +
            invalid_field + identify("0", "2") + invalid_field +
            line(identify("0", "10"), test::namespace_list({1, 2})) +
            line(identify("2", "11"), test::namespace_data(8, 9)));
    EXPECT_THAT(titles(drive), ElementsAre("namespace 2"));
}

// --- hostile drives ---

TEST(AskNvme, EndsAListThatBeginsAgain) {
    std::vector<std::uint32_t> full(1024);
    std::iota(full.begin(), full.end(), 1U);
    std::string lines = line(identify("0", "1"), ControllerData().data) + "nvme-id -> 1\n" +
                        line(identify("1", "0"), test::namespace_data(8, 9)) + identify("1", "3") +
                        invalid_field + line(identify("0", "2"), test::namespace_list(full)) +
                        line(identify("400", "2"), test::namespace_list(full));
    const DriveIdentity drive = ask(lines);
    EXPECT_THAT(drive.findings, Contains("active namespaces: its identifiers do not ascend"));
}

TEST(AskNvme, EndsAListThatDoesNotEnd) {
    std::string lines = line(identify("0", "1"), ControllerData().data) + "nvme-id -> 1\n" +
                        line(identify("1", "0"), test::namespace_data(8, 9)) + identify("1", "3") +
                        invalid_field;
    for (std::uint32_t page = 0; page < 4; ++page) {
        std::vector<std::uint32_t> full(1024);
        std::iota(full.begin(), full.end(), 1 + page * 1024);
        std::ostringstream after;
        after << std::hex << page * 1024;
        lines += line(identify(after.str(), "2"), test::namespace_list(full));
    }
    test::Transcript transcript(lines + "nvme * -> 4002\n");
    const DriveIdentity drive = ask(transcript);
    EXPECT_THAT(drive.findings, Contains("active namespaces: it does not end"));
    EXPECT_EQ(drive.parts.size(), 4095U); // every one that was named, described or not
    EXPECT_LT(transcript.asked, 80U);
}

TEST(AskNvme, ShowsThatADriveContradictsItself) {
    const DriveIdentity drive =
        ask(line(identify("0", "1"), ControllerData().data) + "nvme-id -> 7\n" +
            line(identify("7", "0"), test::namespace_data(8, 9, nguid)) +
            line(identify("7", "3"), from_hex("02100000ffffffffffffffffffffffffffffffff").value()) +
            line(identify("0", "2"), test::namespace_list({1})) +
            line(identify("1", "0"), test::namespace_data(8, 9)));
    EXPECT_THAT(drive.findings,
                ElementsAre("Identify Namespace and its descriptors give different names",
                            "namespace 7 is not in the list of active namespaces"));
}

TEST(AskNvme, KeepsHostileTextWholeAndPrintable) {
    ControllerData controller;
    test::put_text(controller.data, 4, 20, "\x1b[2J\xff 12345678901");
    test::put_text(controller.data, 24, 40, std::string("Evil\x07 model"));
    test::Transcript transcript(three_namespaces(controller));
    transcript.lenient = true;
    const DriveIdentity drive = ask(transcript);
    EXPECT_EQ(drive.model, "Evil\\x07 model");
    EXPECT_EQ(drive.serial_raw_hex, to_hex(as_bytes("\x1b[2J\xff 12345678901   ")));
    EXPECT_EQ(drive.unit, "nqn.2014.08.org.example:970 \\x1b[2J\\xff 12345678901");
}

TEST(AskNvme, HasNoUnitWithoutASerial) {
    ControllerData controller;
    test::put_text(controller.data, 4, 20, "");
    test::Transcript transcript(three_namespaces(controller));
    transcript.lenient = true;
    const DriveIdentity drive = ask(transcript);
    EXPECT_EQ(drive.unit, "");
    EXPECT_EQ(drive.blocks, ""); // its names may be those of a whole series
}

TEST(AskNvme, KnowsAZonedNamespaceByItsCommandSet) {
    const auto with_descriptors = [](const std::string& reply) {
        return ask(line(identify("0", "1"), ControllerData().data) + "nvme-id -> 1\n" +
                   line(identify("1", "0"), test::namespace_data(8, 9)) + identify("1", "3") +
                   reply + line(identify("0", "2"), test::namespace_list({1})))
            .zoned;
    };
    EXPECT_EQ(with_descriptors(" -> 0000 data 04 01 00 00 02\n"), Zoned::host_managed);
    EXPECT_EQ(with_descriptors(" -> 0000 data 04 01 00 00 00\n"), Zoned::none);
    EXPECT_EQ(with_descriptors(" -> 0000 data 04 01 00 00 01\n"), Zoned::unknown); // key-value
    EXPECT_EQ(with_descriptors(invalid_field), Zoned::unknown);
}

TEST(AskNvme, NamesAVirtualDriveAsOne) {
    ControllerData controller;
    test::put_text(controller.data, 24, 40, "QEMU NVMe Ctrl");
    test::Transcript transcript(three_namespaces(controller));
    transcript.lenient = true;
    EXPECT_EQ(ask(transcript).backing, Backing::virtual_disk);
}

// --- every command may fail ---

TEST(AskNvme, InventsNothingWhicheverCommandHasNoAnswer) {
    const std::string lines = three_namespaces(managing());
    const DriveIdentity whole = ask(lines);
    for (unsigned number = 0; number < 8; ++number) {
        SCOPED_TRACE(number);
        test::Transcript transcript(lines + "nvme * -> 4002\n");
        transcript.lenient = true;
        transcript.lost_at = number;
        const DriveIdentity partial = ask(transcript);
        ASSERT_GT(transcript.asked, number);
        EXPECT_THAT(partial.model, AnyOf("", whole.model));
        EXPECT_THAT(partial.serial_raw_hex, AnyOf("", whole.serial_raw_hex));
        EXPECT_THAT(partial.unit, AnyOf("", whole.unit));
        EXPECT_THAT(partial.wwn, AnyOf("", whole.wwn));
        EXPECT_THAT(partial.blocks, AnyOf("", whole.blocks));
        EXPECT_THAT(partial.size_bytes, AnyOf(std::nullopt, whole.size_bytes));
        EXPECT_THAT(partial.backing, AnyOf(Backing::unknown, whole.backing));
        EXPECT_THAT(partial.zoned, AnyOf(Zoned::unknown, whole.zoned));
        for (const Part& part : partial.parts)
            EXPECT_THAT(part.title, StartsWith("namespace "));
        EXPECT_THAT(partial.findings, Contains(HasSubstr("no answer")));
    }
}

TEST(AskNvme, StopsAskingADriveThatDoesNotAnswer) {
    test::Transcript transcript("nvme * -> lost\nnvme-id -> 1\n");
    const DriveIdentity drive = ask(transcript);
    EXPECT_EQ(transcript.asked, 3U);
    EXPECT_EQ(drive.source, IdentitySource::none);
    EXPECT_THAT(drive.findings, Contains("nothing more was asked"));
}

} // namespace
} // namespace quietus
