// What is written into sysfs to have the kernel look at a drive again.
#include "port_reset.hpp"

#include "unit/drive/recorded_machine.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace quietus {
namespace {

class PortReset : public testing::Test {
  protected:
    PortReset() {
        machine.add(ata, "sda", "8:0", 2048);
        machine.link("sys/devices/" + ata + "/block/sda/device", "../../../0:0:0:0");
        machine.add(sas, "sdb", "8:16", 2048);
        machine.link("sys/devices/" + sas + "/block/sdb/device", "../../../4:0:0:0");
        for (const std::string& disk : {ata, sas})
            machine.write("sys/devices/" + disk + "/rescan", "");
        for (const char* host : {"host0", "host1", "host4"})
            machine.write(std::string("sys/class/scsi_host/") + host + "/scan", "");
    }
    [[nodiscard]] std::string in(const std::string& path) const {
        std::ifstream file(machine.paths.sys + "/" + path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] static Drive drive(const std::string& node, std::uint64_t number) {
        Drive drive;
        drive.node = node;
        drive.device_number = number;
        drive.diskseq = 5;
        return drive;
    }
    RecordedMachine machine;
    std::string ata = "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0";
    std::string sas = "pci0000:00/0000:01:00.0/host4/port-4:0/end_device-4:0/target4:0:0/4:0:0:0";
    Drive sda = drive("/dev/sda", 0x800); ///< 8:0
    Drive sdb = drive("/dev/sdb", 0x810);
};

TEST_F(PortReset, ResetsTheDrivesOwnPortAndReadsItsCapacity) {
    const auto status = reset_port(machine.paths.sys, sda);
    EXPECT_TRUE(status) << status.error().message;
    EXPECT_EQ(in("class/scsi_host/host0/scan"), "- - -\n");
    EXPECT_EQ(in("devices/" + ata + "/rescan"), "1\n");
    EXPECT_EQ(in("class/scsi_host/host1/scan"), "");
    EXPECT_EQ(in("devices/" + sas + "/rescan"), "");
}

TEST_F(PortReset, ResetsNothingOnAnAdapterThatManyDrivesShare) {
    EXPECT_EQ(reset_port(machine.paths.sys, sdb).error().fault, Fault::unsupported);
    EXPECT_EQ(in("class/scsi_host/host4/scan"), "");
    EXPECT_TRUE(look_at_capacity_again(machine.paths.sys, sdb));
    EXPECT_EQ(in("devices/" + sas + "/rescan"), "1\n");
    EXPECT_EQ(in("class/scsi_host/host4/scan"), "");
}

// Behind a port multiplier another drive may be erasing itself, which a reset would end.
TEST_F(PortReset, ResetsNoPortThatADriveShares) {
    machine.add("pci0000:00/0000:00:17.0/ata1/host0/target0:1:0/0:1:0:0", "sdc", "8:32", 2048);
    EXPECT_EQ(reset_port(machine.paths.sys, sda).error().fault, Fault::unsupported);
    EXPECT_TRUE(look_at_capacity_again(machine.paths.sys, sda));
    EXPECT_EQ(in("devices/" + ata + "/rescan"), "1\n");
    EXPECT_EQ(in("class/scsi_host/host0/scan"), "");
}

TEST_F(PortReset, LeavesAnotherDriveUnderTheSameNodeAlone) {
    Drive other = sda;
    other.device_number = 0x820;
    Drive anew = sda;
    anew.diskseq = 9;
    for (const Drive& planned : {other, anew})
        for (const auto& status : {reset_port(machine.paths.sys, planned),
                                   look_at_capacity_again(machine.paths.sys, planned)}) {
            ASSERT_FALSE(status);
            EXPECT_EQ(status.error().fault, Fault::refused);
            EXPECT_TRUE(status.error().message.starts_with("identity-changed: "));
        }
    EXPECT_EQ(in("class/scsi_host/host0/scan"), "");
    EXPECT_EQ(in("devices/" + ata + "/rescan"), "");
}

TEST_F(PortReset, SaysWhatItCouldNotWrite) {
    machine.remove("sys/class/scsi_host/host0/scan");
    EXPECT_EQ(reset_port(machine.paths.sys, sda).error().fault, Fault::io);
    EXPECT_EQ(in("devices/" + ata + "/rescan"), "");
    EXPECT_FALSE(look_at_capacity_again(machine.paths.sys, drive("/dev/sdz", 0x8a0)));
}

} // namespace
} // namespace quietus
