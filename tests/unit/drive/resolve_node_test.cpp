// Any node of a drive names it.
#include "machines/machines.hpp"

#include <gmock/gmock.h>

namespace quietus {
namespace {

class ResolveNode : public testing::Test {
  protected:
    std::string resolved(const std::string& node) {
        const auto name = resolve_node(machine.paths.dev + node, machine.paths);
        if (!name) return name.error().message;
        return name->node + (name->partition ? " of " + name->whole : "");
    }
    RecordedMachine machine;
};

TEST_F(ResolveNode, TakesAnNvmeControllerForItsFirstNamespace) {
    machines::nvme_two_namespaces_one_unattached(machine);
    EXPECT_EQ(resolved("/nvme0"), "/dev/nvme0n1");
    EXPECT_EQ(resolved("/nvme0n2"), "/dev/nvme0n2");
    EXPECT_EQ(resolved("/nvme0n2p1"), "/dev/nvme0n2p1 of /dev/nvme0n2");
}

TEST_F(ResolveNode, FindsTheNodeOfAControllerWhosePathIsHidden) {
    machines::nvme_native_multipath(machine);
    EXPECT_EQ(resolved("/nvme0"), "/dev/nvme0n1");
    EXPECT_EQ(resolved("/nvme1"), "/dev/nvme0n1");
}

TEST_F(ResolveNode, TakesAGenericNodeForItsDrive) {
    machines::nvme_behind_vmd(machine);
    const std::string place =
        "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/nvme/nvme0/ng0n1";
    machine.write("sys/devices/" + place + "/dev", "242:0\n");
    machine.link("sys/class/nvme-generic/ng0n1", "../../devices/" + place);
    machine.write("dev/ng0n1", "");
    EXPECT_EQ(resolved("/ng0n1"), "/dev/nvme0n1");
}

TEST_F(ResolveNode, TakesAScsiGenericNodeForItsDriveAlone) {
    machines::sata_behind_ahci(machine);
    for (const char* const place :
         {"0000:00:17.0/ata2/host1/target1:0:0/1:0:0:0/scsi_generic/sg1",
          "0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0/scsi_generic/sg2"}) {
        const std::string path = std::string("pci0000:00/") + place;
        const std::string name = path.substr(path.rfind('/') + 1);
        machine.write("sys/devices/" + path + "/dev", "21:1\n");
        machine.link("sys/class/scsi_generic/" + name, "../../devices/" + path);
        machine.write("dev/" + name, "");
    }
    EXPECT_EQ(resolved("/sg1"), "/dev/sdb");
    EXPECT_THAT(resolved("/sg2"), testing::HasSubstr("not a block device")) << "a tape drive";
}

TEST_F(ResolveNode, TakesTheAreasOfAnEmmcForTheWhole) {
    machines::emmc_with_boot_areas(machine);
    for (const char* const node : {"/mmcblk0boot0", "/mmcblk0gp0", "/mmcblk0rpmb", "/mmcblk0"})
        EXPECT_EQ(resolved(node), "/dev/mmcblk0");
    EXPECT_EQ(resolved("/mmcblk0p1"), "/dev/mmcblk0p1 of /dev/mmcblk0");
}

TEST_F(ResolveNode, TakesAMultipathMapForOneOfItsPaths) {
    machines::multipathed_array(machine);
    EXPECT_EQ(resolved("/mapper/mpatha"), "/dev/sdc");
}

TEST_F(ResolveNode, TakesNoOtherCharacterDeviceForADrive) {
    machines::sata_behind_ahci(machine);
    machine.write("dev/usb-device", "");
    EXPECT_THAT(resolved("/usb-device"), testing::HasSubstr("not a block device"));
    EXPECT_EQ(resolve_node("/dev/null", machine.paths).error().fault, Fault::usage);
}

} // namespace
} // namespace quietus
