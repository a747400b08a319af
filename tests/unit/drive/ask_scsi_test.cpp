// Who a SCSI or ATA drive says it is, through adapters and bridges of every kind.
#include "ask_drive.hpp"

#include "support/replay_ports.hpp"
#include "support/wire_samples.hpp"
#include "wire/octets.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

using test::IdentifySample;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string refused = " -> 02 sense 70 00 05 00*4 0a 00*4 20 00 00*4\n";
const std::string inquiry_cdb = "scsi 12 00 00 00 24 00";
const std::string identify_16 = "scsi 85 08 0e 00 00 00 01 00*7 ec 00";
const std::string identify_12 = "scsi a1 08 0e 00 01 00 00 00 00 ec 00 00";
const std::string capacity_10_cdb = "scsi 25 00*9";
const std::string capacity_16_cdb = "scsi 9e 10 00*8 00 00 00 20 00 00";
const std::string luns_cdb = "scsi a0 00*7 08 08 00 00";

std::string vpd_cdb(const std::string& code) {
    return "scsi 12 01 " + code + " 00 fc 00";
}
std::string line(const std::string& command, const Bytes& data) {
    return command + " -> 00 data " + (data.empty() ? "" : to_hex(data)) + "\n";
}
// Page 89h is longer than what is asked for at first.
std::string page_89(const Bytes& identify) {
    const Bytes page = test::ata_information(identify);
    return line(vpd_cdb("89"), page) + line("scsi 12 01 89 02 3c 00", page);
}
std::string text_of(const std::string& hex) {
    return wire::plain_text(from_hex(hex).value());
}

DriveIdentity ask(DriveKind kind, test::Transcript& transcript) {
    test::ReplayScsiPort scsi(transcript);
    return identify_by_commands(kind, {&scsi, nullptr, nullptr});
}
DriveIdentity ask(DriveKind kind, const std::string& lines) {
    test::Transcript transcript(lines);
    return ask(kind, transcript);
}

// --- machines ---

std::string sata_behind_ahci() {
    const Bytes identify = IdentifySample().sealed();
    return line(inquiry_cdb, test::inquiry("ATA", "ST4000NM0035-1V4", "TN05")) +
           line(vpd_cdb("00"), test::vpd(0x00, {0x00, 0x80, 0x83, 0x89, 0xB1, 0xB2})) +
           line(vpd_cdb("80"), test::vpd_text(0x80, "            ZC14AB7K")) +
           line(vpd_cdb("83"), test::vpd(0x83, test::designator(0, 3, "5000c500a1b2c3d4"))) +
           page_89(identify) + line(vpd_cdb("b1"), test::rotation_page(7200)) +
           line(vpd_cdb("b2"), test::vpd(0xB2, {0, 0, 0, 0})) + line(identify_16, identify) +
           line(capacity_16_cdb, test::capacity_16(7814037168, 512, 3));
}

// One actuator of a drive with two: its own name, the target's name, and a second unit.
std::string sas_dual_port() {
    return line(inquiry_cdb, test::inquiry("SEAGATE", "ST4000NM0023", "0004")) +
           line(vpd_cdb("00"), test::vpd(0x00, {0x00, 0x80, 0x83, 0xB1, 0xB2})) +
           line(vpd_cdb("80"), test::vpd_text(0x80, "Z1Z0ABCD0000R412XYZ7")) +
           line(vpd_cdb("83"),
                test::vpd(0x83, test::joined({test::designator(0, 3, "5000c500a1b2c3d7"),
                                              test::designator(1, 3, "5000c500a1b2c3d5"),
                                              test::designator(2, 3, "5000c500a1b2c3d4")}))) +
           line(vpd_cdb("b1"), test::rotation_page(7200)) +
           line(vpd_cdb("b2"), test::vpd(0xB2, {0, 0, 0, 0})) +
           line(capacity_16_cdb, test::capacity_16(7814037168, 512));
}
std::string sas_single() {
    return sas_dual_port() + line(luns_cdb, test::lun_list({0}));
}

std::string usb_inquiry(const std::string& vendor, const std::string& product) {
    return line(inquiry_cdb, test::inquiry(vendor, product, "0"));
}
std::string usb_capacity() {
    return line(capacity_10_cdb, test::capacity_10(1000215216, 512));
}
Bytes usb_identify() {
    IdentifySample drive;
    drive.sectors(1000215216);
    return drive.sealed();
}

