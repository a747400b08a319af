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
    RecordedMachine machine;
    std::string ata = "pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0";
    std::string sas = "pci0000:00/0000:01:00.0/host4/port-4:0/end_device-4:0/target4:0:0/4:0:0:0";
};

TEST_F(PortReset, ResetsTheDrivesOwnPortAndReadsItsCapacity) {
    const auto status = reset_port(machine.paths.sys, "/dev/sda");
    EXPECT_TRUE(status) << status.error().message;
    EXPECT_EQ(in("class/scsi_host/host0/scan"), "- - -\n");
    EXPECT_EQ(in("devices/" + ata + "/rescan"), "1\n");
    EXPECT_EQ(in("class/scsi_host/host1/scan"), "");
    EXPECT_EQ(in("devices/" + sas + "/rescan"), "");
}

TEST_F(PortReset, ResetsNothingOnAnAdapterThatManyDrivesShare) {
    EXPECT_EQ(reset_port(machine.paths.sys, "/dev/sdb").error().fault, Fault::unsupported);
    EXPECT_EQ(in("class/scsi_host/host4/scan"), "");
    EXPECT_TRUE(look_at_capacity_again(machine.paths.sys, "/dev/sdb"));
    EXPECT_EQ(in("devices/" + sas + "/rescan"), "1\n");
    EXPECT_EQ(in("class/scsi_host/host4/scan"), "");
}

TEST_F(PortReset, SaysWhatItCouldNotWrite) {
    machine.remove("sys/class/scsi_host/host0/scan");
    EXPECT_EQ(reset_port(machine.paths.sys, "/dev/sda").error().fault, Fault::io);
    EXPECT_EQ(in("devices/" + ata + "/rescan"), "");
    EXPECT_FALSE(look_at_capacity_again(machine.paths.sys, "/dev/sdz"));
}

} // namespace
} // namespace quietus
