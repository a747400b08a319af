// NVMe: subsystems with several namespaces, several controllers, and networks.
#include "machines.hpp"

namespace quietus::machines {
namespace {

constexpr std::uint64_t sectors_960gb = 1875385008;

DriveIdentity controller(std::uint64_t bytes) {
    auto identity = told("SAMSUNG MZQL21T9HCJR-00A07", "S64GNE0R700123      ", bytes);
    identity.firmware = "GDC5602Q";
    identity.rotation_rpm = std::nullopt;
    identity.unit = "nqn.1994-11.com.samsung:nvme:PM9A3:2.5-inch:S64GNE0R700123";
    return identity;
}

} // namespace

// Two namespaces with nodes, and one that no controller has attached.
void nvme_two_namespaces_one_unattached(RecordedMachine& machine) {
    const std::string path = "pci0000:00/0000:00:1d.0/0000:02:00.0/nvme/nvme0";
    add_controller(machine, {path, "pcie", "0000:02:00.0", "nvme-subsys0"});
    const auto first = add_namespace(machine, {path, "nvme0n1", "259:0", sectors_960gb, "1",
                                               "eui.36344730527001230025384500000001"});
    machine.add_partition(first, "nvme0n1p1", "259:2", 2048, 4096);
    const auto second = add_namespace(
        machine, {path, "nvme0n2", "259:1", 2097152, "2", "eui.36344730527001230025384500000002"});
    machine.add_partition(second, "nvme0n2p1", "259:3", 2048, 4096);
    machine.set_mounts(RecordedMachine::mount_line("259:3", "/srv", "ext4", "/dev/nvme0n2p1"));
    for (const char* const node : {"/dev/nvme0n1", "/dev/nvme0n2"}) {
        const bool one = std::string(node) == "/dev/nvme0n1";
        auto identity = controller((one ? sectors_960gb : 2097152) * 512);
        identity.blocks = std::string("nguid.3634473052700123002538450000000") + (one ? "1" : "2");
        identity.parts = {{"", sectors_960gb * 512, PartKind::name_space, "namespace 1"},
                          {"", 2097152ULL * 512, PartKind::name_space, "namespace 2"},
                          {"", 8192, PartKind::name_space, "namespace 3, not attached"}};
        machine.answers.identities[node] = identity;
    }
}

// Two controllers of one subsystem, whose paths the kernel joins: one node, two hidden ones.
void nvme_native_multipath(RecordedMachine& machine) {
    const std::string subsystem = "virtual/nvme-subsystem/nvme-subsys0";
    const auto add_path = [&](const std::string& number, const std::string& pci) {
        const std::string path = "pci0000:00/" + pci + "/nvme/nvme" + number;
        add_controller(machine, {path, "pcie", pci, "nvme-subsys0"});
        const auto hidden = add_namespace(machine, {path, "nvme0c" + number + "n1", "0:0",
                                                    sectors_960gb, "1", "eui.0025385b01400000"});
        machine.remove(hidden + "/dev");
        machine.write(hidden + "/hidden", "1\n");
        machine.remove("dev/nvme0c" + number + "n1");
    };
    add_path("0", "0000:81:00.0");
    add_path("1", "0000:c1:00.0");
    add_namespace(machine,
                  {subsystem, "nvme0n1", "259:0", sectors_960gb, "1", "eui.0025385b01400000"});
}

// The same drive when the kernel was told not to join paths.
void nvme_two_ports_without_multipath(RecordedMachine& machine) {
    for (const char* const number : {"0", "1"}) {
        const std::string n = number;
        const std::string pci = "0000:" + std::string(n == "0" ? "8" : "c") + "1:00.0";
        const std::string path = "pci0000:00/" + pci + "/nvme/nvme" + n;
        add_controller(machine, {path, "pcie", pci, "nvme-subsys0"});
        add_namespace(machine, {path, "nvme" + n + "n1", "259:" + n, sectors_960gb, "1",
                                "eui.0025385b01400000"});
    }
}

// Behind Intel's Volume Management Device, which has a PCI domain of its own.
void nvme_behind_vmd(RecordedMachine& machine) {
    const std::string path =
        "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/nvme/nvme0";
    add_controller(machine, {path, "pcie", "10000:e1:00.0", ""});
    add_namespace(machine, {path, "nvme0n1", "259:0", 1000215216, "1", "eui.5cd2e42a91000001"});
}

// Two namespaces of a storage array: two volumes, not parts of one drive.
void nvme_over_tcp(RecordedMachine& machine) {
    const std::string path = "virtual/nvme-fabrics/ctl/nvme4";
    add_controller(machine, {path, "tcp", "traddr=192.0.2.7,trsvcid=4420", "nvme-subsys4"});
    add_namespace(machine, {path, "nvme4n1", "259:8", 2097152, "1",
                            "uuid.2f1d6e0a-0f4e-4c59-9d38-6a1f3c5b7e01"});
    add_namespace(machine, {path, "nvme4n2", "259:9", 2097152, "2",
                            "uuid.2f1d6e0a-0f4e-4c59-9d38-6a1f3c5b7e02"});
}

} // namespace quietus::machines