// --- drives that answer ---

TEST(AskScsi, KnowsASataDriveBehindAhci) {
    const DriveIdentity drive = ask(DriveKind::ata, sata_behind_ahci());
    EXPECT_EQ(drive.source, IdentitySource::drive);
    EXPECT_EQ(drive.model, "ST4000NM0035-1V4107");
    EXPECT_EQ(text_of(drive.serial_raw_hex), "ZC14AB7K");
    EXPECT_EQ(drive.serial_raw_hex.size(), 40U); // whole, padding and all
    EXPECT_EQ(drive.firmware, "TN05");
    EXPECT_EQ(drive.wwn, "naa.5000c500a1b2c3d4");
    EXPECT_EQ(drive.blocks, "naa.5000c500a1b2c3d4 ZC14AB7K");
    EXPECT_EQ(drive.unit, "");
    EXPECT_EQ(drive.size_bytes, 4000787030016U);
    EXPECT_EQ(drive.logical_block_bytes, 512U);
    EXPECT_EQ(drive.physical_block_bytes, 4096U);
    EXPECT_EQ(drive.rotation_rpm, 7200U);
    EXPECT_EQ(drive.zoned, Zoned::none);
    EXPECT_EQ(drive.backing, Backing::physical);
    EXPECT_THAT(drive.findings, IsEmpty());
    EXPECT_THAT(drive.parts, IsEmpty());
}

TEST(AskScsi, KeepsEveryPageAsItCame) {
    const DriveIdentity drive = ask(DriveKind::ata, sata_behind_ahci());
    std::vector<std::string> names;
    for (const RawPage& page : drive.pages)
        names.push_back(page.name);
    EXPECT_THAT(names, ElementsAre("INQUIRY", "VPD 00h", "VPD 80h", "VPD 83h", "VPD B1h", "VPD B2h",
                                   "VPD 89h", "IDENTIFY DEVICE", "READ CAPACITY (16)"));
    EXPECT_EQ(drive.pages[7].hex, to_hex(IdentifySample().sealed()));
}

TEST(AskScsi, KnowsASasDriveOfTwoPortsByItsTarget) {
    const DriveIdentity drive = ask(DriveKind::scsi, sas_single());
    EXPECT_EQ(drive.source, IdentitySource::drive);
    EXPECT_EQ(drive.model, "SEAGATE ST4000NM0023");
    EXPECT_EQ(text_of(drive.serial_raw_hex), "Z1Z0ABCD0000R412XYZ7");
    EXPECT_EQ(drive.wwn, "naa.5000c500a1b2c3d7");
    EXPECT_EQ(drive.blocks, "naa.5000c500a1b2c3d7 Z1Z0ABCD0000R412XYZ7");
    EXPECT_EQ(drive.unit, "naa.5000c500a1b2c3d4");
    EXPECT_EQ(drive.backing, Backing::physical);
    EXPECT_THAT(drive.parts, IsEmpty());
    EXPECT_THAT(drive.findings, IsEmpty());
}

TEST(AskScsi, ListsBothUnitsOfADriveWithTwoActuators) {
    const DriveIdentity drive = ask(
        DriveKind::scsi, sas_dual_port() + line(luns_cdb, test::lun_list({0, 0x0001000000000000})));
    ASSERT_EQ(drive.parts.size(), 2U);
    EXPECT_EQ(drive.parts[0].title, "LUN 0");
    EXPECT_EQ(drive.parts[1].title, "LUN 1");
    EXPECT_EQ(drive.parts[1].kind, PartKind::logical_unit);
}

TEST(AskScsi, KnowsASataDriveBehindASasAdapter) {
    const Bytes identify = IdentifySample().sealed();
    const DriveIdentity drive =
        ask(DriveKind::scsi, line(inquiry_cdb, test::inquiry("ATA", "ST4000NM0035-1V4", "TN05")) +
                                 vpd_cdb("00") + refused + line(identify_16, identify) +
                                 line(capacity_16_cdb, test::capacity_16(7814037168, 512, 3)));
    EXPECT_EQ(drive.source, IdentitySource::drive);
    EXPECT_EQ(drive.model, "ST4000NM0035-1V4107");
    EXPECT_THAT(drive.findings, ElementsAre("VPD 00h is refused (5/20h/00h)"));
}

