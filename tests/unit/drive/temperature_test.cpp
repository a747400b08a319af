// How warm a drive is, as the kernel's drivers lay it out in sysfs.
#include "temperature.hpp"

#include "unit/drive/recorded_machine.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

class Temperature : public testing::Test {
  protected:
    [[nodiscard]] std::optional<std::int32_t> of(const std::string& name) const {
        return read_celsius(machine.paths, "/dev/" + name);
    }
    RecordedMachine machine;
};

// Documentation/hwmon/drivetemp.rst: the sensor hangs on the SCSI device.
TEST_F(Temperature, IsReadFromDrivetemp) {
    const std::string disk = "sys/devices/pci0/ata1/host0/target0:0:0/0:0:0:0";
    machine.add("pci0/ata1/host0/target0:0:0/0:0:0:0", "sda", "8:0", 2048);
    machine.link(disk + "/block/sda/device", "../../../0:0:0:0");
    EXPECT_EQ(of("sda"), std::nullopt);
    machine.write(disk + "/hwmon/hwmon3/name", "drivetemp\n");
    EXPECT_EQ(of("sda"), std::nullopt);
    machine.write(disk + "/hwmon/hwmon3/temp1_input", "41000\n");
    EXPECT_EQ(of("sda"), 41);
    EXPECT_EQ(of("sdb"), std::nullopt);
}

TEST_F(Temperature, IsReadFromAnNvmeController) {
    const std::string controller = "sys/devices/pci0/0000:01:00.0/nvme/nvme0";
    machine.write(controller + "/nvme0n1/size", "2048\n");
    machine.link("sys/block/nvme0n1", "../devices/pci0/0000:01:00.0/nvme/nvme0/nvme0n1");
    machine.link(controller + "/nvme0n1/device", "../../nvme0");
    machine.link(controller + "/device", "../../../0000:01:00.0");
    machine.write(controller + "/hwmon1/temp1_input", "38850\n");
    EXPECT_EQ(of("nvme0n1"), 39);
}

// Before Linux 5.18 the sensor hung on the PCI device.
TEST_F(Temperature, IsReadFromThePciDeviceOfOlderKernels) {
    const std::string pci = "sys/devices/pci0/0000:01:00.0";
    machine.write(pci + "/nvme/nvme0/nvme0n1/size", "2048\n");
    machine.link("sys/block/nvme0n1", "../devices/pci0/0000:01:00.0/nvme/nvme0/nvme0n1");
    machine.link(pci + "/nvme/nvme0/nvme0n1/device", "../../nvme0");
    machine.link(pci + "/nvme/nvme0/device", "../../../0000:01:00.0");
    machine.write(pci + "/hwmon/hwmon0/temp1_input", "44000\n");
    EXPECT_EQ(of("nvme0n1"), 44);
}

TEST_F(Temperature, IsThatOfTheWarmestControllerOfASubsystem) {
    const std::string subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys0";
    machine.write(subsystem + "/nvme0n1/size", "2048\n");
    machine.link("sys/block/nvme0n1", "../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
    machine.link(subsystem + "/nvme0n1/device", "../../nvme-subsys0");
    for (const auto& [name, text] : {std::pair{"nvme0", "40000\n"}, {"nvme1", "52000\n"}}) {
        const std::string controller = std::string("sys/devices/pci0/nvme/") + name;
        machine.write(controller + "/hwmon0/temp1_input", text);
        machine.link(subsystem + "/" + name, std::string("../../../pci0/nvme/") + name);
    }
    EXPECT_EQ(of("nvme0n1"), 52);
}

TEST_F(Temperature, IsNothingThatCannotBeTrue) {
    machine.add("disk", "sda", "8:0", 2048);
    machine.link("sys/devices/disk/block/sda/device", "../../../disk");
    const std::string input = "sys/devices/disk/hwmon/hwmon0/temp1_input";
    for (const char* text :
         {"", "\n", "hot\n", "41.5\n", "200001\n", "-60001\n", "--1\n", "99999999999999999999\n"}) {
        machine.write(input, text);
        EXPECT_EQ(of("sda"), std::nullopt) << text;
    }
    machine.write(input, "-5400\n");
    EXPECT_EQ(of("sda"), -5);
}

TEST_F(Temperature, IsWhatTheHostSays) {
    machine.add("disk", "sda", "8:0", 2048);
    machine.link("sys/devices/disk/block/sda/device", "../../../disk");
    machine.write("sys/devices/disk/hwmon/hwmon0/temp1_input", "33000\n");
    const auto host = make_linux_host(machine.paths);
    Drive drive;
    drive.node = "/dev/sda";
    EXPECT_EQ(host->celsius(drive), 33);
    drive.node = "image:/somewhere/sda";
    drive.kind = DriveKind::image;
    EXPECT_EQ(host->celsius(drive), std::nullopt);
}

} // namespace
} // namespace quietus