TEST(AskScsi, ReadsLongAndOddBlocks) {
    const auto sized = [](const Bytes& capacity) {
        std::string lines = sas_single();
        lines.replace(lines.find(capacity_16_cdb), std::string::npos,
                      line(capacity_16_cdb, capacity) + line(luns_cdb, test::lun_list({0})));
        return ask(DriveKind::scsi, lines);
    };
    EXPECT_EQ(sized(test::capacity_16(976754646, 4096)).logical_block_bytes, 4096U);
    EXPECT_EQ(sized(test::capacity_16(976754646, 4096)).size_bytes, 4000787030016U);
    EXPECT_EQ(sized(test::capacity_16(1172123568, 520)).logical_block_bytes, 520U);
    EXPECT_EQ(sized(test::capacity_16(1172123568, 520)).size_bytes, 609504255360U);
}

TEST(AskScsi, KnowsAHostManagedDriveByItsType) {
    Bytes zoned = test::inquiry("ATA", "HGST HSH721414AL");
    zoned[0] = 0x14;
    IdentifySample identify;
    identify.text(27, 20, "HGST HSH721414ALN6M0");
    const DriveIdentity drive =
        ask(DriveKind::ata, line(inquiry_cdb, zoned) + vpd_cdb("00") + refused +
                                line(identify_16, identify.sealed()) +
                                line(capacity_16_cdb, test::capacity_16(7814037168, 512)));
    EXPECT_EQ(drive.zoned, Zoned::host_managed);
}

TEST(AskScsi, AsksAgainAfterAUnitAttention) {
    const std::string attention = " -> 02 sense 70 00 06 00*4 0a 00*4 29 00 00*4\n";
    const DriveIdentity drive =
        ask(DriveKind::ata, inquiry_cdb + attention + inquiry_cdb + attention + sata_behind_ahci());
    EXPECT_THAT(drive.findings, IsEmpty());
    const DriveIdentity stuck = ask(DriveKind::ata, inquiry_cdb + attention + inquiry_cdb +
                                                        attention + inquiry_cdb + attention);
    EXPECT_THAT(stuck.findings, ElementsAre("INQUIRY failed (6/29h/00h)"));
}

// --- bridges ---

TEST(AskScsi, FindsTheDriveBehindABridgeWithSat) {
    for (const std::string& identify :
         {line(identify_16, usb_identify()),
          identify_16 + refused + line(identify_12, usb_identify())}) {
        const DriveIdentity drive =
            ask(DriveKind::usb,
                usb_inquiry("ASMT", "2115") + vpd_cdb("00") + refused + identify + usb_capacity());
        EXPECT_EQ(drive.source, IdentitySource::drive);
        EXPECT_EQ(drive.model, "ST4000NM0035-1V4107");
        EXPECT_EQ(text_of(drive.serial_raw_hex), "ZC14AB7K");
        EXPECT_EQ(drive.backing, Backing::physical);
        EXPECT_EQ(drive.size_bytes, 512110190592U);
        EXPECT_THAT(drive.findings, ElementsAre("VPD 00h is refused (5/20h/00h)"));
    }
}

// Some bridges end every pass-through command with CHECK CONDITION, asked for or not. What comes
// under sense data that was cut to 18 octets is not believed.
TEST(AskScsi, BelievesDataUnderCheckConditionWhenTheRegistersCame) {
    const auto source = [](const std::string& sense) {
        return ask(DriveKind::usb, usb_inquiry("ASMT", "2115") + vpd_cdb("00") + refused +
                                       identify_16 + " -> 02 sense " + sense + " data " +
                                       to_hex(usb_identify()) + "\n" + usb_capacity())
            .source;
    };
    EXPECT_EQ(source("72 01 00 1d 00 00 00 0e 09 0c 00 00 00 01 00*6 40 50"),
              IdentitySource::drive);
    EXPECT_EQ(source("f0 00 01 00 50 40 01 0a 00*4 00 1d 00*4"), IdentitySource::drive);
    EXPECT_EQ(source("72 01 00 1d 00 00 00 0e 09 0c 00 00 00 01 00*4"), IdentitySource::bridge);
    EXPECT_EQ(source("72 0b 00 00 00 00 00 0e 09 0c 00 04 00 01 00*6 40 51"),
              IdentitySource::bridge);
}

TEST(AskScsi, FindsTheDriveInPage89OfABridgeThatTakesNoCommands) {
    const DriveIdentity drive =
        ask(DriveKind::usb, usb_inquiry("ASMT", "2115") +
                                line(vpd_cdb("00"), test::vpd(0x00, {0x00, 0x89})) +
                                page_89(usb_identify()) + identify_16 + refused + identify_12 +
                                refused + usb_capacity());
    EXPECT_EQ(drive.source, IdentitySource::drive);
    EXPECT_EQ(text_of(drive.serial_raw_hex), "ZC14AB7K");
    EXPECT_THAT(drive.findings,
                ElementsAre("IDENTIFY DEVICE: ATA PASS-THROUGH is refused (5/20h/00h)"));
}

TEST(AskScsi, NamesABridgeWithoutSatAsOne) {
    const DriveIdentity drive =
        ask(DriveKind::usb,
            usb_inquiry("JMicron", "Generic") +
                line(vpd_cdb("00"), test::vpd(0x00, {0x00, 0x80, 0x83})) +
                line(vpd_cdb("80"), test::vpd_text(0x80, "0123456789ABCDEF0123456789")) +
                line(vpd_cdb("83"), test::vpd(0x83, test::designator(0, 3, "5000c500a1b2c3d4"))) +
                identify_16 + refused + identify_12 + refused + usb_capacity());
    EXPECT_EQ(drive.source, IdentitySource::bridge);
    EXPECT_EQ(drive.model, "JMicron Generic");
    EXPECT_EQ(text_of(drive.serial_raw_hex), "0123456789ABCDEF0123456789"); // longer than 20: whole
    EXPECT_EQ(drive.backing, Backing::unknown);
    EXPECT_EQ(drive.blocks, ""); // another of its kind may give the same name
    EXPECT_THAT(drive.findings,
                Contains(StartsWith("IDENTIFY DEVICE: ATA PASS-THROUGH is refused")));
}

// What does not prove itself is not believed: no checksum, a wrong one, noise, too little.
TEST(AskScsi, TakesNothingFromABridgeThatDoesNotProveIt) {
    Bytes broken = usb_identify();
    broken[20] ^= 1;
    Bytes cut = usb_identify();
    cut.resize(256);
    for (const Bytes& data :
         {IdentifySample().bare(), broken, cut, Bytes(512), Bytes(512, 0xFF), Bytes{}}) {
        const DriveIdentity drive =
            ask(DriveKind::usb, usb_inquiry("ACME", "Dock") + vpd_cdb("00") + refused +
                                    line(identify_16, data) + usb_capacity());
        EXPECT_EQ(drive.source, IdentitySource::bridge);
        EXPECT_EQ(drive.model, "ACME Dock");
        EXPECT_EQ(drive.serial_raw_hex, "");
        EXPECT_EQ(drive.backing, Backing::unknown);
        EXPECT_EQ(drive.findings.size(), 2U);
    }
}

TEST(AskScsi, AcceptsAnOldDriveWithoutAChecksumBehindAhci) {
    std::string lines = line(inquiry_cdb, test::inquiry("ATA", "ST4000NM0035-1V4")) +
                        vpd_cdb("00") + refused + line(identify_16, IdentifySample().bare()) +
                        line(capacity_16_cdb, test::capacity_16(7814037168, 512, 3));
    const DriveIdentity drive = ask(DriveKind::ata, lines);
    EXPECT_EQ(drive.source, IdentitySource::drive);
    EXPECT_THAT(drive.findings, Contains(HasSubstr("has no checksum")));
}

TEST(AskScsi, PutsRightWhatABridgeSwapped) {
    const DriveIdentity drive =
        ask(DriveKind::usb,
            usb_inquiry("SWAP", "Bridge") + line(vpd_cdb("00"), test::vpd(0x00, {0x00, 0x80})) +
                line(vpd_cdb("80"), test::vpd_text(0x80, "        CZ41BAK7")) +
                line(identify_16, test::with_octets_swapped(usb_identify())) + usb_capacity());
    EXPECT_EQ(drive.source, IdentitySource::drive);
    EXPECT_EQ(text_of(drive.serial_raw_hex), "ZC14AB7K");
    EXPECT_THAT(drive.findings,
                ElementsAre(HasSubstr("octets of each word swapped"),
                            "VPD 80h gives the serial of IDENTIFY DEVICE with its octets swapped"));
}

TEST(AskScsi, ShowsWhatBridgeAndDriveDisagreeOn) {
    const DriveIdentity drive = ask(
        DriveKind::usb,
        usb_inquiry("WD", "My Book") + line(vpd_cdb("00"), test::vpd(0x00, {0x00, 0x80})) +
            line(vpd_cdb("80"), test::vpd_text(0x80, "WXB1A")) + line(identify_16, usb_identify()) +
            line(capacity_10_cdb, test::capacity_10(1000213168, 512)));
    EXPECT_THAT(drive.findings,
                ElementsAre("READ CAPACITY gives 512109142016 bytes, IDENTIFY DEVICE 512110190592",
                            "VPD 80h gives another serial than IDENTIFY DEVICE: WXB1A"));
    EXPECT_EQ(drive.size_bytes, 512109142016U); // what the host can reach
}

TEST(AskScsi, BelievesNeitherWhenTwoDrivesAnswer) {
    IdentifySample other;
    other.text(10, 10, "OTHER");
    const DriveIdentity drive =
        ask(DriveKind::usb,
            usb_inquiry("ASMT", "Dock") + line(vpd_cdb("00"), test::vpd(0x00, {0x00, 0x89})) +
                page_89(usb_identify()) + line(identify_16, other.sealed()) + usb_capacity());
    EXPECT_EQ(drive.source, IdentitySource::bridge);
    EXPECT_EQ(drive.serial_raw_hex, "");
    EXPECT_THAT(drive.findings, Contains("VPD 89h and IDENTIFY DEVICE are of different drives"));
}

// A bridge of before SPC-2, and a stick: neither is asked what it may choke on.
TEST(AskScsi, AsksAnOldRemovableUnitLittle) {
    Bytes stick = test::inquiry("Generic", "Flash Disk");
    stick[1] = 0x80;
    stick[2] = 2;
    const DriveIdentity drive = ask(DriveKind::usb, line(inquiry_cdb, stick) + usb_capacity());
    EXPECT_EQ(drive.source, IdentitySource::bridge);
    EXPECT_EQ(drive.model, "Generic Flash Disk");
    EXPECT_EQ(drive.size_bytes, 512110190592U);
    EXPECT_THAT(drive.findings, IsEmpty());
}

// Such a unit answers every INQUIRY alike. Its octet 1 reads as page 80h when it is removable.
TEST(AskScsi, SeesThroughAUnitThatIgnoresEvpd) {
    Bytes stick = test::inquiry("Generic", "Flash Disk");
    stick[1] = 0x80;
    const DriveIdentity drive =
        ask(DriveKind::usb, line(inquiry_cdb, stick) + line(vpd_cdb("00"), stick) + usb_capacity());
    EXPECT_EQ(drive.serial_raw_hex, "");
    EXPECT_THAT(drive.findings, ElementsAre("VPD 00h: INQUIRY data came instead"));
}

// A length of 65535 octets, and a page that never comes whole.
TEST(AskScsi, AsksForNoMoreThanACommandCanAskFor) {
    const DriveIdentity drive = ask(
        DriveKind::scsi, line(inquiry_cdb, test::inquiry("ACME", "Unit")) + vpd_cdb("00") +
                             " -> 00 data 00 00 ff ff 00*248\n" +
                             "scsi 12 01 00 ff ff 00 -> 00 data 00 00 ff ff 00*65531\n" +
                             line(capacity_16_cdb, test::capacity_16(8, 512)) + luns_cdb + refused);
    EXPECT_THAT(drive.findings, Contains("VPD 00h: it is cut short"));
}

TEST(AskScsi, SaysThatACardReaderIsEmpty) {
    Bytes reader = test::inquiry("Generic", "Multi-Card");
    reader[1] = 0x80;
    reader[2] = 0;
    const std::string no_medium = " -> 02 sense 70 00 02 00*4 0a 00*4 3a 00 00*4\n";
    const DriveIdentity drive = ask(DriveKind::usb, line(inquiry_cdb, reader) + capacity_10_cdb +
                                                        no_medium + capacity_16_cdb + no_medium);
    EXPECT_FALSE(drive.size_bytes);
    EXPECT_THAT(drive.findings, ElementsAre("READ CAPACITY (10) failed (2/3ah/00h)",
                                            "READ CAPACITY (16) failed (2/3ah/00h)"));
}

TEST(AskScsi, TakesTheLongFormOfALargeUsbDrive) {
    Bytes too_large(8, 0xFF);
    test::put_big(too_large, 4, 4, 512);
    const DriveIdentity drive =
        ask(DriveKind::usb, usb_inquiry("ASMT", "2115") + vpd_cdb("00") + refused + identify_16 +
                                refused + identify_12 + refused + line(capacity_10_cdb, too_large) +
                                line(capacity_16_cdb, test::capacity_16(7814037168, 512, 3)));
    EXPECT_EQ(drive.size_bytes, 4000787030016U);
}

// --- what is not a drive ---

TEST(AskScsi, NamesAVolumeOfARaidControllerAndDoesNotTakeItForADrive) {
    const DriveIdentity drive =
        ask(DriveKind::scsi,
            line(inquiry_cdb, test::inquiry("DELL", "PERC H730 Mini", "4.30")) +
                line(vpd_cdb("00"), test::vpd(0x00, {0x00, 0x80, 0x83})) +
                line(vpd_cdb("80"), test::vpd_text(0x80, "00a1b2c3d4e5f60718")) +
                line(vpd_cdb("83"),
                     test::vpd(0x83, test::designator(0, 3, "61866da06f0d3b0021a1b2c3d4e5f607"))) +
                line(capacity_16_cdb, test::capacity_16(7814037168, 512)));
    EXPECT_EQ(drive.backing, Backing::raid_volume);
    EXPECT_EQ(drive.backing_evidence, "INQUIRY: DELL PERC H730 Mini");
    EXPECT_EQ(drive.source, IdentitySource::bridge);
    EXPECT_THAT(drive.parts, IsEmpty());
}

TEST(AskScsi, NamesThinAndArrayUnitsByTheirOwnWords) {
    std::string thin = sas_single();
    const std::string full = to_hex(test::vpd(0xB2, {0, 0, 0, 0}));
    thin.replace(thin.find(full), full.size(), to_hex(test::vpd(0xB2, {0, 0, 2, 0})));
    EXPECT_EQ(ask(DriveKind::scsi, thin).backing, Backing::thin);
    Bytes asymmetric = test::inquiry("ACME", "Array");
    asymmetric[5] = 0x10;
    EXPECT_EQ(ask(DriveKind::scsi, line(inquiry_cdb, asymmetric) + vpd_cdb("00") + refused +
                                       line(capacity_16_cdb, test::capacity_16(8, 512)))
                  .backing,
              Backing::array_lun);
}

TEST(AskScsi, LeavesOpenWhatStandsBehindAUnitThatDoesNotTell) {
    const DriveIdentity drive =
        ask(DriveKind::scsi, line(inquiry_cdb, test::inquiry("ACME", "Unit")) + vpd_cdb("00") +
                                 refused + line(capacity_16_cdb, test::capacity_16(8, 512)) +
                                 luns_cdb + refused);
    EXPECT_EQ(drive.backing, Backing::unknown);
}

TEST(AskScsi, AsksNothingMoreOfWhatIsNoDisk) {
    Bytes optical = test::inquiry("HL-DT-ST", "DVDRAM");
    optical[0] = 5; // to an optical drive the operation code A1h is BLANK
    EXPECT_THAT(ask(DriveKind::usb, line(inquiry_cdb, optical)).findings,
                ElementsAre("INQUIRY: it is no disk"));
    Bytes absent = test::inquiry("", "");
    absent[0] = 0x7F;
    EXPECT_THAT(ask(DriveKind::scsi, line(inquiry_cdb, absent)).findings,
                ElementsAre("INQUIRY: it is no disk"));
}

TEST(AskDrive, SendsNothingToKindsThatHaveNothingToSay) {
    for (const DriveKind kind :
         {DriveKind::virtio, DriveKind::loop, DriveKind::nbd, DriveKind::image, DriveKind::ram,
          DriveKind::rom, DriveKind::zram, DriveKind::unknown}) {
        const DriveIdentity drive = ask(kind, ""); // any command would fail the test
        EXPECT_EQ(drive.source, IdentitySource::none);
        EXPECT_THAT(drive.findings, IsEmpty());
    }
}

TEST(AskDrive, SaysThatItHasNoWayToAsk) {
    for (const DriveKind kind : {DriveKind::ata, DriveKind::nvme, DriveKind::mmc})
        EXPECT_EQ(identify_by_commands(kind, {}).findings.size(), 1U);
}

TEST(AskDrive, IsAllFindingsOnADescriptorThatIsNoDrive) {
    for (const DriveKind kind : {DriveKind::ata, DriveKind::nvme, DriveKind::mmc}) {
        const DriveIdentity drive = ask_open_drive(-1, kind);
        EXPECT_EQ(drive.source, IdentitySource::none);
        EXPECT_FALSE(drive.findings.empty());
    }
}

// --- every command may fail ---

// Whatever is missing is missing; nothing else is said instead.
void expect_nothing_invented(const DriveIdentity& partial, const DriveIdentity& whole) {
    // A bridge may speak for a drive that did not, but then it says so.
    EXPECT_THAT(partial.source, AnyOf(whole.source, IdentitySource::bridge, IdentitySource::none));
    if (partial.source == whole.source) {
        EXPECT_THAT(whole.model, StartsWith(partial.model));
        EXPECT_THAT(whole.firmware, StartsWith(partial.firmware));
    }
    EXPECT_THAT(text_of(partial.serial_raw_hex), AnyOf("", text_of(whole.serial_raw_hex)));
    EXPECT_THAT(partial.wwn, AnyOf("", whole.wwn));
    EXPECT_THAT(partial.unit, AnyOf("", whole.unit));
    EXPECT_THAT(partial.blocks, AnyOf("", whole.wwn, whole.blocks));
    const auto nothing_or = [](const auto& value) { return AnyOf(std::nullopt, value); };
    EXPECT_THAT(partial.size_bytes, nothing_or(whole.size_bytes));
    EXPECT_THAT(partial.logical_block_bytes, nothing_or(whole.logical_block_bytes));
    EXPECT_THAT(partial.physical_block_bytes, nothing_or(whole.physical_block_bytes));
    EXPECT_THAT(partial.rotation_rpm, nothing_or(whole.rotation_rpm));
    EXPECT_THAT(partial.zoned, AnyOf(Zoned::unknown, whole.zoned));
    EXPECT_THAT(partial.backing, AnyOf(Backing::unknown, whole.backing));
    EXPECT_THAT(partial.findings, Contains(HasSubstr("no answer")));
}

void fail_each_command(DriveKind kind, const std::string& lines) {
    const DriveIdentity whole = ask(kind, lines);
    for (unsigned number = 0;; ++number) {
        test::Transcript transcript(lines + "scsi *" + refused);
        transcript.lenient = true;
        transcript.lost_at = number;
        const DriveIdentity partial = ask(kind, transcript);
        if (transcript.asked <= number) return;
        SCOPED_TRACE(number);
        expect_nothing_invented(partial, whole);
    }
}

TEST(AskScsi, InventsNothingWhicheverCommandHasNoAnswer) {
    fail_each_command(DriveKind::ata, sata_behind_ahci());
    fail_each_command(DriveKind::scsi, sas_single());
    std::string thin = sas_single();
    const std::string full = to_hex(test::vpd(0xB2, {0, 0, 0, 0}));
    thin.replace(thin.find(full), full.size(), to_hex(test::vpd(0xB2, {0, 0, 2, 0})));
    fail_each_command(DriveKind::scsi, thin);
    fail_each_command(DriveKind::usb, usb_inquiry("ST4000NM", "0035-1V4107") +
                                          line(identify_16, usb_identify()) + usb_capacity() +
                                          vpd_cdb("00") + refused);
}

TEST(AskScsi, StopsAskingADriveThatDoesNotAnswer) {
    test::Transcript transcript(line(inquiry_cdb, test::inquiry("ATA", "Dead")) + "scsi * -> lost");
    const DriveIdentity drive = ask(DriveKind::ata, transcript);
    EXPECT_EQ(transcript.asked, 3U);
    EXPECT_THAT(drive.findings, Contains("nothing more was asked"));
    EXPECT_EQ(drive.source, IdentitySource::bridge);
    EXPECT_EQ(drive.serial_raw_hex, "");
}

} // namespace
} // namespace quietus
